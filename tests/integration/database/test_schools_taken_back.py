"""A list of the wrong area is taken back, as far as nothing has been done with its schools."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from everyfamily.core.actors import Actor
from tests.factories.city import NOW, City, adult
from tests.factories.national_list import establishment, national_csv

pytestmark = [pytest.mark.database, pytest.mark.slow]

WRONG, RIGHT = 342, 341


def bring(folder: Path, area: int, *urns: int) -> None:
    from everyfamily.people.edges.school_imports import import_schools

    file = folder / f"{area}.csv"
    file.write_bytes(national_csv([establishment(urn, area=str(area)) for urn in urns]))
    import_schools(file, areas=[area], by=Actor.typed("test"), now=NOW)


def command(*arguments: object) -> Result:
    from everyfamily.cli.main import main

    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def urns() -> list[int]:
    from everyfamily.people.models import School

    return list(School.objects.order_by("urn").values_list("urn", flat=True))


def test_the_schools_of_the_wrong_area_go_and_the_others_stay(city: City, tmp_path: Path) -> None:
    from everyfamily.audit.models import AuditEvent

    bring(tmp_path, RIGHT, 150_001)
    bring(tmp_path, WRONG, 160_001, 160_002)
    dry = command("schools", "take-back", "--la", WRONG, "--dry-run", "--by", "Una Marsh")
    assert "2 schools would be taken back" in dry.output
    assert urns() == [150_001, 160_001, 160_002]
    done = json.loads(command("schools", "take-back", "--la", WRONG, "--by", "Una Marsh", "--json").output)
    assert [school["urn"] for school in done["taken_back"]] == [160_001, 160_002]
    assert urns() == [150_001]
    event = AuditEvent.objects.get(action="take back schools")
    assert (event.actor, event.detail) == ("Una Marsh", {"areas": [WRONG], "urns": [160_001, 160_002]})


def test_a_school_with_a_roll_keeps_all_of_them(city: City, tmp_path: Path) -> None:
    bring(tmp_path, WRONG, 160_001, 160_002)
    city.import_rows(160_001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    refused = command("schools", "take-back", "--la", WRONG, "--by", "Una Marsh")
    assert (refused.exit_code, "EF227" in refused.output, "160001" in refused.output) == (2, True, True)
    assert urns() == [160_001, 160_002]
    command("schools", "take-back", "--la", WRONG, "--school", 160_002, "--by", "Una Marsh")
    assert urns() == [160_001]


def test_a_school_that_is_part_of_a_mailing_stays(city: City, tmp_path: Path) -> None:
    bring(tmp_path, WRONG, 160_001)
    city.school(900_001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    city.open()
    refused = command("schools", "take-back", "--la", WRONG, "--by", "Una Marsh")
    assert (refused.exit_code, "EF227" in refused.output) == (2, True)
    assert 160_001 in urns()


def test_a_school_that_comes_into_use_meanwhile_stays(city: City, tmp_path: Path) -> None:
    from everyfamily.people.actions.schools.taking_back import SchoolsInUse, take_back_schools

    bring(tmp_path, WRONG, 160_001)
    city.open()
    with pytest.raises(SchoolsInUse):
        take_back_schools(areas=[WRONG], in_mailings=[], dry_run=False, by=Actor.typed("Una Marsh"), now=NOW)
    assert 160_001 in urns()


def test_an_area_that_is_not_here_is_said_so(city: City) -> None:
    assert "EF228" in command("schools", "take-back", "--la", 777, "--by", "Una Marsh").output


def test_the_report_names_what_did_not_become_a_school_and_which_area_was_used(
    city: City, tmp_path: Path
) -> None:
    bring(tmp_path, RIGHT, 150_001)
    rows = [
        establishment(150_001, area_name="Liverpool"),
        establishment(150_002, "Sherwell Nursery", status="2", words="Open"),
        *(establishment(150_010 + at, "Old School", status="2") for at in range(7)),
        establishment(150_030, status="3", closed="31-08-2027"),
        *(establishment(150_040 + at, phone="12") for at in range(8)),
    ]
    file = tmp_path / "next.csv"
    file.write_bytes(national_csv(rows))
    said = command("import", "schools", file, "--dry-run").output
    assert "18 rows of area 341 (Liverpool) (no --la was given), 11 of them schools" in said
    assert "150002 Sherwell Nursery: the code says closed, the words say open; here it is open" in said
    assert "Ring each and ask whether it has children" in said
    assert "Rows that did not become a school: 7" in said
    assert "7 closed: 150010 Old School; " in said
    assert "; and 2 more" in said
    assert "150030 Quayfield School 150030, to close on 31 August 2027" in said
    assert "8 values set aside, PHONE_NOT_VALID" in said
    assert "(150040 Quayfield School 150040)" in said
    found = json.loads(command("import", "schools", file, "--dry-run", "--json").output)
    assert [(one["reason"], one["count"], len(one["rows"])) for one in found["not_schools"]] == [("closed", 7, 7)]
    assert found["areas"] == [{"code": 341, "name": "Liverpool"}]


def test_rows_that_were_set_aside_are_not_counted_as_schools(city: City, tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    rows = [f"{160_000 + at},{'' if at < 2 else 'A list'},{'' if at < 2 else 'college'},30" for at in range(11)]
    own.write_text("URN,NAME,KIND,ROLL\r\n" + "\r\n".join(rows) + "\r\n")
    said = command("import", "schools", own).output
    assert "11 rows, 9 of them schools" in said
    assert "2 set aside, NEW_WITHOUT_NAME: 160000; 160001" in said


def test_a_school_with_one_child_here_is_not_said_to_have_about_none(city: City) -> None:
    city.school(900_001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    said = command("schools").output
    assert "under 5" in said
    assert "about 0" not in said
