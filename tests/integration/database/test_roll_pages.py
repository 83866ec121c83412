"""A school's office uploads its roll in a browser: columns, review, put in, earlier files, template and help."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from everyfamily.core.permissions import Role
from everyfamily.core.rolls.uploads import UploadState
from tests.factories.city import NOW, adult, roll_csv
from tests.factories.uploads import (
    FILE,
    OTHER,
    ROLL,
    URN,
    children,
    file_page,
    hidden,
    newest,
    office,
    people,
    press,
    rows,
    run,
    stored,
    upload,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]
__all__ = ["office", "people"]

GENERIC = (
    "Adm No,Year,Reg,Carer Forename,Carer Surname,Rel,Carer Email,Legal remark\r\n"
    "20417,4,4B,Joanna,Kowal,Mother,j.kowal@example.org,\r\n"
    "20418,4,4B,Imran,Sample,Father,imran@example.org,\r\n"
    "20419,R,RA,Fay,Renshaw,Grandmother,fay@example.org,prohibited steps\r\n"
)


def test_only_a_page_of_the_roll_that_was_served_gives_a_place_for_a_large_file(
    people: Callable[[Role], Client],
) -> None:
    from django.conf import settings

    from everyfamily.people.queries import school_by_urn
    from everyfamily.staff.known_sessions import uploads_to

    def place(client: Client, urn: int) -> int | None:
        return uploads_to(client.cookies[settings.SESSION_COOKIE_NAME].value, urn)

    office, officer = people(Role.OFFICE), people(Role.DPO)
    office.get(f"/schools/{URN}/", secure=True)
    assert place(office, URN) is None
    for client in (office, officer):
        for urn in (URN, OTHER):
            client.get(f"/schools/{urn}/roll/", secure=True)
    assert place(office, URN) == school_by_urn(URN).id
    assert [place(office, OTHER), place(officer, URN), place(officer, OTHER)] == [None, None, None]


def test_a_file_is_read_looked_at_and_put_in(office: Client) -> None:
    assert "Upload your roll" in words(office.get(ROLL, secure=True))
    sent = upload(office, roll_csv(URN, [*rows(1, 2, 3, 4, 5, 6, 7, CLASS="7C"), adult("P9", "Cy Nandi")]))
    assert (sent.status_code, sent["Location"]) == (302, FILE)
    waiting = file_page(office)
    assert waiting["Refresh"] == f"1; url={FILE}"
    assert "<form" not in waiting.content.decode(), "what is shown again by itself has no form"
    assert "Reading your file" in words(waiting)
    run()
    review = file_page(office)
    assert "Refresh" not in review
    said = words(review)
    assert "9 children would be on your roll" in said
    assert "7 stay, with a class or an adult changed See the 7" in said
    assert "1 join See the 1 who join P9 7B" in said
    assert "1 are not in the file" in said
    assert "8 go in" in said
    assert children() == 8, "nothing has gone in yet"
    assert press(office, "put-in")["Location"] == FILE
    assert "Putting your roll in" in words(file_page(office))
    run()
    done = words(file_page(office))
    assert "Your roll is in 9 children, put in by Office Marsh. We have deleted the file." in done
    assert children() == 9
    assert stored() == (0, 1)
    assert "Went in" in words(office.get(f"{ROLL}history/", secure=True))


def test_columns_are_asked_once_and_remembered(office: Client) -> None:
    upload(office, GENERIC.encode())
    run()
    page = file_page(office)
    text = page.content.decode()
    assert "Say what the columns mean" in words(page)
    assert "j.kowal@example.org · imran@example.org · fay@example.org" in words(page)
    chosen = dict(re.findall(r'name="c-(\w+)".*?value="(\d+)" selected', text))
    assert chosen["PUPIL_ID"] == "0"
    typed = {f"c-{column}": at for column, at in chosen.items()}
    answers = dict.fromkeys(set(re.findall(r'name="(q-\d+-\d+)"', text)), "yes")
    assert press(office, "columns", page, **typed, **answers)["Location"] == FILE
    run()
    assert newest().state in (UploadState.REVIEW, UploadState.HELD)
    press(office, "delete")
    upload(office, GENERIC.replace("20417", "20499").encode())
    run()
    assert newest().state is not UploadState.COLUMNS, "remembered: the second time is a screen shorter"


def _columns(client: Client, **more: str) -> Any:
    """Answer the page of columns as it is guessed, and yes to every question."""
    page = file_page(client)
    text = page.content.decode()
    chosen = dict(re.findall(r'name="c-(\w+)".*?value="(\d+)" selected', text))
    typed = {f"c-{column}": at for column, at in chosen.items()}
    typed |= dict.fromkeys(re.findall(r'name="(q-\d+-\d+)"', text), "yes")
    return press(client, "columns", page, **{**typed, **more})


def test_that_a_column_keeps_nobody_away_is_for_the_lead_to_say(people: Callable[[Role], Client]) -> None:
    office, lead = people(Role.OFFICE), people(Role.LEAD)
    upload(office, GENERIC.replace("prohibited steps", "P2").replace("Legal remark", "XQ").encode())
    run()
    assert "Our lead will say" in words(file_page(office))
    refused = _columns(office, **{"q-0-0": "no"})
    assert (refused.status_code, "Only your lead can say" in words(refused)) == (422, True)
    # The office goes on without the lead, and who has something in the column waits.
    assert _columns(office, **{"q-0-0": "lead"})["Location"] == FILE
    run()
    press(office, "put-in")
    run()
    assert reasons() == {"not said", "not asked yet"}
    # The lead says it with the next file. The adults wait for the lead's word on restrictions, and for nothing else.
    upload(
        office,
        GENERIC.replace("prohibited steps", "P2").replace("Legal remark", "XQ").replace("4B", "4C").encode(),
    )
    run()
    page = lead.get(f"{FILE}columns/", secure=True)
    assert "Our lead will say" not in words(page)
    chosen = dict(re.findall(r'name="(c-\w+)".*?value="(\d+)" selected', page.content.decode()))
    assert press(lead, "columns", page, **chosen, **{"q-0-0": "no"})["Location"] == FILE
    run()
    press(office, "put-in")
    run()
    assert reasons() == {"not said"}


def reasons() -> set[str]:
    """Why the adults who came with the file wait."""
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Care
    from everyfamily.people.queries import school_by_urn

    with tenant(school_by_urn(URN).id):
        return set(Care.objects.filter(restriction="unknown").values_list("restriction_reason", flat=True))


def test_an_answer_that_is_missing_or_given_twice_is_asked_again_with_what_was_chosen(office: Client) -> None:
    upload(office, GENERIC.encode())
    run()
    twice = _columns(office, **{"c-CLASS": "1"})
    assert twice.status_code == 422
    assert "You chose the heading" in words(twice)
    assert re.search(r'id="c-CLASS".*?<option value="1" selected', twice.content.decode())
    assert "Error:" in twice.content.decode().split("</title>")[0]
    assert _columns(office, **{"c-PUPIL_ID": "999"})["Location"] == FILE


def test_a_column_that_we_took_for_another_is_read_as_the_person_says(people: Callable[[Role], Client]) -> None:
    office, lead = people(Role.OFFICE), people(Role.LEAD)
    upload(office, GENERIC.replace("Adm No,Year,Reg", "Adm No,Year,Nest").encode())
    run()
    headings = [one.heading for one in newest().note.columns]
    both = _columns(office, **{"c-CLASS": str(headings.index("Nest"))})
    assert both.status_code == 422
    assert "chose it for something else below" in words(both)
    nest = {"c-CLASS": str(headings.index("Nest")), "q-0-0": ""}
    assert _columns(office, **nest).status_code == 422, "it may say who must not be written to"
    assert _columns(lead, **nest)["Location"] == FILE
    run()
    review = newest().note.review
    assert [one.class_name for one in review.changes if one.what.value == "joined"] == ["4B", "4B", "RA"]


def test_the_page_shows_the_numbers_of_the_command(office: Client, tmp_path: Any) -> None:
    from click.testing import CliRunner

    from everyfamily.cli.people.roll_commands import import_roll_file

    data = roll_csv(
        URN, [*rows(1, 2, 3, 4, 5, 6), adult("P9", "Cy Nandi", EMAIL="cy@@example"), adult("", "Di Rao")]
    )
    (tmp_path / "roll.csv").write_bytes(data)
    said = CliRunner().invoke(
        import_roll_file, [str(tmp_path / "roll.csv"), "--school", str(URN), "--dry-run", "--json"]
    )
    command = json.loads(said.output)
    upload(office, data)
    run()
    page = newest().note.review.counts
    assert page == command
    shown = words(file_page(office))
    assert f"{command['accepted']} go in" in shown
    assert f"{command['rows']} entries in the file" in shown


def test_rows_set_aside_are_by_reason_and_to_be_downloaded_without_a_formula(office: Client) -> None:
    broken = [
        adult("P9", "Di Rao", CLASS="@sum"),
        adult("=cmd()", "Cy Nandi", EMAIL="cy@@example"),
        adult("P7", "", EMAIL="x@example.org"),
    ]
    upload(office, roll_csv(URN, [*rows(1, 2, 3, 4, 5, 6), *broken]))
    run()
    shown = words(file_page(office))
    assert "1 row " in shown
    assert "9 =cmd()" in shown
    answer = office.get(f"{FILE}set-aside.csv", secure=True)
    assert answer["Content-Disposition"] == f'attachment; filename="set-aside-{URN}.csv"'
    assert answer["Cache-Control"] == "no-store"
    found = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {one["Child’s own id"] for one in found} == {"'=cmd()", "P7", "P9"}
    assert all(one["What is wrong"] and one["What to do"] for one in found)
    cells = {(one["Row in your sheet"], one["Heading in your file"], one["What the cell says"]) for one in found}
    assert {("8", "CLASS", "'@sum"), ("9", "PUPIL_ID", "'=cmd()"), ("10", "ADULT_NAME", "")} <= cells
    assert "import" not in answer.content.decode()
    children_file = office.get(f"{FILE}children.csv", secure=True).content.decode("utf-8-sig")
    listed = list(csv.DictReader(io.StringIO(children_file)))
    nothing = {"What changes": "", "Before": "", "Now": ""}
    assert {"What happens": "Joins", "Child’s own id": "P9", "Year": "7", "Class": "", **nothing} in listed


def test_an_export_that_is_reviewed_can_be_read_again_with_other_columns(
    people: Callable[[Role], Client],
) -> None:
    office, lead = people(Role.OFFICE), people(Role.LEAD)
    upload(office, GENERIC.replace("Adm No,Year,Reg", "Adm No,Year,Nest").encode())
    run()
    headings = [one.heading for one in newest().note.columns]
    _columns(office)
    run()
    review = file_page(office)
    assert newest().state is UploadState.REVIEW
    assert f'href="{FILE}columns/"' in review.content.decode()
    columns = office.get(f"{FILE}columns/", secure=True)
    assert "This is what we take your columns for." in words(columns)
    old = hidden(columns)
    typed = dict(re.findall(r'name="c-(\w+)".*?value="(\d+)" selected', columns.content.decode()))
    typed = {f"c-{column}": at for column, at in typed.items()}
    typed["c-NOT_TO_WRITE"] = str(headings.index("Legal remark"))
    twice = press(office, "columns", columns, **typed, **{"c-CLASS": typed["c-PUPIL_ID"]})
    assert twice.status_code == 422
    nest = typed | {"c-CLASS": str(headings.index("Nest"))}
    assert press(office, "columns", columns, **nest).status_code == 422, "it was said to keep adults away"
    again = press(lead, "columns", columns, **nest)
    assert again["Location"] == FILE
    assert newest().state is UploadState.WAITING
    run()
    assert {one.class_name for one in newest().note.review.changes if one.what.value == "joined"} == {"4B", "RA"}
    put_in = office.post(f"{FILE}put-in/", {"seen": old}, secure=True)
    assert put_in.status_code == 409, "a page of the review before puts nothing in"
    assert newest().state is UploadState.REVIEW
    press(office, "put-in")
    run()
    assert not any(one.values for one in newest().note.columns), (
        "no value of a column is kept once the file is in"
    )
    assert office.get(f"{FILE}columns/", secure=True)["Location"] == ROLL


def test_columns_without_which_nothing_can_be_read_are_asked_again(office: Client) -> None:
    upload(office, GENERIC.encode())
    run()
    page = file_page(office)
    typed = dict(re.findall(r'name="c-(\w+)".*?value="(\d+)" selected', page.content.decode()))
    typed = {f"c-{column}": at for column, at in typed.items() if column != "PUPIL_ID"}
    answers = dict.fromkeys(re.findall(r'name="(q-\d+-\d+)"', page.content.decode()), "yes")
    press(office, "columns", page, **typed, **answers)
    run()
    assert newest().state is UploadState.COLUMNS, "the file is there still, and the question is asked"
    asked = file_page(office)
    assert 'class="wanted"' in asked.content.decode()
    press(office, "columns", asked, **typed, **{"c-PUPIL_ID": "0"})
    run()
    assert newest().state is UploadState.REVIEW


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_our_template_is_read_back_and_its_example_is_nobody(office: Client, kind: str) -> None:
    from everyfamily.core.rolls.model.roll_rows import RollNotReadable
    from everyfamily.core.rolls.read_roll import read_roll

    data = office.get(f"{ROLL}template.{kind}", secure=True).content
    try:
        roll = read_roll(data, file="template", urn=URN)
    except RollNotReadable:
        return
    assert [row for row in roll.rows if row.adult_name] == []


def test_help_is_there_for_each_system(office: Client) -> None:
    from everyfamily.core.rolls.layout.exports import exports

    listed = office.get(f"{ROLL}help/", secure=True)
    for one in exports():
        page = office.get(f"{ROLL}help/{one.slug}/", secure=True)
        assert page.status_code == 200
        assert "What to run" in words(page)
        assert f"{ROLL}help/{one.slug}/" in listed.content.decode()
    assert office.get(f"{ROLL}help/no-such-system/", secure=True)["Location"] == f"{ROLL}help/"


def test_earlier_files_come_in_pages_and_any_number_costs_the_same(people: Callable[[Role], Client]) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import RollImport
    from tests.factories.uploads import school_id

    dpo = people(Role.DPO)

    def asked(path: str = f"{ROLL}history/") -> tuple[int, str]:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = dpo.get(path, secure=True)
        assert answer.status_code == 200
        assert len(answer.content) < 60_000
        return len(queries), words(answer)

    asked()
    few, _ = asked()
    with tenant(school_id()):
        for number in range(120):
            RollImport.objects.create(
                school_id=school_id(), file_digest="0" * 64, format="CSV", rows=number, accepted=number,
                imported_at=NOW, imported_by="Una Marsh",
            )  # fmt: skip
    many, shown = asked()
    assert many == few <= 15
    assert "Next 50" in shown
    first = re.search(r"after=(\d+)", dpo.get(f"{ROLL}history/", secure=True).content.decode())
    assert first
    assert "69" in asked(f"{ROLL}history/?after={first[1]}")[1]


@pytest.mark.parametrize("count", [3, 300])
def test_a_review_of_any_size_is_one_small_page(office: Client, count: int) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    many = [adult(f"N{n}", f"Cy Nandi{chr(97 + n % 26)}", EMAIL="cy@@example") for n in range(count)]
    upload(
        office,
        roll_csv(URN, [*rows(1, 2, 3, 4, 5, 6, 7, 8), *many, *(adult("", "Di Rao") for _ in range(count))]),
    )
    run()
    if newest().state is UploadState.HELD:
        press_lead_says_ours()
    file_page(office)
    with CaptureQueriesContext(connection) as queries:
        answer = file_page(office)
    assert newest().state is UploadState.REVIEW
    assert len(queries) <= 15
    assert len(answer.content) < 60_000


def press_lead_says_ours() -> None:
    """As the lead would, in one step."""
    from everyfamily.core.actors import Actor
    from everyfamily.mailings.edges.roll_uploads import queue_reading
    from everyfamily.people.actions.rolls.uploads import say_whose
    from tests.factories.uploads import school_id

    say_whose(school_id(), newest().id, queue_reading, ours=True, by=Actor.typed("Una Marsh"), now=NOW)
    run()


def test_nobody_has_left_who_is_not_in_a_file_of_some_children(office: Client) -> None:
    upload(office, roll_csv(URN, [*rows(1, 2), adult("P9", "Cy Nandi")]), whole="no")
    run()
    shown = words(file_page(office))
    assert "6 are not in the file You said that the file has only some of the children, so they stay." in shown
    assert "9 children on roll" in shown
    press(office, "put-in")
    run()
    assert children() == 9
    assert newest().note.review.counts["left_proposed"] == 0


def test_who_is_no_longer_beside_a_child_of_a_file_of_some_children_waits_for_the_lead(office: Client) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Care
    from tests.factories.uploads import school_id

    upload(office, roll_csv(URN, [adult("P1", "Celia Corran"), *rows(2)]), whole="no")
    run()
    shown = words(file_page(office))
    assert "1 adult no longer beside a child in the file." in shown
    assert "6 are not in the file You said that the file has only some of the children, so they stay." in shown
    press(office, "put-in")
    run()
    with tenant(school_id()):
        held = Care.objects.exclude(restriction="none").values_list("restriction", "restriction_reason")
        assert list(held) == [("unknown", "gone from file")], "Ana Ferris, beside P1, and nobody of the others"


def test_whether_it_is_the_whole_roll_must_be_said(office: Client) -> None:
    answer = upload(office, roll_csv(URN, rows(1)), whole="")
    assert answer.status_code == 422
    assert 'href="#whole"' in answer.content.decode()
    assert stored() == (0, 0)
