"""The letter linter: one rule, one file, one page of docs. No Django, no network, no clock, no rendering."""
