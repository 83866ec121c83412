"""One short digest over what the rules look for, so that a change cannot pass under an old version."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from importlib.resources.abc import Traversable

from everyfamily.checks.run.codes import RULES
from tests.factories.rule_lists import word_list

_NOT_LOOKED_FOR = {"sources.toml", "blaming_words.toml"}


def digest() -> str:
    """Over each rule's code and weight, each row's pattern and exceptions, and every other list of words."""
    weights = [
        (rule.code, str(rule.severity), str(rule.outside or ""), rule.only_about_harm) for rule in RULES.values()
    ]
    rows = [(r["code"], r["pattern"], sorted(r.get("allowed", {}).items())) for r in word_list()]
    national = files("everyfamily.core.partnership").joinpath("national_lines.toml")
    lists = sorted([*_lists(files("everyfamily.checks")), (national.name, national.read_text(encoding="utf-8"))])
    return hashlib.sha256(repr((weights, rows, lists)).encode()).hexdigest()[:16]


def _lists(folder: Traversable) -> list[tuple[str, str]]:
    found = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _lists(entry)
        elif entry.name.endswith(".toml") and entry.name not in _NOT_LOOKED_FOR:
            found.append((entry.name, entry.read_text(encoding="utf-8")))
    return found
