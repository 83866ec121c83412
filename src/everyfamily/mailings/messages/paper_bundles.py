"""One PDF for a school's copier: for each class its cover sheet and the copies that it still has to hand out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from everyfamily.channels.base import ClassPile, Kind
from everyfamily.channels.post.hand_out import copies_by_kind, stack_of
from everyfamily.channels.post.printed import (
    Printed,
    PrintFilesNotHere,
    has_printed,
    letters_of,
    printed_copies,
)
from everyfamily.core.text.in_order import in_class_order
from everyfamily.letters.queries import letter_by_id
from everyfamily.mailings.installation.carriers import outbox
from everyfamily.mailings.messages.bodies import cover_of
from everyfamily.mailings.queries.hand_outs import Copy
from everyfamily.people.queries import SchoolFacts
from everyfamily.rendering.cover_sheets import render_cover_sheets


def print_folder() -> Path:
    """Where the paper of this installation is."""
    return outbox() / "print"


def print_files_of(school: SchoolFacts, reference: str) -> list[str]:
    """The names of this school's folders for one letter, under its URN and those it had before. Nobody else's."""
    return [f"{reference} {urn}" for urn in (school.urn, *school.former_urns)]


def is_printed(school: SchoolFacts, reference: str) -> bool:
    """Whether this process can read the school's print folder for the letter."""
    return has_printed(print_folder(), print_files_of(school, reference))


def bundle(
    school: SchoolFacts, letter_id: int, reference: str, copies: Sequence[Copy], own_ids: Mapping[int, str]
) -> bytes:
    """The PDF for these copies. `own_ids` are the school's own, by row number. Raises PrintFilesNotHere."""
    printed = printed_copies(print_folder(), print_files_of(school, reference))
    missing = sum(copy.reference not in printed for copy in copies)
    if missing or not copies:
        raise PrintFilesNotHere(
            f"{missing:,} of {len(copies):,} copies are not in the print folder that this page can read.",
            "Ask the partnership for your school’s print folder.",
        )
    letters = letters_of(printed[copy.reference] for copy in copies)
    by_class: dict[str, list[Copy]] = {}
    for copy in copies:
        by_class.setdefault(copy.group, []).append(copy)
    piles = [_pile(group, by_class[group], printed, own_ids) for group in sorted(by_class, key=in_class_order)]
    covers = render_cover_sheets(
        letter_by_id(letter_id), school.name, [cover_of(pile) for pile in piles], said_on_page=True
    )
    return stack_of(piles, covers, letters)


def _pile(
    group: str, copies: Sequence[Copy], printed: Mapping[str, Printed], own_ids: Mapping[int, str]
) -> ClassPile:
    kinds: dict[Kind, list[str]] = {}
    for copy in copies:
        kinds.setdefault(printed[copy.reference].kind, []).append(own_ids.get(copy.pupil, "?"))
    last: datetime = max(copy.printed_at for copy in copies)
    return ClassPile(group, copies_by_kind(kinds), last)
