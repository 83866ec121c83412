"""A person says whether an adult is a parent or carer of a child, if the file says neither responsibility nor care.

A parent is as in the Education Act 1996, section 576: somebody who is a parent, has parental responsibility, or has
care of the child. What a person said holds as long as the file does not say it. A file that says yes or no to both
counts, and if it says no to both, a person's yes ends for good.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from everyfamily.audit.actions import NewEvent, record_event, record_events
from everyfamily.core.actors import Actor
from everyfamily.core.adults.calls import LOOK
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.keys.vault import Vault
from everyfamily.core.rolls.model.roll_rows import RELATIONSHIPS
from everyfamily.people.actions.decided.call_tasks import settle_calls
from everyfamily.people.actions.decided.groups import Group, GroupFound, group_of, groups_on_roll
from everyfamily.people.actions.decided.restrictions import LinkNotKnown
from everyfamily.people.actions.decided.seen import mark_of, require_seen
from everyfamily.people.actions.decisions import count_decision
from everyfamily.people.actions.roll_lock import wait_for_roll
from everyfamily.people.actions.roll_tasks import settle_relationships
from everyfamily.people.actions.word_covers import vouch_for
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import open_vault
from everyfamily.people.sql.entitlement import ALIVE, UNCLEAR


class FileSaysOtherwise(EveryfamilyError):
    """The school's file says both, or says yes to one, and contradicts what a person says."""

    code = "EF248"


@dataclass(frozen=True, slots=True)
class UnclearLink:
    """One adult and one child, decrypted for the school's lead. For the screen, never for a log."""

    link: int
    adult: int
    pupil: str
    """The school's own id of the child, or blank once it is purged."""
    adult_name: str
    """Blank once purged."""
    relationship: str
    parental_responsibility: str
    has_care: str
    said: str = ""
    """What a person said, "yes" or "no", or blank if nobody has."""
    said_by: str = ""
    class_name: str = ""

    @property
    def mark(self) -> str:
        """For whoever says it as they see it here (seen.py)."""
        return mark_of(self.parental_responsibility, self.has_care, self.said, self.said_by)


_OF_ROLL = """
people_care c
JOIN people_parent a ON a.school_id = c.school_id AND a.id = c.parent_id
JOIN people_child p ON p.school_id = c.school_id AND p.id = c.pupil_id AND p.is_here
WHERE c.school_id = %(school)s AND a.objects_at IS NULL
"""
_LIST = f"""
SELECT c.id, a.id, p.id, p.id_encrypted, a.name, c.relationship, c.parental_responsibility, c.has_care,
  c.parent_or_carer, coalesce(c.parent_or_carer_by, ''), p.class_name
FROM {_OF_ROLL} AND {{which}}
  AND (%(class)s::text IS NULL OR lower(p.class_name) = lower(%(class)s::text))
  AND (p.id, c.id) > (coalesce((SELECT l.pupil_id FROM people_care l
    WHERE l.school_id = %(school)s AND l.id = %(after)s), 0), %(after)s)
ORDER BY p.id, c.id LIMIT %(limit)s
"""  # noqa: S608
_COUNT = f"SELECT count(*) FROM {_OF_ROLL} AND {UNCLEAR}"  # noqa: S608
BY_WORD = f"""
({UNCLEAR} AND c.parental_responsibility = 'unknown' AND c.has_care = 'unknown' AND c.relationship = ANY(%(family)s)
  AND {ALIVE})
"""
"""For a link `c`, with FAMILY as `family`: the word for a whole roll calls the adult a parent or carer. That word is
about families. Adults who are there for the council, or have an unknown code, stay as they are."""
_COUNTS = f"""
SELECT count(*) FILTER (WHERE {UNCLEAR}), count(*) FILTER (WHERE c.parent_or_carer <> '') FROM {_OF_ROLL}
  AND (%(class)s::text IS NULL OR lower(p.class_name) = lower(%(class)s::text))
"""  # noqa: S608
_WHOLE_ROLL = f"""
UPDATE people_care c
SET parent_or_carer = 'yes', parent_or_carer_at = %(now)s, parent_or_carer_by = %(by)s
FROM people_child_on_roll p
WHERE c.school_id = %(school)s AND {BY_WORD}
  AND p.school_id = c.school_id AND p.id = c.pupil_id
RETURNING c.id, c.parent_id, c.pupil_id
"""  # noqa: S608
_BEFORE = """
SELECT c.id, c.parental_responsibility, c.has_care, c.parent_or_carer, coalesce(c.parent_or_carer_by, '')
FROM people_care c WHERE c.school_id = %(school)s AND c.id = ANY(%(links)s) ORDER BY c.id FOR UPDATE
"""
_SAY = """
UPDATE people_care SET parent_or_carer = %(said)s, parent_or_carer_at = %(now)s, parent_or_carer_by = %(by)s
WHERE school_id = %(school)s AND id = ANY(%(links)s) RETURNING id, parent_id, pupil_id
"""
_END = """
UPDATE people_care SET parent_or_carer = '', parent_or_carer_at = NULL, parent_or_carer_by = NULL
WHERE school_id = %(school)s AND parent_or_carer = 'yes' AND parental_responsibility = 'no' AND has_care = 'no'
RETURNING id, parent_id, pupil_id
"""
_FOR_THE_COUNCIL = ("registered manager", "social worker")
FAMILY = tuple(who for who in RELATIONSHIPS if who not in _FOR_THE_COUNCIL)


