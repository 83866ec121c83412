"""Files of our own letters, read back for `verify`, which must see everything in them."""
