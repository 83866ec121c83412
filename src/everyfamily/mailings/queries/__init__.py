"""Reads of mailings, by subject."""
