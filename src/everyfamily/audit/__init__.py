"""Append-only events: who did what, to what, and when."""
