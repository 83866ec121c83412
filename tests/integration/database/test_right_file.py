"""Last year's file, a neighbour's with the same numbers, one sheet of two: each is held with its question, on the page
and by the command alike."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from everyfamily.core.actors import Actor
from everyfamily.core.permissions import Role
from everyfamily.core.rolls.uploads import UploadState
from tests.factories.city import NOW, City, adult, roll_csv
from tests.factories.uploads import (  # noqa: F401
    URN,
    children,
    file_page,
    newest,
    office,
    people,
    press,
    run,
    school_id,
    upload,
    words,
)

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]

HERE = [
    adult(f"{n}", f"Ana Ferris{chr(97 + n)}", YEAR_GROUP=str(1 + n % 6), EMAIL=f"a{n}@example.org")
    for n in range(24)
]
LOWER = [row | {"YEAR_GROUP": str(int(row["YEAR_GROUP"]) - 1)} for row in HERE]
UP = [row | {"YEAR_GROUP": str(int(row["YEAR_GROUP"]) + 1)} for row in HERE]
NEIGHBOURS = [
    row | {"ADULT_NAME": f"Ben Okafor{chr(97 + n)}", "EMAIL": f"b{n}@example.org"} for n, row in enumerate(HERE)
]
INITIALS = [row | {"ADULT_NAME": f"A Ferris{chr(97 + n)}", "EMAIL": ""} for n, row in enumerate(HERE)]


def export(rows: list[dict[str, str]], *above: str) -> bytes:
    lines = [
        f"{row['PUPIL_ID']},{row['YEAR_GROUP']},4B,{row['ADULT_NAME']},Mother,{row['EMAIL']}" for row in rows
    ]
    headings = "Admission Number,Year Group,Class,Parent Name,Relationship,Email"
    return "\r\n".join([*above, headings, *lines, ""]).encode()


@pytest.fixture
def here(people: Callable[[Role], Client], city: City) -> Callable[[Role], Client]:  # noqa: F811
    from everyfamily.people.edges.roll_imports import import_roll_data
    from everyfamily.people.models import School

    School.objects.filter(urn=URN).update(roll_expected=24)
    by = Actor.typed("Una Marsh")
    for data in (roll_csv(URN, HERE), export(HERE, "Academic year 2026/2027, printed 02/03/2027")):
        import_roll_data(data, "first.csv", urn=URN, by=by, now=NOW)
        import_roll_data(data, "first.csv", urn=URN, by=by, now=NOW, although_few_match=True)
    return people


OLD = export(HERE, "Academic year 2025/2026, printed 14/07/2026")
FILES = [
    ("lower years", roll_csv(URN, LOWER), "24 of 24 children are in a lower year"),
    ("other adults", roll_csv(URN, NEIGHBOURS), "24 of 24 children have none of the adults"),
    ("older than the last", OLD, "was printed on 14 July 2026, and the last one on 2 March 2027"),
    ("size", roll_csv(URN, HERE[:12]), "says 24 children, and this file has 12"),
]


@pytest.mark.parametrize(("about", "data", "question"), FILES, ids=[one[0] for one in FILES])
def test_each_is_held_with_its_question_on_the_page_and_the_lead_answers(
    here: Callable[[Role], Client], about: str, data: bytes, question: str
) -> None:
    office, lead = here(Role.OFFICE), here(Role.LEAD)  # noqa: F811
    before = roll()
    upload(office, data)
    run()
    answered(office)
    assert newest().state is UploadState.HELD
    assert question in words(file_page(office))
    assert 'name="whose"' not in file_page(office).content.decode(), "only the lead answers"
    assert roll() == before, "nothing went in"
    press(lead, "whose", whose="ours")
    run()
    assert newest().state is UploadState.REVIEW


@pytest.mark.parametrize(("about", "data", "question"), FILES, ids=[one[0] for one in FILES])
def test_each_is_held_by_the_command_which_ends_1_without_a_terminal(
    here: Callable[[Role], Client], city: City, about: str, data: bytes, question: str
) -> None:
    file = city.folder / "file.csv"
    file.write_bytes(data)
    before = roll()
    code, said = command(file)
    assert (code, question in said, roll() == before) == (1, True, True)
    code, said = command(file, "--although-few-match", "--by", "Pat Example")
    assert (code, " went in (" in said) == (0, True)


def test_the_command_asks_in_a_terminal_and_takes_the_answer(
    here: Callable[[Role], Client], city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("everyfamily.cli.people.roll_commands.sys", terminal)
    file = city.folder / "file.csv"
    file.write_bytes(roll_csv(URN, LOWER))
    assert command(file, typed="n\n")[0] == 1
    code, said = command(file, typed="y\nPat Example\n")
    assert (code, " went in (" in said) == (0, True)
    assert last_import() == ("Pat Example", True)


@pytest.mark.parametrize(
    "rows", [UP, HERE, HERE[:20], INITIALS], ids=["a year up", "the same", "a few less", "names with initials"]
)
def test_what_happens_every_term_is_never_asked(
    here: Callable[[Role], Client], city: City, rows: list[dict[str, str]]
) -> None:
    file = city.folder / "file.csv"
    file.write_bytes(roll_csv(URN, rows))
    assert command(file)[0] == 0


def test_a_file_of_some_children_is_not_asked_for_its_size(here: Callable[[Role], Client]) -> None:
    upload(here(Role.OFFICE), roll_csv(URN, HERE[:12]), whole="no")
    run()
    assert newest().state is UploadState.REVIEW


def test_a_first_file_that_is_too_small_says_so_on_page_and_command(
    people: Callable[[Role], Client],  # noqa: F811
    city: City,
) -> None:
    from everyfamily.people.models import School

    School.objects.filter(urn=URN).update(roll_expected=100)
    office = people(Role.OFFICE)  # noqa: F811
    upload(office, roll_csv(URN, [adult(f"P{n}", f"Ana Ferris{chr(96 + n)}") for n in range(1, 8)]))
    run()
    assert newest().state is UploadState.REVIEW
    assert "says 100 children, and this file has 7. Is it the whole roll" in words(file_page(office))


def test_an_answer_is_about_what_was_asked_and_about_nothing_else(here: Callable[[Role], Client]) -> None:
    from everyfamily.people.edges.roll_imports import import_roll_data

    by, later = Actor.typed("Una Marsh"), NOW + timedelta(days=1)
    small = roll_csv(URN, HERE[:12])
    (asked,) = import_roll_data(small, "f.csv", urn=URN, by=by, now=NOW).asked
    assert asked.about == "size"
    import_roll_data(roll_csv(URN, UP), "up.csv", urn=URN, by=by, now=NOW)
    again = import_roll_data(small, "f.csv", urn=URN, by=by, now=later, although_few_match=True)
    assert [one.about for one in again.asked] == ["lower years", "size"]
    last = import_roll_data(small, "f.csv", urn=URN, by=by, now=later, although_few_match=True)
    assert not last.held


def test_earlier_files_say_why_one_was_held(here: Callable[[Role], Client]) -> None:
    office = here(Role.OFFICE)  # noqa: F811
    upload(office, roll_csv(URN, LOWER))
    run()
    assert "Held: its children are in lower years." in words(
        office.get(f"/schools/{URN}/roll/history/", secure=True)
    )


def answered(client: Client) -> None:
    """If the export's columns are asked about, our guesses are right."""
    if newest().state is UploadState.COLUMNS:
        page = file_page(client).content.decode()
        chosen = {
            found[1]: value[1]
            for found in re.finditer(r'<select[^>]*name="(c-\w+)">(.*?)</select>', page, re.DOTALL)
            if (value := re.search(r'value="(\d+)" selected', found[2]))
        }
        press(client, "columns", **chosen)
        run()


