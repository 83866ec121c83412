"""The SQL of the published views says what the tables say: run in SQLite, so that `make check` tells in a moment.

PostgreSQL, where it counts, is asked the same in tests/integration/database/test_rules_in_views.py.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

import pytest

from everyfamily.core.adults.eligibility import LinkFacts, closes_shared_ways
from everyfamily.core.calendar.letter_versions import at_least_year, version_for
from everyfamily.core.calendar.year_groups import PLAIN_YEARS, YEAR_WORDS, up_to_year
from everyfamily.core.contacts.same_home import home_of
from everyfamily.core.contacts.same_mailbox import mailbox_of
from everyfamily.core.rolls.model.roll_rows import RESTRICTION_REASONS, RESTRICTIONS, YES_NO_UNKNOWN
from everyfamily.core.sending.fallback import AttemptStatus, Channel, at_close, at_withdrawal, proven
from everyfamily.mailings.sql.proof_sql import AT_CLOSE, AT_WITHDRAWAL, PROVEN
from everyfamily.people.sql.eligibility_sql import ADULT_STANDING, CLOSED_BAG, CLOSED_HOME, LINK, WAY
from everyfamily.people.sql.published_sql import ADULTS, CHILDREN, PAPER_WAY
from everyfamily.people.sql.years_sql import CHILD_YEAR
from tests.spec.test_proof import ROWS, tried_in
from tests.spec.test_same_home import ROWS as HOMES
from tests.spec.test_same_home import lines
from tests.spec.test_same_mailbox import ROWS as MAILBOXES
from tests.spec.test_which_version import CASES, FROM, links_of
from tests.spec.test_who_may_have_it import TABLE

STANDING = "may_have_it, undecided, may_have_it_up_to, undecided_up_to"
TABLES = """
CREATE TABLE people_pupil (school_id, id INTEGER PRIMARY KEY, id_encrypted, year_group, class_name, on_roll_to,
  died_known_at, died_known_by);
CREATE TABLE people_school (id INTEGER PRIMARY KEY, phase);
CREATE TABLE people_parent (school_id, id INTEGER PRIMARY KEY, name, language, format, prefers, objects_at, objects_by);
CREATE TABLE people_contactpoint (school_id, id INTEGER PRIMARY KEY, parent_id, channel, value, status, value_hash,
  near_key, closing_keys, doubt_keys);
CREATE TABLE people_care (school_id, id INTEGER PRIMARY KEY, parent_id, pupil_id, relationship, priority, restriction,
  restriction_reason, restriction_reviewed_at, restriction_reviewed_by, parental_responsibility, has_care,
  parent_or_carer, parent_or_carer_at, parent_or_carer_by);
CREATE TABLE people_hometoldapart (way_id, shut_id);
CREATE TABLE mailings_attempt (delivery_id, channel, status);
"""


IN_SQLITE = (
    (r"WITH \(security_invoker = true\) ", ""),
    (r"= ANY \(ARRAY\((SELECT [^()]+)\)\)", r"IN (\1)"),
    # The keys of a way are a list in JSON, because no function of ours can give rows.
    (r"FROM (people_\w+\([\w.]+\)) AS k \(key\)", r"FROM (SELECT value AS key FROM json_each(\1)) k"),
    (r"SELECT (people_\w+\([\w.]+\)) FROM (people_closing_way b)", r"SELECT value FROM \2, json_each(\1)"),
    (r"SELECT (people_\w+\([\w.]+\))", r"SELECT value FROM json_each(\1)"),
)
"""What PostgreSQL says, and how SQLite says the same."""


class BoolOr:
    """PostgreSQL's aggregate: whether it is true of any row; NULL of none."""

    def __init__(self) -> None:
        self._found: int | None = None

    def step(self, value: int | None) -> None:
        if value is not None:
            self._found = (self._found or 0) or value

    def finalize(self) -> int | None:
        return self._found


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    """The tables, as far as the views read them, and the views of the rules."""
    connection = sqlite3.connect(":memory:")
    connection.create_aggregate("bool_or", 1, BoolOr)
    connection.create_function("people_keys", 1, lambda kept: kept, deterministic=True)
    connection.create_function("people_other_sides", 1, _other_sides, deterministic=True)
    views = "\n".join(
        (LINK, CHILD_YEAR, ADULT_STANDING, WAY, CLOSED_HOME, CLOSED_BAG, CHILDREN, PAPER_WAY, ADULTS)
    )
    for theirs, ours in IN_SQLITE:
        views = re.sub(theirs, ours, views)
    connection.executescript(TABLES + views)
    connection.execute("INSERT INTO people_school VALUES (1, 'Not applicable')")
    yield connection
    connection.close()


