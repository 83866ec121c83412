"""Readability: sentences that can be read in a hurry."""
