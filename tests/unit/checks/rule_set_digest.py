"""One short digest over what the rules look for, so that a change cannot pass under an old version."""

from __future__ import annotations

import hashlib

from everyfamily.checks.codes import RULES
from everyfamily.checks.rules.harm.blaming_words import word_list


def digest() -> str:
    """Over each rule's code and weight, and each running row's pattern and exceptions."""
    weights = [(rule.code, str(rule.severity)) for rule in RULES.values()]
    rows = [
        (r["code"], r["pattern"], sorted(r.get("allowed", {}).items()))
        for r in word_list()
        if r["level"] == "stop"
    ]
    return hashlib.sha256(repr((weights, rows)).encode()).hexdigest()[:16]
