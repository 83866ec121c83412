"""What the readers of several formats need: blocks, looks, limits, zip files, and refusals."""
