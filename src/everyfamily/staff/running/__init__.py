"""Running it: work that somebody asked for, and what became of it."""
