"""A school's own people answer a request about data: find an adult, see what is held, export it, forget it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from everyfamily.core.permissions import Role
from tests.factories.city import NOW, City, adult
from tests.factories.doors import open_doors
from tests.factories.each import each
from tests.factories.kept import filled
from tests.factories.signed_in import signed_in

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN, OTHER = 900001, 900002
DATA = f"/schools/{URN}/data/"
EMAIL, MOBILE = "ana@example.org", "07700 900202"
ROWS = [
    adult("P-77", "Ana Ferris", EMAIL=EMAIL, MOBILE=MOBILE, LANGUAGE="pl"),
    adult("P-78", "Ana Ferris", EMAIL=EMAIL, MOBILE=MOBILE, LANGUAGE="pl"),
    adult("P-77", "Karl Ferris", EMAIL="karl@example.org", RELATIONSHIP="father", RESTRICTION="do not send"),
    adult("Q-1", "Joe Marlow", EMAIL="joe@example.org"),
    adult("Q-2", "Joe Marlow", EMAIL="another.joe@example.org"),
]


@pytest.fixture
def school(city: City, tmp_path: Path) -> Iterator[int]:
    """A school whose letters went out, and whoever answers for its data."""
    from django.test import override_settings

    with open_doors(tmp_path), override_settings(EVERYFAMILY_CLOCK="database"):
        yield filled(city, _sent)


def _sent(city: City) -> int:
    number = city.school(URN, ROWS, order=["email"])
    city.school(OTHER, [adult("X-1", "Zoë Zander", EMAIL="zoe.zander@example.org")], order=["email"])
    city.open()
    city.send()
    return number


@pytest.fixture
def dpo(school: int) -> Client:
    return signed_in(Role.DPO, "Dee Pereira", school_id=school)


def number_of(school: int, wanted: str = EMAIL) -> int:
    from everyfamily.people.actions.keeping.subject_access import find_adults

    return find_adults(school, wanted, now=NOW)[0].adult


def get(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path, secure=True)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def post(client: Client, path: str, **values: str) -> Any:
    return client.post(path, values, secure=True)


def prepare(school: int) -> None:
    """A worker does what waits."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    from everyfamily.mailings.edges.exports import prepare_export

    for job in ProcrastinateJob.objects.filter(task_name="prepare_export"):
        prepare_export(**job.args)


def events(school: int, action: str) -> list[tuple[str, str]]:
    from everyfamily.audit.models import AuditEvent
    from everyfamily.people.database.tenancy import tenant

    with tenant(school):
        found = AuditEvent.objects.filter(school_id=school, action=action).order_by("id")
        return list(found.values_list("actor", "subject_id"))


@each(
    "wanted, looked_for",
    [
        (EMAIL, "an email address"),
        ("ANA@example.org ", "an email address"),
        (MOBILE, "a mobile number and for a child’s own id"),
        ("P-78", "a child’s own id"),
        ("p078", "a child’s own id"),
    ],
)
def test_one_adult_is_found_by_each_value_and_their_page_is_next(
    school: int, dpo: Client, wanted: str, looked_for: str
) -> None:
    answer = post(dpo, DATA, wanted=wanted)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{DATA}{number_of(school)}/")
    page = get(dpo, answer.headers["Location"])
    assert f"One adult fits. We looked for {looked_for} at 9am on Tuesday 2 March" in page
    assert "Ana Ferris" in page


def test_two_of_one_name_are_shown_by_number_and_nobody_is_said_with_the_time(school: int, dpo: Client) -> None:
    page = post(dpo, DATA, wanted="joe marlow").content.decode()
    assert "2 adults fit" in page
    assert len(re.findall(rf'href="{DATA}\d+/">Adult', page)) == 2
    assert "joe@example.org" not in page
    assert page.count("Mother. Linked with 1 child") == 2
    nobody = post(dpo, DATA, wanted="Ann Other").content.decode()
    assert "Nobody at your school fits" in nobody
    assert "We looked for a whole name and for a child’s own id, at 9am on Tuesday 2 March" in nobody
    assert post(dpo, DATA, wanted="zoe.zander@example.org").content.decode().count("Nobody at your school") == 1


