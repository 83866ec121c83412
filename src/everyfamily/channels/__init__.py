"""Adapters to carriers: email, text, post. No database; they never choose another channel."""
