"""Call the carriers: claim, commit, call, record. One commit for each message, so a crash leaves at most that one
unknown.

The claim moves the ledger's row from *created* to *sending*. Only the worker that moves it may call. The result of one
call and the claim of the next are one statement, and so one commit. The ledger belongs to no school, so no tenant has
to be set on this hot path. Attempts and deliveries are updated from the ledger page by page (mirroring.py). A
transaction never spans the network.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby

from django.conf import settings

from everyfamily.channels.base import Carrier, Message, Submission
from everyfamily.channels.errors import CarrierBroken, CarrierRefused, ContactPointGone, NoAnswer
from everyfamily.core.calendar.letter_versions import Version
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.keys.vault import Vault
from everyfamily.core.sending.carrier_words import plain_reason
from everyfamily.core.sending.failure_rate import Called
from everyfamily.core.sending.fallback import AttemptStatus, Channel
from everyfamily.core.sending.restored import NEVER_HAD
from everyfamily.mailings.actions.guards.failures import count_calls, stop_if_failing
from everyfamily.mailings.actions.guards.pace import Turns, wait, worker_slot
from everyfamily.mailings.actions.guards.sendable import pause
from everyfamily.mailings.actions.guards.tripwire import Tripwire
from everyfamily.mailings.actions.planning.planning import ADULTS, CLOSED_WAY_OF_PAGE
from everyfamily.mailings.actions.sending.claiming import Claim, Ready, record_and_claim
from everyfamily.mailings.actions.sending.kept_plans import plan_by_ids, rows_of_kept
from everyfamily.mailings.actions.sending.mirroring import mirror_attempts
from everyfamily.mailings.actions.sending.versions import keep_versions
from everyfamily.mailings.messages.bodies import Bodies
from everyfamily.mailings.queries.looks import SchoolLook
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import hold_key, vault_of_held_key
from everyfamily.people.queries import decisions_of

logger = logging.getLogger(__name__)

MOST_SECONDS = 20.0
"""One look at a school takes no longer than this."""
PAGE = 200
"""Attempts read at a time. Who may have the letter is read again with each page, and after each decision."""


@dataclass(frozen=True, slots=True)
class Sender:
    """What a worker sends with. `worker` names it in the ledger."""

    carriers: dict[Channel, Carrier]
    worker: str
    tripwire: Tripwire | None = None
    """Moved on with each claim. None if no worker was started (in tests of one look)."""


@dataclass(frozen=True, slots=True)
class _Page:
    """Attempts that were read together, and what had been decided about the school's people by then."""

    ready: list[Ready]
    next: int | None
    """Where the next page begins, or None if no attempt is left."""
    is_last: bool
    """No attempt was left after it when it was read."""
    decisions: int


@dataclass(frozen=True, slots=True)
class Sent:
    """What one look at a school's attempts did."""

    called: int
    is_done: bool
    """Nothing is left that may be called now. False means look again soon."""


@dataclass(slots=True)
class _Shift:
    """How long this look continues, by a clock that nobody can put back. It ends when the sending hours do, or after a
    fixed time, so that a worker that is told to stop, or that another school waits for, is soon free."""

    ends: float
    hours_end: float

    @classmethod
    def of(cls, now: datetime, until: datetime | None) -> _Shift:
        hours = math.inf if until is None else (until - now).total_seconds()
        begins = time.monotonic()
        return cls(begins + min(MOST_SECONDS, hours), begins + hours)

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self.ends

    @property
    def is_out_of_hours(self) -> bool:
        return time.monotonic() >= self.hours_end