def command(file: Any, *more: str, typed: str = "", school: int = URN) -> tuple[int, str]:
    from everyfamily.cli.main import main

    done = CliRunner().invoke(main, ["import", "roll", str(file), "--school", str(school), *more], input=typed)
    return done.exit_code, done.output


def roll() -> list[Any]:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Care, ContactPoint, Parent, Pupil

    with tenant(school_id()):
        return [
            list(one.objects.order_by("pk").values_list("pk", "school_id"))
            for one in (Pupil, Care, Parent, ContactPoint)
        ]


def last_import() -> tuple[str, bool]:
    from everyfamily.audit.models import AuditEvent
    from everyfamily.people.database.tenancy import tenant

    with tenant(school_id()):
        event = AuditEvent.objects.filter(action="import roll").latest("pk")
        return event.actor, event.detail.get("although few match", False)


def two_sheets() -> bytes:
    from tests.unit.core.rolls.test_lists_of_pupils import CONTACTS, HEADINGS, PUPILS
    from tests.unit.core.rolls.test_workbook import book

    nobody = [999, "Ben", "Okafor", "Father", "ben@example.org", "No"]
    more = {"Pupils": PUPILS, "Menus": [["Monday", "Soup"], ["Tuesday", "Pie"]]}
    return book(HEADINGS, *CONTACTS, nobody, title="Contacts", more=more)


