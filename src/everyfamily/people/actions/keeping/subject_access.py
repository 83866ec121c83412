"""One adult's own data: found without a name on a command line, decrypted for a request, deleted when asked.

What belongs to somebody else is left out: the other adults of a child, their restrictions, their values.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from everyfamily.audit.actions import record_event
from everyfamily.audit.queries.events import events_about
from everyfamily.core.actors import Actor
from everyfamily.core.adults.same_adult import plain_name
from everyfamily.core.contacts.recipients import ValueNotGood, email_address, mobile_number
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.keys.vault import Vault
from everyfamily.people.actions.decided.children_meant import children_meant_in
from everyfamily.people.actions.decided.objections import AdultNotKnown
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import open_vault
from everyfamily.people.models import Care, ContactPoint, Parent, RollImport, RollTask

_LONGEST_ID = 100
"""Characters of a child's own id."""


class NothingToLookFor(EveryfamilyError):
    """What was typed is not an email address, mobile number or name."""

    code = "EF250"


class LookedFor(StrEnum):
    """What the words were taken for. One search may be several: "7A03" is a child's own id and not a name."""

    EMAIL = "an email address"
    NUMBER = "a mobile number"
    NAME = "a whole name"
    CHILD = "a child’s own id"


@dataclass(frozen=True, slots=True)
class FoundAdult:
    """An adult at the school by number, without a name, so that the list may be shown."""

    adult: int
    relationships: tuple[str, ...]
    """What they are to their children here, each once."""
    children: int
    purged: bool
    """The name is gone, and only the skeleton is left."""


@dataclass(frozen=True, slots=True)
class Search:
    """What was looked for and found."""

    looked_for: tuple[LookedFor, ...]
    found: tuple[FoundAdult, ...]
    """By number, and no more than the most that was asked for."""
    is_all: bool


MOST_FOUND = 20
"""Adults of one search. Whoever finds more has typed a name that many have."""


def search_adults(school_id: int, wanted: str, *, now: datetime, most: int = MOST_FOUND) -> Search:
    """Adults with this email address, mobile number or whole name, or of the child with this own id, recognised by
    keyed hashes, so even after a purge. Raises NothingToLookFor."""
    with tenant(school_id):
        vault = open_vault(school_id, now=now)
        looked_for = _kinds(wanted.strip())
        parents = Parent.objects.none()
        for kind, value in looked_for.items():
            parents = parents | _matching(school_id, vault, kind, value)
        # Counted without the joins of the search, which would count only the child that was looked for.
        children = Care.objects.filter(school_id=school_id, parent_id=OuterRef("pk")).order_by()
        counted = children.values("parent_id").annotate(number=Count("id")).values("number")
        words = ArrayAgg("relationship", distinct=True, order_by="relationship")
        related = children.values("parent_id").annotate(words=words).values("words")
        rows = Parent.objects.filter(school_id=school_id, pk__in=parents.values("pk")).order_by("pk")
        found = [
            FoundAdult(row.pk, tuple(row.relationships or ()), row.children or 0, row.name is None)
            for row in rows.annotate(children=Subquery(counted), relationships=Subquery(related))[: most + 1]
        ]
        return Search(tuple(looked_for), tuple(found[:most]), len(found) <= most)


def find_adults(school_id: int, wanted: str, *, now: datetime) -> list[FoundAdult]:
    """All that `search_adults` finds. Raises NothingToLookFor."""
    return list(search_adults(school_id, wanted, now=now, most=sys.maxsize - 1).found)


def _kinds(wanted: str) -> dict[LookedFor, str]:
    """What the words may be, in the spelling that is hashed. Raises NothingToLookFor."""
    if "@" in wanted:
        try:
            return {LookedFor.EMAIL: email_address(wanted)}
        except ValueNotGood:
            raise _nothing() from None
    kinds: dict[LookedFor, str] = {}
    if any(letter.isdigit() for letter in wanted):
        # The demo's numbers are allowed, because they belong to nobody outside it.
        with suppress(ValueNotGood):
            kinds[LookedFor.NUMBER] = mobile_number(wanted, demonstration=True)
    elif name := plain_name(wanted):
        kinds[LookedFor.NAME] = name
    if wanted.isprintable() and 0 < len(wanted) <= _LONGEST_ID:
        kinds[LookedFor.CHILD] = wanted
    if not kinds:
        raise _nothing()
    return kinds