def send_created(look: SchoolLook, bodies: Bodies, sender: Sender, *, until: datetime | None = None) -> Sent:
    """Send the attempts of the school that are recorded and not yet called, until the hours end at `until`."""
    mailing_id, school_id, now = look.mailing_id, look.school_id, look.now
    shift = _Shift.of(now, until)
    called = after = 0
    all_places_had = True
    while not shift.is_over:
        with tenant(school_id):
            page = _ready(look, bodies, after)
        if page.next is None:
            return Sent(called, all_places_had)
        claim = Claim(mailing_id, school_id, page.decisions, sender.worker, now)
        done, had_place = _send_page(page.ready, sender, claim, shift)
        called += done
        all_places_had &= had_place
        with tenant(school_id):
            mirror_attempts(school_id, now, ledger_ids=[item.ledger for item in page.ready])
        # A decision in between cut the page short, so the rest of it is read again.
        if decisions_of(school_id) == page.decisions:
            if page.is_last and not shift.is_over:
                return Sent(called, all_places_had)
            after = page.next
    return Sent(called, False)


def _send_page(ready: Sequence[Ready], sender: Sender, claim: Claim, shift: _Shift) -> tuple[int, bool]:
    """Send a page, carrier by carrier. Returns how many were called, and whether every carrier had a slot for us."""
    called, had_place = 0, True
    tally = _Tally(claim)
    for carrier, chunks in groupby(_chunks(ready, sender), key=lambda chunk: _carrier_of(chunk, sender)):
        turns = Turns(carrier.name)
        with worker_slot(carrier.name, sender.worker) if turns.needs_place else nullcontext(True) as has_place:
            if not has_place:
                had_place = False
                continue
            for claimed, results in _send_chunks(chunks, turns, sender, claim, shift):
                called += len(claimed)
                tally.add(
                    (item.message.channel, result.status, item.message.calls)
                    for item, result in zip(claimed, results, strict=True)
                )
    if called and sender.tripwire is not None:
        sender.tripwire.page_done()
    tally.close()
    return called, had_place


@dataclass(slots=True)
class _Tally:
    """The answers to a page's calls. They are counted at its end, or earlier if so many are bad that it may be time to
    stop: a server that takes a letter and hangs up must not get a whole page of them."""

    claim: Claim
    answers: list[Called] = field(default_factory=list)
    bad: int = 0

    def add(self, answers: Iterable[Called]) -> None:
        for answer in answers:
            self.answers.append(answer)
            self.bad += answer[1] is not AttemptStatus.ACCEPTED
        if self.bad >= settings.EVERYFAMILY_FAILURE_LEAST:
            self.close()

    def close(self) -> None:
        if self.answers:
            count_calls(self.claim.mailing, self.answers, self.claim.now)
        if self.bad:
            stop_if_failing(self.claim.mailing, self.claim.now)
        self.answers, self.bad = [], 0


def _carrier_of(chunk: Sequence[Ready], sender: Sender) -> Carrier:
    return sender.carriers[chunk[0].message.channel]


def _send_chunks(
    chunks: Iterable[list[Ready]], turns: Turns, sender: Sender, claim: Claim, shift: _Shift
) -> Iterator[tuple[list[Ready], list[Submission]]]:
    claimed: list[Ready] = []
    results: list[Submission] = []
    for chunk in chunks:
        if shift.is_over:
            break
        if seconds := turns.must_wait(len(chunk)):
            # Never wait while an answer is not recorded.
            record_and_claim(claim, claimed, results, [])
            claimed, results = [], []
            wait(seconds)
            if shift.is_out_of_hours:
                break
        claimed = record_and_claim(claim, claimed, results, chunk)
        if claimed and sender.tripwire is not None:
            _move_marker(sender.tripwire, claim, claimed)
        results = _call(claim.mailing, [item.message for item in claimed], sender, claim.now) if claimed else []
        yield claimed, results
    record_and_claim(claim, claimed, results, [])


def _move_marker(tripwire: Tripwire, claim: Claim, claimed: list[Ready]) -> None:
    """Nothing is given to a carrier until the marker covers it. They were claimed in one commit, so one of them is
    enough."""
    try:
        tripwire.claimed(claimed[-1].ledger, claimed[-1].tries)
    except EveryfamilyError as problem:
        back = [Submission(item.message.reference, AttemptStatus.CREATED, problem.code) for item in claimed]
        record_and_claim(claim, claimed, back, [])
        raise


