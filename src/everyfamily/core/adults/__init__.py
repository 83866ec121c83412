"""Which rows are one adult, what a file may change, and who may have the letter."""
