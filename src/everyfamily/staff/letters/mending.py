"""Where a finding is put right that no section of the letter has: the line's own page, the settings, a translation, or
the medium that is too long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.urls import reverse

from everyfamily.checks.model.finding import Finding
from everyfamily.core.packs.letter_files import PRIMARY
from everyfamily.core.partnership.routes import Route, RouteState
from everyfamily.core.permissions import Held, Right
from everyfamily.core.text.languages import english_name
from everyfamily.staff.letters.mends import Mend, in_settings
from everyfamily.staff.letters.opened import Opened
from everyfamily.staff.letters.who_does import who_does
from everyfamily.staff.routes.register import addresses_of_lines

_OF_A_LINE = "routes/"
_STATES = frozenset({"TR001", "TR002", "TR003"})
"""What is found of a line that somebody must ring. The others are about its words, which the settings have."""
_STALE, _UNREAD = "EV007", "EV008"
"""What is found of a translation: it was made of other English, or no second person has read it."""
_OF_SETTINGS = ("sender name", "enquiries", "from", "bodies/", "signatories/")
_MEDIUM_OF: Mapping[str, str] = {"LM002": "print", "LM004": "email", "RD011": "print"}


@dataclass(frozen=True, slots=True)
class LineToRing:
    """A line that keeps a letter from being printed on its day."""

    mend: Mend
    fault: str


class Mending:
    """Where the findings of one letter are put right, for somebody with these rights."""

    def __init__(self, opened: Opened, held: Held) -> None:
        self._opened, self._held = opened, held
        self.own = frozenset(opened.rows)
        """Language and id of every passage in own words."""
        self._lines = {one.id: one for one in opened.letter.routes}

    def of(self, finding: Finding, *, is_of_the_whole: bool) -> Mend | None:
        """Where this one is put right. None if that is in a section of the letter."""
        reference = self._opened.draft.reference
        if finding.passage.startswith(_OF_A_LINE):
            route = self._lines.get(finding.passage.removeprefix(_OF_A_LINE))
            return self._of_line(finding.code, route) if route is not None else None
        if finding.code in ("EV002", "EV003"):
            return Mend("", (), "See what is to be kept", f"{reverse('letter-findings', args=[reference])}#kept")
        if finding.code in (_STALE, _UNREAD):
            return self._of_translation(finding)
        if finding.code == "EV005":
            how = "The pack names this source. See whether a newer version of the pack has looked at it again."
            return Mend("", (how,), "See what the pack changed", reverse("letter-pack", args=[reference]))
        if finding.passage.startswith(_OF_SETTINGS):
            return in_settings(self._held)
        if finding.code in _MEDIUM_OF:
            address = reverse("letter-preview", args=[reference, finding.language, _MEDIUM_OF[finding.code]])
            return Mend("It is about the whole letter.", (), "See it as families get it", address)
        if is_of_the_whole:
            first = next((one.id for one in self._opened.parts if one.section is not None), "opening")
            address = reverse("letter-write", args=[reference, finding.language, first])
            return Mend("It is about the whole letter.", (), "Write the letter", address)
        return None

    def _of_translation(self, finding: Finding) -> Mend:
        reference, language = self._opened.draft.reference, finding.language
        is_primary = finding.passage.startswith(f"{PRIMARY}/")
        schools = ", for primary schools" if is_primary else ""
        about = f"It is about the letter in {english_name(language)}{schools}." if language != "en" else ""
        if finding.code == _STALE and language in self._opened.languages:
            how = "Change what no longer fits. Then somebody other than its translator reads it against the English."
            first = next(
                one.id for one in self._opened.parts_in(language) if (one.group == "primary") is is_primary
            )
            address = reverse("letter-write", args=[reference, language, first])
            return Mend(about, (how,), f"Write it in {english_name(language)}", address)
        how = "Somebody other than its translator reads it against the English, and says so on this page."
        return Mend(
            about, (how,), "Open the languages of this letter", reverse("letter-languages", args=[reference])
        )

    def to_ring(self, day: date) -> list[LineToRing]:
        """Every line that may not be printed on a day."""
        return [
            LineToRing(self._of_line("TR003", one), one.fault_in_words(day))
            for one in self._opened.letter.routes
            if one.state_on(day) is not RouteState.GOOD
        ]

    def _of_line(self, code: str, route: Route) -> Mend:
        about = f"{route.label[:1].upper()}{route.label[1:]}, {route.place}"
        owned = f"{route.owner} looks after this line."
        if code not in _STATES:
            mend = in_settings(self._held)
            return replace(mend, about=about, how=(f"{owned} {mend.how[0]}",))
        how = (f"{_to_do(route)} {owned}",)
        if not self._held.may(Right.RING_ROUTES):
            return Mend(about, (f"{how[0]} {self._who_rings}",))
        address = self._addresses.get((route.id, route.place)) or reverse("routes")
        return Mend(about, how, "Open the page of this line", address)

    @cached_property
    def _addresses(self) -> dict[tuple[str, str], str]:
        return addresses_of_lines(self._opened.partnership.routes)

    @cached_property
    def _who_rings(self) -> str:
        return who_does(Right.RING_ROUTES, "ring and sign it")


def _to_do(route: Route) -> str:
    if route.is_for_emergencies:
        return (
            "Look on the force’s own page whether the number is the same, and sign what you find. Do not ring it."
        )
    if route.number:
        return "Ring it, and sign what you hear. If it has another number now, its page says what to do."
    return "Open it, and sign what you see. If it has another address now, its page says what to do."
