"""What is at the right of the letterhead: date, references, enquiries, the partnership's address."""

from __future__ import annotations

from everyfamily.rendering.view import View, unbroken

type Entry = tuple[str, tuple[str, ...]]
"""A label and the lines under it."""


def sender_entries(view: View) -> tuple[Entry, ...]:
    """Labels and lines in printed order. Partners' own references are under ours."""
    letter, labels = view.letter, view.labels
    name, *address = letter.from_lines
    theirs = (
        f"{labels.kinds[body.kind]}: {body.their_reference}" for body in letter.bodies if body.their_reference
    )
    who = letter.enquiries
    return (
        (labels.date, (view.date,)),
        (labels.our_reference, (letter.reference, *theirs)),
        (labels.questions, (who.role, unbroken(who.number), unbroken(who.hours), who.mailbox)),
        (name, tuple(unbroken(line) for line in address)),
    )
