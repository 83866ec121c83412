"""What a letter about a kind of harm must say: one rule for each element of `missing_elements.toml`."""

from everyfamily.checks.letter.missing_elements import rules_of

RULES = rules_of(__file__)
