"""Writes to schools and their people. Each is one transaction with its audit event inside."""
