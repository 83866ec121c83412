"""The words of drafts: as they are now, as they were, and as the letter that they make."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import cast

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.letter.compose import compose
from everyfamily.core.letter.corrections import WrongLetter, with_correction, wrong_letter
from everyfamily.core.letter.letters import Letter as CoreLetter
from everyfamily.core.packs.drafting import (
    Drafted,
    Key,
    Kind,
    Read,
    ReadPart,
    Shown,
    drafted_pack,
    overrides_text,
    section_of,
    sections_of,
    shown_section,
    stale_in,
)
from everyfamily.core.packs.pack_files import digest_of_files
from everyfamily.core.packs.pack_zip import PackChangedOnTheWay, pack_in_zip
from everyfamily.core.packs.packs import Pack, parse_pack
from everyfamily.core.packs.sources import Source
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.letters.draft_queries.drafts import DraftFacts, DraftNotKnown
from everyfamily.letters.files.record import letter_of
from everyfamily.letters.models import Draft, DraftPassage, DraftTranslation, Letter
from everyfamily.letters.queries import routes_now
from everyfamily.partnership.queries import in_force


class NoSettings(EveryfamilyError):
    """There are no settings in force, so no letter can be made."""

    code = "EF332"


@dataclass(frozen=True, slots=True)
class SectionNow:
    """A section as it is now. Give `seen` back with a save, so that nothing of somebody else's is lost."""

    section: str
    language: str
    passages: tuple[Shown, ...]
    seen: int
    """The newest row of the section. 0: nobody has changed it."""
    by: str
    """Who saved it last, and when; "" if nobody did."""
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Saving:
    """One save: everything that somebody changed at one moment, mostly in one section."""

    number: int
    """Its number in the draft, from 1."""
    newest: int
    """Its newest row: the words up to here are `drafted(draft, upto=newest)`."""
    language: str
    section: str
    passages: tuple[str, ...]
    why: str
    by: str
    account: int | None
    at: datetime


def pack_of(draft: DraftFacts, *, pages: bool = False) -> Pack:
    """The pack that the draft was begun from. With `pages`, its pages for the parent site in every language."""
    return _pack(draft.pack_digest, pages)


@lru_cache(maxsize=8)
def _pack(digest: str, pages: bool) -> Pack:
    """A pack by its content, which never changes."""
    row = Draft.objects.filter(pack_digest=digest).order_by("id").values_list("pack_zip", "pack_id").first()
    if row is None:
        raise LookupError("no draft has this pack")
    name, files = pack_in_zip(bytes(row[0]), f"{row[1]}.zip")
    if digest_of_files(files) != digest:
        raise PackChangedOnTheWay("The pack of a draft is not the one that was kept.", "Begin the draft again.")
    return parse_pack(files, name, None if pages else ())


def drafted(draft_id: int, *, upto: int | None = None) -> dict[Key, Drafted]:
    """Everything that is not the pack's: as it is now, or as it was at the row `upto`."""
    rows = DraftPassage.objects.filter(draft_id=draft_id)
    if upto is not None:
        rows = rows.filter(pk__lte=upto)
    newest = rows.order_by("language", "passage", "-id").distinct("language", "passage")
    return {(row.language, row.passage): _drafted(row) for row in newest if row.kind != "back"}


def _drafted(row: DraftPassage) -> Drafted:
    return Drafted(
        row.language,
        row.passage,
        cast("Kind", row.kind),
        row.was,
        row.words,
        row.why,
        None if row.sources is None else tuple(row.sources),
        None if row.promises is None else tuple(row.promises),
        tuple(row.only),
        tuple(
            (key, Source.model_validate_json(json.dumps(said))) for key, said in sorted(row.own_sources.items())
        ),
    )


def newest_passage(draft_id: int) -> int:
    """The newest row of the draft's passages; 0 if nobody has changed any."""
    rows = DraftPassage.objects.filter(draft_id=draft_id).order_by("-id")
    return rows.values_list("id", flat=True).first() or 0


def read_in(draft_id: int) -> list[Read]:
    """Which translations somebody has read against the English of the draft, the newest word of each."""
    rows = DraftTranslation.objects.filter(draft_id=draft_id).order_by("part", "language", "-id")
    return [
        Read(
            cast("ReadPart", row.part),
            row.language,
            row.translator,
            row.english_digest,
            row.checker or None,
            row.checked_digest or None,
        )
        for row in rows.distinct("part", "language")
    ]


