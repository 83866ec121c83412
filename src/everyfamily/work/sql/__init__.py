"""Grants of the tables of work; run by migrations."""
