"""Whom a finding matters to most: the three groups in which a report shows what was found.

A rule's family decides, and two short lists name the rules for which that would be wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from everyfamily.checks.model.finding import Finding

Group = Literal["child", "calling", "rest"]

HEADINGS: Mapping[Group, str] = {
    "child": "What could hurt a child, or tells one that it is to blame",
    "calling": "What could keep a family from calling",
    "rest": "The rest",
}
_OF_FAMILY: Mapping[str, Group] = {
    "HM": "child",
    "TR": "calling",
    "EV": "calling",
    "RD": "rest",
    "AC": "rest",
    "LM": "rest",
}
_OTHERWISE: Mapping[str, Group] = {
    # Without 999 first, a child in danger now waits.
    "TR005": "child",
    "TR187": "child",
    # Words that frighten, comfort or blame a parent, or look like a trick: who reads them does not ring.
    **dict.fromkeys(("HM140", "HM141", "HM142", "HM143", "HM144", "HM145", "HM147", "HM148", "HM149"), "calling"),
    **dict.fromkeys(("HM161", "HM162", "HM163", "HM166", "HM167", "HM168", "HM170"), "calling"),
    **dict.fromkeys(("HM189", "HM195", "HM196", "HM197", "HM199"), "calling"),
    # Help that is not said.
    **dict.fromkeys(("HM202", "HM203", "HM204", "HM205", "HM206", "AC009"), "calling"),
    # The words of an office.
    **dict.fromkeys(("HM135", "HM150", "HM152", "HM207", "HM208"), "rest"),
    **dict.fromkeys((f"HM{number}" for number in range(171, 184)), "rest"),
}


def group_of(finding: Finding) -> Group:
    """Whom a finding matters to most."""
    return group_of_code(finding.code)


def group_of_code(code: str) -> Group:
    """The group of a rule's findings. Raises KeyError for a code of no family."""
    return _OTHERWISE.get(code) or _OF_FAMILY[code[:2]]


def is_of_the_whole(finding: Finding) -> bool:
    """Whether it is about something that the letter lacks, and has no words of its own."""
    return finding.name.startswith("missing-") or " does not say " in finding.message
