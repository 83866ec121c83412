"""A school's list of its families: its sum is the school's coverage, and its adults have no name."""

from __future__ import annotations

import csv
import json
import stat
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from everyfamily.core.accounting.coverage import Outcome, Reason
from everyfamily.core.actors import Actor
from tests.factories.city import NOW, REFERENCE, City, address, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]

HOUR = timedelta(hours=1)
URN = 900001


def lines(city: City, now: datetime = NOW, urn: int = URN):  # type: ignore[no-untyped-def]
    from everyfamily.reports.families import families_of

    return list(families_of(city.mailing, city.schools[urn], now))


def line_of(city: City, own_id: str, now: datetime = NOW):  # type: ignore[no-untyped-def]
    (line,) = [line for line in lines(city, now) if line.own_id == own_id]
    return line


def command(*words: str) -> Result:
    from everyfamily.cli.main import main

    return CliRunner().invoke(main, ["families", "--reference", REFERENCE, *words])


# Every kind of family that the rules distinguish, with several children each.
KINDS: tuple[Callable[[int], list[dict[str, str]]], ...] = (
    lambda n: [adult(f"A{n}", f"Ana Ferris{n}", EMAIL=f"ana{n}@example.org", MOBILE=f"07700900{n:03}")],
    lambda n: [adult(f"B{n}", f"Bea Ferris{n}", EMAIL=f"bea{n}@example.org", RESTRICTION="do not send")],
    lambda n: [adult(f"C{n}", f"Cai Ferris{n}", EMAIL=f"cai{n}@example.org", RESTRICTION="hold")],
    lambda n: [adult(f"D{n}", f"Dan Ferris{n}", OBJECTS="yes", EMAIL=f"dan{n}@example.org")],
    lambda n: [adult(f"E{n}", f"Eve Ferris{n}", HAS_CARE="no")],
    lambda n: [adult(f"F{n}", f"Fay Ferris{n}", **address(n), HAS_CARE="no")],
    lambda n: [
        adult(f"G{n}", f"Gia Ferris{n}", EMAIL=f"gia{n}@example.org"),
        adult(f"G{n}", f"Gus Ferris{n}", MOBILE=f"07700900{n + 500:03}", RELATIONSHIP="father"),
    ],
    lambda n: [adult(f"H{n}", f"Hal Ferris{n}", PARENTAL_RESPONSIBILITY="no", HAS_CARE="no")],
)


@pytest.fixture
def every_kind(city: City, monkeypatch: pytest.MonkeyPatch) -> City:
    from everyfamily.reports import families

    monkeypatch.setattr(families, "PAGE", 5)
    rows = [row for n in range(3) for kind in KINDS for row in kind(n + 1)]
    city.school(URN, rows)
    city.school(900002, [adult("P1", "Ida Ferris", EMAIL="ida@example.org")])
    city.open()
    return city


def adds_up(city: City, now: datetime) -> None:
    listed = lines(city, now)
    (part,) = [part.coverage for part in city.coverage(now).schools if part.urn == URN]
    assert Counter(line.outcome for line in listed) == +part.outcomes
    assert Counter(line.reason for line in listed if line.reason) == +part.reasons
    assert len({line.own_id for line in listed}) == len(listed) == part.children == 24


def test_the_list_adds_up_to_the_school_s_coverage_at_every_step(every_kind: City) -> None:
    city = every_kind
    adds_up(city, NOW)
    city.send()
    adds_up(city, NOW)
    later = NOW + HOUR
    city.hear([("ana1@example.org", "delivered"), ("gia2@example.org", "permanent-failure")], later)
    adds_up(city, later)
    city.send(later)
    adds_up(city, later)
    paper = NOW + timedelta(days=15)
    city.send(paper)
    city.hear([("Fay Ferris1\n1 Lantern Row\nEastmere\nEM4 7QX", "returned")], paper)
    city.send(paper)
    adds_up(city, paper)
    outcomes = {line.outcome for line in lines(city, paper)}
    assert outcomes >= {Outcome.REACHED, Outcome.ACCEPTED, Outcome.NOT_REACHED}
    reasons = {line.reason for line in lines(city, paper)}
    assert reasons >= {
        Reason.UNDECIDED,
        Reason.OBJECTED,
        Reason.NO_CONTACT,
        Reason.RETURNED,
        Reason.NOBODY_ENTITLED,
    }
    from everyfamily.mailings.actions.sending.pausing import pause_school

    pause_school(city.mailing, city.schools[URN], why="ring us", by=Actor.typed("Pat Example"), now=paper)
    adds_up(city, paper)


