"""The lists of rules as they are written."""

from __future__ import annotations

from typing import Any

from everyfamily.checks.rules.harm import blaming_words, fault_families
from everyfamily.core.files.data_tables import load_table


def word_list() -> list[dict[str, Any]]:
    """Every row of the list of words, also the row that another rule runs."""
    rows: list[dict[str, Any]] = load_table(blaming_words.__file__)["row"]
    return rows


def family_list() -> list[dict[str, Any]]:
    """Every family of faults."""
    families: list[dict[str, Any]] = load_table(fault_families.__file__)["family"]
    return families
