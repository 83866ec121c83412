"""What a school that sends the letter itself files: five numbers that add up, and one answer. A correction is a new
row."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from everyfamily.audit.actions import record_event
from everyfamily.audit.security_events import refused
from everyfamily.core.accounting.coverage import Return
from everyfamily.core.accounting.returns import Filing, Question, questions
from everyfamily.core.actors import Actor
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.calendar.year_groups import has_years_below
from everyfamily.core.errors import EveryfamilyError
from everyfamily.mailings.actions.returns.return_links import SchoolDoesNotFile
from everyfamily.mailings.models import MailingSchool, ReturnLink, SchoolReturn
from everyfamily.mailings.queries.mailings import from_year_of
from everyfamily.mailings.queries.returns import FiledReturn, LinkFacts, filed_returns, returns_of
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.queries import school_by_id


class ReturnDoesNotAddUp(EveryfamilyError):
    """The four ways in a return do not add up to its roll."""

    code = "EF530"


class ReturnFiledTooOften(EveryfamilyError):
    """As many returns were filed with one link, or signed in, as may be."""

    code = "EF424"


MOST_FILINGS = 20
"""With one link, or signed in: each is kept, and a school corrects its return a few times at most. A new link starts
from zero."""


class ReturnsClosed(EveryfamilyError):
    """The day until which a school can correct its return is over."""

    code = "EF641"


class ReturnLinkOver(EveryfamilyError):
    """The link has expired, or was revoked or replaced."""

    code = "EF536"


@dataclass(frozen=True, slots=True)
class Answer:
    """What happened with a filing by link."""

    filed: bool = False
    """It counts now. The same numbers a second time are not a second row."""
    asked: tuple[Question, ...] = ()
    """Not filed, because these must be answered first."""
    overtaken_by: FiledReturn | None = None
    """Not filed, because somebody filed this while the page was open."""


def file_return(
    mailing_id: int,
    school_id: int,
    counts: Return,
    *,
    by: Actor,
    now: datetime,
    reasons: Sequence[str] = (),
    doubts: Sequence[str] = (),
) -> None:
    """File a return. Raises ReturnDoesNotAddUp and writes nothing."""
    _require_sum(counts)
    with tenant(school_id):
        _write(mailing_id, school_id, Filing(counts, tuple(reasons)), doubts=doubts, by=by, now=now)


def file_by_link(
    link: LinkFacts, filing: Filing, *, answered: Collection[str], seen: int, now: datetime
) -> Answer:
    """File what somebody with the school's link sent.

    `answered` are the keys of the questions that were ticked. `seen` is the id of the filing that the page showed (0:
    none). A school files one at a time, so that a button pressed twice files once. Raises ReturnLinkOver and
    ReturnFiledTooOften.
    """
    _require_sum(filing.counts)
    with tenant(link.school_id):
        _hold(link, now)
        hold_part(link.mailing_id, link.school_id)
        by = Actor.link(link.id)
        return _file(link.mailing_id, link.school_id, filing, answered, seen, by=by, now=now, link_id=link.id)


def file_signed_in(
    mailing_id: int,
    school_id: int,
    filing: Filing,
    *,
    answered: Collection[str],
    seen: int,
    by: Actor,
    now: datetime,
) -> Answer:
    """File what somebody with a role of the school sent, signed in: as by link, as long as a link could.

    Raises SchoolDoesNotFile, ReturnsNotOpened, ReturnsClosed and ReturnFiledTooOften.
    """
    _require_sum(filing.counts)
    if now.astimezone(LONDON).date() > returns_of(mailing_id).close_on:
        raise ReturnsClosed(
            "The returns of this letter have closed, so nothing was filed.",
            "Ring the partnership if a number must still be put right.",
        )
    with tenant(school_id):
        if hold_part(mailing_id, school_id) != "sends itself":
            raise SchoolDoesNotFile(
                "The school does not send itself in this mailing, so it has no return to file.",
                "See which schools do.",
            )
        return _file(mailing_id, school_id, filing, answered, seen, by=by, now=now, link_id=None)


def hold_part(mailing_id: int, school_id: int) -> str | None:
    """Lock the school's part in a mailing until the transaction ends, by whatever door somebody files, and return its
    state. None if it has no part."""
    rows = MailingSchool.objects.select_for_update(no_key=True).filter(mailing_id=mailing_id, school_id=school_id)
    return next(iter(rows.values_list("state", flat=True)), None)


def _file(
    mailing_id: int,
    school_id: int,
    filing: Filing,
    answered: Collection[str],
    seen: int,
    *,
    by: Actor,
    now: datetime,
    link_id: int | None,
) -> Answer:
    history = filed_returns(school_id)
    latest = next((filed for filed in history if filed.mailing_id == mailing_id), None)
    if latest is not None and (latest.counts, latest.reasons) == (filing.counts, filing.reasons):
        return Answer(filed=True)
    if latest is not None and latest.id != seen:
        return Answer(overtaken_by=latest)
    from_year = from_year_of(mailing_id)
    asked = _unsettled(_questions(school_id, filing.counts, history, latest, from_year), latest)
    if open_questions := _unanswered(asked, answered, latest):
        return Answer(asked=open_questions)
    _require_some_left(mailing_id, school_id, link_id, history)
    doubts = [question.doubt.value for question in asked]
    # The newest counts, even if a clock was put back.
    at = max(now, latest.filed_at) if latest else now
    _write(
        mailing_id,
        school_id,
        filing,
        doubts=doubts,
        by=by,
        now=at,
        link_id=link_id,
        by_school=link_id is None,
    )
    return Answer(filed=True)


def confirm_return(mailing_id: int, school_id: int, *, by: Actor, now: datetime) -> bool:
    """Somebody has asked the school, and its numbers are right. This files them again without their doubts.

    Returns whether there was a return to look at. The numbers stay the school's own, and nobody needs to see them.
    """
    with tenant(school_id):
        # So that a correction at the same moment is either confirmed or comes after.
        hold_part(mailing_id, school_id)
        latest = next(iter(filed_returns(school_id, mailing_id)), None)
        if latest is None or not latest.doubts:
            return False
        filing = Filing(latest.counts, latest.reasons)
        _write(mailing_id, school_id, filing, doubts=(), by=by, now=max(now, latest.filed_at))
    return True


def _require_sum(counts: Return) -> None:
    if not counts.adds_up():
        given = counts.by_email + counts.by_text + counts.on_paper + counts.not_reached
        raise ReturnDoesNotAddUp(
            f"By email, paper and text and not reached make {given}, and {counts.on_roll} are on roll.",
            f"The numbers are {abs(given - counts.on_roll)} apart: correct the wrong one.",
        )


def _hold(link: LinkFacts, now: datetime) -> None:
    """Lock the link's row until the filing is committed. Raises ReturnLinkOver if it ended meanwhile."""
    row = ReturnLink.objects.select_for_update().filter(school_id=link.school_id, pk=link.id).first()
    if row is None or row.revoked_at is not None or now >= row.expires_at:
        raise ReturnLinkOver(
            "This link to a return has ended.", "Use the newest one, or ask the partnership for another."
        )