def _other_sides(kept: str) -> str:
    return json.dumps([key[:-1] + str(1 - int(key[-1])) for key in json.loads(kept)])


def add(db: sqlite3.Connection, table: str, **columns: object) -> int:
    row = {"school_id": 1, **columns}
    marks = ", ".join("?" * len(row))
    made = db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values())).lastrowid
    assert made is not None
    return made


def child(
    db: sqlite3.Connection,
    *,
    left: bool = False,
    died: bool = False,
    purged: bool = False,
    year_group: str = "",
    school_id: int = 1,
) -> int:
    return add(
        db,
        "people_pupil",
        school_id=school_id,
        year_group=year_group,
        id_encrypted=None if purged else b"\x00",
        on_roll_to="2027-03-01" if left else None,
        died_known_at="2027-03-01" if died else None,
    )


def adult(db: sqlite3.Connection, *, objects: bool = False, school_id: int = 1) -> int:
    return add(db, "people_parent", school_id=school_id, objects_at="2027-03-01" if objects else None)


def link(
    db: sqlite3.Connection,
    facts: LinkFacts,
    *,
    parent: int | None = None,
    purged: bool = False,
    year: str | None = None,
    school_id: int = 1,
) -> int:
    said = str(facts.up_to_year) if year is None else year
    return add(
        db,
        "people_care",
        school_id=school_id,
        parent_id=adult(db) if parent is None else parent,
        pupil_id=child(db, left=not facts.here, purged=purged, year_group=said, school_id=school_id),
        restriction=facts.restriction,
        restriction_reason=facts.reason,
        parental_responsibility=facts.parental_responsibility,
        has_care=facts.has_care,
        parent_or_carer=facts.said,
    )


def ids(db: sqlite3.Connection, sql: str) -> set[int]:
    return {row[0] for row in db.execute(sql)}


def names(kind: str, key: str, value: object) -> set[str]:
    return {row["name"] for row in TABLE[kind] if row.get(key, False) == value}


def test_an_adults_standing_is_the_tables(db: sqlite3.Connection) -> None:
    made = {}
    for row in TABLE["adult"]:
        parent = adult(db, objects=row.get("objects", False))
        made[parent] = row["name"]
        for one in row["links"]:
            link(db, LinkFacts(**one), parent=parent)
    from_year = {row["name"]: row.get("from_year", 0) for row in TABLE["adult"]}
    said: dict[str, set[str]] = {"may have it": set(), "a person decides": set()}
    for who, *rest in db.execute(f"SELECT id, {STANDING} FROM people_adult_standing"):
        may, asked, may_up_to, asked_up_to = rest
        first = from_year[made[who]]
        if first == 0:
            assert (bool(may), bool(asked)) == (
                may_up_to is not None,
                asked_up_to is not None and may_up_to is None,
            )
        if may_up_to is not None and may_up_to >= first:
            said["may have it"].add(made[who])
        elif asked_up_to is not None and asked_up_to >= first:
            said["a person decides"].add(made[who])
    for standing, found in said.items():
        assert found == names("adult", "standing", standing)
    for sql in ("SELECT id FROM people_adult WHERE objects", "SELECT parent_id FROM people_objection"):
        assert {made[who] for who in ids(db, sql)} == names("adult", "objects", True)


def test_a_childs_year_is_the_tables(db: sqlite3.Connection) -> None:
    for number, row in enumerate(TABLE["year"], start=2):
        db.execute("INSERT INTO people_school VALUES (?, ?)", (number, row["phase"]))
        child(db, school_id=number, year_group=row["year_group"])
    found = dict(db.execute("SELECT school_id, up_to_year FROM people_child_year"))
    assert found == {number: row["up_to_year"] for number, row in enumerate(TABLE["year"], start=2)}


