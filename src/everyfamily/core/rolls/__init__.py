"""Rolls in the formats that records systems write. Each reader gives the same sheet of lines."""
