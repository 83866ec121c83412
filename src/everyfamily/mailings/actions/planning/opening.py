"""A mailing opens: each school gets its wave, and the key is made by which each contact value is recognised and used
once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import IntegrityError, transaction

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.calendar.year_groups import EVERY_YEAR, has_years_from
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.letter.letters import Followed
from everyfamily.letters.actions.askings import require_no_withdrawal
from everyfamily.letters.queries import is_withdrawn, sealed_letter
from everyfamily.mailings.actions.guards.lost_time import hold_if_mailed_in_lost_time
from everyfamily.mailings.actions.keys.ledger_keys import new_ledger_key, open_ledger_key
from everyfamily.mailings.models import Mailing, MailingSchool
from everyfamily.people.queries import SchoolFacts, children_offered, open_schools


class LetterNotSealed(EveryfamilyError):
    """Only a sealed letter may be sent."""

    code = "EF521"


class MailingIsOpen(EveryfamilyError):
    """A letter can be mailed only once."""

    code = "EF522"


class CannotBeFollowed(EveryfamilyError):
    """A mailing is followed once by a correction and once by a replacement, after it is withdrawn and before it
    closes."""

    code = "EF527"


class JoinersNotYet(EveryfamilyError):
    """While the mailing of a letter is open, children who join are part of it."""

    code = "EF548"


class FollowsOtherwise(EveryfamilyError):
    """The letter says which withdrawn letter it follows and as what, but it was to be sent as something else."""

    code = "EF366"


@dataclass(frozen=True, slots=True)
class Follows:
    """The mailing with the wrong letter, or for late joiners the first mailing of the letter, and as what the new one
    follows it."""

    mailing_id: int
    kind: Literal["correction", "replacement", "joiners"]

    @property
    def is_for_joiners(self) -> bool:
        """Whether it goes to families of new children."""
        return self.kind == "joiners"


@dataclass(frozen=True, slots=True)
class OpenMailing:
    """What was opened."""

    id: int
    schools_by_us: int
    schools_by_themselves: int
    uncertain: int = 0
    """Schools where nothing is sent until a person says what was sent before a restore (lost_time.py)."""


def open_mailing(
    *,
    reference: str,
    term: str,
    waves: Mapping[int, tuple[int, datetime]],
    closes_at: datetime,
    reply_mailbox: str,
    reply_owner: str,
    by: Actor,
    now: datetime,
    sending: Mapping[str, Any] | None = None,
    own_days: Mapping[int, Mapping[str, Any]] | None = None,
    follows: Follows | None = None,
) -> OpenMailing:
    """Open the mailing of a sealed letter.

    `waves` gives the number and time of the wave for each school id that we send for. `sending` are the days and hours
    that every message keeps to, and `own_days`, by school id, are a school's own (core/calendar/sending_window.py).
    Without them it keeps none. `follows` makes it a correction, a replacement, or a mailing for late joiners of the
    schools in `waves` only. A school without a child in the years that the letter is offered to has no part in it.
    Raises LetterNotSealed, WithdrawalWaits, MailingIsOpen, CannotBeFollowed, JoinersNotYet or FollowsOtherwise. Nothing
    is sent here. Waves begin when their time comes.
    """
    letter = sealed_letter(reference)
    if letter is None:
        raise _not_sealed(reference)
    require_no_withdrawal(reference)
    for_joiners = follows is not None and follows.is_for_joiners
    if not for_joiners:
        if Mailing.objects.filter(letter_id=letter.id).exists():
            raise _is_open(reference)
        _check_follows(letter.follows, follows)
    # A correction goes to whoever had the wrong letter, whatever year their children are in.
    from_year = EVERY_YEAR if follows is not None and follows.kind == "correction" else letter.from_year
    schools = _with_the_years(open_schools(), from_year)
    with transaction.atomic():
        parts_before = _parts_of_followed(follows) if follows is not None else {}
        mailing_id, wrapped = new_ledger_key()
        mailing = _only_one(
            reference,
            id=mailing_id,
            letter_id=letter.id,
            term=term,
            opens_at=min((at for _, at in waves.values()), default=now),
            closes_at=closes_at,
            reply_mailbox=reply_mailbox,
            reply_owner=reply_owner,
            ledger_key=wrapped,
            ledger_key_is_bound=True,
            started_by=by.text,
            started_account=by.account,
            sending=dict(sending or {}),
            follows_id=follows.mailing_id if follows is not None else None,
            follows_as=follows.kind if follows is not None else "",
            from_year=from_year,
            secondary_from=letter.secondary_from,
        )
        rows = []
        for school in schools:
            before = parts_before.get(school.id)
            # A school that sent the wrong letter itself knows who had it, and we do not. If we sent it, we know, even
            # if the school now sends its letters itself.
            ours = before != "sends itself" and (
                school.id in waves or (before is not None and mailing.follows_as == "correction")
            )
            if not ours and follows is not None and (for_joiners or school.id not in parts_before):
                continue
            wave, at = waves.get(school.id, (int(ours), mailing.opens_at))
            state = "planned" if ours else "sends itself"
            own = dict((own_days or {}).get(school.id, {}))
            rows.append(
                MailingSchool(
                    mailing=mailing, school_id=school.id, wave=wave, wave_at=at, state=state, sending=own
                )
            )
        MailingSchool.objects.bulk_create(rows)
        uncertain = hold_if_mailed_in_lost_time(mailing, by=by, now=now)
        record_event(
            action="open mailing",
            by=by,
            subject_type="mailing",
            subject_id=mailing.pk,
            now=now,
            detail={"letter": reference, "schools": len(waves)}
            | ({"follows": follows.mailing_id} if follows else {}),
        )
    by_us = sum(row.state == "planned" for row in rows)
    return OpenMailing(mailing.pk, by_us, len(rows) - by_us, uncertain)


def _with_the_years(schools: list[SchoolFacts], from_year: int) -> list[SchoolFacts]:
    """The schools that may have a child to whom the letter is offered."""
    if from_year == EVERY_YEAR:
        return schools
    offered = children_offered(from_year)
    return [one for one in schools if has_years_from(one.phase, from_year) or one.id in offered]


def _only_one(reference: str, **values: Any) -> Mailing:
    """Write the mailing's row. Raises MailingIsOpen if somebody else sent it at the same moment."""
    try:
        return Mailing.objects.create(**values)
    except IntegrityError as problem:
        diagnosis = getattr(problem.__cause__, "diag", None)
        if diagnosis is None or diagnosis.constraint_name not in _ONE_AT_A_TIME:
            raise
    raise _is_open(reference)


