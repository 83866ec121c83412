"""Carriers of email."""
