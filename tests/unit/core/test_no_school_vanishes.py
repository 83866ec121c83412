"""No row of the national list vanishes: it becomes a school, or is named with the reason."""

from __future__ import annotations

from datetime import date

import pytest

from everyfamily.core.schools.gias import NationalList, NoSchoolsOfTheArea, read_gias
from everyfamily.core.schools.official_figures import NATIONAL_LIST, OfficialFigure
from everyfamily.core.schools.school_differences import national_difference
from everyfamily.core.schools.school_record import SchoolRecord
from tests.factories.national_list import establishment, links_csv, national_csv


def read(*rows: dict[str, str], areas: tuple[int, ...] = (), known: tuple[int, ...] = ()) -> NationalList:
    return read_gias(national_csv(rows), file="list.csv", areas=areas, areas_known=known)


def known(urn: int, status: str = "open") -> SchoolRecord:
    return SchoolRecord(
        urn, f"Quayfield School {urn}", "state primary", "Primary", status=status, type_code=1, la_code=341
    )


@pytest.mark.parametrize(
    ("code", "words", "kept_as"),
    [
        ("2", "Open", "open"),
        ("1", "Closed", "open"),
        ("3", "Closed", "proposed to close"),
        ("2", "Open, but proposed to close", "proposed to close"),
        ("2", "Proposed to open", "proposed to open"),
        ("2", "Merged, see notes", "closed"),
        ("", "Open", "open"),
    ],
)
def test_a_new_school_whose_status_is_said_twice_and_differently_is_kept_and_named(
    code: str, words: str, kept_as: str
) -> None:
    changes = national_difference([], read(establishment(150_001, status=code, words=words)))
    (doubt,) = changes.status_doubts
    assert (doubt.urn, doubt.name) == (150_001, "Quayfield School 150001")
    assert doubt.says.startswith("the code says ")
    if kept_as == "closed":
        assert changes.changes == []
    else:
        (one,) = changes.changes
        assert (one.after.status, doubt.kept_as) == (kept_as, kept_as)


@pytest.mark.parametrize("words", ["Open", "open", " OPEN ", ""])
def test_words_that_say_the_same_or_nothing_are_no_doubt(words: str) -> None:
    assert national_difference([], read(establishment(150_001, words=words))).status_doubts == []


@pytest.mark.parametrize("status", ["open", "closed"])
def test_a_known_school_stays_as_it_is_until_somebody_has_asked(status: str) -> None:
    changes = national_difference(
        [known(150_001, status)], read(establishment(150_001, status="2", words="Open"))
    )
    assert changes.closed == []
    assert changes.reopened == []
    assert [doubt.kept_as for doubt in changes.status_doubts] == [status]


def test_a_school_of_doubtful_status_is_not_taken_for_converted() -> None:
    rows = [establishment(1, status="2", words="Open"), establishment(2)]
    found = read_gias(national_csv(rows), file="list.csv", links=(links_csv((1, 2)), "links.csv"))
    changes = national_difference([known(1)], found)
    assert changes.converted == []
    assert [one.closing for one in changes.perhaps_converted] == [(1,)]


def test_a_new_school_that_is_proposed_to_close_is_named() -> None:
    changes = national_difference([], read(establishment(150_001, status="3", closed="31-08-2027")))
    assert [(school.urn, school.closed_on) for school in changes.closing] == [(150_001, date(2027, 8, 31))]


def test_every_row_that_did_not_become_a_school_is_named_with_its_reason() -> None:
    found = read(
        establishment(1),
        establishment(2, status="2"),
        establishment(3, type="47"),
        establishment(4, urn="none"),
        establishment(1, "Again"),
        establishment(5, status="9"),
    )
    reasons = {(one.row, one.urn, one.reason) for one in found.not_schools}
    assert reasons == {
        (3, 2, "closed"),
        (4, 3, "Children's centre"),
        (5, None, "URN_NOT_A_NUMBER"),
        (6, 1, "URN_TWICE"),
        (7, 5, "STATUS_NOT_KNOWN"),
    }
    assert found.rows == found.schools + len(found.not_schools)


def test_without_an_area_the_error_says_which_was_used_and_which_the_file_has() -> None:
    rows = (establishment(1, area="342", area_name="St Helens"),)
    with pytest.raises(NoSchoolsOfTheArea) as used:
        read(*rows, known=(999,))
    assert "area 999, which was looked for because you named no area" in used.value.fact
    assert "342 (St Helens)" in used.value.fix
    with pytest.raises(NoSchoolsOfTheArea) as said:
        read(*rows, areas=(998,), known=(999,))
    assert "area 998 (as you said)" in said.value.fact


def test_of_many_areas_the_error_counts_them() -> None:
    with pytest.raises(NoSchoolsOfTheArea) as found:
        read(*(establishment(at, area=str(300 + at)) for at in range(1, 9)), areas=(998,))
    assert "8 other areas" in found.value.fix


def test_the_number_of_pupils_has_the_day_of_its_census() -> None:
    (one,) = national_difference([], read(establishment(1, pupils="240", counted="21-01-2027"))).changes
    assert one.after.figure == OfficialFigure(240, date(2027, 1, 21), NATIONAL_LIST)


def test_a_list_of_an_older_census_leaves_the_newer_figure() -> None:
    filed = known(1).with_figure(OfficialFigure(260, date(2027, 2, 1), "school census"))
    (one,) = national_difference([filed], read(establishment(1, pupils="240", counted="21-01-2027"))).changes
    assert one.after.figure == filed.figure
