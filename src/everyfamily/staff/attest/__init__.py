"""Attesting the roll, and pausing the school's part."""
