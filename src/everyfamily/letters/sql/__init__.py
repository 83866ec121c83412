"""What the database refuses about letters, and what it shows of them; run by migrations."""
