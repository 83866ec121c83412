"""Data rights: find, export, forget, and what is kept until when."""
