"""Whose each column is and what it holds: headings, values, systems, saved mappings, questions."""
