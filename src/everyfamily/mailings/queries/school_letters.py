"""The letters of one school: its parts in mailings, newest first, for its own pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from everyfamily.mailings.models import MailingSchool, SchoolNotice, SchoolReturn
from everyfamily.people.database.access import require_school
from everyfamily.people.database.tenancy import tenant


@dataclass(frozen=True, slots=True)
class LetterAtSchool:
    """One letter, as it concerns one school."""

    mailing: int
    letter: int
    reference: str
    term: str
    mailing_state: str
    sends_itself: bool
    wave_at: datetime
    is_withdrawn: bool
    returns_due_on: date | None
    returns_close_on: date | None
    follows_as: str = ""
    """"correction" or "replacement" where the letter follows one that was withdrawn."""
    follows: str = ""
    """That letter's reference."""
    filed_at: datetime | None = None
    """When its newest return came in."""

    def takes_returns(self, today: date) -> bool:
        """Whether a return can be filed or corrected today."""
        return self.sends_itself and self.returns_close_on is not None and today <= self.returns_close_on


def letters_at(school_id: int, *, before: int | None = None, limit: int | None = None) -> list[LetterAtSchool]:
    """The school's letters with their returns, newest first: at most `limit`, of mailings before this number. Raises
    SchoolNotYours."""
    parts = _parts(school_id)
    if before is not None:
        parts = parts.filter(mailing_id__lt=before)
    found = list(parts.order_by("-mailing_id")[:limit])
    with tenant(school_id):
        returns = SchoolReturn.objects.filter(
            school_id=school_id, mailing_id__in=[one.mailing_id for one in found]
        )
        # The newest of each comes last, and stays.
        filed = dict(returns.order_by("filed_at", "id").values_list("mailing_id", "filed_at"))
    return [_letter(one, filed.get(one.mailing_id)) for one in found]


def letter_at(school_id: int, mailing_id: int) -> LetterAtSchool | None:
    """One of them, without its return. None if the school has no part in the mailing. Raises SchoolNotYours."""
    part = _parts(school_id).filter(mailing_id=mailing_id).first()
    return _letter(part) if part is not None else None


def newest_letter_at(school_id: int) -> int | None:
    """The mailing of the school's newest letter."""
    return _parts(school_id).order_by("-mailing_id").values_list("mailing_id", flat=True).first()


def not_sent_at(mailing_id: int, school_id: int) -> datetime | None:
    """When the school said that it had not sent a withdrawn letter, inside `tenant(school_id)`. None if it did not."""
    rows = SchoolNotice.objects.filter(mailing_id=mailing_id, school_id=school_id, not_sent_at__isnull=False)
    return rows.values_list("not_sent_at", flat=True).first()


def _parts(school_id: int) -> QuerySet[MailingSchool]:
    require_school(school_id)
    parts = MailingSchool.objects.filter(school_id=school_id)
    with_letters = parts.select_related("mailing__letter", "mailing__follows__letter")
    return with_letters.defer("mailing__letter__record", "mailing__follows__letter__record")


def _letter(part: MailingSchool, filed_at: datetime | None = None) -> LetterAtSchool:
    mailing = part.mailing
    return LetterAtSchool(
        mailing.pk,
        mailing.letter_id,
        mailing.letter.reference,
        mailing.term,
        mailing.state,
        part.state == "sends itself",
        part.wave_at,
        mailing.letter.state == "withdrawn",
        mailing.returns_due_on,
        mailing.returns_close_on,
        mailing.follows_as,
        mailing.follows.letter.reference if mailing.follows is not None else "",
        filed_at,
    )
