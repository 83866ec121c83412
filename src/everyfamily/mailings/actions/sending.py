"""Call the carriers: claim, commit, call, record. One commit a message; a crash leaves at most that one unknown.

The claim moves the ledger's row from created to sending; whoever does it may call, nobody else. The result of one
call and the claim of the next share a commit. Never a transaction across the network.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db import connection

from everyfamily.channels.base import Carrier, Message, Submission
from everyfamily.channels.errors import CarrierBroken, CarrierRefused, ContactPointGone, NoAnswer
from everyfamily.core.fallback import AttemptStatus, Channel
from everyfamily.core.vault import Vault
from everyfamily.mailings.actions.mirroring import mirror_attempts, write_ledger
from everyfamily.mailings.bodies import Bodies
from everyfamily.mailings.models import Mailing
from everyfamily.people.keys import open_vault
from everyfamily.people.tenancy import tenant

PAGE = 500
"""Attempts read at a time."""


@dataclass(frozen=True, slots=True)
class Sender:
    """What a worker sends with. `worker` names it in the ledger."""

    carriers: dict[Channel, Carrier]
    worker: str


@dataclass(frozen=True, slots=True)
class _Ready:
    """A written attempt and the message it is for."""

    ledger: int
    message: Message


def send_created(mailing_id: int, school_id: int, bodies: Bodies, sender: Sender, now: datetime) -> int:
    """Send every attempt of the school that is written down and not yet called; returns how many were called."""
    called = 0
    after = 0
    while True:
        with tenant(school_id):
            ready, after = _ready(mailing_id, school_id, bodies, after, now)
        if not ready:
            return called
        results: list[Submission] = []
        waiting: list[_Ready] = []
        for chunk in _chunks(ready, sender):
            if not _may_send(mailing_id):
                break
            with tenant(school_id):
                _record(school_id, waiting, results, now)
                waiting = _claim(school_id, chunk, sender.worker, now)
            results = _call(mailing_id, [item.message for item in waiting], sender, now) if waiting else []
            called += len(waiting)
        with tenant(school_id):
            _record(school_id, waiting, results, now)


def _may_send(mailing_id: int) -> bool:
    """Read before each call, so that a pause or a withdrawal takes hold within one message on every worker."""
    return Mailing.objects.filter(pk=mailing_id, state="open").exists()


def _chunks(ready: Iterable[_Ready], sender: Sender) -> Iterator[list[_Ready]]:
    """One message a chunk, but paper in bundles of one body."""

    def kind(item: _Ready) -> tuple[str, str]:
        return item.message.channel.value, item.message.body.key

    for (channel, _), items in groupby(sorted(ready, key=kind), key=kind):
        size = sender.carriers[Channel(channel)].batch_of(Channel(channel))
        rows = list(items)
        for start in range(0, len(rows), size):
            yield rows[start : start + size]


def _claim(school_id: int, chunk: Sequence[_Ready], worker: str, now: datetime) -> list[_Ready]:
    """Move the ledger's rows from created to sending; those another got first are mirrored, not sent."""
    # Two adults of one inbox can stand in one chunk of paper: one message.
    by_ledger = {item.ledger: item for item in chunk}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE mailings_ledgerentry SET status = 'sending', worker = %s, changed_at = %s, tries = tries + 1
            WHERE id = ANY(%s) AND status IN ('created', 'refused') RETURNING id
            """,
            [worker, now, sorted(by_ledger)],
        )
        mine = {row[0] for row in cursor.fetchall()}
        cursor.execute(
            """
            UPDATE mailings_attempt SET status = 'sending', changed_at = %s
            WHERE school_id = %s AND ledger_id = ANY(%s) AND status = 'created'
            """,
            [now, school_id, sorted(mine)],
        )
    others = sorted(set(by_ledger) - mine)
    if others:
        mirror_attempts(school_id, now, ledger_ids=others)
    return [item for item in by_ledger.values() if item.ledger in mine]


def _call(mailing_id: int, messages: Sequence[Message], sender: Sender, now: datetime) -> list[Submission]:
    def all_are(status: AttemptStatus, reason: str) -> list[Submission]:
        return [Submission(message.reference, status, reason) for message in messages]

    try:
        return sender.carriers[messages[0].channel].send(messages, now)
    except CarrierRefused as problem:
        return all_are(AttemptStatus.REFUSED, problem.code)
    except ContactPointGone as problem:
        return all_are(AttemptStatus.PERMANENT_FAILURE, problem.code)
    except NoAnswer as problem:
        return all_are(AttemptStatus.UNKNOWN, problem.code)
    except CarrierBroken as problem:
        _pause(mailing_id, problem)
        return all_are(AttemptStatus.TECHNICAL_FAILURE, problem.code)


def _pause(mailing_id: int, problem: CarrierBroken) -> None:
    Mailing.objects.filter(pk=mailing_id, state="open").update(state="paused", paused_reason=problem.fact[:120])


def _record(school_id: int, sent: Sequence[_Ready], results: Sequence[Submission], now: datetime) -> None:
    if not sent:
        return
    write_ledger(
        [(item.ledger, result.status, result.reason, now) for item, result in zip(sent, results, strict=True)]
    )
    mirror_attempts(school_id, now, ledger_ids=[item.ledger for item in sent])


_READY = """
SELECT t.id, t.ledger_id, l.reference::text, t.channel, t.contact_point_id, c.value, a.id, a.name, a.language,
  p.id, p.id_encrypted, p.class_name, l.tries
FROM mailings_attempt t
JOIN mailings_ledgerentry l ON l.id = t.ledger_id
JOIN mailings_delivery d ON d.school_id = t.school_id AND d.id = t.delivery_id
JOIN people_parent a ON a.school_id = d.school_id AND a.id = d.parent_id
LEFT JOIN people_contactpoint c ON c.school_id = t.school_id AND c.id = t.contact_point_id
LEFT JOIN people_pupil p ON p.school_id = t.school_id AND t.option_key = 'pupil:' || p.id
WHERE d.mailing_id = %s AND t.school_id = %s AND t.status = 'created' AND t.id > %s ORDER BY t.id LIMIT %s
"""


def _ready(
    mailing_id: int, school_id: int, bodies: Bodies, after: int, now: datetime
) -> tuple[list[_Ready], int]:
    """Read a page of attempts and open just the values they need."""
    vault = open_vault(school_id, now=now)
    with connection.cursor() as cursor:
        cursor.execute(_READY, [mailing_id, school_id, after, PAGE])
        rows = cursor.fetchall()
    ready = [_Ready(row[1], _message(row, bodies, vault)) for row in rows]
    return ready, rows[-1][0] if rows else after


def _message(row: Sequence[object], bodies: Bodies, vault: Vault) -> Message:
    _, _, reference, channel_name, contact, value, parent, name, language, pupil, pupil_id, group, calls = row
    channel = Channel(str(channel_name))
    body = bodies.of(channel, str(language))
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
