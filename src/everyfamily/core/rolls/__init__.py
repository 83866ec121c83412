"""Rolls in the formats that records systems write: each reader gives the same sheet of lines."""