def _chunks(ready: Iterable[Ready], sender: Sender) -> Iterator[list[Ready]]:
    """One message in each chunk, or for paper, bundles with one body."""

    def kind(item: Ready) -> tuple[str, str]:
        return item.message.channel.value, item.message.body.key

    # If a channel no longer has a carrier, it is decided again (deciding.py).
    carried = [item for item in ready if item.message.channel in sender.carriers]
    for (channel, _), items in groupby(sorted(carried, key=kind), key=kind):
        size = sender.carriers[Channel(channel)].batch_of(Channel(channel))
        rows = list(items)
        for start in range(0, len(rows), size):
            yield rows[start : start + size]


def _call(mailing_id: int, messages: Sequence[Message], sender: Sender, now: datetime) -> list[Submission]:
    def all_are(status: AttemptStatus, reason: str) -> list[Submission]:
        return [Submission(message.reference, status, reason) for message in messages]

    carrier = sender.carriers[messages[0].channel]
    try:
        # A carrier's words may quote the address.
        return [replace(one, reason=plain_reason(one.reason)) for one in carrier.send(messages, now)]
    except CarrierRefused as problem:
        return all_are(AttemptStatus.REFUSED, problem.code)
    except ContactPointGone as problem:
        return all_are(AttemptStatus.PERMANENT_FAILURE, problem.code)
    except NoAnswer as problem:
        if carrier.answers_for(messages[0].channel) and carrier.knows_at_once:
            return [_asked(carrier, message, now) for message in messages]
        return all_are(AttemptStatus.UNKNOWN, problem.code)
    except CarrierBroken as problem:
        # Nothing was accepted. It stays recorded, and is sent when a person has resumed the mailing.
        pause(mailing_id, problem.fact, kind="carrier", now=now)
        return all_are(AttemptStatus.CREATED, problem.code)
    except Exception as problem:
        # A fault of ours after the claim: what happened with the call is not known, and it must not stay in *sending*.
        logger.error("A call to a carrier failed with %s. The mailing is paused.", type(problem).__name__)
        what = f"A call to a carrier failed with {type(problem).__name__}."
        pause(mailing_id, what, kind="carrier", now=now)
        return all_are(AttemptStatus.UNKNOWN, type(problem).__name__)


def _asked(carrier: Carrier, message: Message, now: datetime) -> Submission:
    """What the carrier itself says about a message after a call without an answer: it has it, or it never had it."""
    try:
        event = carrier.ask(message.reference, now)
    except EveryfamilyError as problem:
        return Submission(message.reference, AttemptStatus.UNKNOWN, problem.code)
    if event is None:
        return Submission(message.reference, AttemptStatus.REFUSED, NEVER_HAD)
    return Submission(message.reference, event.status, plain_reason(event.reason))