def test_what_is_nobody_is_refused_with_what_was_typed_and_too_many_are_not_listed(
    school: int, dpo: Client, city: City
) -> None:
    answer = post(dpo, DATA, wanted="ana@")
    assert answer.status_code == 422
    assert 'value="ana@"' in answer.content.decode()
    city.school(900003, [adult(f"S-{n}", "Sam Smith", EMAIL=f"sam{n}@example.org") for n in range(22)])
    large = signed_in(Role.DPO, "Sue Third", school_id=city.schools[900003])
    page = post(large, "/schools/900003/data/", wanted="Sam Smith").content.decode()
    assert "More than 20 adults fit." in page
    assert page.count("Linked with 1 child") == 20


def test_the_page_has_their_own_data_and_nothing_of_another_adult(school: int, dpo: Client) -> None:
    page = get(dpo, f"{DATA}{number_of(school)}/")
    for own in ("Ana Ferris", EMAIL, "+447700900202", "P-77", "P-78", "Polish", "ES-2703-K7R4", "mother"):
        assert own in page, own
    for other in ("Karl", "karl@example.org", "must not have the letter"):
        assert other not in page, other
    title = re.search(r"<title>(.*?)</title>", page, re.S)
    assert title is not None
    assert "Ana" not in title[1]


def test_that_somebody_looked_is_written_down_once_an_hour(school: int, dpo: Client) -> None:
    from everyfamily_demo.clock import set_simulated

    ana = number_of(school)
    get(dpo, f"{DATA}{ana}/")
    get(dpo, f"{DATA}{ana}/")
    assert events(school, "look at adult") == [("Dee Pereira", str(ana))]
    set_simulated(NOW + timedelta(hours=1))
    get(dpo, f"{DATA}{ana}/")
    assert len(events(school, "look at adult")) == 2


def test_the_file_is_what_the_command_writes_three_presses_after_the_search(
    school: int, dpo: Client, tmp_path: Path, city: City
) -> None:
    """Find, prepare, download."""
    from everyfamily.cli.main import main

    found = post(dpo, DATA, wanted=EMAIL).headers["Location"]
    assert "Prepare the file" in get(dpo, found)
    assert post(dpo, f"{found}prepare/").headers["Location"] == found
    waiting = dpo.get(found, secure=True)
    assert waiting.headers["Refresh"] == f"3; url={found}"
    assert f'action="{found}' not in waiting.content.decode(), "nothing can be typed into a page that reloads"
    prepare(school)
    assert "Ready. Only you can open it here, until 9am on Wednesday 3 March" in get(dpo, found)
    as_json, as_text = (post(dpo, f"{found}download/", **{"as": kind}) for kind in ("json", "text"))
    out = tmp_path / "request.json"
    ana = str(number_of(school))
    words = ["subject-access", "--school", str(URN), "--adult", ana, "--out", str(out), "--by", "Una Marsh"]
    assert CliRunner().invoke(main, words).exit_code == 0
    assert without_times(as_json.content.decode()) == without_times(out.read_text())
    assert as_text.content.decode().splitlines()[0] == f"What is held about adult {ana} of school {URN}"
    text = as_text.content.decode()
    for words in (
        "Written on: 2 March 2027, 9am",
        "Wants no more letters: no",
        "Email: ana@example.org (in use)",
        "The letter about this child: may have the letter",
        "Rolls that they may have come from:\n  put in by test, 2 March 2027, 9am",
        "Dee Pereira looked at the data of adult",
        "the spring letter",
    ):
        assert words in text, words
    assert not re.search(r"not held|urn:|restriction:|objects at|\+00:00|Have the school", text), text
    assert "before_handing_over" not in as_json.content.decode()
    assert as_json.headers["Content-Disposition"] == f'attachment; filename="adult-{ana}.json"'
    assert "no-store" in as_json.headers["Cache-Control"]
    assert "Downloaded 2 times" in get(dpo, found)
    assert events(school, "download export") == [("Dee Pereira", ana)] * 2
    assert events(school, "subject access") == [("Dee Pereira", ana), ("Una Marsh", ana)]


def without_times(text: str) -> str:
    """What the command wrote a moment later has another time, and the events of the request itself."""
    found = json.loads(text)
    found.pop("as_of")
    own = {"look at adult", "subject access", "download export"}
    found["events"] = [one for one in found["events"] if one["action"] not in own]
    return json.dumps(found, indent=1, ensure_ascii=False)


