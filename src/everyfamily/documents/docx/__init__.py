"""Letters from outside as Word files."""
