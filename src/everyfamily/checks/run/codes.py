"""The table of rules. A code is permanent: it never changes its meaning and is never used again.

Every module of a folder of `rules/` gives its RULE, or its RULES if it has several. The version changes with any change
to what a run can find. The seal records it, so that a letter sealed under last year's rules can still be explained.

- TR008 is kept free: a number that is not in the register is HM166, row M06 of the words list.
- HM101 to HM183: one code for each row of rules/harm/blaming_words.toml. L01 is HM101 ... L52 is HM152, M01 is HM161
  ... M10 is HM170, J01 is HM171 ... J13 is HM183.
- From 184 on: rules of 2026.5 and later, in every family. HM184 to HM201 and HM208 to HM222 are
  rules/harm/fault_families.toml.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from everyfamily.checks.model.rule import Rule
from everyfamily.checks.rules.harm import blaming_words, fault_families

RULE_SET_VERSION = "2026.8"

FAMILIES = {
    "TR": ("trust", "Trust: numbers that answer, promises that are kept, danger first"),
    "HM": ("harm", "Harm: words and gaps that could hurt a child or a family"),
    "RD": ("readability", "Readability: sentences that can be read in a hurry"),
    "AC": ("accessibility", "Accessibility: letters that everybody can read, hear or have read to them"),
    "LM": ("limits", "Limits: what fits in a text message and on a sheet of paper"),
    "EV": ("evidence", "Evidence: nothing left open, nothing waived without a reason"),
}
"""The first two letters of a code: folder, and what the family is for."""

_ORDER = ("TR0", "HM", "TR1", "EV1", "RD", "AC", "LM", "EV0")
"""How the codes begin, in the order in which rules run and reports name them."""
_TOGETHER = {row.code: rows[0].code for rows in (blaming_words.RULES, fault_families.RULES) for row in rows}
"""Rows that keep the order of their list. The first says where all of them are."""


_RULES = Path(__file__).parents[1] / "rules"


def found_rules() -> Iterator[Rule]:
    """Every rule of every folder."""
    for folder, _ in FAMILIES.values():
        files = (file for file in (_RULES / folder).iterdir() if file.suffix == ".py" and file.stem != "__init__")
        for file in sorted(files):
            module = import_module(f"everyfamily.checks.rules.{folder}.{file.stem}")
            yield from module.RULES if hasattr(module, "RULES") else (module.RULE,)


def _place(rule: Rule) -> tuple[int, str]:
    group = next(place for place, begins in enumerate(_ORDER) if rule.code.startswith(begins))
    return group, _TOGETHER.get(rule.code, rule.code)


RULES: dict[str, Rule] = {rule.code: rule for rule in sorted(found_rules(), key=_place)}