def _require_some_left(
    mailing_id: int, school_id: int, link_id: int | None, history: Sequence[FiledReturn]
) -> None:
    own = [filed for filed in history if filed.mailing_id == mailing_id and filed.is_schools_own]
    if sum(filed.link == link_id for filed in own) < MOST_FILINGS:
        return
    refused("return-link-filed-too-often", link=link_id or 0, school=school_id)
    raise ReturnFiledTooOften(
        f"{MOST_FILINGS} returns have been filed this way, which is as many as are taken.",
        "Give the school a new link.",
    )


def _questions(
    school_id: int,
    counts: Return,
    history: Sequence[FiledReturn],
    latest: FiledReturn | None,
    from_year: int,
) -> tuple[Question, ...]:
    school = school_by_id(school_id)
    # The list and other letters' returns are about all of the school's years.
    some_years = has_years_below(school.phase, from_year)
    before = latest or (history[0] if history and not some_years else None)
    return questions(
        counts,
        roll_expected=None if some_years else school.roll_expected,
        before=before.counts if before else None,
        corrects=latest is not None,
    )


def _unsettled(asked: Sequence[Question], latest: FiledReturn | None) -> tuple[Question, ...]:
    """Doubts, except those about a number that the partnership has filed or confirmed, because it has already asked."""
    if latest is None or latest.is_schools_own:
        return tuple(asked)
    return tuple(question for question in asked if getattr(latest.counts, question.line) != question.given)


def _unanswered(
    asked: Sequence[Question], answered: Collection[str], latest: FiledReturn | None
) -> tuple[Question, ...]:
    """Questions without a tick. What the same school has already said about the same number is not asked again."""
    return tuple(
        question
        for question in asked
        if question.key not in answered
        and not (
            latest is not None
            and question.doubt.value in latest.doubts
            and getattr(latest.counts, question.line) == question.given
        )
    )


def _write(
    mailing_id: int,
    school_id: int,
    filing: Filing,
    *,
    doubts: Sequence[str],
    by: Actor,
    now: datetime,
    link_id: int | None = None,
    by_school: bool = False,
) -> None:
    counts = filing.counts
    row = SchoolReturn.objects.create(
        school_id=school_id,
        mailing_id=mailing_id,
        on_roll=counts.on_roll,
        by_email=counts.by_email,
        by_text=counts.by_text,
        on_paper=counts.on_paper,
        not_reached=counts.not_reached,
        emails_confirmed=counts.emails_confirmed,
        reasons=list(filing.reasons),
        doubts=list(doubts),
        filed_at=now,
        filed_by=by.text,
        link=link_id,
        by_school=by_school,
    )
    record_event(
        action="file return",
        by=by,
        subject_type="mailing",
        subject_id=mailing_id,
        now=now,
        school_id=school_id,
        detail={"return": row.pk, "link": link_id, "doubts": list(doubts)},
    )