def test_an_adults_version_is_the_tables(db: sqlite3.Connection) -> None:
    for number, case in enumerate(CASES, start=2):
        db.execute("INSERT INTO people_school VALUES (?, ?)", (number, case["phase"]))
        parent = adult(db, school_id=number)
        for year, facts in links_of(case):
            link(db, facts, parent=parent, year=year, school_id=number)
    found = dict(db.execute("SELECT school_id, at_least_year FROM people_adult_standing"))
    assert {number: version_for([year], FROM) for number, year in found.items()} == {
        number: case["gets"] for number, case in enumerate(CASES, start=2)
    }
    paper = {year for (year,) in db.execute("SELECT at_least_year FROM people_paper_way WHERE school_id = 2")}
    assert paper == {3}


def test_every_way_to_write_a_year_is_what_the_rule_says(db: sqlite3.Connection) -> None:
    words = [
        *PLAIN_YEARS,
        *YEAR_WORDS,
        *("Year " + word for word in PLAIN_YEARS),
        "Year 15",
        "7B",
        "",
        "year-0 7",
    ]
    made = {child(db, year_group=word): word for word in words}
    rows = db.execute("SELECT id, up_to_year, at_least_year FROM people_child_year")
    found = {made[one]: (highest, lowest) for one, highest, lowest in rows}
    phase = "Not applicable"
    assert found == {word: (up_to_year(word, phase), at_least_year(word, phase)) for word in words}


def test_every_link_is_what_the_rules_say(db: sqlite3.Connection) -> None:
    said = product(YES_NO_UNKNOWN, YES_NO_UNKNOWN, ("", "yes", "no"))
    facts = [LinkFacts(parental_responsibility=who, has_care=care, said=word) for who, care, word in said]
    facts += [LinkFacts(held, reason) for held, reason in product(RESTRICTIONS, RESTRICTION_REASONS)]
    made = {link(db, one): one for one in facts}
    read = "SELECT id, is_entitled, is_unclear, is_open, closes_shared_ways FROM people_link"
    found = {row: tuple(map(bool, flags)) for row, *flags in db.execute(read)}
    assert found == {
        row: (
            one.is_entitled,
            one.is_unclear,
            one.restriction == "none" and one.is_entitled,
            closes_shared_ways(one.restriction, one.reason),
        )
        for row, one in made.items()
    }


def test_children_ways_and_paper_are_the_tables(db: sqlite3.Connection) -> None:
    children = {
        child(db, left=row.get("left", False), died=row.get("died", False)): row["name"] for row in TABLE["child"]
    }
    for sql in ("SELECT id FROM people_child WHERE is_here", "SELECT id FROM people_child_on_roll"):
        assert {children[one] for one in ids(db, sql)} == names("child", "here", True)
    ways = {_way(db, row): row["name"] for row in TABLE["way"]}
    usable = ids(db, "SELECT id FROM people_known_way WHERE is_usable")
    assert {ways[one] for one in usable} == names("way", "usable", True)
    papers = {
        link(db, LinkFacts(**row.get("link", {})), purged=row.get("purged", False)): row["name"]
        for row in TABLE["paper"]
    }
    carried = ids(db, "SELECT l.id FROM people_link l JOIN people_paper_way w ON w.pupil_id = l.pupil_id")
    assert {papers[one] for one in carried} == names("paper", "carries", True)


def _way(db: sqlite3.Connection, row: dict[str, Any]) -> int:
    value = None if row.get("purged", False) else b"\x00"
    return add(db, "people_contactpoint", channel="email", value=value, status=row.get("status", "usable"))


