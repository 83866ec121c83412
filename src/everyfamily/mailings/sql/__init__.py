"""What the database itself checks and shows about mailings. Migrations run this."""
