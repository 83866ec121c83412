"""What to do next for one adult: send to a contact point, wait, or stop. A pure function; policy is data.

The rules, in the order in which they are applied (spec tables in tests/spec/fallback.toml):

1. If a whole letter is confirmed, that ends it: reached.
2. An attempt in progress is waited for, and never repeated meanwhile.
3. What a carrier accepted is waited for as long as a failure may still come back (email and text 72 hours, post and
   pupil post 14 days). If there is no news after that, a whole letter counts as accepted, which is not proof.
4. An unknown attempt (a crash between the call and its record) is waited for in the same way, and never sent again to
   the same contact value. The next contact point is the second try.
5. A text says that there is a letter, but is not the letter: paper follows if the policy says so.
6. A contact point is tried once. Only a call that the carrier refused before it accepted anything is repeated.
7. Anything that must be sent waits for the hours at which letters are sent. What only needs to be recorded does not
   wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


class Channel(StrEnum):
    """A way to an adult."""

    EMAIL = "email"
    TEXT = "text"
    POST = "post"
    PUPIL_POST = "pupil post"


WHOLE_LETTER = frozenset({Channel.EMAIL, Channel.POST, Channel.PUPIL_POST})
"""Channels that carry the letter itself. A text carries the address of its page."""

QUIET = {
    Channel.EMAIL: timedelta(hours=72),
    Channel.TEXT: timedelta(hours=72),
    Channel.POST: timedelta(days=14),
    Channel.PUPIL_POST: timedelta(days=14),
}
"""How long a failure may still come back after a carrier accepted a message."""


class AttemptStatus(StrEnum):
    """GOV.UK Notify's words, and two of our own for what Notify does not distinguish."""

    CREATED = "created"
    """Recorded, but the carrier has not been called."""
    SENDING = "sending"
    """Committed, and the call to the carrier is in progress."""
    ACCEPTED = "accepted"
    """The carrier accepted it (Notify: sending)."""
    DELIVERED = "delivered"
    """The carrier, or the school for paper, says that it arrived."""
    REFUSED = "refused"
    """The carrier did not accept it, for now (SMTP 4xx): nothing left us."""
    TEMPORARY_FAILURE = "temporary-failure"
    """Accepted, then not delivered: phone off, mailbox full."""
    PERMANENT_FAILURE = "permanent-failure"
    """The contact point does not exist."""
    TECHNICAL_FAILURE = "technical-failure"
    """Our fault or the carrier's. The mailing pauses and a person is told."""
    RETURNED = "returned"
    """Post came back. This can follow *delivered*."""
    UNKNOWN = "unknown"
    """A crash, or no answer, between the call and its record. It never counts as reached."""


UNDER_WAY = frozenset({AttemptStatus.CREATED, AttemptStatus.SENDING})
FAILED = frozenset(
    {
        AttemptStatus.TEMPORARY_FAILURE,
        AttemptStatus.PERMANENT_FAILURE,
        AttemptStatus.TECHNICAL_FAILURE,
        AttemptStatus.RETURNED,
    }
)


HAD_IT = frozenset(
    {AttemptStatus.SENDING, AttemptStatus.ACCEPTED, AttemptStatus.DELIVERED, AttemptStatus.UNKNOWN}
)
"""A message with this status has, or may have, reached somebody: for a wrong letter, they get the correction (ADR
21)."""


def had_it(channel: Channel, status: AttemptStatus) -> bool:
    """Whether somebody has, or may have, a message. A copy for a class counts once the school has handed it over. Until
    then it is in the building, and can be binned."""
    if channel is Channel.PUPIL_POST:
        return status is AttemptStatus.DELIVERED
    return status in HAD_IT


class DeliveryState(StrEnum):
    """How far one adult's delivery has come."""

    PLANNED = "planned"
    ON_ITS_WAY = "on its way"
    REACHED = "reached"
    ACCEPTED = "accepted"
    TOLD_BY_TEXT = "told by text"
    UNKNOWN = "unknown"
    """Every way was tried, and for one it is not known whether it was sent."""
    RETURNED = "returned"
    """Every way was tried, and the post came back."""
    FAILED = "failed"
    """Every way was tried and failed."""
    NO_CONTACT = "no contact"
    """There was no contact point to try."""
    SHARED = "shared"
    """The only way left is one that somebody who may not have the letter shares."""
    STOPPED = "stopped"
    """Planned, and then a restriction, an objection, a death or a leaver became known before it was sent."""