def _matching(school_id: int, vault: Vault, kind: LookedFor, value: str) -> QuerySet[Parent]:
    parents = Parent.objects.filter(school_id=school_id)
    match kind:
        case LookedFor.NAME:
            return parents.filter(name_hash=vault.blind_index("name", value))
        case LookedFor.CHILD:
            meant = [one.pupil for one in children_meant_in(school_id, value, vault)]
            links = Care.objects.filter(school_id=school_id, pupil_id__in=meant)
            return parents.filter(pk__in=links.values("parent_id"))
    channel = "email" if kind is LookedFor.EMAIL else "text"
    points = ContactPoint.objects.filter(
        school_id=school_id, channel=channel, value_hash=vault.blind_index(channel, value)
    )
    return parents.filter(pk__in=points.values("parent_id"))


def _nothing() -> NothingToLookFor:
    return NothingToLookFor(
        "That is not an email address, a mobile number, a name or a child's own id.",
        "Type one of them whole, as the school's records have it.",
    )


def adult_record(school_id: int, adult: int, *, now: datetime) -> dict[str, object]:
    """Everything that the school's tables hold about one adult, decrypted. Run inside `tenant(school_id)`.

    JSON values, except for datetimes and dates. A rotation or a destruction of the school's key waits until the
    transaction ends. Raises AdultNotKnown, and SchoolKeyDestroyed.
    """
    # Before the first value is read, because a rotation in between would leave a value that the new key does not open.
    vault = open_vault(school_id, now=now)
    parent = require_adult(school_id, adult)
    known = _known(parent, vault)
    events = known.pop("events")
    return {
        **known,
        "tasks": list(
            RollTask.objects.filter(school_id=school_id, parent_id=adult)
            .order_by("id")
            .values("kind", "owner", "opened_at", "due_on", "closed_at", "closed_by")
        ),
        "rolls_they_may_have_come_from": list(
            _rolls(school_id).order_by("id").values("imported_at", "imported_by", "format")
        ),
        "events": events,
    }


def adult_in_brief(school_id: int, adult: int, *, now: datetime) -> dict[str, Any]:
    """The same for a page, inside `tenant(school_id)`: of tasks and rolls only how many there are. Raises the same."""
    vault = open_vault(school_id, now=now)
    tasks = RollTask.objects.filter(school_id=school_id, parent_id=adult)
    parent = require_adult(school_id, adult, tasks=_count(tasks), rolls=_count(_rolls(school_id)))
    counts = {"tasks": parent.tasks, "rolls_they_may_have_come_from": parent.rolls}  # type: ignore[attr-defined]
    return {**_known(parent, vault), **counts}


def _count(found: QuerySet[Any]) -> Coalesce:
    # Without an order, one row: how many.
    numbers = found.order_by().values("school_id").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(numbers), 0)


def _rolls(school_id: int) -> QuerySet[RollImport]:
    return RollImport.objects.filter(school_id=school_id, state="committed")


def _known(parent: Parent, vault: Vault) -> dict[str, Any]:
    school_id, adult = parent.school_id, parent.pk
    found = Care.objects.filter(school_id=school_id, parent_id=adult).select_related("pupil").order_by("id")
    links = list(found.annotate(**{name: F(f"ground__{name}") for name in _GROUND}))
    return {
        "adult": {
            "number": adult,
            "name": _opened(vault, "parent", adult, parent.name),
            "language": parent.language,
            "format": parent.format,
            "prefers": parent.prefers,
            "objects_at": parent.objects_at,
            "objects_by": parent.objects_by,
            "died_known_at": parent.died_known_at,
            "died_known_by": parent.died_known_by,
        },
        "contact_points": _contact_points(school_id, adult, vault),
        "children": [_child(link, vault) for link in links],
        "events": _events(school_id, adult, links),
    }


