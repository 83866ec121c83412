"""Accounts of the people who work with the product: who they are, what they are for, and how they come in."""
