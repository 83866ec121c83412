"""A letter that names no harm, but gives advice that only a letter about harm gives, is read as one about harm."""

from __future__ import annotations

from dataclasses import replace

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.run.codes import RULES

GRAVE = ("HM191", "HM192", "HM193", "HM210", "HM211", "HM212", "HM213")
"""Families of advice that may do harm at once."""


def settled(context: CheckContext) -> CheckContext:
    """The context of a document whose subject nobody gave. It counts as about harm if it has both a hint and a grave
    fault.

    A hint is not enough (a trip has its "fight" against the waves), and neither is a fault ("have a word with the
    boys").
    """
    subject = context.subject
    if subject.about_harm or not subject.hints:
        return context
    read = replace(context, subject=replace(subject, about_harm=True))
    first = next((finding for code in GRAVE for finding in RULES[code].findings(read)), None)
    if first is None:
        return context
    return replace(context, subject=replace(subject, about_harm=True, why=(*subject.hints, first.words)))
