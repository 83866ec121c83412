"""Look at the deliveries of one school that are due, and record what happens next.

Restrictions, objections, leavers and deaths are read again here, in the transaction that writes the attempt. The
attempt and its ledger row are committed before any carrier is called; this module calls none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import connection

from everyfamily.core.keys.vault import MailingHash, Vault
from everyfamily.core.sending.channel_policy import policy_of
from everyfamily.core.sending.fallback import (
    NOT_REACHED,
    AttemptStatus,
    Channel,
    DeliveryState,
    Option,
    Tried,
    in_order_of_wish,
    next_step,
)
from everyfamily.core.sending.restored import NOT_WRITTEN, held
from everyfamily.mailings.actions.planning.following import ways_of_wrong_letter
from everyfamily.mailings.actions.planning.opening import ledger_key
from everyfamily.mailings.actions.planning.planning import ADULTS
from everyfamily.mailings.actions.sending.versions import versions_of
from everyfamily.mailings.installation.carriers import carriers
from everyfamily.mailings.models import Delivery, Mailing
from everyfamily.mailings.queries.looks import SchoolLook
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import hold_key, vault_of_held_key

PAGE = 200
"""Deliveries looked at in one transaction."""
NO_CARRIER = timedelta(days=1)
"""If an adult is not reached and one of their ways has no carrier now, they are looked at again, because one may be set
meanwhile."""


@dataclass(slots=True)
class _Adult:
    """One due delivery and what is known about its adult."""

    delivery: int
    parent: int
    prefers: str
    may_have_it: bool
    name: bytes | None
    contacts: list[tuple[int, Channel, bytes]] = field(default_factory=list)
    pupil: tuple[int, bytes] | None = None
    shares_a_way: bool = False
    """One of their ways is closed because somebody who may not have the letter shares it."""
    tried: list[Tried] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    """For the messages in `tried`."""
    restored: str = ""
    """What is known about the delivery since the database was restored (core/sending/restored.py)."""

    def options(self) -> list[Option]:
        found = [
            Option(f"contact:{row}", channel)
            for row, channel, _ in self.contacts
            # An envelope needs a name.
            if channel is not Channel.POST or self.name is not None
        ]
        if self.pupil is not None:
            found.append(Option(f"pupil:{self.pupil[0]}", Channel.PUPIL_POST))
        return found

    def has_untried(self, channels: Collection[Channel]) -> bool:
        """Whether a way by one of these channels was never tried."""
        tried = {one.key for one in self.tried}
        return any(option.channel in channels and option.key not in tried for option in self.options())


@dataclass(frozen=True, slots=True)
class _Planned:
    """An attempt to write, with the hash of the value it goes to."""

    adult: _Adult
    option: Option
    value_hash: bytes
    version: str
    """Of the letter, as far as it is known now; blank for a letter in one version."""
    is_to_decide: bool = False
    """After the database was restored: it may have been sent, and a person says whether it was."""


def decide_page(look: SchoolLook, *, sends_from: datetime | None = None) -> int:
    """Decide up to one page of due deliveries. Returns how many were looked at (fewer than PAGE means that none is
    left).

    `sends_from` is when letters may next be sent. None means now.
    """
    mailing_id, school_id, now = look.mailing_id, look.school_id, look.now
    with tenant(school_id):
        # Before anything is read. Otherwise a key rotation in between would leave values here that cannot be opened.
        hold_key(school_id, exclusive=False)
        _drop_dead_ends(mailing_id, school_id, now)
        adults = _due(mailing_id, school_id, now)
        if not adults:
            return 0
        _gather(adults, look)
        versions = versions_of(look, [adult.parent for adult in adults.values()])
        policy = policy_of(look.school.channel_policy)
        wanted = frozenset(policy.order)
        policy = replace(policy, order=tuple(channel for channel in policy.order if channel in carriers()))
        vault = vault_of_held_key(school_id, now=now)
        hasher = _Hasher(vault, MailingHash(ledger_key(Mailing.objects.get(pk=mailing_id))), school_id)
        ways = ways_of_wrong_letter(look, [adult.parent for adult in adults.values()])
        updates: list[tuple[int, str, datetime | None]] = []
        planned: list[_Planned] = []
        let_go: list[int] = []
        for adult in adults.values():
            if not adult.may_have_it:
                updates.append((adult.delivery, DeliveryState.STOPPED, None))
                continue
            theirs = replace(in_order_of_wish(policy, adult.prefers), first=tuple(ways.get(adult.parent, ())))
            # For a correction: the ways of the wrong letter, as far as there is still a carrier.
            options = [option for option in adult.options() if option.channel in carriers()]
            shares = adult.shares_a_way
            step = next_step(theirs, options, adult.tried, now, sends_from=sends_from, shares_a_way=shares)
            after = held(adult.restored, step, adult.tried, adult.reasons)
            step, next_look = after.step, after.step.wait_until
            if after.let_go:
                let_go.append(adult.delivery)
            if after.write_unknown is not None:
                option = after.write_unknown
                version = versions.get(adult.parent, "")
                planned.append(_Planned(adult, option, hasher.of(adult, option), version, is_to_decide=True))
            if step.state in NOT_REACHED and adult.has_untried(wanted - carriers().keys()):
                next_look = now + NO_CARRIER
            updates.append((adult.delivery, step.state, next_look))
            if step.send is not None:
                version = versions.get(adult.parent, "")
                planned.append(_Planned(adult, step.send, hasher.of(adult, step.send), version))
        _write_deliveries(updates, school_id)
        Delivery.objects.filter(school_id=school_id, pk__in=let_go).update(restored="")
        for to_decide in (False, True):
            ones = [plan for plan in planned if plan.is_to_decide is to_decide]
            _write_attempts(mailing_id, school_id, ones, now, is_to_decide=to_decide)
        return len(adults)


class _Hasher:
    """Decrypts contact values just long enough to hash them under the mailing's key."""

    def __init__(self, vault: Vault, mailing: MailingHash, school_id: int) -> None:
        self._vault = vault
        self._mailing = mailing
        self._school = school_id

    def of(self, adult: _Adult, option: Option) -> bytes:
        """Hash of the value that "at most one message" is counted by."""
        if option.channel is Channel.PUPIL_POST and adult.pupil is not None:
            # One copy for each child: two adults in one home share it. The school keeps it apart from those of other
            # schools. By the school's own id, because under a new key of the school the child has another row.
            own_id = self._vault.decrypt("pupil", *adult.pupil)
            return self._mailing.of(option.channel, f"{self._school}|{own_id}")
        row, _, blob = next(c for c in adult.contacts if f"contact:{c[0]}" == option.key)
        value = self._vault.decrypt("contact", row, blob)
        if option.channel is Channel.POST and adult.name is not None:
            # A letter in an envelope is for the adult that it names, not for anyone else who lives there.
            value = f"{self._vault.decrypt('parent', adult.parent, adult.name)}\n{value}"
        return self._mailing.of(option.channel, value)