def test_it_is_only_for_whoever_asked_and_only_at_that_school(school: int, dpo: Client, city: City) -> None:
    ana = number_of(school)
    post(dpo, f"{DATA}{ana}/prepare/")
    prepare(school)
    lead = signed_in(Role.LEAD, "Leo Lindt", school_id=school)
    assert "Prepare the file" in get(lead, f"{DATA}{ana}/"), "a colleague has a file of their own"
    assert post(lead, f"{DATA}{ana}/download/").status_code == 409
    elsewhere = signed_in(Role.DPO, "Ella Elsewhere", school_id=city.schools[OTHER])
    for path in ("", "prepare/", "download/", "forget/"):
        assert post(elsewhere, f"/schools/{OTHER}/data/{ana}/{path}").status_code in (404,), path
        assert post(elsewhere, f"{DATA}{ana}/{path}").status_code == 404, path
    assert get(dpo, f"{DATA}{ana}/").count("Download it to read") == 1


def test_the_file_is_gone_after_a_day_and_its_row_with_the_next_sweep(school: int, dpo: Client) -> None:
    from everyfamily.mailings.edges.exports import clear_exports
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import DataExport
    from everyfamily_demo.clock import set_simulated

    ana = number_of(school)
    post(dpo, f"{DATA}{ana}/prepare/")
    prepare(school)

    def rows() -> int:
        with tenant(school):
            return DataExport.objects.count()

    for hours, kept in ((23, 1), (24, 0)):
        set_simulated(NOW + timedelta(hours=hours))
        assert post(dpo, f"{DATA}{ana}/download/").status_code == (200 if kept else 409)
        clear_exports(0)
        assert rows() == kept


def test_a_second_press_asks_for_nothing_more_and_a_killed_worker_is_taken_over(school: int, dpo: Client) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    from everyfamily.mailings.actions.ending.subject_access import files_about
    from everyfamily.people.actions.keeping import exports

    ana = number_of(school)
    post(dpo, f"{DATA}{ana}/prepare/")
    post(dpo, f"{DATA}{ana}/prepare/")
    (job,) = ProcrastinateJob.objects.filter(task_name="prepare_export")
    assert set(job.args) == {"school_id", "export_id"}, "a job has numbers and nothing else"

    def killed(*_: object) -> exports.ExportFiles:
        raise KeyboardInterrupt

    def clock() -> Any:
        return NOW

    with pytest.raises(KeyboardInterrupt):
        exports.prepare_export(**job.args, gather=killed, clock=clock)
    assert events(school, "subject access") == [], "what was not kept was not given to anybody"
    exports.prepare_export(**job.args, gather=files_about, clock=clock)
    exports.prepare_export(**job.args, gather=killed, clock=clock)
    assert post(dpo, f"{DATA}{ana}/download/").status_code == 200
    assert events(school, "subject access") == [("Dee Pereira", str(ana))]


def test_everybody_with_the_right_is_told_of_a_file_that_could_not_be_prepared(
    school: int, dpo: Client, city: City
) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    from everyfamily.core.errors import EveryfamilyError
    from everyfamily.people.actions.keeping import exports

    class Broken(EveryfamilyError):
        code = "EF999"

    def broken(*_: object) -> exports.ExportFiles:
        raise Broken("It does not work today.", "")

    ana = number_of(school)
    post(dpo, f"{DATA}{ana}/prepare/")
    (job,) = ProcrastinateJob.objects.filter(task_name="prepare_export")
    exports.prepare_export(**job.args, gather=broken, clock=lambda: NOW)
    lead = signed_in(Role.LEAD, "Leo Lindt", school_id=school)
    page = get(lead, DATA)
    assert "Dee Pereira asked for it at 9am on Tuesday 2 March. It does not work today. (EF999)" in page
    assert f'href="{DATA}{ana}/">Adult {ana}</a>' in page
    elsewhere = signed_in(Role.DPO, "Ella Elsewhere", school_id=city.schools[OTHER])
    assert "could not be prepared" not in get(elsewhere, f"/schools/{OTHER}/data/")
    # Once somebody has asked again, it is no news any more.
    post(lead, f"{DATA}{ana}/prepare/")
    assert "could not be prepared" not in get(lead, DATA)


