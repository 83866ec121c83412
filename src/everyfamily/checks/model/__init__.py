"""Rules: what a rule is, what it may look at, what it finds, and what may be waived."""
