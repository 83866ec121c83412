"""A mailing that follows a wrong letter: a correction to exactly those who had it, or a replacement to everybody else.

An adult had the wrong letter if a message of theirs was sent, or may have been (fallback.py: HAD_IT), by any of the
ways that were tried; or if one of their contact values was written to for somebody else: through another school, or in
an inbox that two adults share. Nobody is in both: an adult in one is never added to the other, even if news comes
later.

If the wrong letter was a correction itself, adults who had the letter before it also get the new correction.

A mailing for late joiners follows the first mailing of its own letter, which is closed. It goes to the adults of
children who came on the roll since, except those who had the letter, or one that it replaces, at this school. Who had
it is known from the attempts, and by the school's own index of values. Nothing is known of other schools.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from everyfamily.core.keys.vault import MailingHash
from everyfamily.core.sending.fallback import HAD_IT, AttemptStatus, DeliveryState
from everyfamily.mailings.actions.keys.ledger_keys import open_ledger_key
from everyfamily.mailings.models import Mailing, MailingSchool
from everyfamily.mailings.queries.had_letter import HAD_BY_CHANNEL
from everyfamily.mailings.queries.looks import SchoolLook
from everyfamily.people.keys.school_keys import hold_key, vault_of_held_key

HAD = ", ".join(f"'{status}'" for status in sorted(HAD_IT))
"""For SQL: statuses of a message that was sent, or may have been."""
FOR_WHOM = """
((id = ANY(%(had)s::bigint[])) = (%(follows)s::text = 'correction')
  AND (%(follows)s::text <> 'joiners' OR id = ANY(%(new)s::bigint[]))
  AND NOT EXISTS (SELECT 1 FROM mailings_delivery o
    WHERE o.school_id = %(school)s AND o.mailing_id = ANY(%(beside)s::bigint[]) AND o.parent_id = adults.id))
"""
"""For an adult of planning.ADULTS: whether the mailing is for them. If it follows none, it is for every adult."""


@dataclass(frozen=True, slots=True)
class Following:
    """Which mailing this one follows, and as what."""

    kind: str
    """ "correction", "replacement" or "joiners"."""
    wrong: tuple[int, ...]
    """Mailings with a wrong letter: first the one that is followed, then those that it followed itself. For late
    joiners, every earlier mailing of the letter and of those that it follows."""
    beside: tuple[int, ...]
    """Other mailings that follow one of those."""

    @property
    def is_correction(self) -> bool:
        """Whether it goes to those who had the wrong letter."""
        return self.kind == "correction"

    @property
    def is_for_joiners(self) -> bool:
        """Whether it goes to families of new children."""
        return self.kind == "joiners"


def following_of(look: SchoolLook) -> Following | None:
    """What the mailing follows, or None if it follows nothing."""
    kind = look.follows_as
    wrong: list[int] = []
    followed = look.follows_id
    while followed is not None:
        wrong.append(followed)
        followed, followed_as = Mailing.objects.values_list("follows_id", "follows_as").get(pk=followed)
        if kind == "correction" and followed_as != "correction":
            break
    if not wrong:
        return None
    if kind == "joiners":
        beside_them = Mailing.objects.filter(follows_id__in=wrong).exclude(pk__in=[look.mailing_id, *wrong])
        return Following(kind, (*wrong, *beside_them.order_by("id").values_list("id", flat=True)), ())
    beside = Mailing.objects.filter(follows_id__in=wrong).exclude(pk__in=[look.mailing_id, *wrong])
    return Following(kind, tuple(wrong), tuple(beside.order_by("id").values_list("id", flat=True)))


def hold_beside(following: Following, school_id: int) -> None:
    """Let nobody else plan a follow-up of the same letters at the school until this transaction ends."""
    parts = MailingSchool.objects.select_for_update(no_key=True).filter(
        mailing_id__in=following.wrong, school_id=school_id
    )
    list(parts.order_by("id").values_list("id", flat=True))


def ways_of_wrong_letter(look: SchoolLook, parents: Sequence[int]) -> dict[int, list[str]]:
    """For a correction: adult -> keys of the options by which they had the wrong letter. Empty for other mailings."""
    following = following_of(look)
    if following is None or not following.is_correction:
        return {}
    return who_had_it(following, look.school_id, look.now, parents=parents)


def who_had_it(
    following: Following,
    school_id: int,
    now: datetime,
    *,
    parents: Sequence[int] | None = None,
    unless_in: int | None = None,
) -> dict[int, list[str]]:
    """Adults at the school who had the wrong letter -> the ways, in time order, as keys of options.

    Inside `tenant(school_id)`. If `parents` is given, only those adults. The values of adults with a delivery in the
    mailing `unless_in` are not decrypted.
    """
    values: dict[str, Any] = {
        "school": school_id,
        "wrong": list(following.wrong),
        "parents": list(parents) if parents is not None else None,
        "unless": unless_in,
    }
    had: dict[int, list[str]] = defaultdict(list)
    with connection.cursor() as cursor:
        if parents is None:
            # A whole school, newer than its statistics: as in planning.
            cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(_BY_ATTEMPTS, values)
        for parent, key in cursor.fetchall():
            if key not in had[parent]:
                had[parent].append(key)
        for parent, key in _by_value(following, school_id, values | {"found": list(had)}, now):
            had[parent].append(key)
        if following.is_for_joiners:
            cursor.execute(_BY_SHARED_VALUE, values)
            for parent, key in cursor.fetchall():
                had[parent].append(key)
        cursor.execute("SET LOCAL enable_nestloop = on")
    return dict(had)


def new_at_school(mailing_id: int, school_id: int) -> list[int]:
    """Adults of children who are new at the school for a letter, whether or not they may have it. Inside
    `tenant(school_id)`."""
    with connection.cursor() as cursor:
        cursor.execute(_NEW, {"mailing": mailing_id, "school": school_id})
        return [row[0] for row in cursor.fetchall()]


_NEW = """
SELECT DISTINCT c.parent_id FROM mailings_joiners j JOIN mailings_mailing m ON m.id = j.mailing_id
JOIN people_child_since p ON p.school_id = j.school_id AND p.on_roll_from >= j.since
  AND (j.until IS NULL OR p.on_roll_from < j.until)
