"""Accessibility: letters that everybody can read, hear or have read to them."""
