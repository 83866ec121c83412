"""Links between an adult and a child for the school's lead to look at: which, how many and why, page by page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import connection

from everyfamily.core.adults.batches import kind_of
from everyfamily.core.adults.grounds import Ground
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.keys.vault import Vault
from everyfamily.people.actions.decided.groups import Group, GroupFound, group_of, groups_on_roll
from everyfamily.people.actions.decided.seen import mark_of_link
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import open_vault
from everyfamily.people.sql.entitlement import ENDED, SHOWN, WAITS

REVIEW_AFTER = timedelta(days=120)
"""A decision is looked at again each term. The longest, autumn to spring, is shorter than this."""


@dataclass(frozen=True, slots=True)
class LinkToReview:
    """One adult and one child, decrypted for the school's lead. For the screen, never for a log."""

    link: int
    adult: int
    pupil: str
    """The school's own id of the child, or blank once it is purged."""
    adult_name: str
    """Blank once purged."""
    relationship: str
    restriction: str
    reason: str
    """Why it is held if nobody said so (core/rolls/model/roll_rows.py). Blank if the file or a person said it."""
    since: datetime | None
    """When a person last decided, or otherwise when the task for one was opened."""
    reviewed_by: str
    year_group: str = ""
    class_name: str = ""
    kind: str = ""
    """Why it waits (core/adults/batches.py)."""
    ground: Ground | None = None
    """What keeps them away, if the decision that counts says it."""
    child: int = 0
    """The row of the child."""

    @property
    def mark(self) -> str:
        """For whoever decides about it as they see it here (seen.py)."""
        return mark_of_link(self.restriction, self.reason, self.reviewed_by)


class LinksShown(StrEnum):
    """Which links: those of children on the roll, and closed links of a child who is gone if a sibling is on it."""

    WAITING = "waiting"
    """unknown or on hold: a person must decide"""
    STALE = "stale"
    """decided, closed or opened one by one, and not looked at for a term, or closed for something that has ended. The
    lead's word on a whole roll is given again before each wave"""
    CLOSED = "closed"
    """every link that is not open, whether decided or not"""
    MUST_NOT = "must not"
    """do not send"""


def links_to_review(
    school_id: int,
    *,
    now: datetime,
    shown: LinksShown = LinksShown.WAITING,
    class_name: str | None = None,
    year_group: str | None = None,
    kind: str | None = None,
    after: int = 0,
    limit: int | None = None,
) -> list[LinkToReview]:
    """Links for the lead to look at, decrypted, by child, for one class, year or kind. Raises SchoolKeyDestroyed.

    At most `limit`, after the link `after`. If that link is gone, the list begins again, so that none is left out.
    """
    with tenant(school_id):
        vault = open_vault(school_id, now=now)
        asked = _Asked(shown, Group(class_name, year_group), kind)
        return _page(school_id, asked, vault, now, after, limit)


@dataclass(frozen=True, slots=True)
class LinksPage:
    """One page of links, and how many there are of each kind."""

    links: list[LinkToReview]
    counts: Mapping[LinksShown, Mapping[str, int]]
    """Which links -> kind -> how many, for the class and year that were asked for."""
    marks: Mapping[str, str]
    """Kind -> the mark (seen.py) of all links together that wait for that reason."""
    group: Group
    groups: list[GroupFound]
    """Classes and years to choose from."""
    saved: LinkToReview | None
    """The link that was decided about just now, wherever it is now."""


def links_page(
    school_id: int,
    *,
    now: datetime,
    shown: LinksShown,
    class_of: int = 0,
    year_of: int = 0,
    kind: str | None = None,
    after: int = 0,
    limit: int,
    saved: int = 0,
) -> LinksPage:
    """The same links for a screen, in one transaction. A class and a year are given by the number of a child in it, so
    that no address needs to hold their names.

    Raises SchoolKeyDestroyed, and NoSuchGroup if the school has no child with that number.
    """
    with tenant(school_id):
        group = group_of(school_id, class_of=class_of, year_of=year_of)
        vault = open_vault(school_id, now=now)
        links = _page(school_id, _Asked(shown, group, kind), vault, now, after, limit)
        before = link_shown(school_id, saved, vault) if saved else None
        return LinksPage(links, *_counts(school_id, group, now), group, groups_on_roll(school_id), before)


@dataclass(frozen=True, slots=True)
class _Asked:
    shown: LinksShown
    group: Group
    kind: str | None


def _page(
    school_id: int, asked: _Asked, vault: Vault, now: datetime, after: int, limit: int | None
) -> list[LinkToReview]:
    with connection.cursor() as cursor:
        cursor.execute(
            _LINKS.format(which=_WHICH[asked.shown]),
            asked.group.parameters(school_id)
            | _times(now)
            | {"kind": asked.kind, "after": after, "limit": limit},
        )
        return [_link(row, vault) for row in cursor.fetchall()]


def link_shown(school_id: int, link: int, vault: Vault) -> LinkToReview | None:
    """One link, or None if the school has none with this number. Inside `tenant(school_id)`."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE, {"school": school_id, "link": link})
        row = cursor.fetchone()
    return _link(row, vault) if row else None


def links_of_adults(school_id: int, adults: Collection[int], *, now: datetime) -> list[LinkToReview]:
    """Every link of these adults, also of children who are gone, by adult. Raises SchoolKeyDestroyed."""
    with tenant(school_id), connection.cursor() as cursor:
        vault = open_vault(school_id, now=now)
        cursor.execute(_OF_ADULTS, {"school": school_id, "adults": list(adults)})
        return [_link(row, vault) for row in cursor.fetchall()]


def next_link(school_id: int, *, kind: str, group: Group, after: int) -> int | None:
    """The next link that waits for the same reason, or the first that waits for any. Inside `tenant(school_id)`."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, group.parameters(school_id) | {"kind": kind, "after": after})
        row = cursor.fetchone()
    return row[0] if row else None


