"""Reads of letters."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, BooleanField, DateField, DateTimeField, QuerySet, Value

from everyfamily.core.agreement.seals import Seal as CoreSeal
from everyfamily.core.agreement.two_people import Act, Asked
from everyfamily.core.calendar.letter_versions import versions_at
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.letter.letters import Followed
from everyfamily.core.letter.letters import Letter as CoreLetter
from everyfamily.core.partnership.routes import Route, RouteCheck, as_checked
from everyfamily.letters.files.record import followed_in, from_year_in, letter_of, secondary_from_in
from everyfamily.letters.files.send_kit import kit_of
from everyfamily.letters.models import Asking, Letter, LetterArtefact, Seal
from everyfamily.letters.models import Route as RouteRow
from everyfamily.letters.models import RouteCheck as RouteCheckRow
from everyfamily.work.queries.sites import has_published_site


@dataclass(frozen=True, slots=True)
class SealedLetter:
    """A sealed letter as other apps know it."""

    id: int
    reference: str
    topic: str
    term: str
    digest: str
    follows: Followed | None = None
    """The withdrawn letter that it says it follows."""
    from_year: int = 0
    """The first year group that it is offered to."""
    secondary_from: int | None = None
    """The first one of its secondary version. None if it has one version."""


@dataclass(frozen=True, slots=True)
class PrintedRoute:
    """A route of one letter."""

    letter_id: int
    reference: str
    route: Route


@dataclass(frozen=True, slots=True)
class LetterInBrief:
    """A letter that was sealed, without its record."""

    id: int
    reference: str
    topic: str
    term: str
    digest: str
    sealed_at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str | None


def families_see() -> bool:
    """Whether any letter was ever sealed, or any parent site published: from then on families ring its numbers."""
    return Letter.objects.exists() or has_published_site()


def letters_in_brief() -> list[LetterInBrief]:
    """Every letter that was sealed, newest first, also those that are withdrawn."""
    return _in_brief(Letter.objects.order_by("-id"))


def letter_in_brief(reference: str) -> LetterInBrief | None:
    """One of them, by its reference."""
    return next(iter(_in_brief(Letter.objects.filter(reference=reference))), None)


def _in_brief(rows: QuerySet[Letter]) -> list[LetterInBrief]:
    fields = ("id", "reference", "topic", "term", "digest", "seal__sealed_at", "withdrawn_at", "withdrawn_by")
    found = rows.filter(seal__isnull=False).values_list(*fields)
    return [LetterInBrief(*row) for row in found]


def published_seal(letter_id: int) -> str | None:
    """The seal as it is published, for a letter that is not withdrawn."""
    rows = Seal.objects.filter(letter_id=letter_id, letter__state="sealed")
    return rows.values_list("published", flat=True).first()


def sealed_letter(reference: str) -> SealedLetter | None:
    """The letter with this reference, if it is sealed and not withdrawn."""
    letter = Letter.objects.filter(reference=reference, state="sealed").first()
    if letter is None:
        return None
    return SealedLetter(
        letter.pk,
        letter.reference,
        letter.topic,
        letter.term,
        letter.digest,
        followed_in(letter.record),
        from_year_in(letter.record),
        secondary_from_in(letter.record),
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a letter still counts."""

    id: int
    reference: str
    term: str
    is_sealed: bool
    """And not withdrawn."""
    withdrawn_at: datetime | None
    withdrawn_by: str


def standing_of(reference: str) -> Standing | None:
    """A letter that was sealed, withdrawn or not. None for any other."""
    row = (
        Letter.objects.filter(reference=reference, state__in=("sealed", "withdrawn"))
        .values_list("id", "reference", "term", "state", "withdrawn_at", "withdrawn_by")
        .first()
    )
    return None if row is None else Standing(*row[:3], row[3] == "sealed", row[4], row[5] or "")