_ONE_AT_A_TIME = ("one_mailing_per_letter", "one_joiners_mailing_at_a_time")


def _not_sealed(reference: str) -> LetterNotSealed:
    if is_withdrawn(reference):
        return LetterNotSealed(
            f"The letter {reference} is withdrawn, for good.",
            "Send the letter that puts it right (docs/howto/withdraw-and-correct.md).",
        )
    return LetterNotSealed(f"The letter {reference} is not sealed.", "Collect the approvals and seal it first.")


def _is_open(reference: str) -> MailingIsOpen:
    return MailingIsOpen(
        f"The letter {reference} has a mailing already.",
        "Look at that one. Nothing was started.",
    )


def _parts_of_followed(follows: Follows) -> dict[int, str]:
    """School id -> state in the followed mailing, which cannot close meanwhile. Raises CannotBeFollowed or
    JoinersNotYet."""
    followed = Mailing.objects.select_for_update(no_key=True).get(pk=follows.mailing_id)
    if follows.is_for_joiners:
        if followed.state != "closed":
            raise JoinersNotYet(
                "The first mailing of this letter is not closed: children who join now get it there.",
                "Close it when its work is done. Those who join after that come next.",
            )
        return {}
    if followed.state == "closed":
        raise CannotBeFollowed(
            "The mailing of the wrong letter is closed, so nobody can know any more who had it.",
            "Send a new letter to everybody, which says what was wrong.",
        )
    if followed.state != "withdrawn":
        raise CannotBeFollowed(
            "The wrong letter is not withdrawn: it may still go out while it is corrected.",
            "Withdraw it first.",
        )
    if Mailing.objects.filter(follows=followed, follows_as=follows.kind).exists():
        raise CannotBeFollowed(
            f"The wrong letter has a {follows.kind} already.",
            "Look at that one. If it is wrong too, withdraw it, and follow that one.",
        )
    parts = MailingSchool.objects.filter(mailing=followed)
    return dict(parts.values_list("school_id", "state"))


def ledger_key(mailing: Mailing) -> bytes:
    """Open the mailing's own key, which no longer exists once the mailing is closed."""
    if mailing.ledger_key is None:
        raise LetterNotSealed(f"Mailing {mailing.pk} is closed.", "Nothing more can be sent under it.")
    return open_ledger_key(mailing)


def _check_follows(says: Followed | None, follows: Follows | None) -> None:
    """A letter that says "we wrote to you again" must not go to anybody who had nothing. Older letters do not say
    it."""
    if says is None:
        return
    if follows is not None and follows.kind == says.kind:
        wrong = Mailing.objects.values_list("letter__reference", flat=True).get(pk=follows.mailing_id)
        if wrong == says.reference:
            return
    what = "corrects" if says.kind == "correction" else "replaces"
    raise FollowsOtherwise(
        f"The letter says that it {what} {says.reference}, but would be sent as something else.",
        f"Send it with --{what} {says.reference}, or send another letter.",
    )
