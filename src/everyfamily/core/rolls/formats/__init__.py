"""A reader for each format: each fills a sheet of text cells."""
