"""Adapters to carriers: email, text, post. They use no database and never choose another channel."""
