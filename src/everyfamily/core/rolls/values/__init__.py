"""What a cell holds: names, homes, ways, days of leaving, several values."""
