"""Writes to schools and their people: each in one transaction, with its audit event inside."""