def require_adult(school_id: int, adult: int, **more: Coalesce) -> Parent:
    """The adult's row, with `more` columns, inside `tenant(school_id)`. Raises AdultNotKnown."""
    parent = Parent.objects.filter(school_id=school_id, pk=adult).annotate(**more).first()
    if parent is None:
        raise AdultNotKnown(f"This school has no adult {adult}.", "Find the adult's number.")
    return parent


def _contact_points(school_id: int, adult: int, vault: Vault) -> list[dict[str, object]]:
    return [
        {
            "number": point.pk,
            "channel": point.channel,
            "value": _opened(vault, "contact", point.pk, point.value),
            "status": point.status,
            "reason": point.status_reason,
        }
        for point in ContactPoint.objects.filter(school_id=school_id, parent_id=adult).order_by("id")
    ]


def _child(link: Care, vault: Vault) -> dict[str, object]:
    pupil = link.pupil
    return {
        "school_own_id": _opened(vault, "pupil", pupil.pk, pupil.id_encrypted),
        "year_group": pupil.year_group,
        "class": pupil.class_name,
        "on_roll_from": pupil.on_roll_from,
        "on_roll_to": pupil.on_roll_to,
        "relationship": link.relationship,
        "parental_responsibility": link.parental_responsibility,
        "has_care": link.has_care,
        # Left out while nobody has said it, because "none" would be read as a no.
        **(
            {
                "parent_or_carer": link.parent_or_carer,
                "parent_or_carer_at": link.parent_or_carer_at,
                "parent_or_carer_by": link.parent_or_carer_by,
            }
            if link.parent_or_carer
            else {}
        ),
        "priority": link.priority,
        "restriction": link.restriction,
        "restriction_reason": link.restriction_reason,
        "restriction_reviewed_at": link.restriction_reviewed_at,
        "restriction_reviewed_by": link.restriction_reviewed_by,
        **_kept_away_by(link),
    }


_GROUND = ("kind", "ends_on", "is_order_seen", "decided_at")


def _kept_away_by(link: Care) -> dict[str, object]:
    """What keeps them away, if the decision that counts says it."""
    kind, ends_on, is_order_seen, decided_at = (getattr(link, name) for name in _GROUND)
    if kind is None or decided_at != link.restriction_reviewed_at:
        return {}
    return {"kept_away_by": kind, "until": ends_on, "order_seen": is_order_seen}


def _events(school_id: int, adult: int, links: Iterable[Care]) -> list[dict[str, object]]:
    return events_about(school_id, {"parent": [adult], "care": [link.pk for link in links]})


def _opened(vault: Vault, table: str, row: int, blob: bytes | memoryview | None) -> str | None:
    """None means purged."""
    return vault.decrypt(table, row, bytes(blob)) if blob is not None else None


def record_access(school_id: int, adult: int, *, by: Actor, now: datetime) -> None:
    """Record that somebody opened everything about an adult. Run inside `tenant(school_id)`."""
    record_event(
        action="subject access", by=by, subject_type="parent", subject_id=adult, now=now, school_id=school_id
    )


def note_a_look(
    school_id: int, adult: int, events: Iterable[dict[str, object]], *, by: Actor, now: datetime
) -> None:
    """Record once an hour that somebody saw an adult's name and values on a screen; `events` are those about the adult.
    Inside `tenant(school_id)`."""
    looks = {
        cast(datetime, one["at"]) for one in events if (one["action"], one["actor"]) == ("look at adult", by.text)
    }
    if not any(at > now - timedelta(hours=1) for at in looks):
        record_event(
            action="look at adult", by=by, subject_type="parent", subject_id=adult, now=now, school_id=school_id
        )