def _drop_dead_ends(mailing_id: int, school_id: int, now: datetime) -> None:
    """Take back recorded attempts if their contact value is gone or dead since, or their channel no longer has a
    carrier, and decide again."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH dropped AS (
              DELETE FROM mailings_attempt t USING mailings_delivery d, mailings_ledgerentry l
              WHERE t.school_id = %(school)s AND t.status = 'created' AND l.id = t.ledger_id
                AND l.status IN ('created', 'refused')
                AND d.school_id = t.school_id AND d.id = t.delivery_id AND d.mailing_id = %(mailing)s
                AND (t.channel <> ALL(%(carried)s)
                  OR EXISTS (SELECT 1 FROM people_known_way c WHERE c.school_id = t.school_id
                    AND c.id = t.contact_point_id AND NOT c.is_usable)
                  OR EXISTS (SELECT 1 FROM people_child p WHERE p.school_id = t.school_id
                    AND t.option_key = 'pupil:' || p.id AND p.id_encrypted IS NULL)
                  OR (t.channel = 'post' AND EXISTS (SELECT 1 FROM people_adult a WHERE a.school_id = t.school_id
                    AND a.id = d.parent_id AND a.name IS NULL)))
              RETURNING t.delivery_id)
            UPDATE mailings_delivery d SET next_look_at = %(now)s FROM dropped
            WHERE d.school_id = %(school)s AND d.id = dropped.delivery_id AND d.state <> 'stopped'
            """,
            {
                "mailing": mailing_id,
                "school": school_id,
                "now": now,
                "carried": [one.value for one in carriers()],
            },
        )


