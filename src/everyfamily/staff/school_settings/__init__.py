"""A school's settings."""
