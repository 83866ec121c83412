"""Writes: invitations and roles."""
