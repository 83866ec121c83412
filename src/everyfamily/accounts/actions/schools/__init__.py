"""Writes about the accounts of schools: their first lead, and a way in again that waits for a day."""