_READY = f"""
WITH page AS MATERIALIZED (
  SELECT t.id, t.ledger_id, t.delivery_id, t.channel, t.contact_point_id, t.option_key,
    CASE WHEN starts_with(t.option_key, 'pupil:') THEN split_part(t.option_key, ':', 2)::bigint END AS pupil_id
  FROM mailings_attempt t
  WHERE t.school_id = %(school)s AND t.status = 'created' AND t.id > %(after)s
  ORDER BY t.id LIMIT %(page)s),
ready AS (
  SELECT t.id, t.ledger_id, l.reference::text, t.channel, t.contact_point_id, c.value, a.id AS parent, a.name,
    a.language, a.format, p.id AS pupil, p.id_encrypted, p.class_name, l.tries
  FROM page t
  JOIN mailings_ledgerentry l ON l.id = t.ledger_id
  JOIN mailings_delivery d ON d.id = t.delivery_id
  JOIN people_adult a ON a.id = d.parent_id
  LEFT JOIN people_known_way c ON c.id = t.contact_point_id
  LEFT JOIN people_child p ON p.id = t.pupil_id
  WHERE d.mailing_id IS NOT DISTINCT FROM %(mailing)s AND d.state <> 'stopped' AND l.status IN ('created', 'refused')
    -- What was purged, or died since it was written down, cannot be written to.
    AND (c.id IS NULL OR c.is_usable)
    AND (p.id IS NULL OR p.id_encrypted IS NOT NULL) AND (t.channel <> 'post' OR a.name IS NOT NULL)
    AND NOT {CLOSED_WAY_OF_PAGE})
SELECT last.id, last.attempts, ready.*
FROM (SELECT max(id) AS id, count(*) AS attempts FROM page) last LEFT JOIN ready ON true ORDER BY ready.id
"""  # noqa: S608 - constants of this module and of planning
"""A page of attempts, where it ends, and how many there are. First the page, then what belongs to each of its rows,
only by its id. For a school that is not in the statistics yet, any other condition looks as good as the id, and the
whole school was read for each row. The plan is kept (bench/README.md says what that saves). Row-level security limits
it to the school."""
_MAY_HAVE_IT = f"SELECT id FROM ({ADULTS}) adults WHERE id = ANY(%(parents)s) AND may_have_it"  # noqa: S608 - constants


def _ready(look: SchoolLook, bodies: Bodies, after: int) -> _Page:
    """Read a page of attempts and decrypt only the values that they need, for adults who may have the letter at this
    moment."""
    mailing_id, school_id = look.mailing_id, look.school_id
    # Before anything is read. Otherwise a key rotation in between would leave values here that cannot be opened.
    hold_key(school_id, exclusive=False)
    # Before the people, so that a decision that commits in between is noticed at the claim, never missed.
    decisions = decisions_of(school_id)
    plan_by_ids()
    found = rows_of_kept(_READY, {"mailing": mailing_id, "school": school_id, "after": after, "page": PAGE})
    # A page without a row that may be sent can still have another after it.
    ends, attempts, *_ = found[0]
    is_last = attempts < PAGE
    rows = [row[2:] for row in found if row[2] is not None]
    parents = sorted({row[6] for row in rows})
    asked = {
        "school": school_id,
        "parents": parents,
        "from_year": look.from_year,
        "on_old_word": look.goes_on_old_word,
    }
    may_have_it = {row[0] for row in rows_of_kept(_MAY_HAVE_IT, asked)}
    rows = [row for row in rows if row[6] in may_have_it]
    if not rows:
        return _Page([], ends, is_last, decisions)
    versions = keep_versions(look, {row[1] for row in rows})
    vault = vault_of_held_key(school_id, now=look.now)
    ready = [Ready(row[1], _message(row, bodies, vault, versions.get(row[1]))) for row in rows]
    return _Page(ready, ends, is_last, decisions)


def _message(row: Sequence[object], bodies: Bodies, vault: Vault, version: Version | None) -> Message:
    reference, channel_name, contact, value, parent, name, language, asked, *child_and_calls = row[2:]
    pupil, pupil_id, group, calls = child_and_calls
    channel = Channel(str(channel_name))
    body = bodies.of(channel, str(language), format=str(asked), version=version)
    if channel is Channel.PUPIL_POST:
        child = vault.decrypt("pupil", _int(pupil), _bytes(pupil_id))
        return Message(channel, str(reference), body, to=child, group=str(group), calls=_int(calls))
    opened = vault.decrypt("contact", _int(contact), _bytes(value))
    if channel is Channel.POST:
        addressee = vault.decrypt("parent", _int(parent), _bytes(name))
        return Message(channel, str(reference), body, address=(addressee, *opened.split("\n")), calls=_int(calls))
    return Message(channel, str(reference), body, to=opened, calls=_int(calls))


def _int(value: object) -> int:
    return int(str(value))


def _bytes(value: object) -> bytes:
    return bytes(value)  # type: ignore[call-overload, no-any-return]