JOIN people_child_year y ON y.school_id = p.school_id AND y.id = p.id AND y.up_to_year >= m.from_year
JOIN people_link c ON c.school_id = p.school_id AND c.pupil_id = p.id AND (c.is_entitled OR c.is_unclear)
WHERE j.mailing_id = %(mailing)s AND j.school_id = %(school)s ORDER BY 1
"""
_BY_SHARED_VALUE = f"""
-- The inbox or phone of somebody who had it. The ledger's hashes are gone, but the school's own index stays (ADR 17).
SELECT DISTINCT w.parent_id, 'contact:' || w.id FROM people_same_way w
JOIN mailings_attempt t ON t.school_id = w.school_id AND t.contact_point_id = w.same_id
JOIN mailings_delivery d ON d.school_id = t.school_id AND d.id = t.delivery_id
WHERE w.school_id = %(school)s AND w.parent_id = ANY(%(parents)s)
  AND d.mailing_id = ANY(%(wrong)s) AND (t.channel, t.status) IN ({HAD_BY_CHANNEL})
"""  # noqa: S608 - constants of core/sending/fallback.py


_BY_ATTEMPTS = f"""
SELECT d.parent_id, t.option_key FROM mailings_attempt t
JOIN mailings_delivery d ON d.school_id = t.school_id AND d.id = t.delivery_id
WHERE t.school_id = %(school)s AND d.mailing_id = ANY(%(wrong)s)
  AND (%(parents)s::bigint[] IS NULL OR d.parent_id = ANY(%(parents)s))
  -- Only the ledger knows what a carrier is being given now, or was a moment ago. Its key finds the row, because
  -- the ledger is the whole mailing's.
  AND ((t.channel, t.status) IN ({HAD_BY_CHANNEL}) OR t.status = 'created'
    AND (t.channel, (SELECT l.status FROM mailings_ledgerentry l WHERE l.id = t.ledger_id)) IN ({HAD_BY_CHANNEL}))
