"""Letters from outside as OpenDocument texts."""