def test_the_homes_of_those_who_may_not_have_it_are_closed_as_the_table_says(db: sqlite3.Connection) -> None:
    """A home that may be the same one is closed too, and no child carries the letter there."""
    homes = list(enumerate(HOMES))
    others = {}
    for number, (shut, other, _) in homes:
        _home(db, number, shut, LinkFacts("do not send"))
        others[number] = _home(db, number, other, LinkFacts())
    ways = dict(_flags(db, "SELECT id, is_shared, is_doubted AND NOT is_shared, is_closed FROM people_way"))
    parents = ids(db, "SELECT parent_id FROM people_closed_home")
    bags = ids(db, "SELECT pupil_id FROM people_closed_bag")
    wrong = []
    for number, (shut, other, are) in homes:
        way, parent, child = others[number]
        is_closed = are != "another"
        found = (*ways[way], parent in parents, child in bags)
        if found != (are == "same", are == "perhaps", is_closed, is_closed, is_closed):
            wrong.append((shut, other, are, found))
    assert wrong == []


def test_a_home_that_was_told_apart_is_open(db: sqlite3.Connection) -> None:
    shut, other, _ = next(row for row in HOMES if row[2] == "perhaps")
    shut_way, *_ = _home(db, 0, shut, LinkFacts("do not send"))
    way, parent, _ = _home(db, 0, other, LinkFacts())
    assert parent in ids(db, "SELECT parent_id FROM people_closed_home")
    db.execute("INSERT INTO people_hometoldapart VALUES (?, ?)", (way, shut_way))
    assert parent not in ids(db, "SELECT parent_id FROM people_closed_home")


def test_the_mailboxes_of_those_who_may_not_have_it_are_closed_as_the_table_says(
    db: sqlite3.Connection,
) -> None:
    others = {}
    for number, (shut, other, same) in enumerate(MAILBOXES):
        for value, facts in ((shut, LinkFacts("do not send")), (other, LinkFacts())):
            box = f"{number} {mailbox_of(value)}"
            keys = {"near_key": box, "closing_keys": json.dumps([box]), "doubt_keys": "[]"}
            way, *_ = _keyed_way(db, facts, channel="email", value_hash=f"{number} {value}", **keys)
        others[way] = same
    found = dict(_flags(db, "SELECT id, is_closed FROM people_way WHERE channel = 'email'"))
    assert {way: found[way] for way in others} == {way: (same,) for way, same in others.items()}


def _home(db: sqlite3.Connection, number: int, written: str, facts: LinkFacts) -> tuple[int, int, int]:
    """An adult's address of the table: the way, the adult and the child. Rows of other numbers are nothing to it, as
    other schools are in PostgreSQL."""
    home = home_of(lines(written))
    return _keyed_way(
        db,
        facts,
        channel="post",
        value_hash=f"{number} {written}",
        near_key=home.near and f"{number} {home.near}",
        closing_keys=json.dumps([f"{number} {key}" for key in home.keys]),
        doubt_keys=json.dumps([f"{number} {key} {side:d}" for key, side in home.doubts]),
    )


def _keyed_way(db: sqlite3.Connection, facts: LinkFacts, **columns: str) -> tuple[int, int, int]:
    parent = adult(db)
    care = link(db, facts, parent=parent)
    [child] = ids(db, f"SELECT pupil_id FROM people_care WHERE id = {care}")
    way = add(db, "people_contactpoint", parent_id=parent, value=b"\x00", status="usable", **columns)
    return way, parent, child


def _flags(db: sqlite3.Connection, sql: str) -> Iterator[tuple[int, tuple[bool, ...]]]:
    return ((row, tuple(map(bool, flags))) for row, *flags in db.execute(sql))


def test_what_attempts_prove_is_what_the_rule_says(db: sqlite3.Connection) -> None:
    """The rows of the table, every attempt by itself, and every pair."""
    single = list(product(Channel, AttemptStatus))
    cases = [*map(tried_in, ROWS), *([one] for one in single), *map(list, combinations(single, 2))]
    for number, tried in enumerate(cases):
        db.executemany(
            "INSERT INTO mailings_attempt VALUES (?, ?, ?)",
            [(number, str(channel), str(status)) for channel, status in tried] or [(number, None, None)],
        )
    columns = f"{PROVEN}, {AT_CLOSE}, {AT_WITHDRAWAL}"
    found = db.execute(
        f"SELECT {columns} FROM mailings_attempt t GROUP BY delivery_id ORDER BY delivery_id"
    ).fetchall()
    assert found == [(proven(tried), at_close(tried), at_withdrawal(tried)) for tried in cases]
