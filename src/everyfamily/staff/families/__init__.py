"""A school's families: outcomes of its children, one child, contacts that failed, and adults to tell in person."""
