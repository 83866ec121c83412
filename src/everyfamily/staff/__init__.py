"""Screens for schools and the partnership, rendered on the server: no script, no cookie, nothing from elsewhere."""