def _due(mailing_id: int, school_id: int, now: datetime) -> dict[int, _Adult]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT d.id, d.parent_id, a.prefers, a.name, d.restored FROM mailings_delivery d
            JOIN people_adult a ON a.school_id = d.school_id AND a.id = d.parent_id
            WHERE d.mailing_id = %s AND d.school_id = %s AND d.next_look_at <= %s
            ORDER BY d.id LIMIT %s FOR UPDATE OF d SKIP LOCKED
            """,
            [mailing_id, school_id, now, PAGE],
        )
        rows = cursor.fetchall()
    return {
        delivery: _Adult(delivery, parent, prefers, False, bytes(name) if name else None, restored=restored)
        for delivery, parent, prefers, name, restored in rows
    }


def _gather(adults: dict[int, _Adult], look: SchoolLook) -> None:
    school_id, from_year = look.school_id, look.from_year
    by_parent = {adult.parent: adult for adult in adults.values()}
    parents = list(by_parent)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM ({ADULTS}) adults WHERE id = ANY(%(parents)s) AND may_have_it",  # noqa: S608 - a constant
            {
                "school": school_id,
                "parents": parents,
                "from_year": from_year,
                "on_old_word": look.goes_on_old_word,
            },
        )
        for parent, *_ in cursor.fetchall():
            by_parent[parent].may_have_it = True
        cursor.execute(
            """
            SELECT w.id, w.parent_id, w.channel, w.value, w.is_closed FROM people_way w
            WHERE w.school_id = %(school)s AND w.parent_id = ANY(%(parents)s) AND w.is_usable
            ORDER BY w.id
            """,
            {"school": school_id, "parents": parents},
        )
        for row, parent, channel, value, is_closed in cursor.fetchall():
            if is_closed:
                by_parent[parent].shares_a_way = True
            else:
                by_parent[parent].contacts.append((row, Channel(channel), bytes(value)))
        cursor.execute(
            """
            SELECT DISTINCT ON (w.parent_id) w.parent_id, w.pupil_id, w.id_encrypted,
              -- A child carries no paper into a home that the letter may not be posted to.
              w.pupil_id IN (SELECT b.pupil_id FROM people_closed_bag b) AS is_closed
            FROM people_paper_way w WHERE w.school_id = %s AND w.parent_id = ANY(%s)
              -- In the bag of a child whom the letter is about, not of a younger one.
              AND w.up_to_year >= %s
            -- An older child carries the secondary version, if the letter has two.
            ORDER BY w.parent_id, is_closed, w.at_least_year >= %s::int DESC, w.pupil_id
            """,
            [school_id, parents, from_year, look.secondary_from],
        )
        for parent, pupil, blob, is_closed in cursor.fetchall():
            if is_closed:
                by_parent[parent].shares_a_way = True
            else:
                by_parent[parent].pupil = (pupil, bytes(blob))
        cursor.execute(
            """
            SELECT t.delivery_id, t.option_key, t.channel, t.status, t.changed_at, greatest(l.tries, 1), l.reason
            FROM mailings_attempt t JOIN mailings_ledgerentry l ON l.id = t.ledger_id
            WHERE t.school_id = %s AND t.delivery_id = ANY(%s) ORDER BY t.id
            """,
            [school_id, list(adults)],
        )
        for delivery, key, channel, status, at, tries, reason in cursor.fetchall():
            one = Tried(key, Channel(channel), AttemptStatus(status), at)
            times = tries if status == AttemptStatus.REFUSED else 1
            adults[delivery].tried.extend([one] * times)
            adults[delivery].reasons.extend([reason] * times)


def _write_deliveries(updates: Iterable[tuple[int, str, datetime | None]], school_id: int) -> None:
    ids, states, looks = zip(*updates, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE mailings_delivery d SET state = u.state, next_look_at = u.look
            FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[]) AS u (id, state, look)
            WHERE d.school_id = %s AND d.id = u.id
            """,
            [list(ids), [str(state) for state in states], list(looks), school_id],
        )


