"""A letter is begun, from a pack or from an earlier draft; gets another date or a newer pack; or is given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.letter.corrections import correction_words
from everyfamily.core.letter.letters import Followed
from everyfamily.core.letter.nothing_invented import require_nothing_invented
from everyfamily.core.letter.own_words import own_words_of
from everyfamily.core.letter.references import reference_for
from everyfamily.core.packs.opened_pack import PackFiles
from everyfamily.core.packs.pack_zip import zip_of_pack
from everyfamily.core.packs.packs import Pack
from everyfamily.core.packs.packs_folder import correction_folder, installed_pack, packs_folder
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.letters.actions.open_drafts import locked, note, overtake
from everyfamily.letters.actions.passages import add_rows
from everyfamily.letters.draft_queries.drafts import DraftFacts, draft, facts_of
from everyfamily.letters.draft_queries.words import composed, drafted, pack_of, partnership_now
from everyfamily.letters.models import Draft, Letter
from everyfamily.letters.queries import letter_by_id

_DRAWS = 20
"""How often a reference is drawn before one is not taken. Among half a million, the second draw nearly always does."""


class ReferenceTaken(EveryfamilyError):
    """Another letter has this reference."""

    code = "EF334"


class LetterBegun(EveryfamilyError):
    """The letter of this pack and term is being written already."""

    code = "EF335"


@dataclass(frozen=True, slots=True)
class _Begun:
    """What a draft is begun from."""

    files: PackFiles
    pack: Pack
    correction: dict[str, str]


def begin(
    pack_id: str,
    term: str,
    dated: date,
    *,
    reference: str | None = None,
    follows: Followed | None = None,
    wrong_route: str = "",
    by: Actor,
    now: datetime,
) -> int:
    """Begin a letter from an installed pack; the draft's id. Without `reference` one is drawn.

    Of a correction, `wrong_route` is the route of the letter before that was wrong. Raises PackNotInstalled,
    ReferenceTaken, LetterBegun, NoSettings and what `compose` raises: nothing is begun that could not be a letter.
    """
    partnership = partnership_now(now)
    require_nothing_invented(partnership)
    begun = _installed(pack_id, follows)
    row = Draft(
        reference=_reference(partnership, reference, dated),
        pack_id=pack_id,
        term=term,
        dated=dated,
        follows_kind=follows.kind if follows is not None else "",
        follows_reference=follows.reference if follows is not None else "",
        wrong_route=wrong_route,
        correction_words=begun.correction,
        begun_by=by.text,
        begun_account=by.account,
        begun_at=now,
        **_of_pack(begun),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            facts = facts_of(row)
            composed(facts, begun.pack, partnership)
            note("begin letter", facts, by=by, now=now, pack=pack_id, term=term, follows=row.follows_reference)
    except IntegrityError as problem:
        raise _refused(problem) from problem
    return int(row.pk)


def begin_from(
    earlier: int, term: str, dated: date, *, reference: str | None = None, by: Actor, now: datetime
) -> int:
    """Begin the letter of another term from an earlier draft: the pack as it is installed now, and the earlier words
    on it. Where the pack says something else since, the words are there and wait for somebody to look
    (`stale_of`). Raises what `begin` raises, and DraftNotKnown."""
    before = draft(earlier)
    if before is None:
        raise LookupError("no such draft")
    with transaction.atomic():
        made = begin(before.pack_id, term, dated, reference=reference, by=by, now=now)
        add_rows(locked(made), list(drafted(before.id).values()), by=by, now=now)
    return made


def begin_from_sealed(
    earlier: int, term: str, dated: date, *, reference: str | None = None, by: Actor, now: datetime
) -> tuple[int, int]:
    """Begin the letter of another term from a sealed letter that has no draft here: the pack as it is
    installed now, and the partnership's own words of the sealed one on it (core/letter/own_words.py). The draft's id,
    and how many passages could not be taken over. Raises what `begin` raises, and DraftNotKnown."""
    before = letter_by_id(earlier)
    with transaction.atomic():
        made = begin(before.pack, term, dated, reference=reference, by=by, now=now)
        facts = locked(made)
        own = own_words_of(before, pack_of(facts), f"As in letter {before.reference}.")
        add_rows(facts, own.rows, by=by, now=now)
    return made, len(own.lost)


def set_dated(draft_id: int, dated: date, *, by: Actor, now: datetime) -> None:
    """Give the letter another date. Raises DraftOver."""
    with transaction.atomic():
        facts = locked(draft_id)
        if facts.dated == dated:
            return
        Draft.objects.filter(pk=draft_id).update(dated=dated)
        overtake(facts, "date", by=by, now=now)
        note("date letter", facts, by=by, now=now, dated=dated.isoformat())


def newer_pack(facts: DraftFacts) -> Pack | None:
    """The pack as it is installed now, if it is not the one that the draft was begun from. Raises PackNotInstalled."""
    files = installed_pack(packs_folder(settings.EVERYFAMILY_PACKS), facts.pack_id)
    return None if files.digest == facts.pack_digest else files.parsed(())


def take_newer_pack(draft_id: int, digest: str, *, by: Actor, now: datetime) -> bool:
    """Put the draft's words on the pack as it is installed now, if that is the one of this digest, which somebody
    looked at. What was written for other words waits for somebody to look (`stale_of`). False: nothing was done."""
    with transaction.atomic():
        facts = locked(draft_id)
        begun = _installed(facts.pack_id, facts.follows)
        if begun.files.digest != digest or digest == facts.pack_digest:
            return False
        pack_of(facts)
        Draft.objects.filter(pk=draft_id).update(**_of_pack(begun))
        overtake(facts, "pack", by=by, now=now)
        note("take newer pack", facts, by=by, now=now, version=begun.pack.about.version)
    return True


def end_draft(draft_id: int, *, by: Actor, now: datetime) -> None:
    """Give a letter up. Its words can still be read. Raises DraftOver."""
    with transaction.atomic():
        facts = locked(draft_id)
        overtake(facts, "ended", by=by, now=now)
        Draft.objects.filter(pk=draft_id).update(ended_at=now, ended_by=by.text)
        note("give up letter", facts, by=by, now=now)


def _installed(pack_id: str, follows: Followed | None) -> _Begun:
    folder = packs_folder(settings.EVERYFAMILY_PACKS)
    files = installed_pack(folder, pack_id)
    pack, words = files.parsed(()), {}
    if follows is not None and follows.kind == "correction":
        words = correction_words(correction_folder(folder), pack.texts)
    return _Begun(files, pack, {name: data.decode() for name, data in words.items()})


def _of_pack(begun: _Begun) -> dict[str, object]:
    return {
        "pack_version": begun.pack.about.version,
        "pack_digest": begun.files.digest,
        "pack_zip": zip_of_pack(begun.files.files, begun.files.name),
    }


def _reference(partnership: Partnership, asked: str | None, day: date) -> str:
    reference = reference_for(partnership, asked, day)
    if asked is not None and _is_taken(reference):
        raise _taken()
    drawn = (reference_for(partnership, asked, day) for _ in range(_DRAWS))
    return (
        reference if not _is_taken(reference) else next((one for one in drawn if not _is_taken(one)), reference)
    )


def _is_taken(reference: str) -> bool:
    known = (rows.filter(reference=reference).exists() for rows in (Draft.objects.all(), Letter.objects.all()))
    return any(known)


def _taken() -> ReferenceTaken:
    return ReferenceTaken("Another letter has this reference.", "Give another one, or none, and one is drawn.")


def _refused(problem: IntegrityError) -> EveryfamilyError | IntegrityError:
    if "one_draft_of_a_letter" in str(problem):
        return LetterBegun(
            "The letter of this topic and term is being written already.",
            "Go on with that one, or give it up first.",
        )
    return _taken() if "reference" in str(problem) else problem