NOT_REACHED = frozenset(
    {
        DeliveryState.FAILED,
        DeliveryState.NO_CONTACT,
        DeliveryState.RETURNED,
        DeliveryState.SHARED,
        DeliveryState.UNKNOWN,
        DeliveryState.TOLD_BY_TEXT,
    }
)
"""States after which another way is tried, if there is a new one."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A school's channel policy."""

    order: tuple[Channel, ...] = (Channel.EMAIL, Channel.TEXT, Channel.POST, Channel.PUPIL_POST)
    paper_after_text: bool = True
    tries: int = 24
    """Calls to one contact point while the carrier refuses them. With an hour in between, that is about a day."""
    retry_after: timedelta = timedelta(hours=1)
    first: tuple[str, ...] = ()
    """Keys of options that are tried before any other, in this order: for a correction, the ways of the wrong
    letter."""


@dataclass(frozen=True, slots=True)
class Option:
    """A contact point that could be tried. `key` distinguishes the options of one adult."""

    key: str
    channel: Channel


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt so far. `at` is when it reached its status (aware)."""

    key: str
    channel: Channel
    status: AttemptStatus
    at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """What to do: send to `send`, or look again at `wait_until` (None: when there is news), or stop."""

    state: DeliveryState
    send: Option | None = None
    wait_until: datetime | None = None


def next_step(
    policy: Policy,
    options: Sequence[Option],
    tried: Sequence[Tried],
    now: datetime,
    *,
    sends_from: datetime | None = None,
    shares_a_way: bool = False,
) -> Step:
    """Decide the next step for one adult. See the module's rules.

    `sends_from` is when letters may next be sent (sending_window.py); None means now. `shares_a_way` says that one of
    their ways is not among the options because somebody who may not have the letter shares it
    (core/adults/eligibility.py).
    """
    step = _next_step(policy, options, tried, now)
    if shares_a_way and step.state in (DeliveryState.NO_CONTACT, DeliveryState.FAILED):
        return replace(step, state=DeliveryState.SHARED)
    if step.send is not None and sends_from is not None and sends_from > now:
        return Step(step.state, wait_until=sends_from)
    return step


def _next_step(policy: Policy, options: Sequence[Option], tried: Sequence[Tried], now: datetime) -> Step:
    if any(t.channel in WHOLE_LETTER and t.status is AttemptStatus.DELIVERED for t in tried):
        return Step(DeliveryState.REACHED)
    if any(t.status in UNDER_WAY for t in tried):
        return Step(DeliveryState.ON_ITS_WAY)
    waits = [
        t.at + QUIET[t.channel] for t in tried if t.status in (AttemptStatus.ACCEPTED, AttemptStatus.UNKNOWN)
    ]
    still = [until for until in waits if until > now]
    if still:
        return Step(DeliveryState.ON_ITS_WAY, wait_until=min(still))
    if any(t.channel in WHOLE_LETTER and t.status is AttemptStatus.ACCEPTED for t in tried):
        return Step(DeliveryState.ACCEPTED)
    told = any(t.channel is Channel.TEXT and t.status is AttemptStatus.DELIVERED for t in tried)
    if told and not policy.paper_after_text:
        return Step(DeliveryState.TOLD_BY_TEXT)
    again = _refused_again(policy, options, tried, told)
    if again is not None:
        option, at = again
        due = at <= now
        return Step(DeliveryState.ON_ITS_WAY, send=option if due else None, wait_until=None if due else at)
    untried = _first_untried(policy, options, tried, told)
    if untried is not None:
        return Step(DeliveryState.ON_ITS_WAY, send=untried)
    return Step(proven((one.channel, one.status) for one in tried) or _not_proven(bool(tried)))


def _refused_again(
    policy: Policy, options: Sequence[Option], tried: Sequence[Tried], told: bool
) -> tuple[Option, datetime] | None:
    """The contact point whose last call was refused and may be repeated, and from when."""
    last = {t.key: t for t in tried}
    for option in options:
        if told and option.channel is Channel.TEXT:
            continue
        refused = last.get(option.key)
        if refused is None or refused.status is not AttemptStatus.REFUSED:
            continue
        if sum(t.key == option.key for t in tried) < policy.tries:
            return option, refused.at + policy.retry_after
    return None


def _first_untried(
    policy: Policy, options: Sequence[Option], tried: Sequence[Tried], told: bool
) -> Option | None:
    done = {t.key for t in tried}
    by_key = {option.key: option for option in options}
    for key in policy.first:
        option_first = by_key.get(key)
        if option_first is None or key in done or (told and option_first.channel is Channel.TEXT):
            continue
        return option_first
    for channel in policy.order:
        if told and channel is Channel.TEXT:
            continue
        for option in options:
            if option.channel is channel and option.key not in done:
                return option
    return None


def _not_proven(was_tried: bool) -> DeliveryState:
    return DeliveryState.FAILED if was_tried else DeliveryState.NO_CONTACT


def proven(tried: Iterable[tuple[Channel, AttemptStatus]]) -> DeliveryState | None:
    """The state that attempts prove, whatever else was tried. None if they prove none.

    The database says the same in a view of `mailings` (mailings/sql/proof_sql.py). A test runs tests/spec/proof.toml
    through both.
    """
    tried = set(tried)
    whole = {status for channel, status in tried if channel in WHOLE_LETTER}
    statuses = {status for _, status in tried}
    for is_proven, state in (
        (AttemptStatus.DELIVERED in whole, DeliveryState.REACHED),
        (AttemptStatus.ACCEPTED in whole, DeliveryState.ACCEPTED),
        ((Channel.TEXT, AttemptStatus.DELIVERED) in tried, DeliveryState.TOLD_BY_TEXT),
        (AttemptStatus.UNKNOWN in statuses, DeliveryState.UNKNOWN),
        (AttemptStatus.RETURNED in statuses, DeliveryState.RETURNED),
    ):
        if is_proven:
            return state
    return None


def at_close(tried: Iterable[tuple[Channel, AttemptStatus]]) -> DeliveryState:
    """The final state of a delivery that is still waited for when its mailing closes. A call that a carrier refused
    still was a call, so it failed."""
    return _ended(set(tried), nothing_came_of={AttemptStatus.CREATED})


def at_withdrawal(tried: Iterable[tuple[Channel, AttemptStatus]]) -> DeliveryState:
    """The final state of a delivery for which nothing is waited for when its letter is withdrawn. A call that a carrier
    refused would have been repeated, so the withdrawal stopped it."""
    return _ended(set(tried), nothing_came_of={AttemptStatus.CREATED, AttemptStatus.REFUSED})


def _ended(tried: set[tuple[Channel, AttemptStatus]], *, nothing_came_of: set[AttemptStatus]) -> DeliveryState:
    failed = any(status not in nothing_came_of for _, status in tried)
    return proven(tried) or (DeliveryState.FAILED if failed else DeliveryState.STOPPED)


def in_order_of_wish(policy: Policy, wish: str) -> Policy:
    """Put what the adult asked for first ("email", "text", "paper" or "")."""
    first: tuple[Channel, ...] = {
        "email": (Channel.EMAIL,),
        "text": (Channel.TEXT,),
        "paper": (Channel.POST, Channel.PUPIL_POST),
    }.get(wish, ())
    rest = tuple(channel for channel in policy.order if channel not in first)
    return replace(policy, order=tuple(channel for channel in first if channel in policy.order) + rest)


RANK = {
    AttemptStatus.CREATED: 0,
    AttemptStatus.SENDING: 1,
    AttemptStatus.UNKNOWN: 2,
    AttemptStatus.REFUSED: 3,
    AttemptStatus.ACCEPTED: 4,
    AttemptStatus.TECHNICAL_FAILURE: 5,
    AttemptStatus.TEMPORARY_FAILURE: 6,
    AttemptStatus.PERMANENT_FAILURE: 7,
    AttemptStatus.DELIVERED: 8,
    AttemptStatus.RETURNED: 9,
}
"""No two are equal. Otherwise the first of two equals to come would stay, and the order of receipts would decide."""


def moves_forward(current: AttemptStatus, heard: AttemptStatus) -> bool:
    """Whether a receipt may change the status. Receipts come twice and in any order, so statuses only rise."""
    return RANK[heard] > RANK[current]
