"""How large a roll's file may be: far larger than any school's, but small enough for the memory of one small
machine."""

from __future__ import annotations

FILE_BYTES = 64 * 1024 * 1024
ROWS = 100_000
COLUMNS = 500
ROWS_OF_A_CHILD = 100
"""More rows with one id are not one child's adults: another column was taken for the id."""
CELL_CHARACTERS = 10_000
CELLS = 3_000_000
"""For a file whose sheets are held in memory while it is gone through: 30 columns with the most rows allowed."""
LINE_CHARACTERS = 1_000_000
"""The most in one line of text, because its cells are all in memory at once."""
LINE_ENDS = 40 * ROWS
"""The most in a text file: some are within cells, and some within blank rows."""
HEADER_WITHIN = 60
"""A header is in one of the first rows. Exports put titles, filters and dates above it."""
LOOKED_AT = 300
"""Rows below the header that show what the columns hold."""
ROWS_OF_A_WORKBOOK = 1_048_576
"""Excel's own number of rows. A file that claims more is damaged."""
NAME_CHARACTERS = 120
PUPIL_ID_CHARACTERS = 60
