"""The parent site, made by a worker from the letters in the database: looked at, published, and kept true."""