def unclear_links(
    school_id: int, *, now: datetime, said: bool = False, after: int = 0, limit: int | None = None
) -> list[UnclearLink]:
    """Links of children on the roll for which nobody said that the adult is a parent or carer, decrypted, by child.

    With `said`, the links for which a person has said it, so that a mistake can be found. Raises SchoolKeyDestroyed.
    At most `limit`, after the link `after`. If that link is gone, the list begins again, so that none is left out.
    """
    with tenant(school_id):
        return _links(school_id, Group(), open_vault(school_id, now=now), said=said, after=after, limit=limit)


@dataclass(frozen=True, slots=True)
class UnclearPage:
    """One page of links, and how many there are in the class that was asked for."""

    links: list[UnclearLink]
    waiting: int
    said: int
    group: Group
    groups: list[GroupFound]


def unclear_page(
    school_id: int, *, now: datetime, said: bool, class_of: int = 0, after: int = 0, limit: int
) -> UnclearPage:
    """The same links for a screen, in one transaction. The class is given by the number of a child in it. Raises
    SchoolKeyDestroyed and NoSuchGroup."""
    with tenant(school_id):
        group = group_of(school_id, class_of=class_of)
        vault = open_vault(school_id, now=now)
        links = _links(school_id, group, vault, said=said, after=after, limit=limit)
        with connection.cursor() as cursor:
            cursor.execute(_COUNTS, group.parameters(school_id))
            waiting, already = cursor.fetchone()
        return UnclearPage(links, waiting, already, group, groups_on_roll(school_id))


def _links(
    school_id: int, group: Group, vault: Vault, *, said: bool, after: int, limit: int | None
) -> list[UnclearLink]:
    with connection.cursor() as cursor:
        which = "c.parent_or_carer <> ''" if said else UNCLEAR
        cursor.execute(_LIST.format(which=which), group.parameters(school_id) | {"after": after, "limit": limit})
        return [
            UnclearLink(
                link, adult, _opened(vault, "pupil", pupil, own_id), _opened(vault, "parent", adult, name), *rest
            )
            for link, adult, pupil, own_id, name, *rest in cursor.fetchall()
        ]


def _opened(vault: Vault, table: str, row: int, blob: bytes | memoryview | None) -> str:
    return vault.decrypt(table, row, bytes(blob)) if blob is not None else ""


def unclear_count(school_id: int) -> int:
    """How many links `unclear_links` would give. Decrypts nothing."""
    with tenant(school_id):
        return count_unclear(school_id)


