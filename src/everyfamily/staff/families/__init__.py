"""A school's families: outcomes, one child, contacts that failed, adults to tell."""
