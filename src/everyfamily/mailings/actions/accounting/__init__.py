"""The account of a day, written once."""
