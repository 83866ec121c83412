"""Writes to mailings. Each is in its own module. A transaction never spans a call to a carrier."""