def test_what_is_stored_is_encrypted_and_survives_a_new_key(school: int, dpo: Client) -> None:
    from everyfamily.core.actors import Actor
    from everyfamily.people.actions.keeping.key_rotation import rotate_school_key
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import DataExport

    ana = number_of(school)
    post(dpo, f"{DATA}{ana}/prepare/")
    prepare(school)
    with tenant(school):
        (row,) = DataExport.objects.all()
    assert b"Ana" not in bytes(row.content or b"")
    rotate_school_key(school, by=Actor.typed("test"), now=NOW)
    assert "Ana Ferris" in post(dpo, f"{DATA}{ana}/download/").content.decode()


def test_to_forget_says_what_goes_and_needs_the_tick_and_what_was_seen(
    school: int, dpo: Client, city: City
) -> None:
    ana = number_of(school)
    path = f"{DATA}{ana}/forget/"
    post(dpo, f"{DATA}{ana}/prepare/")
    page = get(dpo, path)
    for words in ("3 values", "2 children", "1 file", "A mailing is open, with 1 letter to them"):
        assert words in page, words
    seen = seen_in(page)
    unticked = post(dpo, path, seen=seen)
    assert (unticked.status_code, "You have not ticked the box." in unticked.content.decode()) == (422, True)
    assert unticked.content.decode().count("<title>") == unticked.content.decode().count("Error: Forget") == 1
    again = adult("P-79", "Ana Ferris", EMAIL=EMAIL, MOBILE=MOBILE)
    city.import_rows(URN, [*ROWS, again], NOW + timedelta(minutes=1))
    changed = post(dpo, path, seen=seen, sure="yes")
    assert (changed.status_code, "3 children" in changed.content.decode()) == (409, True)
    assert "Ana Ferris" in get(dpo, f"{DATA}{ana}/"), "nothing was deleted"
    done = post(dpo, path, seen=seen_in(changed.content.decode()), sure="yes")
    assert (done.status_code, done.headers["Location"]) == (302, f"{DATA}{ana}/")
    page = get(dpo, f"{DATA}{ana}/")
    assert "no more letters go to them" in page
    assert "Ana Ferris" not in page
    assert EMAIL not in page
    assert ("This adult is forgotten" in page, "Forget this adult" in page, "Deleted (" in page) == (
        True,
        False,
        False,
    )
    assert "This adult is forgotten already" in get(dpo, path)
    assert post(dpo, path, seen=seen, sure="yes").status_code == 409
    assert events(school, "forget adult") == [("Dee Pereira", str(ana))]
    assert post(dpo, f"{DATA}{ana}/download/").status_code == 409, "what was prepared went too"


def seen_in(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def test_the_office_and_whoever_is_of_another_school_have_none_of_it(school: int, city: City) -> None:
    office = signed_in(Role.OFFICE, "Olly Office", school_id=school)
    ana = number_of(school)
    for path in ("", "kept/", "kept/key/", f"{ana}/", f"{ana}/forget/"):
        assert office.get(f"{DATA}{path}", secure=True).status_code == 403, path


def test_pages_ask_the_database_as_often_for_ten_times_the_rows(school: int, dpo: Client, city: City) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    many = [adult(f"T-{n}", "Ana Ferris", EMAIL=EMAIL, MOBILE=MOBILE) for n in range(50)]
    city.school(900003, many)
    large = signed_in(Role.DPO, "Lara Large", school_id=city.schools[900003])

    def asked(client: Client, urn: int) -> list[int]:
        counts = []
        data = f"/schools/{urn}/data/"
        ana = number_of(city.schools[urn])
        # The adult twice: the first time somebody looks, it is written down.
        for path in (
            f"{data}{ana}/",
            f"{data}{ana}/",
            f"{data}{ana}/forget/",
            data,
            f"{data}kept/",
            f"{data}kept/key/",
        ):
            with CaptureQueriesContext(connection) as queries:
                page = get(client, path)
            assert len(page) <= 60_000
            # The simulated clock is a row of the demonstration.
            sent = [one["sql"] for one in queries if "simulatedclock" not in one["sql"]]
            counts.append(len([sql for sql in sent if sql not in ("BEGIN", "COMMIT")]))
        return counts

    get(dpo, DATA)
    get(large, "/schools/900003/data/")
    few = asked(dpo, URN)
    assert all(there <= here for there, here in zip(asked(large, 900003), few, strict=True))
    assert max(few) <= 15, few
