"""One school at a time, and many rows at once."""
