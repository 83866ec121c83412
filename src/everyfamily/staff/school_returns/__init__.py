"""A school's letters, its kit and its returns."""