ORDER BY t.id
"""  # noqa: S608 - constants of core/sending/fallback.py
_VALUES = """
SELECT c.parent_id, c.id, c.channel, c.value, a.name FROM people_known_way c
JOIN people_adult a ON a.school_id = c.school_id AND a.id = c.parent_id
WHERE c.school_id = %(school)s AND c.value IS NOT NULL AND NOT c.parent_id = ANY(%(found)s::bigint[])
  AND (%(parents)s::bigint[] IS NULL OR c.parent_id = ANY(%(parents)s))
  AND NOT EXISTS (SELECT 1 FROM mailings_delivery d
    WHERE d.school_id = c.school_id AND d.mailing_id = %(unless)s::bigint AND d.parent_id = c.parent_id)
ORDER BY c.id
"""
_WRITTEN_TO = f"""
SELECT value_hash FROM mailings_ledgerentry
WHERE mailing_id = %s AND value_hash = ANY(%s::bytea[]) AND status IN ({HAD})
"""  # noqa: S608 - constants of core/sending/fallback.py


ADD_BY_SHARED_WAY = f"""
-- For late joiners: an adult with the inbox or phone of somebody else who had it is as far as that message.
INSERT INTO mailings_delivery (school_id, mailing_id, parent_id, state, planned_at, restored)
SELECT DISTINCT ON (w.parent_id) %(school)s, %(mailing)s, w.parent_id, CASE
    WHEN t.channel = 'text' THEN '{DeliveryState.TOLD_BY_TEXT}'
    WHEN t.status = '{AttemptStatus.DELIVERED}' THEN '{DeliveryState.REACHED}'
    ELSE '{DeliveryState.ACCEPTED}' END, %(now)s, ''
FROM people_adult_standing a
JOIN people_same_way w ON w.school_id = a.school_id AND w.parent_id = a.id
JOIN mailings_attempt t ON t.school_id = w.school_id AND t.contact_point_id = w.same_id
JOIN mailings_delivery d ON d.school_id = t.school_id AND d.id = t.delivery_id AND d.parent_id <> w.parent_id
WHERE a.school_id = %(school)s AND a.may_have_it_up_to >= %(from_year)s
  AND a.id = ANY(%(new)s::bigint[])
  AND d.mailing_id = ANY(%(wrong)s::bigint[]) AND t.status IN ('{AttemptStatus.DELIVERED}', '{AttemptStatus.ACCEPTED}')
  AND NOT EXISTS (SELECT 1 FROM mailings_delivery o
    WHERE o.school_id = a.school_id AND o.parent_id = a.id AND o.mailing_id = ANY(%(wrong)s::bigint[]))
ORDER BY w.parent_id, t.channel = 'text', t.status <> '{AttemptStatus.DELIVERED}', t.id
ON CONFLICT DO NOTHING
"""  # noqa: S608 - constants of core/sending/fallback.py


def _by_value(
    following: Following, school_id: int, values: dict[str, Any], now: datetime
) -> list[tuple[int, str]]:
    """(adult, key of the contact point) for values that the wrong letter was sent to for somebody else.

    A mailing that is closed no longer has a key, and is skipped.
    """
    # Before anything is read. Otherwise a key rotation in between would leave values here that cannot be opened.
    hold_key(school_id, exclusive=False)
    with connection.cursor() as cursor:
        cursor.execute(_VALUES, values)
        rows = cursor.fetchall()
    if not rows:
        return []
    vault = vault_of_held_key(school_id, now=now)
    opened: list[tuple[int, str, str, str]] = []
    for parent, row, channel, value, name in rows:
        plain = vault.decrypt("contact", row, bytes(value))
        if channel == "post":
            if name is None:
                continue
            plain = f"{vault.decrypt('parent', parent, bytes(name))}\n{plain}"
        opened.append((parent, f"contact:{row}", channel, plain))
    found: list[tuple[int, str]] = []
    for mailing in Mailing.objects.filter(pk__in=following.wrong).exclude(ledger_key=None):
        hasher = MailingHash(open_ledger_key(mailing))
        by_hash = [(hasher.of(channel, plain), parent, key) for parent, key, channel, plain in opened]
        with connection.cursor() as cursor:
            cursor.execute(_WRITTEN_TO, [mailing.pk, [value_hash for value_hash, _, _ in by_hash]])
            written = {bytes(row[0]) for row in cursor.fetchall()}
        found.extend((parent, key) for value_hash, parent, key in by_hash if value_hash in written)
    return found
