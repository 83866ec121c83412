"""After the database was restored to an earlier moment."""
