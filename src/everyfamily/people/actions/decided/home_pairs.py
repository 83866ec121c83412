"""Which ways are closed by which other adult's ways, as numbers of rows. Nothing is decrypted."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from everyfamily.people.sql.eligibility_sql import MAYBE, SAME

_TOLD_APART = "EXISTS (SELECT FROM people_hometoldapart o WHERE o.way_id = c.id AND o.shut_id = b.id)"
_SAID_ONE = "EXISTS (SELECT FROM people_homesaidone q WHERE q.way_id = c.id AND q.shut_id = b.id)"
_ALIKE = f"""
FROM people_contactpoint c JOIN people_closing_way b
  ON b.school_id = c.school_id AND b.channel = c.channel AND b.parent_id <> c.parent_id AND ({SAME} OR {MAYBE})
WHERE c.school_id = %(school)s
"""
# The ways that are closed or were told apart are found first: to compare each way of a school with each that closes
# took half a minute for 1,500 children. Arrays, so that it is the same plan whatever the statistics say.
_PAIRS = f"""
SELECT c.id, c.parent_id, c.channel, NOT {SAME} AND NOT {_SAID_ONE}, {_TOLD_APART}, b.id, b.parent_id
{_ALIKE} AND c.value IS NOT NULL AND (c.status = 'usable' OR c.channel = 'post')
  AND c.parent_id = ANY (ARRAY(
    SELECT m.id FROM people_adult_standing m WHERE m.school_id = %(school)s AND m.may_have_it))
  AND {{which}}
ORDER BY c.id, b.id
"""  # noqa: S608 - constants
_CLOSED = """
c.id = ANY (ARRAY(SELECT w.id FROM people_way w WHERE w.school_id = %(school)s AND w.is_closed
  UNION ALL SELECT o.way_id FROM people_hometoldapart o WHERE o.school_id = %(school)s))
"""


@dataclass(frozen=True, slots=True)
class HomePair:
    """A way of an adult who may have the letter, and one that closes it or was told apart from it."""

    way: int
    adult: int
    channel: str
    is_doubted: bool
    """It may be another home, and nobody has said that it is one."""
    is_told_apart: bool
    shut: int
    shut_adult: int


def pairs_of(school_id: int) -> list[HomePair]:
    """All of the school, by number. Inside `tenant(school_id)`."""
    return _read(_PAIRS.format(which=_CLOSED), {"school": school_id})


def pair_of(school_id: int, *, way: int, shut: int) -> HomePair | None:
    """One of them. Inside `tenant(school_id)`."""
    asked = {"school": school_id, "way": way, "shut": shut}
    found = _read(_PAIRS.format(which="c.id = %(way)s AND b.id = %(shut)s"), asked)
    return found[0] if found else None


def _read(sql: str, asked: dict[str, int]) -> list[HomePair]:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return [HomePair(*row) for row in cursor.fetchall()]


IS_ALIKE = f"""
SELECT c.id {_ALIKE} AND c.id = %(way)s AND b.id = %(shut)s AND c.channel = 'post'
"""
"""For a home `way` and a home `shut`: they are one as written, or may be one."""
TELL_APART = f"""
INSERT INTO people_hometoldapart (school_id, way_id, shut_id, told_at, told_by)
SELECT c.school_id, c.id, b.id, %(now)s, %(by)s
{_ALIKE} AND c.id = %(way)s AND b.id = %(shut)s AND c.channel = 'post' AND NOT {_TOLD_APART}
"""
