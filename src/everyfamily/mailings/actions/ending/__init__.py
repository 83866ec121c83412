"""Withdrawing, closing, what may be kept, and who must be told in person."""
