"""The year of letters: who does what by when."""