def _counts(
    school_id: int, group: Group, now: datetime
) -> tuple[dict[LinksShown, dict[str, int]], dict[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, group.parameters(school_id) | _times(now))
        rows = cursor.fetchall()
    counts = {
        shown: {kind: found[at] for kind, _, *found in rows if found[at]} for at, shown in enumerate(_COUNTED)
    }
    return counts, {kind: mark or "" for kind, mark, *_ in rows}


def _times(now: datetime) -> dict[str, object]:
    return {"before": now - REVIEW_AFTER, "today": now.astimezone(LONDON).date()}


_COLUMNS = """
SELECT c.id, a.id, p.id, p.id_encrypted, a.name, c.relationship, c.restriction, c.restriction_reason,
  coalesce(c.restriction_reviewed_at, t.opened_at), coalesce(c.restriction_reviewed_by, ''), p.year_group, p.class_name,
  g.kind, g.ends_on, g.is_order_seen
FROM people_care c
JOIN people_parent a ON a.school_id = c.school_id AND a.id = c.parent_id
JOIN people_child p ON p.school_id = c.school_id AND p.id = c.pupil_id
LEFT JOIN people_rolltask t ON t.school_id = c.school_id AND t.parent_id = a.id AND t.kind = 'restriction'
  AND t.closed_at IS NULL
LEFT JOIN people_ground g ON g.school_id = c.school_id AND g.care_id = c.id AND g.decided_at = c.restriction_reviewed_at
"""
KIND = "coalesce(nullif(c.restriction_reason, ''), c.restriction)"
"""Of a link `c`: why it waits, as `kind_of` says it."""
_IN_GROUP = f"""
  AND (%(class)s::text IS NULL OR lower(p.class_name) = lower(%(class)s::text))
  AND (%(year)s::text IS NULL OR lower(p.year_group) = lower(%(year)s::text))
  AND {SHOWN}
"""
_AFTER = """
(p.id, c.id) > (coalesce((SELECT l.pupil_id FROM people_care l
    WHERE l.school_id = %(school)s AND l.id = %(after)s), 0), %(after)s)
"""
_LINKS = f"""
{_COLUMNS} WHERE c.school_id = %(school)s AND {{which}}{_IN_GROUP}
  AND (%(kind)s::text IS NULL OR {KIND} = %(kind)s::text)
  AND {_AFTER}
ORDER BY p.id, c.id LIMIT %(limit)s
"""
_ONE = f"{_COLUMNS} WHERE c.school_id = %(school)s AND c.id = %(link)s"
_OF_ADULTS = (
    f"{_COLUMNS} WHERE c.school_id = %(school)s AND a.id = ANY(%(adults)s) ORDER BY a.id, p.is_here DESC, p.id"
)
_STALE = f"""
({ENDED} OR NOT {WAITS} AND coalesce(c.restriction_reviewed_at, '-infinity') < %(before)s
AND (c.restriction <> 'none' OR (c.restriction_reviewed_at IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM people_attestation s WHERE s.school_id = c.school_id AND s.attested_at = c.restriction_reviewed_at))))
"""  # noqa: S608 - a constant
_WHICH = {
    LinksShown.WAITING: WAITS,
    LinksShown.STALE: _STALE,
    LinksShown.CLOSED: "c.restriction <> 'none'",
    LinksShown.MUST_NOT: "c.restriction = 'do not send'",
}
_COUNTED = tuple(_WHICH)
_COUNTS = f"""
SELECT {KIND},
  -- As mark_of says it of their numbers.
  left(encode(sha256((string_agg(c.id::text, '|' ORDER BY c.id) FILTER (WHERE {WAITS}))::bytea), 'hex'), 16),
  {", ".join(f"count(*) FILTER (WHERE {which})" for which in _WHICH.values())}
FROM people_care c JOIN people_child p ON p.school_id = c.school_id AND p.id = c.pupil_id
WHERE c.school_id = %(school)s {_IN_GROUP} GROUP BY 1
"""  # noqa: S608 - constants
_NEXT = f"""
SELECT c.id FROM people_care c JOIN people_child p ON p.school_id = c.school_id AND p.id = c.pupil_id
WHERE c.school_id = %(school)s AND {WAITS} AND c.id <> %(after)s {_IN_GROUP}
ORDER BY {KIND} <> %(kind)s, NOT {_AFTER}, p.id, c.id LIMIT 1
"""  # noqa: S608 - constants


def _link(row: tuple[object, ...], vault: Vault) -> LinkToReview:
    link, adult, pupil, own_id, name, relationship, *decided = row
    restriction, reason, since, by, year_group, class_name, *ground = decided
    return LinkToReview(
        link=int(str(link)),
        adult=int(str(adult)),
        pupil=_opened(vault, "pupil", pupil, own_id),
        adult_name=_opened(vault, "parent", adult, name),
        relationship=str(relationship),
        restriction=str(restriction),
        reason=str(reason),
        since=since if isinstance(since, datetime) else None,
        reviewed_by=str(by),
        year_group=str(year_group),
        class_name=str(class_name),
        kind=kind_of(str(restriction), str(reason)),
        ground=Ground(*ground) if ground[0] else None,  # type: ignore[arg-type]
        child=int(str(pupil)),
    )


def _opened(vault: Vault, table: str, row: object, blob: object) -> str:
    return vault.decrypt(table, int(str(row)), bytes(blob)) if blob is not None else ""  # type: ignore[call-overload]
