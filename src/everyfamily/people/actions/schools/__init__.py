"""Schools, the council's figures for them, and lists of schools."""
