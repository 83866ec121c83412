"""Whatever two lists of schools say: what the second changes is changed once, and no school is lost on the way."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.gias import NationalList, read_gias
from everyfamily.core.school_changes import national_difference
from everyfamily.core.school_list import own_difference, read_school_list
from everyfamily.core.school_record import SchoolChanges, SchoolRecord, after
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
