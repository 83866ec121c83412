"""After the database was put back to an earlier moment."""