def count_unclear(school_id: int) -> int:
    """The same, inside `tenant(school_id)`."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"school": school_id})
        return int(cursor.fetchone()[0])


def say_parent_or_carer(school_id: int, *, link: int, is_one: bool, by: Actor, now: datetime) -> None:
    """A person says, for one link, whether the adult is a parent or carer of the child.

    Raises LinkNotKnown, and FileSaysOtherwise if the word would change nothing because the file counts.
    """
    say_of_each(school_id, links={link: None}, is_one=is_one, by=by, now=now)


def say_of_each(
    school_id: int, *, links: Mapping[int, str | None], is_one: bool, by: Actor, now: datetime
) -> int:
    """The same for several links, all or none: link -> the mark (`UnclearLink.mark`) of what was seen, or None to ask
    nothing. Returns for how many that is new. Raises ChangedMeanwhile and MayOnlyClose as well."""
    said = "yes" if is_one else "no"
    if is_one:
        by.require_may_open()
    with tenant(school_id):
        wait_for_roll(school_id)
        with connection.cursor() as cursor:
            cursor.execute(_BEFORE, {"school": school_id, "links": sorted(links)})
            before = {link: tuple(rest) for link, *rest in cursor.fetchall()}
        for link in sorted(links):
            if link not in before:
                raise LinkNotKnown(f"This school has no link {link}.", "See its links and their numbers.")
        new = [link for link, (_, _, was, was_by) in before.items() if (was, was_by) != (said, by.text)]
        for link in new:
            require_seen(links[link], mark_of(*before[link]))
        for of_file in before.values():
            _require_room(of_file[:2], is_one=is_one)
        with connection.cursor() as cursor:
            cursor.execute(_SAY, {"school": school_id, "links": new, "said": said, "now": now, "by": by.text})
            changed = cursor.fetchall()
        if is_one and len(new) == 1:
            vouch_for(school_id, new[0])
        if changed:
            settle_calls(school_id, {parent for _, parent, _ in changed}, [LOOK], by=by, now=now)
            settle_relationships(school_id, now=now, by=by)
            count_decision(school_id)
        record_events(
            (
                NewEvent("parent or carer", "care", link, {"said": said, "parent": parent, "pupil": pupil})
                for link, parent, pupil in changed
            ),
            by=by,
            now=now,
            school_id=school_id,
        )
        return len(changed)


def _require_room(of_file: Sequence[str], *, is_one: bool) -> None:
    """Raise unless the file's (responsibility, care) leaves room for a person's word."""
    if is_one and set(of_file) == {"no"}:
        raise FileSaysOtherwise(
            "The school's file says that this adult does not have parental responsibility or care of the "
            "child, and the file counts more.",
            "If that is wrong, correct the school's records and import the roll again.",
        )
    if not is_one and "yes" in of_file:
        raise FileSaysOtherwise(
            "The school's file says that this adult has parental responsibility or care of the child, and the "
            "file counts more.",
            "To stop letters about this child, decide about the restriction. If the file is wrong, correct the "
            "school's records and import the roll again.",
        )


def end_words_that_the_file_denies(school_id: int, *, by: Actor, now: datetime) -> None:
    """Inside an import: if its file says no to both, a person's yes ends, and no later silence revives it."""
    with connection.cursor() as cursor:
        cursor.execute(_END, {"school": school_id})
        ended = cursor.fetchall()
    record_events(
        (
            NewEvent(
                "parent or carer", "care", link, {"said": "", "reason": "file", "parent": parent, "pupil": pupil}
            )
            for link, parent, pupil in ended
        ),
        by=by,
        now=now,
        school_id=school_id,
    )


def call_parents(school_id: int, *, by: Actor, now: datetime) -> int:
    """The lead has checked: anyone listed without responsibility or care being said is a parent or carer.

    Returns for how many links that now counts. Social workers, registered managers and unknown codes are not included,
    and neither are links where the file says one of the two. It lifts no restriction. Run inside `tenant(school_id)`,
    with the roll locked. The caller counts the decision. Raises MayOnlyClose.
    """
    by.require_may_open()
    with connection.cursor() as cursor:
        cursor.execute(_WHOLE_ROLL, {"school": school_id, "now": now, "by": by.text, "family": list(FAMILY)})
        said = cursor.fetchall()
    record_events(
        (
            NewEvent(
                "parent or carer",
                "care",
                link,
                {"said": "yes", "reason": "attested", "parent": parent, "pupil": pupil},
            )
            for link, parent, pupil in said
        ),
        by=by,
        now=now,
        school_id=school_id,
    )
    record_event(
        action="attest parents",
        by=by,
        subject_type="school",
        subject_id=school_id,
        now=now,
        school_id=school_id,
        detail={"links": len(said)},
    )
    return len(said)
