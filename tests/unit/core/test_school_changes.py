"""What the national list changes: told before anything is changed, and never by guessing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from everyfamily.core.schools.gias import is_national_list, read_gias
from everyfamily.core.schools.official_figures import NATIONAL_LIST
from everyfamily.core.schools.school_differences import national_difference
from everyfamily.core.schools.school_file import NotAListOfSchools
from everyfamily.core.schools.school_record import FormerUrn, SchoolChanges, SchoolRecord, Succession, after
from tests.factories.national_list import AREA, establishment, links_csv, national_csv, results_zip

type Row = dict[str, str]
type Pair = tuple[int, int] | tuple[int, int, str]


def known(urn: int, **facts: object) -> SchoolRecord:
    """A school as `establishment(urn)` has brought it."""
    school = SchoolRecord(
        urn,
        f"Quayfield School {urn}",
        "state primary",
        "Primary",
        type_code=1,
        la_code=AREA,
        dfe_number=f"{AREA}{urn:04d}",
        roll_expected=200,
        roll_source=NATIONAL_LIST,
        phone="0151 496 0100",
    )
    return replace(school, **facts)  # type: ignore[arg-type]


def difference(
    schools: Sequence[SchoolRecord], rows: Sequence[Row], links: Sequence[Pair] | None = ()
) -> SchoolChanges:
    given = None if links is None else (links_csv(*links), "links.csv")
    return national_difference(schools, read_gias(national_csv(rows), file="list.csv", links=given))


def closed(urn: int, **cells: str) -> Row:
    return establishment(urn, status="2", **cells)


def test_what_is_known_and_the_same_is_unchanged() -> None:
    changes = difference([known(1)], [establishment(1)])
    assert (changes.changes, changes.unchanged) == ([], 1)


def test_a_school_that_closed_before_it_was_known_does_not_come_in() -> None:
    assert difference([], [closed(1), establishment(2)]).opened == [known(2)]


@pytest.mark.parametrize(
    ("before", "now", "heading"),
    [
        ("open", "2", "closed"),
        ("open", "3", "closing"),
        ("closed", "1", "reopened"),
        ("proposed to open", "1", "begun"),
    ],
)
def test_each_move_has_its_heading(before: str, now: str, heading: str) -> None:
    changes = difference([known(1, status=before)], [establishment(1, status=now)])
    headings = ("opened", "proposed", "begun", "closed", "closing", "reopened", "renamed")
    told = {name: len(getattr(changes, name)) for name in headings}
    assert told == {name: int(name == heading) for name in headings}
    assert changes.changed == 0


def test_a_new_name_is_told_and_other_facts_are_counted() -> None:
    rows = [establishment(1, "Harbour"), establishment(2, pupils="210"), establishment(3)]
    changes = difference([known(1), known(2), known(3)], rows)
    assert [(old.name, new.name) for old, new in changes.renamed] == [("Quayfield School 1", "Harbour")]
    assert (changes.changed, changes.unchanged) == (1, 1)


def test_a_blank_roll_leaves_the_one_that_is_known() -> None:
    assert difference([known(1)], [establishment(1, pupils="", phone="", number="")]).changes == []


def test_a_school_that_opens_again_has_no_last_day() -> None:
    was = known(1, status="closed", closed_on=date(2025, 8, 31))
    (school,) = after([was], difference([was], [establishment(1)]))
    assert (school.status, school.closed_on) == ("open", None)


def test_a_conversion_goes_on_under_the_new_urn() -> None:
    rows = [closed(1, closed="31-08-2026"), establishment(2, "Academy", type="34", pupils="")]
    changes = difference([known(1, sends="us")], rows, [(1, 2)])
    (school,) = after([known(1)], changes)
    assert (school.urn, school.name, school.sends, school.roll_expected) == (2, "Academy", "us", 200)
    assert [(one.urn, one.until) for one in school.former] == [(1, date(2026, 8, 31))]
    assert changes.converted == [Succession((1,), (2,))]
    assert changes.closed == changes.opened == []


def test_where_the_list_has_no_last_day_the_link_has() -> None:
    (school,) = after([known(1)], difference([known(1)], [closed(1), establishment(2)], [(1, 2)]))
    assert school.former[0].until == date(2026, 9, 1)


def test_a_school_is_followed_through_two_conversions_at_once() -> None:
    rows = [closed(1), closed(2), establishment(3)]
    (school,) = after([known(1)], difference([known(1)], rows, [(1, 2), (2, 3)]))
    assert (school.urn, [one.urn for one in school.former]) == (3, [1, 2])


def test_an_entry_made_for_the_school_to_come_takes_the_closed_ones_place() -> None:
    schools = [known(1), known(2, status="proposed to open")]
    changes = difference(schools, [closed(1), establishment(2)], [(1, 2)])
    past, school = after(schools, changes)
    assert (past.urn, past.status, past.successor) == (1, "closed", 2)
    assert (school.urn, school.former) == (2, (FormerUrn(1),))
    assert changes.begun == changes.closed == []


@pytest.mark.parametrize(
    ("new", "links"),
    [
        (known(2), [(1, 2)]),
        (known(2, status="proposed to open", has_people=True), [(1, 2)]),
        (None, [(1, 2, "merged")]),
        (None, [(1, 2, "Split School")]),
        (None, [(1, 2), (3, 2)]),
    ],
    ids=["open already", "has a roll", "called a merger", "called a split", "two before"],
)
def test_what_is_no_conversion_closes_and_notes_who_follows(new: SchoolRecord | None, links: list[Pair]) -> None:
    schools = [known(1), *([] if new is None else [new])]
    changes = difference(schools, [closed(1), establishment(2)], links)
    now = {school.urn: school for school in after(schools, changes)}
    assert (now[1].status, now[1].successor, now[2].former) == ("closed", 2, ())
    assert changes.followed == [Succession((1,), (2,))]


def test_a_split_notes_no_single_successor() -> None:
    changes = difference([known(1)], [closed(1), establishment(2), establishment(3)], [(1, 2), (1, 3)])
    assert after([known(1)], changes)[0].successor is None
    assert changes.followed == [Succession((1,), (2, 3))]


def test_a_successor_outside_the_area_leaves_a_closure() -> None:
    changes = difference([known(1)], [closed(1)], [(1, 9)])
    assert [school.successor for school in changes.closed] == [None]


def test_a_successor_that_is_only_to_open_waits() -> None:
    changes = difference([known(1)], [closed(1), establishment(2, status="4")], [(1, 2)])
    assert (changes.converted, [one.urn for one in changes.proposed]) == ([], [2])


def test_without_links_the_same_dfe_number_holds_both() -> None:
    rows = [closed(1, number="7"), establishment(2, number="7"), closed(3)]
    changes = difference([known(1), known(3)], rows, links=None)
    assert changes.perhaps_converted == [Succession((1,), (2,))]
    assert [school.urn for school in changes.closed] == [3]
    assert changes.opened == []


def test_a_school_that_the_file_does_not_have_is_named_and_stays() -> None:
    schools = [known(1), known(2), known(3, la_code=342), known(4, type_code=None), known(5, status="closed")]
    changes = difference(schools, [establishment(1)])
    assert [school.urn for school in changes.missing] == [2]
    assert changes.changes == []


def test_a_checked_number_stays_and_the_school_is_named() -> None:
    school = known(1, phone_checked_at=datetime(2026, 9, 1, tzinfo=UTC), phone_checked_by="lead")
    changes = difference([school], [establishment(1, phone="01514960199")])
    assert (changes.changes, [one.urn for one in changes.phone_differs]) == ([], [1])
    assert difference([known(1)], [establishment(1, phone="01514960199")]).changed == 1


def test_a_link_that_cannot_be_read_is_set_aside() -> None:
    links = links_csv((1, 2)).replace(b"2,1,", b"x,1,").replace(b"1,2,", b"7,8,")
    found = read_gias(national_csv([establishment(1)]), file="list.csv", links=(links, "links.csv"))
    assert [(problem.row, problem.code) for problem in found.set_aside] == [(3, "LINK_NOT_READABLE")]
    assert found.links == frozenset()


def test_a_broken_link_between_schools_of_other_areas_is_nobodys_work() -> None:
    links = links_csv((7, 8)).replace(b"8,7,", b"x,7,")
    found = read_gias(national_csv([establishment(1)]), file="list.csv", links=(links, "links.csv"))
    assert found.set_aside == []


def test_links_of_another_sort_follow_nobody() -> None:
    links = links_csv((1, 2)).replace(b"Successor", b"Sixth form centre").replace(b"Predecessor", b"Other")
    found = read_gias(national_csv([establishment(1)]), file="list.csv", links=(links, "links.csv"))
    assert found.links == frozenset()


def test_a_links_file_without_its_columns_is_refused() -> None:
    with pytest.raises(NotAListOfSchools, match="links file"):
        read_gias(national_csv([establishment(1)]), file="list.csv", links=(b"URN,Other\n1,2\n", "links.csv"))


def test_a_column_that_stands_twice_is_refused() -> None:
    data = national_csv([establishment(1)]).replace(b"OpenDate", b"CloseDate", 1)
    with pytest.raises(NotAListOfSchools, match="is there twice"):
        read_gias(data, file="list.csv")


def test_a_row_that_has_moved_is_set_aside() -> None:
    data = (
        national_csv([establishment(1), establishment(2)])
        + b"3,341,1,Quay,field,1,1,,,2,,,200,0151,Open,Quayside,01-09-2026\r\n"
    )
    found = read_gias(data, file="list.csv")
    assert [(problem.row, problem.code) for problem in found.set_aside] == [(4, "ROW_NOT_WHOLE")]


def test_a_list_is_told_by_its_columns() -> None:
    assert is_national_list(results_zip([establishment(1)]), "list.zip")
    assert is_national_list(national_csv([establishment(1)]), "list.csv")
    assert not is_national_list(b"URN,SENDS\n1,us\n", "list.csv")


def held(changes: SchoolChanges) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    return [(one.closing, one.following) for one in changes.perhaps_converted]


def test_a_closure_whose_link_is_not_in_the_list_yet_waits_for_it() -> None:
    rows = [closed(1, number="7"), establishment(2, number="7"), closed(3), establishment(4)]
    schools = [known(1), known(3)]
    changes = difference(schools, rows, [(3, 4)])
    assert (held(changes), changes.converted) == ([((1,), (2,))], [Succession((3,), (4,))])
    assert changes.opened == changes.closed == []
    later = difference(after(schools, changes), rows, [(3, 4), (1, 2)])
    assert later.converted == [Succession((1,), (2,))]


def test_a_number_that_is_used_again_years_later_holds_nothing() -> None:
    was = known(1, status="closed", closed_on=date(2015, 8, 31))
    row = closed(1, number="7", closed="31-08-2015")
    changes = difference([was], [row, establishment(2, number="7", opened="01-09-2026")], [])
    assert (held(changes), [school.urn for school in changes.opened]) == ([], [2])


def test_a_link_that_calls_two_schools_of_one_number_a_merger_says_that_they_are_two() -> None:
    rows = [closed(1, number="7"), establishment(2, number="7")]
    changes = difference([known(1)], rows, [(1, 2, "merged")])
    assert (held(changes), [school.urn for school in changes.opened]) == ([], [2])


@pytest.mark.parametrize("rows", [[], [establishment(1)]], ids=["not in the file", "open still"])
def test_a_school_that_follows_one_which_is_not_closed_in_the_file_waits(rows: list[Row]) -> None:
    changes = difference([known(1)], [*rows, establishment(2, number="8")], [(1, 2)])
    assert (held(changes), changes.opened) == ([((1,), (2,))], [])
    complete = difference([known(1)], [closed(1), establishment(2, number="8")], [(1, 2)])
    assert complete.converted == [Succession((1,), (2,))]


def test_a_school_that_closes_into_one_that_is_held_has_no_successor_yet() -> None:
    rows = [closed(1, number="7"), establishment(2, number="7"), closed(3)]
    changes = difference([known(1), known(3)], rows, [(3, 2)])
    now = {school.urn: school for school in after([known(1), known(3)], changes)}
    assert all(one.successor is None or one.successor in now for one in now.values())


@pytest.mark.parametrize("status", [None, "4", "2"], ids=["not in the file", "to open", "closed again"])
def test_a_list_that_has_a_converted_school_open_under_its_old_urn_changes_nothing_of_it(
    status: str | None,
) -> None:
    school = known(2, former=(FormerUrn(1),))
    rows = [establishment(1), *([] if status is None else [establishment(2, "Else", status=status)])]
    changes = difference([school], [*rows, establishment(3)], [(1, 2)])
    assert after([school], changes) == [school, known(3)]
    assert changes.contradicted == [Succession((1,), (2,))]
    assert changes.missing == []


def test_what_was_agreed_with_an_academy_before_it_opened_is_kept() -> None:
    checked = {"phone_checked_at": datetime(2026, 9, 1, tzinfo=UTC), "phone_checked_by": "lead"}
    old = known(1, mailbox="old@example.org", lead_role="Head", keep_days=30)
    new = known(
        2,
        status="proposed to open",
        sends="us",
        mailbox="new@example.org",
        keep_days=14,
        channel_policy={"order": ["post"]},
        phone="0151 496 0199",
        **checked,
    )
    changes = difference([old, new], [closed(1), establishment(2)], [(1, 2)])
    school = after([old, new], changes)[1]
    assert (school.urn, school.sends, school.mailbox, school.lead_role) == (2, "us", "new@example.org", "Head")
    assert (school.phone, school.phone_checked_by, school.keep_days) == ("0151 496 0199", "lead", 14)
    assert school.channel_policy == {"order": ["post"]}
    assert [one.urn for one in changes.phone_differs] == [2]
