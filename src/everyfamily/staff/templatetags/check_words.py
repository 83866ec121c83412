"""How a letter's blocks and a finding's words are written in a page. Templates escape them all."""

from __future__ import annotations

import re

from django import template

from everyfamily.checks.model.finding import Finding
from everyfamily.checks.report.groups import Group
from everyfamily.checks.report.marked_letter import MarkedBlock
from everyfamily.staff.check.pages import LOOK_OF

register = template.Library()

_GAP = re.compile(r"\(\(([^()]{1,80})\)\)")


@register.filter
def tag(block: MarkedBlock) -> str:
    """The element of a block. Its headings are below the page's own, which end at the second level."""
    if block.kind == "title":
        return "h3"
    return ("h3" if block.level <= 1 else "h4") if block.kind == "heading" else "p"


@register.filter
def look(group: Group) -> str:
    """The class of a group: its colour, its underline and the shape of its numbers."""
    return LOOK_OF[group]


@register.filter
def sentence(text: str) -> str:
    """With a capital and a full stop."""
    whole = text.strip()
    whole = whole[:1].upper() + whole[1:]
    return whole if whole.endswith((".", "!", "?", "…")) else f"{whole}."


@register.filter
def missing_words(finding: Finding) -> str:
    """What to add, for something that is not there: the words after "Add …:", or otherwise what is missing."""
    _, colon, words = finding.hint.partition(": ")
    return sentence(words if colon and finding.hint.startswith(("Add", "Give")) else finding.message)


@register.filter
def open_gaps(text: str) -> str:
    """With what a person has to fill in between square brackets: “Our reference: [reference]”."""
    return _GAP.sub(r"[\1]", text)


@register.filter
def spaced(name: str) -> str:
    """A rule's name as words: "child-as-the-risk" is "Child as the risk"."""
    words = name.replace("-", " ")
    return words[:1].upper() + words[1:]
