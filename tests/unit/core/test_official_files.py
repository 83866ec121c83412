"""The department's published figures are read: the totals of the wanted areas, of the newest term, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import pytest

from everyfamily.core.schools.official_files import OfficialFigures, OfficialFileNotReadable, What, read_official
from tests.factories.official import census_lines, return_lines

AREA = 820
LANTERN = (900_101, "8209101", "Lantern Primary School", 212)
HARBOUR = ("1e+05", "8209102", "Harbour High School, Eastmere", 1143)
ELSEWHERE = (900_200, "8219101", "Another Area School", 300)


def read(
    lines: Iterable[str],
    file: str = "spc_school_level.csv",
    areas: Iterable[int] = (AREA,),
    what: What | None = None,
) -> OfficialFigures:
    return read_official((f"{line}\r\n" for line in lines), file=file, areas=list(areas), what=what)


def test_a_school_has_its_total_and_none_of_its_breakdowns() -> None:
    found = read(census_lines([LANTERN, HARBOUR, ELSEWHERE]))
    assert [(one.urn, one.dfe_number, one.children) for one in found.figures] == [
        (900_101, "8209101", 212),
        (None, "8209102", 1143),
    ]
    assert (found.what, found.rows) == ("school census", 12)
    assert {one.as_of for one in found.figures} == {date(2026, 1, 15)}
    assert {one.source for one in found.figures} == {"school census, January 2026"}


@pytest.mark.parametrize("printed", ["x", "z", "c", "low", "", "-5", "12.5", "1e+05", "999999999"])
def test_what_is_no_number_of_children_is_said_and_not_read_as_nought(printed: str) -> None:
    (figure,) = read(census_lines([(*LANTERN[:3], printed)])).figures
    assert (figure.children, figure.instead) == (None, printed)


def test_the_newest_year_counts_and_a_school_that_is_only_in_an_older_one_has_gone() -> None:
    older = census_lines([(*LANTERN[:3], 250), HARBOUR], period="202425")
    newer = census_lines([LANTERN], period="202526", header=False)
    for lines in ([*older, *newer], [older[0], *newer, *older[1:]]):
        assert [(one.urn, one.children) for one in read(lines).figures] == [(900_101, 212)]


def test_two_totals_of_one_school_that_contradict_each_other_are_both_left() -> None:
    lines = [*census_lines([LANTERN, HARBOUR]), *census_lines([(*LANTERN[:3], 213)], header=False)]
    found = read(lines)
    assert [one.dfe_number for one in found.figures] == ["8209102"]
    assert [(one.dfe_number, one.children) for one in found.contradicting] == [("8209101", 213)]
    assert [
        one.children for one in read([*census_lines([LANTERN]), *census_lines([LANTERN], header=False)]).figures
    ]


@pytest.mark.parametrize(
    ("term", "day", "words"),
    [
        ("Autumn term", date(2025, 10, 2), "autumn 2025"),
        ("Spring term", date(2026, 1, 15), "spring 2026"),
        ("Summer term", date(2026, 5, 21), "summer 2026"),
    ],
)
@pytest.mark.parametrize(
    ("file", "what", "of"),
    [
        ("ehe_census.csv", "home educated", "home education"),
        ("EHE census (1).csv", "home educated", "home education"),
        ("cme_census_2.csv", "missing education", "children missing education"),
    ],
)
def test_a_return_is_told_by_its_name_and_has_its_terms_day(
    file: str, what: str, of: str, term: str, day: date, words: str
) -> None:
    found = read(return_lines([(820, "Eastmere", 370), (821, "Westmere", 90)], term=term), file)
    (figure,) = found.figures
    assert (found.what, figure.area, figure.children, figure.as_of) == (what, 820, 370, day)
    assert figure.source == f"return on {of}, {words}, to the nearest 10"


def test_the_first_census_days_of_the_returns_were_these() -> None:
    """As printed by the department: 6 October 2022, 19 January and 18 May 2023."""
    days = [
        read(return_lines([(820, "Eastmere", 1)], period="202223", term=term), "ehe.csv").figures[0].as_of
        for term in ("Autumn term", "Spring term", "Summer term")
    ]
    assert days == [date(2022, 10, 6), date(2023, 1, 19), date(2023, 5, 18)]


def test_the_newest_term_of_a_return_counts_also_under_its_older_columns() -> None:
    lines = return_lines([(820, "Eastmere", 330)], period="202324", term="Summer term")
    lines += return_lines([(820, "Eastmere", 350)], period="202425", term="Autumn term", header=False)
    lines[0] = (
        lines[0]
        .replace("breakdown_topic,breakdown", "filter_group,filter")
        .replace("child_count,child_percent,rate_per_100", "number,pc,rate")
    )
    twice = read([*census_lines([LANTERN]), *census_lines([LANTERN], header=False)])
    assert [one.children for one in twice.figures] == [212]


def test_a_file_of_which_every_total_is_contradicted_is_not_called_empty() -> None:
    found = read([*census_lines([LANTERN]), *census_lines([(*LANTERN[:3], 213)], header=False)])
    assert (found.figures, [one.children for one in found.contradicting]) == ([], [213])


def test_a_return_whose_name_says_nothing_is_asked_about() -> None:
    lines = return_lines([(820, "Eastmere", 370)])
    with pytest.raises(OfficialFileNotReadable, match="does not say which") as raised:
        read(lines, "data.csv")
    assert '"home educated" or' in raised.value.fix
    assert read(lines, "data.csv", what="missing education").what == "missing education"


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([], "not one of the department's published counts"),
        (["URN,NAME,ROLL", "900101,Lantern,212"], "not one of the department's published counts"),
        (census_lines([ELSEWHERE]), "no total for the area 820"),
        (census_lines([LANTERN], period="2026"), "does not say which year"),
        ([*census_lines([LANTERN]), '202526,"'], "cannot be read from here on"),
        (census_lines([(*LANTERN[:3], "1,143")]), "more or fewer cells"),
        ([*census_lines([LANTERN]), "x" * 200_000], "cannot be read from here on"),
    ],
)
def test_what_cannot_be_used_stops_with_a_sentence(lines: list[str], says: str) -> None:
    with pytest.raises(OfficialFileNotReadable, match=says) as raised:
        read(lines)
    assert raised.value.code == "EF229"
    assert str(raised.value.place).startswith("spc_school_level.csv:")


def test_a_file_of_any_length_is_never_held_as_a_whole() -> None:
    """Rows of other areas pass by; one piece of the file is held at a time."""
    held = []

    def lines() -> Iterator[str]:
        first, *school = census_lines([LANTERN])
        yield f"{first}\r\n"
        others = census_lines([ELSEWHERE], header=False)
        for number in range(5_000):
            held.append(number)
            yield f"{others[number % 4]}\r\n"
        yield from (f"{line}\r\n" for line in school)

    found = read_official(lines(), file="spc.csv", areas=[AREA])
    assert (len(held), found.rows, len(found.figures)) == (5_000, 5_004, 1)
