"""Writes: sealed letters, and the drafts that become them."""
