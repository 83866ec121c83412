"""A school's roll: upload, columns, review, put in, earlier files."""
