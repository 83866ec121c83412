"""Whatever two lists of schools say: what the second changes is changed once, and no school is lost on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.schools.gias import NationalList, read_gias
from everyfamily.core.schools.school_differences import national_difference
from everyfamily.core.schools.school_list import own_difference, read_school_list
from everyfamily.core.schools.school_record import SchoolChanges, SchoolRecord, after
from tests.factories.national_list import establishment, links_csv, national_csv

TODAY = date(2027, 3, 2)
URNS = st.integers(1, 6)
CELLS = st.fixed_dictionaries(
    {
        "status": st.sampled_from("11223 4"),
        "type": st.sampled_from(["1", "1", "34", "47", "99"]),
        "pupils": st.sampled_from(["", "0", "200", "some"]),
        "phone": st.sampled_from(["", "01514960100", "01514960199"]),
        "number": st.sampled_from(["", "2100", "2101"]),
        "closed": st.sampled_from(["", "31-08-2026"]),
    }
)
NAMES = st.sampled_from(["Quayfield", "Lantern", "Harbour"])
ANY_ROWS = st.lists(
    st.builds(lambda urn, name, cells: establishment(urn, name, **cells), URNS, NAMES, CELLS),
    min_size=1,
    max_size=6,
    unique_by=lambda row: row["URN"],
)
ANY_LINKS = st.none() | st.lists(
    st.tuples(URNS, URNS) | st.tuples(URNS, URNS, st.sampled_from(["merged", "split"])), max_size=5
)
# Of six schools in a row each may be followed by the next: as it happens, one for one.
LIFE = st.lists(st.sampled_from("1122224"), min_size=6, max_size=6).map(
    lambda states: [establishment(urn, "", status=status) for urn, status in enumerate(states, start=1)]
)
CHAIN = st.sets(st.integers(1, 5)).map(lambda olds: [(old, old + 1) for old in sorted(olds)])
LISTS = st.lists(st.tuples(ANY_ROWS, ANY_LINKS) | st.tuples(LIFE, CHAIN), min_size=1, max_size=3)


def national(rows: list[dict[str, str]], links: list[tuple[int, int]] | None) -> NationalList | None:
    given_links = None if links is None else (links_csv(*links), "links.csv")
    try:
        return read_gias(national_csv(rows), file="list.csv", areas=[341], links=given_links)
    except EveryfamilyError:
        return None


def holds(before: list[SchoolRecord], changes: SchoolChanges, now: list[SchoolRecord]) -> None:
    urns = [school.urn for school in now]
    assert len(set(urns)) == len(urns)
    assert {school.urn for school in before} <= set(urns) | {one.urn for s in now for one in s.former}
    assert len(now) == len(before) + len(changes.opened) + len(changes.proposed)
    former = [one.urn for school in now for one in school.former]
    assert len(set(former)) == len(former)
    assert all(school.successor is None or school.successor in urns for school in now)
    lives = {school.urn for school in now if school.is_on_roll}
    assert not lives & set(former)


@given(LISTS)
def test_a_list_that_was_applied_changes_nothing_the_second_time(
    lists: list[tuple[list[dict[str, str]], list[tuple[int, int]] | None]],
) -> None:
    known: list[SchoolRecord] = []
    for rows, links in lists:
        if (found := national(rows, links)) is None:
            continue
        changes = national_difference(known, found)
        now = after(known, changes)
        holds(known, changes, now)
        again = national_difference(now, found)
        assert again.changes == []
        assert again.converted == again.followed == []
        known = now


@given(LISTS, st.sets(URNS, min_size=1))
def test_nothing_that_the_partnership_set_is_overwritten(
    lists: list[tuple[list[dict[str, str]], list[tuple[int, int]] | None]], ours: set[int]
) -> None:
    header = "URN,NAME,KIND,SENDS,LEAD_ROLE,MAILBOX,PHONE,PHONE_CHECKED_ON,PHONE_CHECKED_BY,KEEP_DAYS\n"
    rows = [f"{n},Own,special,us,Lead {n},a{n}@example.org,0151 496 0{n:03d},2027-01-01,Lead,{n}\n" for n in ours]
    listed = read_school_list((header + "".join(rows)).encode(), file="own.csv", today=TODAY)
    known = after([], own_difference([], listed))
    assert own_difference(known, listed).changes == []
    want = {_set(school) for school in known}
    for national_rows, links in lists:
        if (found := national(national_rows, links)) is not None:
            known = after(known, national_difference(known, found))
    assert {_set(school) for school in known} >= want


def _set(school: SchoolRecord) -> tuple[object, ...]:
    return (
        *(school.sends, school.lead_role, school.mailbox, school.keep_days),
        *(school.phone, school.phone_checked_at, school.phone_checked_by),
    )


# One school each: its URNs one after the other, and the months in which it converts. Its number stays, as they do.
SCHOOLS = st.lists(st.sets(st.integers(1, 11), max_size=2).map(sorted), min_size=1, max_size=3)
LOOKS = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 1), st.sampled_from([0, 2]), st.booleans()), max_size=6
)


def month(number: int) -> str:
    return f"01-{number:02d}-2026" if 1 <= number <= 12 else ""


def extract(
    schools: list[list[int]], at: int, late: int, announced: int, with_links: bool
) -> NationalList | None:
    """The national list in a month: links come `late` months, academies stand in it `announced` months before."""
    rows, links = [], []
    for number, converts in enumerate(schools):
        urns = [number * 10 + place for place in range(1, len(converts) + 2)]
        for urn, begins, ends in zip(urns, [0, *converts], [*converts, 99], strict=True):
            status = "2" if at >= ends else "1" if at >= begins else "4"
            if at >= begins - announced:
                cells = {
                    "status": status,
                    "opened": month(begins),
                    "closed": month(ends) if status == "2" else "",
                }
                rows.append(establishment(urn, number=str(7000 + number), **cells))
        links += [pair for pair, when in zip(pairwise(urns), converts, strict=True) if at >= when + late]
    return national(rows, links if with_links else None)


@given(SCHOOLS, LOOKS)
def test_in_whatever_order_lists_come_a_school_is_one_school_and_keeps_its_people(
    schools: list[list[int]], looks: list[tuple[int, int, int, bool]]
) -> None:
    known: list[SchoolRecord] = []
    # What stands for the people of a school: it is set once, and no list gives it.
    for look in [(0, 0, 0, True), *looks, (13, 0, 0, True)]:
        found = extract(schools, *look)
        assert found is not None
        known = after(known, national_difference(known, found))
        if look == (0, 0, 0, True) and not any(school.mailbox for school in known):
            known = [replace(school, mailbox=f"{school.urn // 10}@example.org") for school in known]
        alive = [school.urn // 10 for school in known if school.is_on_roll]
        assert len(set(alive)) == len(alive)
    last = {school.urn: school.mailbox for school in known if school.is_on_roll}
    assert last == {n * 10 + len(months) + 1: f"{n}@example.org" for n, months in enumerate(schools)}


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for read in (
        lambda: read_gias(data, file="list.csv"),
        lambda: read_gias(national_csv([establishment(1)]) + data, file="list.csv"),
        lambda: read_school_list(b"URN,SENDS\n" + data, file="own.csv", today=TODAY),
    ):
        try:
            read()
        except EveryfamilyError as problem:
            assert problem.place is not None
