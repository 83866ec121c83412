"""A letter composed of a pack for a partnership: its values, corrections, history, and comparing its words."""
