"""`import official`: published figures go to the schools and lists they are of, and what goes nowhere is named."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from everyfamily.core.actors import Actor
from tests.factories.city import NOW, City
from tests.factories.national_list import establishment, national_csv
from tests.factories.official import as_file, census_lines, return_lines

pytestmark = [pytest.mark.database, pytest.mark.slow]


def bring(folder: Path, *urns: int) -> None:
    from everyfamily.people.edges.school_imports import import_schools

    file = folder / "national.csv"
    file.write_bytes(national_csv([establishment(urn, area="341") for urn in urns]))
    import_schools(file, areas=[341], by=Actor.typed("test"), now=NOW)


def own_list(folder: Path, *rows: str) -> None:
    from everyfamily.people.edges.school_imports import import_schools

    file = folder / "own.csv"
    file.write_text("URN,NAME,KIND\n" + "".join(f"{row}\n" for row in rows))
    import_schools(file, by=Actor.typed("test"), now=NOW)


def official(file: Path, *more: str) -> Result:
    from everyfamily.cli.main import main

    return CliRunner().invoke(main, ["import", "official", str(file), "--by", "Una Marsh", *more])


def written(folder: Path, name: str, lines: list[str]) -> Path:
    file = folder / name
    file.write_text(as_file(lines), newline="")
    return file


def dfe_number(urn: int) -> str:
    from everyfamily.people.models import School

    return School.objects.get(urn=urn).dfe_number


def known(urn: int) -> tuple[int | None, date | None, str]:
    from everyfamily.people.models import School

    school = School.objects.get(urn=urn)
    return school.roll_expected, school.roll_expected_on, school.roll_source


def as_json(file: Path, *more: str) -> Any:
    done = official(file, "--json", *more)
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def test_the_school_census_is_filed_by_urn_or_dfe_number_and_the_rest_is_named(
    city: City, tmp_path: Path
) -> None:
    from everyfamily.audit.models import AuditEvent

    bring(tmp_path, 150_001, 150_002, 150_003)
    numbers = [dfe_number(urn) for urn in (150_001, 150_002, 150_003)]
    assert len(set(numbers)) == 3
    before = known(150_003)
    file = written(
        tmp_path,
        "spc_school_level.csv",
        census_lines(
            [
                (150_001, numbers[0], "One", 212),
                ("2e+05", numbers[1], "Two", '"1,143"'),
                (150_999, "3419999", "Unknown School", 88),
            ]
        ),
    )
    dry = as_json(file, "--dry-run")
    assert [one["urn"] for one in dry["filed"]] == [150_001, 150_002]
    assert known(150_001) != (212, date(2026, 1, 15), "school census, January 2026")

    done = official(file)
    assert "2 figures filed" in done.output
    assert "150999 Unknown School" in done.output
    assert "150003" in done.output.split("no total for", 1)[1]
    assert known(150_001) == (212, date(2026, 1, 15), "school census, January 2026")
    assert known(150_002) == (1_143, date(2026, 1, 15), "school census, January 2026")
    assert known(150_003) == before
    events = AuditEvent.objects.filter(action="file figure").order_by("subject_id")
    assert [(one.actor, one.subject_id, one.detail["children"]) for one in events] == [
        ("Una Marsh", "150001", 212),
        ("Una Marsh", "150002", 1_143),
    ]
    again = as_json(file)
    assert (again["filed"], again["unchanged"]) == ([], 2)
    assert AuditEvent.objects.filter(action="file figure").count() == 2


def test_an_older_census_changes_nothing(city: City, tmp_path: Path) -> None:
    from everyfamily.people.actions.schools.figures import file_figure
    from everyfamily.people.queries import school_by_urn

    bring(tmp_path, 150_001)
    file_figure(
        school_by_urn(150_001).id,
        children=230,
        as_of=date(2026, 10, 1),
        source="school census, October 2026",
        by=Actor.typed("Una Marsh"),
        now=datetime(2026, 11, 1, tzinfo=UTC),
    )
    file = written(tmp_path, "spc.csv", census_lines([(150_001, dfe_number(150_001), "One", 212)]))
    found = as_json(file)
    assert (found["filed"], [one["urn"] for one in found["older"]]) == ([], [150_001])
    assert known(150_001)[0] == 230


def test_a_census_that_has_not_come_yet_is_not_filed(city: City, tmp_path: Path) -> None:
    """Nothing that is counted before that day could ever replace it."""
    bring(tmp_path, 150_001)
    before = known(150_001)
    lines = census_lines([(150_001, dfe_number(150_001), "One", 212)], period="203031")
    done = official(written(tmp_path, "spc.csv", lines))
    assert (done.exit_code, "EF225: 16 January 2031 has not come yet" in done.output) == (2, True), done.output
    assert known(150_001) == before


def test_two_totals_of_one_school_are_both_left(city: City, tmp_path: Path) -> None:
    """Contradicting rows of one number, and rows under two numbers of the same school."""
    bring(tmp_path, 150_001, 150_002)
    first, second = dfe_number(150_001), dfe_number(150_002)
    before = known(150_001), known(150_002)
    one = [(150_001, first, "One", 212), (150_001, first, "One", 213)]
    two = [("x", second, "Two", 90), (150_002, "3419998", "Two", 95)]
    found = as_json(written(tmp_path, "spc.csv", census_lines([*one, *two])))
    assert (found["filed"], len(found["contradicting"]), found["no_total"]) == ([], 2, [])
    assert (known(150_001), known(150_002)) == before


def test_children_educated_at_home_and_missing_education_go_to_the_councils_lists(
    city: City, tmp_path: Path
) -> None:
    own_list(
        tmp_path,
        "999999,Children educated at home,home educated",
        "777777,Children missing education,missing education",
    )
    at_home = written(tmp_path, "ehe_census.csv", return_lines([(341, "Eastmere", 370)]))
    missing = written(tmp_path, "cme_census.csv", return_lines([(341, "Eastmere", 90)]))
    for file in (at_home, missing):
        assert official(file, "--la", "341").exit_code == 0
    assert known(999_999) == (370, date(2025, 10, 2), "return on home education, autumn 2025, to the nearest 10")
    assert known(777_777)[:2] == (90, date(2025, 10, 2))


def test_a_figure_that_belongs_to_no_list_or_to_several_is_not_guessed_at(city: City, tmp_path: Path) -> None:
    file = written(tmp_path, "ehe_census.csv", return_lines([(341, "Eastmere", 370), (342, "Westmere", "low")]))
    assert 'with the kind "home educated"' in official(file, "--la", "341").output
    own_list(tmp_path, "999999,Children educated at home,home educated")
    both = official(file, "--la", "341", "--la", "342")
    assert "no number for area 342" in both.output
    assert known(999_999)[0] is None
    own_list(tmp_path, "999998,Children educated at home in the west,home educated")
    several = official(file, "--la", "341")
    assert "999998 Children educated at home in the west" in several.output
    assert known(999_999)[0] is None


def test_the_sum_of_two_areas_goes_to_their_one_list(city: City, tmp_path: Path) -> None:
    own_list(tmp_path, "999999,Children educated at home,home educated")
    file = written(tmp_path, "ehe.csv", return_lines([(341, "Eastmere", 370), (342, "Westmere", 80)]))
    official(file, "--la", "341", "--la", "342")
    assert known(999_999)[0] == 450


@pytest.mark.parametrize("where", ["nowhere.csv", ""])
def test_what_is_no_file_is_a_sentence(city: City, tmp_path: Path, where: str) -> None:
    done = official(tmp_path / where, "--la", "341")
    assert (done.exit_code, "EF220" in done.output) == (2, True), done.output


def test_without_schools_the_area_is_asked_for(city: City, tmp_path: Path) -> None:
    done = official(written(tmp_path, "ehe.csv", return_lines([(341, "Eastmere", 370)])))
    assert "the area with --la" in done.output
