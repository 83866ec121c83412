"""What the schools in a mailing still need before their wave. Counts and days of schools, nothing about people."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from everyfamily.core.next_steps import Next, Step
from everyfamily.mailings.models import MailingSchool
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.queries import last_attested_at, schools_with_roll

ATTESTED_WITHIN = timedelta(hours=24)
"""A lead's word on restrictions and leavers counts for this long before a wave."""


def word_counts(attested_at: datetime | None, at: datetime) -> bool:
    """Whether the lead's word, given at `attested_at` or never, counts for a wave at this moment."""
    return attested_at is not None and attested_at >= at - ATTESTED_WITHIN


class Need(StrEnum):
    """What a school needs."""

    ROLL = "roll"
    ATTEST = "attest"
    KIT = "kit"
    MAILBOX = "mailbox"

    @property
    def step(self) -> Step:
        """What it means, and what to do."""
        return _STEPS[self]


_STEPS: Final[Mapping[Need, Step]] = {
    Need.ROLL: Step("Nobody gets the letter until a roll has come in", Next.IMPORT_ROLL),
    Need.ATTEST: Step("On hold until their lead attests, in the 24 hours before the wave", Next.ATTEST),
    Need.KIT: Step("Send it themselves: give each the kit", Next.GIVE_KIT),
    Need.MAILBOX: Step("No mailbox is known: the link for the school's return cannot be sent to them"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A school's part in a mailing. `wave` and `wave_at` are None if it sends the letter itself."""

    school_id: int
    urn: int
    name: str
    has_mailbox: bool
    wave: int | None
    wave_at: datetime | None


@dataclass(frozen=True, slots=True)
class SchoolNeeds:
    """A school in a mailing and what it needs. `wave` is None if it sends the letter itself."""

    urn: int
    name: str
    wave: int | None
    needs: tuple[Need, ...]


def parts_of(mailing_id: int) -> list[Part]:
    """Every school in a mailing, by URN, even if the mailing is not committed yet."""
    rows = MailingSchool.objects.filter(mailing_id=mailing_id).order_by("school__urn").select_related("school")
    return [
        Part(
            school_id=row.school_id,
            urn=row.school.urn,
            name=row.school.name,
            has_mailbox=bool(row.school.mailbox),
            wave=None if row.state == "sends itself" else row.wave,
            wave_at=None if row.state == "sends itself" else row.wave_at,
        )
        for row in rows
    ]


def needs_of(parts: Sequence[Part]) -> list[SchoolNeeds]:
    """What each of the schools needs, in their order. Run outside any transaction."""
    with_roll = schools_with_roll()
    return [SchoolNeeds(one.urn, one.name, one.wave, tuple(_needs(one, with_roll))) for one in parts]


def _needs(part: Part, with_roll: Container[int]) -> Iterator[Need]:
    if part.wave_at is None:
        yield Need.KIT
        if not part.has_mailbox:
            yield Need.MAILBOX
        return
    if part.school_id not in with_roll:
        yield Need.ROLL
    with tenant(part.school_id):
        attested_at = last_attested_at(part.school_id)
    if not word_counts(attested_at, part.wave_at):
        yield Need.ATTEST