def section_now(draft: DraftFacts, language: str, section: str) -> SectionNow | None:
    """A section for an author, or None if the pack has no such section in this language."""
    pack = pack_of(draft, pages=_is_of_other_pages(language, section))
    if section not in sections_of(pack, language):
        return None
    rows = DraftPassage.objects.filter(draft_id=draft.id, language=language, section=section)
    newest = rows.order_by("-id").values_list("id", "by", "at").first()
    shown = shown_section(pack, drafted(draft.id), language, section)
    return SectionNow(section, language, tuple(shown), *(newest or (0, "", None)))


def _is_of_other_pages(language: str, section: str) -> bool:
    """Whether it is of a page of the parent site in another language, which are read only when they are needed."""
    return language != "en" and (section == "site" or section.startswith("site/"))


def versions(draft_id: int) -> list[Saving]:
    """Every save of a draft, newest first."""
    saves: dict[int, Saving] = {}
    rows = DraftPassage.objects.filter(draft_id=draft_id).order_by("id")
    for row in rows.only("id", "version", "language", "section", "passage", "why", "by", "account", "at"):
        before = saves.get(row.version)
        passages = (*before.passages, row.passage) if before is not None else (row.passage,)
        saves[row.version] = Saving(
            row.version, row.pk, row.language, row.section, passages, row.why, row.by, row.account, row.at
        )
    return list(saves.values())[::-1]


def overrides_of(draft: DraftFacts, *, upto: int | None = None) -> str:
    """The draft's file of overrides (TOML): with the same pack, `compose` makes the same letter of it."""
    return overrides_text(pack_of(draft), list(drafted(draft.id, upto=upto).values()), read_in(draft.id))


def stale_of(draft: DraftFacts) -> list[tuple[Drafted, str | None]]:
    """What was written for other words than the draft's pack has, with what the pack has there (None: nothing)."""
    rows = drafted(draft.id)
    return stale_in(pack_of(draft, pages=_need_pages(rows.values())), rows)


def _need_pages(rows: Iterable[Drafted]) -> bool:
    return any(_is_of_other_pages(one.language, section_of(one.passage)) for one in rows)


def worded_pack(draft: DraftFacts, *, pages: bool = False) -> Pack:
    """The draft's pack with its words, and with what was said of its translations; gaps are open. With `pages`, its
    pages for the parent site in every language."""
    rows = list(drafted(draft.id).values())
    return drafted_pack(pack_of(draft, pages=pages or _need_pages(rows)), rows, read_in(draft.id))


def letter_of_draft(draft: DraftFacts, partnership: Partnership, *, drafts: bool = False) -> CoreLetter:
    """The letter as its words are now. With `drafts`, small sets that nobody has read are in it, for a preview.

    Raises what `compose` and `with_overrides` raise: OverrideStale, TopicNotPlanned, RouteUnknown and others.
    """
    return composed(draft, worded_pack(draft), partnership, drafts=drafts)


def composed(draft: DraftFacts, pack: Pack, partnership: Partnership, *, drafts: bool = False) -> CoreLetter:
    """The letter of the draft's term and date, made of a pack that has the draft's words in it."""
    if draft.follows is not None and draft.follows.kind == "correction":
        said = Draft.objects.values_list("correction_words", flat=True).get(pk=draft.id)
        words = {name: str(text).encode() for name, text in said.items()}
        pack = with_correction(pack, words, wrong_in(draft.follows.reference, draft.wrong_route), partnership)
    return compose(
        pack,
        partnership,
        term=draft.term,
        dated=draft.dated,
        reference=draft.reference,
        follows=draft.follows,
        drafts=drafts,
    )


def wrong_in(reference: str, route: str) -> WrongLetter:
    """What was wrong in a sealed letter. Raises DraftNotKnown if it was not sealed here, and CorrectionNotUsable."""
    record = Letter.objects.filter(reference=reference).values_list("record", flat=True).first()
    if record is None:
        raise DraftNotKnown("The letter to correct was not sealed here.", "Look at the list of letters.")
    return wrong_letter(letter_of(record), route)


def partnership_now(now: datetime) -> Partnership:
    """The settings in force, with what people found since when they rang a route. Raises NoSettings."""
    return settings_now(now)[0]


def settings_now(now: datetime) -> tuple[Partnership, str]:
    """The same, and the digest of the settings as they are kept."""
    found = in_force()
    if found is None:
        raise NoSettings(
            "There are no settings yet, so nobody knows who writes.", "Bring in the partnership's file."
        )
    return replace(found.partnership, routes=routes_now(found.partnership.routes, now)), found.files.digest
