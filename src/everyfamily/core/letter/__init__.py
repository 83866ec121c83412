"""A letter composed from a pack for a partnership: its values, corrections, history, and comparing its words."""