def test_a_school_that_holds_adds_up_too(city: City) -> None:
    city.school(URN, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")], attests=False)
    city.open()
    city.send()
    (line,) = lines(city)
    assert (line.reason, line.owner, line.due_on) == (
        Reason.SCHOOL_HELD,
        "Designated safeguarding lead",
        NOW.date(),
    ), "as the open task says"


def test_an_adult_is_a_number_and_what_happened_on_each_way(every_kind: City) -> None:
    every_kind.send()
    later = NOW + HOUR
    every_kind.hear([("gia1@example.org", "permanent-failure")], later)
    every_kind.send(later)
    line = line_of(every_kind, "G1", later)
    first, second = line.adults
    assert (first.number, first.relationship, second.number, second.relationship) == (1, "mother", 2, "father")
    assert (first.tries[0].channel, first.tries[0].status) == ("email", "permanent-failure")
    assert [(one.channel, one.status) for one in second.tries] == [("text", "accepted")]
    assert line_of(every_kind, "B1", later).adults[0].standing == "may not be written to"
    assert line_of(every_kind, "D1", later).adults[0].standing == "asked for no more letters"


def test_the_day_counts_from_when_the_reason_arose_and_not_from_the_list(city: City) -> None:
    city.school(URN, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")], order=["email"])
    city.open()
    city.send()
    # A Friday at noon: three working days on is the Wednesday after.
    friday = NOW.replace(day=5, hour=12)
    city.hear([("ana@example.org", "permanent-failure")], friday)
    city.send(friday)
    for now in (friday, friday + timedelta(days=20)):
        line = line_of(city, "P1", now)
        assert (line.reason, line.due_on) == (Reason.NO_CONTACT, date(2027, 3, 10))
        assert line.owner == "Designated safeguarding lead"


def test_an_open_task_s_owner_and_day_stand_before_the_rule_s(every_kind: City) -> None:
    from everyfamily.mailings.models import PersonTask
    from everyfamily.people.database.tenancy import tenant

    every_kind.send()
    with tenant(every_kind.schools[URN]):
        PersonTask.objects.filter(kind="restriction").update(owner="Deputy head", due_on=date(2027, 3, 19))
    line = line_of(every_kind, "C1")
    assert (line.reason, line.owner, line.due_on) == (Reason.UNDECIDED, "Deputy head", date(2027, 3, 19))


def test_reasons_without_a_day_have_none(every_kind: City) -> None:
    every_kind.send()
    objected, nobody = line_of(every_kind, "D1"), line_of(every_kind, "H1")
    assert (objected.due_on, objected.by_end_of_term) == (None, False)
    assert (nobody.due_on, nobody.by_end_of_term) == (None, True)


# ---- The command ----


def test_the_terminal_has_a_line_a_child_and_no_name(every_kind: City) -> None:
    every_kind.send()
    said = command("--school", str(URN))
    assert said.exit_code == 0, said.output
    assert "child C1, class 7B: not reached. A person must decide who may have it." in said.output
    assert "  adult 1, mother: on its way: email taken in Tue 2 March 09:00" in said.output
    assert said.output.rstrip().splitlines()[-1].startswith("24 children: ")
    assert "Ferris" not in said.output
    assert "example.org" not in said.output
    assert "child P1" not in said.output, "another school's"


def test_one_outcome_alone(every_kind: City) -> None:
    every_kind.send()
    found = json.loads(command("--school", str(URN), "--outcome", "not-reached", "--json").output)
    assert {one["outcome"] for one in found} == {"not_reached"}
    assert all(one["reason"] for one in found)
    assert json.loads(command("--school", str(URN), "--outcome", "reached", "--json").output) == []


def test_the_table_is_private_and_no_cell_begins_a_formula(city: City, tmp_path: Path) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Pupil

    city.school(URN, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    city.open()
    with tenant(city.schools[URN]):
        Pupil.objects.update(class_name="+7B", year_group="=1+1")
    file = tmp_path / "families.csv"
    done = command("--school", str(URN), "--csv", str(file))
    assert done.exit_code == 0, done.output
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (row,) = csv.DictReader(StringIO(file.read_text(encoding="utf-8-sig")))
    assert (row["pupil id"], row["year group"], row["class"], row["outcome"]) == (
        "P1",
        "'=1+1",
        "'+7B",
        "On its way",
    )
    assert [path.name for path in tmp_path.glob("*.part")] == []


def test_a_school_that_sends_itself_or_has_no_part_is_told_so(every_kind: City) -> None:
    from everyfamily.mailings.models import MailingSchool

    MailingSchool.objects.filter(school_id=every_kind.schools[900002]).update(state="sends itself")
    assert "EF670" in command("--school", "900002").output
    every_kind.school(900003, [adult("P1", "Ida Ferris")])
    assert "EF672" in command("--school", "900003").output
