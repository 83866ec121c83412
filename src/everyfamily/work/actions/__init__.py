"""Writes: asking for work, doing it, and what a person says about it."""
