"""An author says where a fact in their own words comes from: a source of the partnership's own, in the overrides."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from everyfamily.core.actors import Actor
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.packs.drafting import Drafted, after_of
from everyfamily.core.packs.overrides import passages_of
from everyfamily.core.packs.packs import Pack
from everyfamily.core.packs.sources import Source
from everyfamily.letters.actions.open_drafts import locked
from everyfamily.letters.actions.passages import add_rows
from everyfamily.letters.draft_queries.words import drafted, pack_of

LONGEST = 300
"""Characters of what a source says of itself, in each field."""
_KEY = "OWN"


class NotOwnWords(EveryfamilyError):
    """The passage has the pack's words, whose sources are the pack's."""

    code = "EF624"


class SourceNotUsable(EveryfamilyError):
    """A source says too little, too much, or must be looked at again already."""

    code = "EF625"
    field = ""
    """Of the form, where it is known."""


def cite_source(
    draft_id: int, language: str, passage: str, source: Source | str, *, by: Actor, now: datetime
) -> str:
    """Let a passage in own words rest on a source: a new one, or one that another passage of the draft has, by its key.
    Its key. To cite it twice is to cite it once. Raises NotOwnWords, SourceNotUsable and DraftOver."""
    with transaction.atomic():
        facts = locked(draft_id)
        rows, pack = drafted(draft_id), pack_of(facts)
        known = {key: one for row in rows.values() for key, one in row.own}
        key, found = _found(source, known, pack, now)
        row = _own_row(rows.get((language, passage)))
        if any(key == one for one, _ in row.own):
            return key
        sources = (*_sources(row, pack), key)
        add_rows(facts, [replace(row, sources=sources, own=(*row.own, (key, found)))], by=by, now=now)
    return key


def take_source_off(draft_id: int, language: str, passage: str, key: str, *, by: Actor, now: datetime) -> bool:
    """A passage rests no more on one of the partnership's own sources. False if it did not. Raises DraftOver."""
    with transaction.atomic():
        facts = locked(draft_id)
        row = drafted(draft_id).get((language, passage))
        if row is None or all(key != one for one, _ in row.own):
            return False
        left = tuple(one for one in row.own if one[0] != key)
        sources = tuple(one for one in _sources(row, pack_of(facts)) if one != key)
        add_rows(facts, [replace(row, sources=sources, own=left)], by=by, now=now)
    return True


def _found(source: Source | str, known: dict[str, Source], pack: Pack, now: datetime) -> tuple[str, Source]:
    if isinstance(source, str):
        if source not in known:
            raise SourceNotUsable("No passage of this letter has this source.", "Say where the fact comes from.")
        return source, known[source]
    if any(len(one) > LONGEST for one in (source.supports, source.address, source.as_found)):
        raise SourceNotUsable(f"A field has more than {LONGEST} characters.", "Make it shorter.")
    if source.review_on <= now.astimezone(LONDON).date():
        raise SourceNotUsable(
            "The day on which somebody looks at the source again is over.", "Choose a later day."
        )
    same = next((key for key, one in known.items() if one == source), None)
    taken = {*known, *pack.sources}
    number = 1
    while f"{_KEY}{number}" in taken:
        number += 1
    return same or f"{_KEY}{number}", source


def _own_row(row: Drafted | None) -> Drafted:
    if row is None or row.kind == "back":
        raise NotOwnWords(
            "These are the pack’s words, and the pack names their sources.",
            "Write the passage in your own words first, and save it.",
        )
    return row


def _sources(row: Drafted, pack: Pack) -> tuple[str, ...]:
    """The keys on which a row rests: those of the pack, if it says nothing else."""
    if row.sources is not None or row.kind == "addition":
        return row.sources or ()
    own = passages_of(pack).get((row.language, after_of(row.passage)))
    return own.sources if own is not None else ()
