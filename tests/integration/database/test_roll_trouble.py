"""What may go wrong with a roll that is uploaded in a browser: the file, other people, a worker, the key, the hour."""

from __future__ import annotations

import csv
import io
import logging
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from everyfamily.core.actors import Actor
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
    school_id,
    stored,
    upload,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]
__all__ = ["office", "people"]

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
GOOD = roll_csv(URN, rows(1, 2, 3, 4, 5, 6, 7, 8, CLASS="7C"))
ELSEWHERE = roll_csv(URN, [adult(f"Z{n}", f"Cy Nandi{chr(96 + n)}") for n in range(1, 9)])
UNA = Actor.typed("Una Marsh")


def clear_after_six() -> None:
    """As a worker would, once the newest file's hour is over."""
    from everyfamily.people.actions.rolls.upload_clearing import clear_overdue_uploads

    assert clear_overdue_uploads(newest().keep_until) == 1


def reviewed(client: Client, data: bytes = GOOD) -> Any:
    upload(client, data)
    run()
    assert newest().state is UploadState.REVIEW
    return file_page(client)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (OLE + b"\0" * 600, "workbook of the old kind (.xls)"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (roll_csv(OTHER, [adult("Q1", "Ben Okafor")]), "Every row of the file is about another school"),
        (b"%PDF-1.7", "The file is a PDF"),
        (GOOD[:-3] + b'"', "quotation mark is never closed"),
        (b"\n\n  \n", "The file is empty"),
        (b"Adm No,Year,Carer Forename,Carer Surname,Rel,Carer Email\r\n", "This file has headings and no rows."),
        (GOOD.split(b"\r\n")[0] + b"\r\n", "This file has headings and no rows."),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_is_gone(office: Client, data: bytes, said: str) -> None:
    assert upload(office, data)["Location"] == FILE
    run()
    page = words(file_page(office))
    assert "We cannot read this file" in page
    assert said in page
    assert stored()[0] == 0
    assert children() == 8
    assert office.get(ROLL, secure=True).status_code == 200, "another file may be uploaded"


@pytest.mark.parametrize("typed", [{}, {"file": ""}])
def test_no_file_or_an_empty_one_is_asked_for_again(office: Client, typed: dict[str, str]) -> None:
    answer = office.post(ROLL, typed, secure=True)
    assert answer.status_code == 422
    assert 'href="#file"' in answer.content.decode()
    assert "Choose the file that your records system exported." in words(answer)
    again = upload(office, b"", whole="no")
    assert again.status_code == 422
    assert re.findall(r'id="(\w+)" name="whole"[^>]* checked', again.content.decode()) == ["part"]
    assert stored() == (0, 0)


def test_a_file_beyond_the_limit_is_refused_and_nothing_of_it_stays(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("everyfamily.people.actions.rolls.uploads.FILE_BYTES", 100)
    assert upload(office, GOOD).status_code == 422
    assert stored() == (0, 0)


def test_text_of_two_bytes_a_letter_is_read(office: Client) -> None:
    reviewed(office, GOOD.decode().encode("utf-16"))


def test_the_same_file_is_said_before_anything_runs(office: Client) -> None:
    reviewed(office)
    press(office, "put-in")
    run()
    upload(office, GOOD)
    assert newest().state is UploadState.SAME
    run()
    assert newest().state is UploadState.SAME, "nothing was queued"
    assert "This file went in before" in words(file_page(office))
    press(office, "again")
    run()
    assert newest().state is UploadState.REVIEW


def test_a_second_file_while_one_is_open_is_not_kept(people: Callable[[Role], Client]) -> None:
    office, lead = people(Role.OFFICE), people(Role.LEAD)
    reviewed(office)
    answer = upload(lead, ELSEWHERE)
    assert answer.status_code == 409
    assert "Another file is open" in words(answer)
    assert lead.get(ROLL, secure=True)["Location"] == FILE
    assert lead.post(f"{FILE}delete/", {"seen": hidden(answer)}, secure=True)["Location"] == FILE
    assert "The file is deleted, and nothing of it went in." in words(lead.get(ROLL, secure=True))
    assert stored() == (0, 0)
    assert upload(lead, ELSEWHERE)["Location"] == FILE


WITH_MORE = roll_csv(
    URN, [*rows(1, 2, 3, 4, 5, 6, 7), adult("P9", "Cy Nandi"), adult("P10", "Di Rao", RESTRICTION="hold")]
)


def test_a_decision_about_a_child_on_the_review_makes_the_office_look_again(office: Client) -> None:
    from everyfamily.people.actions.keeping.leavers import confirm_leavers
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Pupil

    page = reviewed(office, WITH_MORE)
    assert "1 are not in the file" in words(page)
    with tenant(school_id()):
        last = Pupil.objects.order_by("-pk").values_list("pk", flat=True)[0]
    confirm_leavers(school_id(), pupils=[last], by=UNA, on=NOW.date(), now=NOW)
    press(office, "put-in", page)
    run()
    again = file_page(office)
    assert newest().state is UploadState.REVIEW
    assert "Something changed while you read this page" in words(again)
    assert "Children not in the file: 0. Before: 1." in words(again)
    assert children() == 7
    old = office.post(f"{FILE}put-in/", {"seen": hidden(page)}, secure=True)
    assert old.status_code == 409
    assert "no longer as the page showed it" in words(old)
    press(office, "put-in", again)
    run()
    assert newest().state is UploadState.IN
    assert children() == 9


def test_a_decision_about_somebody_else_stays_and_the_office_need_not_look_again(office: Client) -> None:
    from everyfamily.people.actions.decided.restrictions import review_restriction
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Care

    page = reviewed(office, WITH_MORE)
    with tenant(school_id()):
        link = Care.objects.order_by("pk")[0].pk
    review_restriction(school_id(), link=link, decision="hold", by=UNA, now=NOW)
    press(office, "put-in", page)
    run()
    assert newest().state is UploadState.IN
    assert children() == 10
    with tenant(school_id()):
        kept = Care.objects.get(pk=link)
    assert (kept.restriction, kept.restriction_reviewed_by) == ("hold", UNA.text)


def test_what_is_decided_while_a_file_goes_in_is_never_passed_over(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.people.actions.rolls import rolls

    page = reviewed(office, WITH_MORE)
    real = rolls.decisions_at_last
    with monkeypatch.context() as patched:
        patched.setattr(rolls, "decisions_at_last", lambda school: real(school) + 1)
        press(office, "put-in", page)
        run()
    assert newest().state is UploadState.REVIEW
    assert children() == 8


def test_another_file_that_goes_in_meanwhile_is_shown_as_a_difference(office: Client) -> None:
    from everyfamily.people.edges.roll_imports import import_roll_data

    more = roll_csv(URN, [*rows(1, 2, 3, 4, 5, 6, 7, 8), adult("P9", "Cy Nandi")])
    page = reviewed(office, more)
    import_roll_data(more, "by command.csv", urn=URN, by=UNA, now=NOW)
    press(office, "put-in", page)
    run()
    assert "Children who join: 0. Before: 1." in words(file_page(office))


def test_pressing_twice_puts_it_in_once(office: Client) -> None:
    page = reviewed(office)
    assert press(office, "put-in", page).status_code == 302
    assert press(office, "put-in", page).status_code == 409
    run()
    assert press(office, "put-in", page).status_code == 409
    assert len(imports()) == 2, "the city's own, and this one"


def imports() -> list[Any]:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.queries import imports_of

    with tenant(school_id()):
        return imports_of(school_id(), limit=99)


def test_only_the_lead_says_whose_a_held_file_is(people: Callable[[Role], Client]) -> None:
    office, lead = people(Role.OFFICE), people(Role.LEAD)
    upload(office, ELSEWHERE)
    run()
    assert newest().state is UploadState.HELD
    assert "Your lead must say whether it is right" in words(file_page(office))
    assert "Only 0 of the 8 children on the roll are in this file, and it has 8 others" in words(file_page(lead))
    asked = {"seen": hidden(file_page(lead)), "whose": "ours"}
    assert office.post(f"{FILE}whose/", asked, secure=True).status_code == 403
    assert press(lead, "whose").status_code == 422, "nobody chose an answer"
    assert lead.post(f"{FILE}whose/", asked, secure=True)["Location"] == FILE
    run()
    assert newest().state is UploadState.REVIEW
    press(office, "put-in")
    run()
    assert newest().state is UploadState.IN
    assert children() == 16


def test_a_held_file_of_another_school_is_deleted_and_nobody_is_asked_any_more(
    people: Callable[[Role], Client],
) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import RollTask

    office, lead = people(Role.OFFICE), people(Role.LEAD)
    upload(office, ELSEWHERE)
    run()
    history = f"{ROLL}history/"
    assert "Your lead has not said yet whether it is right." in words(office.get(history, secure=True))
    with tenant(school_id()):
        task = RollTask.objects.get(kind="file held", closed_at=None)
    assert task.due_on == newest().keep_until.date(), "not a day on which the file is gone already"
    card = lead.get("/", secure=True).content.decode()
    assert re.search(rf'href="{FILE}"[^>]*>\s*Look at the file', card)
    press(lead, "whose", whose="not ours")
    assert newest().state is UploadState.GIVEN_UP
    assert stored() == (0, 0)
    with tenant(school_id()):
        assert not RollTask.objects.filter(kind="file held", closed_at=None).exists()
    said = words(office.get(history, secure=True))
    assert "Lead Marsh said that it is the wrong file. We deleted it." in said
    assert said.count(" 8 0 8 ") == 1, "rows, went in, set aside or held"


@pytest.mark.parametrize(
    ("deletes", "said"),
    [
        (lambda office: press(office, "delete"), "Office Marsh deleted it."),
        (
            lambda _: clear_after_six(),
            "Nobody said in time whether it is right, so we deleted it.",
        ),
    ],
    ids=["the office deletes it", "nobody says"],
)
def test_a_held_file_that_is_gone_asks_nobody_any_more(
    office: Client, deletes: Callable[[Client], object], said: str
) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import RollTask

    upload(office, ELSEWHERE)
    run()
    deletes(office)
    with tenant(school_id()):
        assert not RollTask.objects.filter(kind="file held", closed_at=None).exists()
    assert said in words(office.get(f"{ROLL}history/", secure=True))


def test_a_held_file_that_went_in_says_that_it_is_the_schools(people: Callable[[Role], Client]) -> None:
    office, lead = people(Role.OFFICE), people(Role.LEAD)
    upload(office, ELSEWHERE)
    run()
    press(lead, "whose", whose="ours")
    run()
    press(office, "put-in")
    run()
    clear_after_six()
    said = words(office.get(f"{ROLL}history/", secure=True))
    assert "Lead Marsh said that it is the right file." in said
    assert "We deleted it" not in said


def test_whoever_deletes_a_file_while_it_is_read_has_it_gone(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.people.actions.rolls.uploads import give_up
    from everyfamily.people.edges import roll_uploads

    upload(office, GOOD)
    read = roll_uploads.read_data

    def meanwhile(*args: Any) -> Any:
        give_up(school_id(), newest().id, by=UNA, now=NOW)
        return read(*args)

    monkeypatch.setattr(roll_uploads, "read_data", meanwhile)
    run()
    assert newest().state is UploadState.GIVEN_UP
    assert stored() == (0, 0)


class Killed(BaseException):
    """As if the process were gone: nothing after it runs."""


def test_a_worker_that_is_killed_while_it_reads_is_followed_by_another(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.people.edges import roll_uploads

    upload(office, GOOD)
    with monkeypatch.context() as once:
        once.setattr(roll_uploads, "commit_roll", _killing)
        with pytest.raises(Killed):
            run()
    assert newest().state is UploadState.READING
    roll_uploads.read_upload(newest().id, lambda: NOW)
    assert newest().state is UploadState.REVIEW
    roll_uploads.read_upload(newest().id, lambda: NOW)
    assert newest().reviews == 1, "its job again does nothing"


def _killing(*_: object) -> None:
    raise Killed


def test_a_worker_that_is_killed_while_a_file_goes_in_leaves_nothing_and_another_puts_it_in_once(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.people.actions.rolls.upload_turns import UploadTurn
    from everyfamily.people.edges import roll_uploads

    reviewed(office, roll_csv(URN, [*rows(1, 2, 3, 4, 5, 6, 7, 8), adult("P9", "Cy Nandi")]))
    press(office, "put-in")
    with monkeypatch.context() as once:
        # At the last moment, when all people are written and not committed.
        once.setattr(UploadTurn, "to_within", _killing)
        with pytest.raises(Killed):
            run()
    assert newest().state is UploadState.GOING_IN
    assert children() == 8
    for _ in range(2):
        roll_uploads.put_upload_in(newest().id, lambda: NOW)
    assert newest().state is UploadState.IN
    assert children() == 9
    assert len(imports()) == 2


def test_a_worker_that_was_taken_for_dead_writes_nothing_more(office: Client) -> None:
    from everyfamily.people.actions.rolls.upload_turns import begin
    from everyfamily.people.actions.rolls.uploads import UploadMoved

    upload(office, GOOD)
    first = begin(newest().id, UploadState.READING, lambda: NOW)
    second = begin(newest().id, UploadState.READING, lambda: NOW)
    assert first and second
    with pytest.raises(UploadMoved):
        first.to(UploadState.REVIEW, newest().note)
    second.to(UploadState.REVIEW, newest().note)


def test_what_no_worker_can_finish_fails_in_words_and_a_fault_says_no_value(
    office: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from everyfamily.people.edges import roll_uploads

    def faulty(*_: object) -> None:
        raise ValueError("Ana Ferrisa")

    upload(office, GOOD)
    upload_id = newest().id
    monkeypatch.setattr(roll_uploads, "commit_roll", faulty)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="ValueError") as raised:
            roll_uploads.read_upload(upload_id, lambda: NOW)
        assert raised.value.__suppress_context__
    roll_uploads.read_upload(upload_id, lambda: NOW)
    assert newest().state is UploadState.FAILED
    assert "EF485" in words(file_page(office))
    assert "Ana" not in caplog.text
    assert stored()[0] == 0


def test_a_key_that_is_destroyed_or_changed_takes_the_file_with_it(people: Callable[[Role], Client]) -> None:
    from everyfamily.people.actions.keeping.key_destruction import destroy_school_key
    from everyfamily.people.actions.keeping.key_rotation import rotate_school_key

    office = people(Role.OFFICE)
    reviewed(office)
    rotate_school_key(school_id(), by=UNA, now=NOW)
    assert newest().state is UploadState.FAILED
    assert stored() == (0, 0)
    assert "The school’s key was changed" in words(office.get(ROLL, secure=True))
    upload(office, ELSEWHERE)
    destroy_school_key(school_id(), by=UNA, agreed_by=Actor.typed("Pat Example"), now=NOW)
    run()
    assert stored() == (0, 0)
    assert newest().state is UploadState.FAILED
    refused = upload(office, GOOD)
    assert refused.status_code == 422
    assert "key" in words(refused)


def test_at_six_on_the_next_working_day_everything_is_gone(office: Client) -> None:
    from everyfamily.mailings.edges import roll_uploads
    from everyfamily.people.actions.rolls.upload_clearing import clear_overdue_uploads
    from everyfamily_demo.clock import set_simulated

    reviewed(office)
    until = newest().keep_until
    assert until == NOW.replace(hour=18) + timedelta(days=1)
    assert clear_overdue_uploads(until - timedelta(minutes=1)) == 0
    assert stored()[0] > 0
    set_simulated(until)
    roll_uploads.clear_uploads(0)
    assert stored() == (0, 0)
    assert newest().state is UploadState.GIVEN_UP
    assert clear_overdue_uploads(until) == 0


def test_what_went_in_is_forgotten_at_the_same_hour(office: Client) -> None:
    from everyfamily.people.actions.rolls.upload_clearing import clear_overdue_uploads

    reviewed(office)
    press(office, "put-in")
    run()
    assert stored() == (0, 1)
    clear_overdue_uploads(newest().keep_until)
    assert stored() == (0, 0)
    assert newest().state is UploadState.IN
    assert "What it did is no longer kept here" in words(file_page(office))
    assert office.get(f"{FILE}set-aside.csv", secure=True)["Location"] == ROLL


def test_either_kind_of_worker_clears_files() -> None:
    from everyfamily.mailings.edges import roll_uploads, screens, tasks

    queues = {roll_uploads.clear_uploads.queue, roll_uploads.clear_uploads_for_screens.queue}
    assert queues == {tasks.SWEEPS, screens.SCREENS}


def test_what_is_typed_into_a_form_reaches_no_other_file(people: Callable[[Role], Client]) -> None:
    office = people(Role.OFFICE)
    page = reviewed(office)
    for wrong in ("", "0.0", f"{newest().id + 1}.1", f"{newest().id}.2", "x", "1" * 400):
        for what in ("put-in", "delete", "columns", "again"):
            answer = office.post(f"{FILE}{what}/", {"seen": wrong}, secure=True)
            assert answer.status_code == 409
            assert newest().state is UploadState.REVIEW
    assert (
        office.post(f"/schools/{OTHER}/roll/file/put-in/", {"seen": hidden(page)}, secure=True).status_code == 404
    )
    assert upload(office, GOOD, path=f"/schools/{OTHER}/roll/").status_code == 404


def test_nothing_of_the_file_is_in_a_log_a_title_a_job_or_in_the_clear_in_a_table(
    office: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    from django.db import connection

    from tests.factories.the_server import superuser

    def no_file(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", no_file)
    monkeypatch.setattr("tempfile.mkstemp", no_file)
    caplog.set_level(logging.DEBUG)
    marked = roll_csv(
        URN, [*rows(1, 2, 3, 4, 5, 6, 7), adult("MARK77", "Zephyrine Quill", EMAIL="zq@example.org")]
    )
    upload(office, marked, name="Zephyrine contacts.csv")
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(args::text, ' ') FROM procrastinate_jobs")
        assert cursor.fetchone()[0].count("upload_id") >= 1
    run()
    title = file_page(office).content.decode().split("</title>")[0]
    everything = caplog.text + title
    tables = (
        *("people_rollupload", "people_rolluploadpart", "people_rollimport", "procrastinate_jobs"),
        *("audit_auditevent", "django_session"),
    )
    for table in tables:
        row = superuser().execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t").fetchone()
        everything += str(row)
    for mark in ("zephyrine", "quill", "mark77", "zq@example"):
        assert mark not in everything.lower()
        assert mark.encode().hex() not in everything.lower()
    found = list(
        csv.reader(io.StringIO(office.get(f"{FILE}children.csv", secure=True).content.decode("utf-8-sig")))
    )
    assert ["Joins", "MARK77", "7", "7B", "", "", ""] in found


def test_a_page_is_watched_from_when_somebody_pressed_however_long_they_read(office: Client) -> None:
    from everyfamily_demo.clock import set_simulated

    reviewed(office)
    set_simulated(NOW + timedelta(minutes=25))
    press(office, "put-in")
    assert file_page(office)["Refresh"] == f"1; url={FILE}"
    set_simulated(NOW + timedelta(minutes=36))
    waiting = file_page(office)
    assert "Refresh" not in waiting, "a page that nobody looks at keeps no session open"
    assert "Show the page again" in words(waiting)


def test_a_worker_without_the_master_key_says_so_and_keeps_nobody_waiting(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(office, GOOD)
    with monkeypatch.context() as without:
        without.delenv("EVERYFAMILY_MASTER_KEY", raising=False)
        without.delenv("EVERYFAMILY_MASTER_KEY_FILE", raising=False)
        run()
    assert newest().state is UploadState.FAILED
    assert newest().failed_code.startswith("EF4")
    assert stored() == (0, 0)