def test_the_page_and_the_command_keep_every_child_of_two_sheets_and_name_the_third(
    people: Callable[[Role], Client],  # noqa: F811
    city: City,
) -> None:
    office = people(Role.OFFICE)  # noqa: F811
    file = city.folder / "two.xlsx"
    file.write_bytes(two_sheets())
    city.school(900003)
    code, said = command(file, school=900003)
    assert code == 0
    assert "10 children, 6 adults" in said
    assert 'Not read: the sheet "Menus", with 2 rows.' in said
    assert "CONTACT_OF_NO_PUPIL" in said
    assert children(900003) == 10
    upload(office, file.read_bytes(), name="two.xlsx", whole="no")
    run()
    answered(office)
    press(people(Role.LEAD), "whose", whose="ours")
    run()
    shown = words(file_page(office))
    assert 'We did not read the sheet "Menus": 2 rows.' in shown
    assert "No sheet that lists the pupils has this child’s id" in shown.replace("'", "’")


def test_the_review_and_the_download_say_before_and_now_for_each_change(here: Callable[[Role], Client]) -> None:
    import csv
    import io

    office = here(Role.OFFICE)  # noqa: F811
    changed = [
        HERE[0] | {"CLASS": "8B", "YEAR_GROUP": "2"},
        HERE[1] | {"EMAIL": "other@example.org"},
        HERE[2] | {"RELATIONSHIP": "carer", "PARENTAL_RESPONSIBILITY": "no"},
        HERE[3] | {"RESTRICTION": "hold"},
        HERE[4] | {"ADULT_NAME": "Ben Okafor", "RELATIONSHIP": "father", "EMAIL": "ben@example.org"},
        HERE[5] | {"LANGUAGE": "pl", "MOBILE": "07700 900123"},
    ]
    # The export that went in last has not these columns, so the roll is first what the template says.
    press_in(office, roll_csv(URN, HERE))
    upload(office, roll_csv(URN, [*changed, *HERE[6:]]))
    run()
    page = file_page(office)
    assert "See the 6 who change" in words(page)
    path = f"/schools/{URN}/roll/file/children.csv"
    listed = csv.DictReader(io.StringIO(office.get(path, secure=True).content.decode("utf-8-sig")))
    said = {
        (one["Child’s own id"], one["What changes"], one["Before"], one["Now"])
        for one in listed
        if one["What changes"]
    }
    assert said == {
        ("0", "Year", "1", "2"),
        ("0", "Class", "7B", "8B"),
        ("1", "Mother: email addresses", "1", "1 (1 new)"),
        ("2", "Relationship", "Mother", "Carer"),
        ("2", "Carer: parental responsibility", "yes", "no"),
        ("3", "Mother: the letter", "waits for your lead", "closed"),
        ("4", "Father", "", "new"),
        ("4", "Mother: the letter", "waits for your lead", "no longer in the file, so waits"),
        ("5", "Mother: language", "und", "pl"),
        ("5", "Mother: mobile numbers", "0", "1"),
    }
    for _, what, before, now in said:
        assert f"{what} {before or 'Nothing'} {now}" in words(page)


def press_in(client: Client, data: bytes) -> None:
    """Upload a file that asks nothing, and put it in."""
    upload(client, data)
    run()
    if newest().state is UploadState.SAME:
        press(client, "again")
        run()
    press(client, "put-in")
    run()
    assert newest().state is UploadState.IN
