"""Who may have the letter, and for whom an inbox, phone or home is closed. Each rule has its row in tests/spec.

The database says the same in views that `people` publishes (eligibility_sql.py); a test runs every row of the
table through both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from everyfamily.core.calendar.letter_versions import Version, version_for
from everyfamily.core.calendar.year_groups import EVERY_YEAR, LAST_YEAR, RECEPTION
from everyfamily.core.rolls.model.roll_rows import CLOSED as CLOSED
from everyfamily.core.rolls.model.roll_rows import CLOSING_REASONS as CLOSING_REASONS
from everyfamily.core.rolls.model.roll_rows import RESTRICTIONS
from everyfamily.core.rolls.model.roll_rows import closes_shared_ways as closes_shared_ways

CONTACT_STATUSES = ("usable", "permanent-failure", "opted out")
"""For a contact point: it may be tried; a carrier says that it does not exist; the adult opted out of it."""


class Standing(StrEnum):
    """Whether an adult gets the letter."""

    MAY_HAVE_IT = "may have it"
    A_PERSON_DECIDES = "a person decides"
    MAY_NOT = "may not have it"


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """One adult and one child, as stored."""

    restriction: str = "none"
    reason: str = ""
    parental_responsibility: str = "yes"
    has_care: str = "yes"
    said: str = ""
    """What a person said if the file leaves responsibility or care unknown: "yes", "no" or nothing."""
    here: bool = True
    """The child is on the roll and alive, as far as is known."""
    up_to_year: int = LAST_YEAR
    """The highest year group that the child may be in (core/calendar/year_groups.py)."""
    at_least_year: int = RECEPTION
    """The lowest one (core/calendar/letter_versions.py)."""

    @property
    def is_silent(self) -> bool:
        """The file leaves responsibility or care unknown."""
        return "unknown" in (self.parental_responsibility, self.has_care)

    @property
    def is_entitled(self) -> bool:
        """The adult is a parent or carer of the child (Education Act 1996, section 576)."""
        known = "yes" in (self.parental_responsibility, self.has_care)
        return known or (self.said == "yes" and self.is_silent)

    @property
    def is_unclear(self) -> bool:
        """Neither the file nor a person says whether the adult is a parent or carer of the child."""
        return "yes" not in (self.parental_responsibility, self.has_care) and not self.said and self.is_silent


def is_here(*, has_left: bool, has_died: bool) -> bool:
    """Whether a child is on the roll and alive, as far as is known."""
    return not has_left and not has_died


def is_usable(status: str, *, is_purged: bool = False) -> bool:
    """Whether a contact point may be tried at all. Whether it is closed is another question."""
    return status == "usable" and not is_purged


def carries_paper(link: LinkFacts, *, is_purged: bool = False) -> bool:
    """Whether the child may carry paper to the adult, if the bag is not closed: the child goes to where the adult has
    care of the child. If a child's own id was purged, nobody knows whose bag it is."""
    return link.has_care == "yes" and link.here and not is_purged


def version_of(links: Iterable[LinkFacts], *, secondary_from: int | None) -> Version | None:
    """The version of a letter for an adult who may have it: by the children here that they are a parent or carer of."""
    return version_for((one.at_least_year for one in links if one.here and one.is_entitled), secondary_from)


def standing_of(links: Iterable[LinkFacts], *, objects: bool = False, from_year: int = EVERY_YEAR) -> Standing:
    """Whether an adult with these links at one school gets a letter that is offered from `from_year`.

    If one of several links is unclear, the adult is held, because a letter cannot be sent about one child and kept from
    another. What keeps the adult away from a younger child does so here too: the letter comes into the same home.
    """
    links = list(links)
    counted = [link for link in links if link.here or link.restriction in CLOSED]
    here = [link for link in links if link.here and link.up_to_year >= from_year]
    if objects or not here:
        return Standing.MAY_NOT
    found = sorted(RESTRICTIONS.index(link.restriction) for link in counted)
    strictest, loosest = RESTRICTIONS[found[-1]], RESTRICTIONS[found[0]]
    if strictest == "none":
        if any(link.is_entitled for link in here):
            return Standing.MAY_HAVE_IT
        return Standing.A_PERSON_DECIDES if any(link.is_unclear for link in here) else Standing.MAY_NOT
    if strictest == "do not send" and loosest == "do not send":
        return Standing.MAY_NOT
    return Standing.A_PERSON_DECIDES
