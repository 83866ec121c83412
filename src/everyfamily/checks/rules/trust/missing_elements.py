"""What makes a letter one that can be trusted: one rule for each element of `missing_elements.toml`."""

from everyfamily.checks.letter.missing_elements import rules_of

RULES = rules_of(__file__)
