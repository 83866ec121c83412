"""Words and the gaps in them: passages, placeholders, dates, names, characters, letters from outside."""