def asked_of(reference: str) -> Asked | None:
    """What waits for a second person about a letter. None if nothing does."""
    return next(iter(_asked(Asking.objects.filter(letter__reference=reference, ended_at=None))), None)


def asked_since(letter_id: int, at: datetime) -> list[Asked]:
    """What was asked for about a letter from this moment on, whatever became of it."""
    return _asked(Asking.objects.filter(letter_id=letter_id, asked_at__gte=at))


def _asked(rows: QuerySet[Asking]) -> list[Asked]:
    found = rows.order_by("id").values_list(
        "id", "letter__reference", "act", "why", "asked_at", "asked_by", "asked_account"
    )
    return [Asked(row[0], row[1], Act(row[2]), *row[3:]) for row in found]


def references_of(letter_ids: Iterable[int]) -> dict[int, str]:
    """The references of letters, by their ids."""
    return dict(Letter.objects.filter(pk__in=set(letter_ids)).values_list("id", "reference"))


def sealed_when(letter_id: int) -> datetime:
    """When the letter was sealed, by its seal."""
    return Seal.objects.values_list("sealed_at", flat=True).get(letter_id=letter_id)


def is_withdrawn(reference: str) -> bool:
    """Whether a letter was sealed and is withdrawn."""
    return Letter.objects.filter(reference=reference, state="withdrawn").exists()


