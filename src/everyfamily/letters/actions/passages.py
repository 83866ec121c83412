"""An author saves a section. Nothing of somebody else's is lost, and nothing is written that cannot be in a letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.packs.drafting import (
    MOST_SIGNS,
    Added,
    Drafted,
    ReadPart,
    after_of,
    faults_of,
    read_now,
    section_of,
    to_write,
)
from everyfamily.core.packs.overrides import line_of, passages_of
from everyfamily.letters.actions.open_drafts import locked, note, overtake
from everyfamily.letters.draft_queries.drafts import DraftFacts
from everyfamily.letters.draft_queries.words import SectionNow, drafted, pack_of, section_now, worded_pack
from everyfamily.letters.models import DraftPassage, DraftTranslation

LONGEST_WHY = 300


class SectionNotKnown(EveryfamilyError):
    """The pack has no such section or passage in this language."""

    code = "EF336"


class PassageTooLong(EveryfamilyError):
    """A passage has more characters than anybody reads at once."""

    code = "EF337"


@dataclass(frozen=True, slots=True)
class Saved:
    """The section is saved. `rows` is 0 if its words were the same already."""

    rows: int
    seen: int
    """For the next save."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else saved the section after this page was made. Nothing was written: here is theirs."""

    theirs: SectionNow


@dataclass(frozen=True, slots=True)
class Refused:
    """Some words cannot be in a letter. Nothing was written. What is wrong, by the id of the passage; of an addition,
    by the id that it would have."""

    faults: Mapping[str, Sequence[EveryfamilyError]]


def save_passages(
    draft_id: int,
    language: str,
    section: str,
    words: Mapping[str, str],
    *,
    added: Sequence[Added] = (),
    why: str = "",
    seen: int,
    by: Actor,
    now: datetime,
) -> Saved | Conflict | Refused:
    """Save a section: `words` are lines ("text | aside") of the pack's passages by id, and `added` is everything that
    comes after one of them.

    `seen` is that of the `SectionNow` that the page showed. Saving the same words twice saves them once.
    Raises SectionNotKnown, DraftNotKnown and DraftOver.
    """
    with transaction.atomic():
        facts = locked(draft_id)
        now_there = section_now(facts, language, section)
        own = {one.id for one in now_there.passages if one.pack} if now_there is not None else set()
        if now_there is None or {*words, *(one.after for one in added)} - own:
            raise SectionNotKnown(
                "The letter has no such section.", "Open the section again from the letter's page."
            )
        pack = pack_of(facts, pages=language != "en" and section.startswith("site"))
        current = drafted(draft_id)
        rows = to_write(pack, current, language, words, added, why.strip()[:LONGEST_WHY])
        if not rows:
            return Saved(0, now_there.seen)
        if now_there.seen != seen:
            return Conflict(now_there)
        faults = _too_long(rows) or faults_of(pack, rows)
        if faults:
            return Refused(faults)
        newest = add_rows(facts, rows, by=by, now=now)
    return Saved(len(rows), newest)


def add_rows(facts: DraftFacts, rows: Sequence[Drafted], *, by: Actor, now: datetime) -> int:
    """Add rows to a draft that is locked; the newest. What is frozen of it is overtaken."""
    last = DraftPassage.objects.filter(draft_id=facts.id).aggregate(last=Max("version"))["last"] or 0
    made = DraftPassage.objects.bulk_create(
        DraftPassage(
            draft_id=facts.id,
            version=last + 1,
            language=one.language,
            section=section_of(one.passage),
            passage=one.passage,
            kind=one.kind,
            was=one.was,
            words=one.words,
            why=one.why,
            sources=None if one.sources is None else list(one.sources),
            promises=None if one.promises is None else list(one.promises),
            only=list(one.only),
            own_sources={key: source.model_dump(mode="json") for key, source in one.own},
            by=by.text,
            account=by.account,
            at=now,
        )
        for one in rows
    )
    if not made:
        return 0
    overtake(facts, "words", by=by, now=now)
    places = sorted({f"{one.language} {section_of(one.passage)}" for one in rows})
    note("write letter", facts, by=by, now=now, sections=places, passages=len(made))
    return max(row.pk for row in made)


def back_to_pack(draft_id: int, language: str, passage: str, *, by: Actor, now: datetime) -> bool:
    """Take a change or an addition out again. False if there is none. Raises DraftOver."""
    with transaction.atomic():
        facts = locked(draft_id)
        one = drafted(draft_id).get((language, passage))
        if one is None:
            return False
        add_rows(facts, [Drafted(language, passage, "back", why=one.why)], by=by, now=now)
    return True


def keep_ours(draft_id: int, language: str, passage: str, *, by: Actor, now: datetime) -> bool:
    """Somebody looked at what the pack says now, and keeps the draft's own words. False if there are none, or the pack
    has no such passage. Raises DraftOver."""
    with transaction.atomic():
        facts = locked(draft_id)
        one = drafted(draft_id).get((language, passage))
        own = passages_of(pack_of(facts)).get((language, after_of(passage)))
        if one is None or own is None:
            return False
        add_rows(facts, [replace(one, was=line_of(own))], by=by, now=now)
    return True


def say_translation_read(
    draft_id: int,
    language: str,
    *,
    part: ReadPart = "translations",
    translator: str = "",
    checker: str,
    by: Actor,
    now: datetime,
) -> None:
    """A second person read a translation against the English as it is now: of the whole letter, or of another `part`.

    Without `translator`, it is who is known to have made it. Raises SectionNotKnown if there is no such translation.
    """
    with transaction.atomic():
        facts = locked(draft_id)
        read = read_now(
            worded_pack(facts, pages=part == "site"),
            part,
            language,
            translator=translator or None,
            checker=checker,
        )
        if read is None:
            raise SectionNotKnown("The letter is not in this language.", "Choose one of its languages.")
        DraftTranslation.objects.create(
            draft_id=draft_id,
            part=part,
            language=language,
            translator=read.translator,
            checker=checker,
            english_digest=read.english_digest,
            checked_digest=read.checked_digest or "",
            by=by.text,
            account=by.account,
            at=now,
        )
        overtake(facts, "translation", by=by, now=now)
        note("read translation", facts, by=by, now=now, language=language, part=part)


def _too_long(rows: Sequence[Drafted]) -> dict[str, list[EveryfamilyError]]:
    fault = PassageTooLong(
        f"The passage has more than {MOST_SIGNS} characters.", "Make it shorter, or make several passages of it."
    )
    return {one.passage: [fault] for one in rows if len(one.words) > MOST_SIGNS}
