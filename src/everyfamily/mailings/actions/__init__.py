"""Writes to mailings. Each stands in its own module; a transaction never spans a call to a carrier."""
