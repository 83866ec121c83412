"""What a cell contains: names, homes, ways, days of leaving, several values."""
