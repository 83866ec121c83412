"""A school's file goes in: children, adults, their links and contact points."""