def _write_attempts(
    mailing_id: int, school_id: int, planned: Sequence[_Planned], now: datetime, *, is_to_decide: bool
) -> None:
    if not planned:
        return
    status = AttemptStatus.UNKNOWN if is_to_decide else AttemptStatus.CREATED
    written = {"status": status.value, "reason": NOT_WRITTEN if is_to_decide else ""}
    channels = {plan.value_hash: plan.option.channel.value for plan in planned}
    with connection.cursor() as cursor:
        # In the same order on every worker. Two workers that insert the same values in different orders would deadlock.
        cursor.execute(
            _WRITE_LEDGER,
            {
                "mailing": mailing_id,
                "hashes": sorted(channels),
                "channels": [channels[value_hash] for value_hash in sorted(channels)],
                "now": now,
                **written,
            },
        )
        # In its own statement, so that it sees the rows of a worker that was quicker.
        cursor.execute(
            _WRITE_ATTEMPTS,
            {
                "mailing": mailing_id,
                "school": school_id,
                "deliveries": [plan.adult.delivery for plan in planned],
                "contacts": [_contact_of(plan.option) for plan in planned],
                "keys": [plan.option.key for plan in planned],
                "ways": [plan.option.channel.value for plan in planned],
                "hashes": [plan.value_hash for plan in planned],
                "versions": [str(plan.version) for plan in planned],
                "now": now,
                **written,
            },
        )


_WRITE_LEDGER = """
INSERT INTO mailings_ledgerentry (mailing_id, value_hash, channel, reference, status, reason, changed_at, tries, worker)
SELECT %(mailing)s, hash, channel, gen_random_uuid(), %(status)s, %(reason)s, %(now)s, 0, ''
FROM unnest(%(hashes)s::bytea[], %(channels)s::text[]) WITH ORDINALITY AS w (hash, channel, n) ORDER BY n
ON CONFLICT (mailing_id, value_hash) DO NOTHING
"""
_WRITE_ATTEMPTS = """
INSERT INTO mailings_attempt
  (school_id, delivery_id, contact_point_id, option_key, channel, version, ledger_id, status, reason, created_at,
   changed_at)
SELECT %(school)s, w.delivery, w.contact, w.key, w.channel, w.version,
  -- Looked up one by one: a join read the whole ledger for each page, because it is younger than its statistics.
  (SELECT l.id FROM mailings_ledgerentry l WHERE l.mailing_id = %(mailing)s AND l.value_hash = w.hash),
  %(status)s, %(reason)s, %(now)s, %(now)s
FROM unnest(%(deliveries)s::bigint[], %(contacts)s::bigint[], %(keys)s::text[], %(ways)s::text[],
  %(hashes)s::bytea[], %(versions)s::text[]) WITH ORDINALITY AS w (delivery, contact, key, channel, hash, version, n)
ORDER BY w.n
-- A call that the carrier refused is repeated under the attempt that stands.
ON CONFLICT (delivery_id, option_key, school_id) DO UPDATE
  SET status = excluded.status, changed_at = excluded.changed_at
"""


def _contact_of(option: Option) -> int | None:
    kind, _, row = option.key.partition(":")
    return int(row) if kind == "contact" else None
