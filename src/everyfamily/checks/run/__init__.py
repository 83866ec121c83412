"""The table of rules, and a run of them over a letter."""
