"""What the pages of a school's letters and returns show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404
from django.urls import reverse

from everyfamily.core.calendar.letter_versions import Version, versions_at
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.calendar.year_groups import year_in_words
from everyfamily.core.letter.letters import Letter
from everyfamily.core.letter.terms import letter_of_term
from everyfamily.core.text.dates import day_with_weekday
from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.letters.files.record import folder_of
from everyfamily.letters.queries import files_of_letter, letter_by_id
from everyfamily.mailings.queries.school_letters import LetterAtSchool, letter_at, letters_at
from everyfamily.people.queries import SchoolFacts
from everyfamily.rendering.kit_files import OF_BOTH
from everyfamily.rendering.labels import labels_for
from everyfamily.rendering.view import SectionView, View, direction_of, view_of
from everyfamily.staff.access import Visit
from everyfamily.staff.pages import Door
from everyfamily.staff.paging import ON_A_PAGE, after_of, page_values

_FILES = {
    "letter.pdf": "To print: one sheet of A4, both sides",
    "letter-large-print.pdf": "Large print, 18 point",
    "staff-briefing.pdf": "One page for your staff, not for families",
}
"""What somebody looks at or prints. All other files are in the kit."""
_VERSIONS = {Version.PRIMARY: "Primary version", Version.SECONDARY: "Secondary version"}


@dataclass(frozen=True, slots=True)
class Row:
    """One letter in a list."""

    it: LetterAtSchool
    name: str
    state: str
    return_words: str
    takes_return: bool


def letter_or_404(school: SchoolFacts, mailing_id: int) -> LetterAtSchool:
    """The school's letter. 404 if the school has no part in the mailing."""
    found = letter_at(school.id, mailing_id)
    if found is None:
        raise Http404
    return found


def list_values(visit: Visit, school: SchoolFacts) -> dict[str, Any]:
    """The school's letters, newest first, each with what became of its return."""
    after = after_of(visit)
    found = letters_at(school.id, before=after or None, limit=ON_A_PAGE + 1)
    values = page_values(found, after, lambda one: one.mailing)
    today = visit.now.astimezone(LONDON).date()
    return {"here": "schools", "school": school, **values, "rows": [_row(one, today) for one in values["rows"]]}


def _row(one: LetterAtSchool, today: date) -> Row:
    return Row(one, letter_of_term(one.term), _state(one), _return_of(one, today), one.takes_returns(today))


def _state(one: LetterAtSchool) -> str:
    if one.is_withdrawn:
        return "Withdrawn: do not send it or hand it out"
    if one.sends_itself:
        return "You send it yourselves"
    day = day_with_weekday(one.wave_at.astimezone(LONDON).date())
    return {"closed": f"We sent it from {day}", "paused": "Paused"}.get(
        one.mailing_state, f"We send it from {day}"
    )


def _return_of(one: LetterAtSchool, today: date) -> str:
    if not one.sends_itself:
        return "None: we count for you"
    if one.filed_at is not None:
        return f"Filed on {day_with_weekday(one.filed_at.astimezone(LONDON).date())}"
    if one.returns_due_on is None or one.returns_close_on is None:
        return "Has no day yet"
    if today > one.returns_close_on:
        return "Not filed, and closed now"
    return f"Due on {day_with_weekday(one.returns_due_on)}"


def letter_values(visit: Visit, school: SchoolFacts, found: LetterAtSchool) -> dict[str, Any]:
    """The letter in words as the school's families get it, and its files."""
    whole = letter_by_id(found.letter)
    versions = versions_at(school.phase, whole.secondary_from)
    version = next(
        (one for one in versions if one == visit.request.GET.get("version")), next(iter(versions), None)
    )
    letter = whole.in_version(version)
    asked = visit.request.GET.get("language", "en")
    language = asked if asked in letter.texts else "en"
    gaps = PersonalGaps(school=school.name, school_number=school.phone or None)
    view = view_of(letter, language, "email", gaps)
    return {
        "here": "schools",
        "school": school,
        "it": found,
        "name": letter_of_term(found.term),
        "state": _state(found),
        "today_takes_return": found.takes_returns(visit.now.astimezone(LONDON).date()),
        "languages": [(one, labels_for(one).language, one == language) for one in letter.texts],
        "versions": [(one, _VERSIONS[one], one == version) for one in versions] if len(versions) > 1 else [],
        "version_words": version_words(whole) if len(versions) > 1 else "",
        "version": version or "",
        "language": language,
        "direction": direction_of(language),
        "view": view,
        "sections": _sections(view),
        "routes": view.routes,
        "files": _files(found, language, version),
        "reference": letter.reference,
        "ring": letter.enquiries,
        "signed": _signed(letter),
    }


def _sections(view: View) -> Sequence[SectionView]:
    """In the order of the letter. The card's routes are a table of their own."""
    return [one for one in view.sections.values() if one.blocks]


def version_words(letter: Letter) -> str:
    """Which families get which of the two versions."""
    year = letter.secondary_from
    if year is None:
        return ""
    return (
        f"It has two versions. A family with a child in {year_in_words(year)} or above at your school gets the "
        "secondary one, and every other family the primary one."
    )


def _files(found: LetterAtSchool, language: str, version: Version | None) -> list[tuple[int, str, str]]:
    """Row number, name and what for. None of a withdrawn letter."""
    by_name = {one.name: one.id for one in files_of_letter(found.letter)}
    before = {name: "" if name in OF_BOTH else folder_of(version) for name in _FILES}
    names = [(f"{before[name]}{language}/{name}", name, words) for name, words in _FILES.items()]
    return [(by_name[whole], name, words) for whole, name, words in names if whole in by_name]


def _signed(letter: Letter) -> list[str]:
    return [f"{who.name}, {who.organisation}" for who in letter.signatories]


def door_of(school: SchoolFacts, mailing_id: int) -> Door:
    """The school's own return. 404 if it does not send that letter itself."""
    found = letter_or_404(school, mailing_id)
    if not found.sends_itself:
        raise Http404
    return Door(found, school.id, school.name)


def addresses(school: SchoolFacts, mailing_id: int) -> dict[str, Any]:
    """What every page of a return signed in has."""
    names = {
        "to_form": "school-return",
        "to_kit": "school-kit",
        "to_not_sent": "school-return-not-sent",
    }
    urls = {key: reverse(name, args=[school.urn, mailing_id]) for key, name in names.items()}
    return {"here": "schools", "school": school, "signed_in": True, **urls}
