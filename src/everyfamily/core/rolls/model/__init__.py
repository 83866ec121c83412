"""The values of a roll on its way: sheet, rows, questions, limits."""