def kit_of_letter(letter_id: int, phase: str = "") -> dict[str, bytes] | None:
    """The send kit of a sealed letter, name -> bytes, as it was sealed: for a school of this phase, or with all that
    any school may need. None once the letter is withdrawn."""
    sealed = Seal.objects.filter(letter_id=letter_id, letter__state="sealed").first()
    if sealed is None:
        return None
    rows = LetterArtefact.objects.filter(letter_id=letter_id).values_list("name", "content")
    seal = CoreSeal.from_json(sealed.published)
    needed = versions_at(phase, secondary_from_in(seal.record))
    only = needed[0] if len(needed) == 1 else None
    return kit_of(seal, {name: bytes(content) for name, content in rows}, only)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file of a sealed letter, by its row number."""

    id: int
    name: str
    """Such as "en/letter.pdf"."""


def files_of_letter(letter_id: int) -> list[FileFacts]:
    """The files of a sealed letter, without their bytes. Nothing once the letter is withdrawn."""
    rows = LetterArtefact.objects.filter(letter_id=letter_id, letter__state="sealed").order_by("name")
    return [FileFacts(row_id, name) for row_id, name in rows.values_list("id", "name")]


def file_of_letter(letter_id: int, file_id: int) -> tuple[str, bytes] | None:
    """Name and bytes of one file as it was sealed. None if it is none of the letter's, once the letter is withdrawn,
    and if it is not what was sealed."""
    row = LetterArtefact.objects.filter(pk=file_id, letter_id=letter_id, letter__state="sealed").first()
    if row is None or hashlib.sha256(row.content).hexdigest() != row.digest:
        return None
    return row.name, bytes(row.content)


def sealed_file(letter_id: int, name: str) -> bytes | None:
    """The bytes of a file as it was sealed, by its name ("en/staff-briefing.txt"). None as `file_of_letter` says, and
    if the letter has no such file."""
    key = LetterArtefact.objects.filter(letter_id=letter_id, name=name).values_list("id", flat=True).first()
    found = file_of_letter(letter_id, key) if key is not None else None
    return found[1] if found is not None else None


def withdrawn_at(letter_id: int) -> datetime | None:
    """When a letter was withdrawn; None if it was not."""
    return Letter.objects.values_list("withdrawn_at", flat=True).get(pk=letter_id)


def sealed_letter_by_id(letter_id: int) -> CoreLetter | None:
    """The words of a sealed letter, only from its sealed record. None once the letter is withdrawn."""
    letter = Letter.objects.filter(pk=letter_id, state="sealed").first()
    return letter_of(letter.record) if letter is not None else None


def other_renderings_of(letter_id: int) -> list[str]:
    """Artefacts of a sealed letter that this version of everyfamily would render differently from the sealed ones."""
    from everyfamily.letters.files.proof import other_renderings  # the renderers, which most commands do not need

    return other_renderings(Letter.objects.get(pk=letter_id).record)


def letter_by_id(letter_id: int) -> CoreLetter:
    """The words of a letter that was sealed, withdrawn or not: for reports."""
    return letter_of(Letter.objects.get(pk=letter_id).record)


def route_checks() -> list[RouteCheck]:
    """The newest check of each number and address that anybody rang or opened here."""
    rows = RouteCheckRow.objects.order_by("place", "-at", "-id").distinct("place")
    return [RouteCheck(row.place, row.is_good, row.at, row.by) for row in rows]


@dataclass(frozen=True, slots=True)
class CheckMade:
    """What somebody found once, with their note."""

    is_good: bool
    at: datetime
    by: str
    note: str


def checks_of(place: str, most: int = 5) -> list[CheckMade]:
    """The newest checks of one number or address, as it was printed."""
    rows = RouteCheckRow.objects.filter(place=place).order_by("-at", "-id")[:most]
    return [CheckMade(row.is_good, row.at, row.by, row.note) for row in rows]


def routes_now(
    routes: Iterable[Route], now: datetime, checks: Iterable[RouteCheck] | None = None
) -> tuple[Route, ...]:
    """The routes with what people found since (core/partnership/routes.py). `checks` are those of `route_checks`, if
    they are known already."""
    known, today = list(route_checks() if checks is None else checks), now.astimezone(LONDON).date()
    return tuple(as_checked(route, known, today) for route in routes)


_OF_ROUTE = ("register_id", "label", "hours", "owner", "number", "url", "checked_at", "checked_by", "expires_on")


def printed_routes() -> list[PrintedRoute]:
    """Every route of every letter that is sealed and not withdrawn, as the letter prints it."""
    rows = RouteRow.objects.filter(letter__state="sealed").order_by("letter_id", "id")
    return [_printed(row) for row in rows.values_list("letter_id", "letter__reference", *_OF_ROUTE)]


def routes_with_checks(letters: Collection[int]) -> tuple[list[PrintedRoute], list[RouteCheck]]:
    """What these letters print, if they are sealed and not withdrawn, and the newest check of each number and address,
    in one read."""
    routes = RouteRow.objects.filter(letter__state="sealed", letter_id__in=letters)
    no_words, no_day = Value(""), Value(None, output_field=DateField())
    no_check = Value(None, output_field=DateTimeField()), Value(None, output_field=BooleanField())
    checks = RouteCheckRow.objects.order_by("place", "-at", "-id").distinct("place")
    as_route = (no_words, no_words, no_words, no_words, "place", no_words, no_day, "by", no_day)
    rows = list(
        routes.values_list("letter_id", "letter__reference", *_OF_ROUTE, *no_check).union(
            checks.values_list(Value(0, output_field=BigIntegerField()), no_words, *as_route, "at", "is_good"),
            all=True,
        )
    )
    printed = sorted((row for row in rows if row[0]), key=lambda row: row[0])
    return (
        [_printed(row[:-2]) for row in printed],
        [RouteCheck(row[6], row[12], row[11], row[9]) for row in rows if not row[0]],
    )


def _printed(row: tuple[Any, ...]) -> PrintedRoute:
    letter_id, reference, register_id, label, hours, owner, number, url, *checked = row
    checked_on, checked_by, expires_on = checked
    return PrintedRoute(
        letter_id,
        reference,
        Route(
            id=register_id,
            need="",
            label=label,
            hours=hours,
            owner=owner,
            number=number or None,
            url=url or None,
            checked_on=checked_on,
            checked_by=checked_by,
            expires_on=expires_on,
        ),
    )
