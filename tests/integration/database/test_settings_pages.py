"""The settings in a browser: what is in force, a change by a new file, and who signs changed by two people only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction

from everyfamily.core.partnership.second_person import Watch
from everyfamily.core.permissions import Role
from everyfamily_postgres.launcher import Server
from tests.factories.demonstration import PARTNERSHIP
from tests.factories.doors import open_doors
from tests.factories.links import token_to
from tests.factories.signed_in import signed_in, signed_in_again

pytestmark = [pytest.mark.database, pytest.mark.slow]

TEXT = PARTNERSHIP.read_text(encoding="utf-8")
HOURS = TEXT.replace("9am to 5pm", "9am to 6pm")
SIGNER = TEXT.replace('name = "Tom Garrowby"', 'name = "Ruth Calder"')
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _doors(database: Server, tmp_path: Path) -> Iterator[None]:
    with open_doors(tmp_path):
        yield


def _imported(text: str = TEXT, by: str = "Ines Ortega", agreed_by: str = "") -> int:
    from everyfamily.core.actors import Actor
    from everyfamily.core.partnership.versions import files_at, files_given
    from everyfamily.partnership.actions import import_settings

    kept = dict(files_at(PARTNERSHIP)[0].drawings)
    given = files_given(text.encode(), "partnership.toml", {}, kept)
    agreed = Actor.typed(agreed_by) if agreed_by else None
    return import_settings(*given, Actor.typed(by), agreed, NOW, watch=Watch(False))


def _file(text: str | bytes = HOURS, name: str = "partnership.toml") -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)


def _asked(client: Any, text: str | bytes = HOURS, **more: Any) -> Any:
    return client.post("/settings/change/", {"file": _file(text), **more}, secure=True)


def _in_force(client: Any, proposal: str) -> Any:
    return client.post(f"{proposal}in-force/", secure=True)


def _hours() -> str:
    from everyfamily.partnership.queries import in_force

    found = in_force()
    assert found is not None
    return found.partnership.enquiries.hours


def _events() -> list[tuple[str, str]]:
    from everyfamily.audit.queries.events import events_after

    return [(one.action, one.actor) for one in events_after(0, school_id=None, action="settings")]


def test_a_change_is_shown_before_it_counts_and_in_force_after() -> None:
    _imported()
    cora = signed_in(Role.COORDINATOR, "Cora Finch")
    answer = _asked(cora)
    assert answer.status_code == 302
    page = cora.get(answer.headers["Location"], secure=True).content.decode()
    assert "1 setting would change" in page
    assert "<del>9am to 5pm, Monday to Friday</del>" in page
    assert "<ins>9am to 6pm, Monday to Friday</ins>" in page
    assert _hours() == "9am to 5pm, Monday to Friday"
    assert _in_force(cora, answer.headers["Location"]).headers["Location"] == "/settings/"
    assert _hours() == "9am to 6pm, Monday to Friday"
    page = cora.get("/settings/", secure=True).content.decode()
    assert "9am to 6pm, Monday to Friday" in page
    assert "by Cora Finch" in page and "by Ines Ortega" in page
    assert _events() == [
        ("import settings", "Ines Ortega"),
        ("propose settings", "Cora Finch"),
        ("put settings in force", "Cora Finch"),
    ]


def test_who_signs_is_changed_by_two_people_and_both_are_written_down() -> None:
    from everyfamily.partnership.queries import versions

    _imported()
    cora, ada = signed_in(Role.COORDINATOR, "Cora Finch"), signed_in(Role.ADMINISTRATOR, "Ada Clarke")
    proposal = _asked(cora, SIGNER).headers["Location"]
    page = cora.get(proposal, secure=True).content.decode()
    assert "ask a colleague" in page and "in-force" not in page
    refused = _in_force(cora, proposal)
    assert refused.status_code == 409
    assert "somebody else must put it in force" in refused.content.decode()
    assert len(versions()) == 1
    assert "you would be the second person" in ada.get(proposal, secure=True).content.decode()
    assert _in_force(ada, proposal).status_code == 302
    newest = versions()[0]
    assert (newest.by, newest.asked_by) == ("Ada Clarke", "Cora Finch")


def test_an_account_of_today_is_not_a_second_person() -> None:
    """Whoever looks after accounts could make one for the purpose."""
    from everyfamily.partnership.queries import versions

    _imported()
    cora = signed_in(Role.COORDINATOR, "Cora Finch")
    new = signed_in(Role.ADMINISTRATOR, "Noor Hale", is_new=True)
    refused = _in_force(new, _asked(cora, SIGNER).headers["Location"])
    assert refused.status_code == 409
    assert "less than 24 hours ago" in refused.content.decode()
    assert len(versions()) == 1


def test_somebody_who_was_let_in_again_today_is_not_a_second_person() -> None:
    from everyfamily.accounts.actions.inviting import accept, let_in_again
    from everyfamily.core.actors import Actor, ActorKind
    from everyfamily.partnership.queries import versions

    _imported()
    ada = signed_in(Role.ADMINISTRATOR, "Ada Clarke")
    cora = signed_in(Role.COORDINATOR, "Cora Finch")
    proposal = _asked(ada, SIGNER).headers["Location"]
    by = Actor(ActorKind.PERSON, "Ada Clarke", ada.account)  # type: ignore[attr-defined]
    now = datetime.now(UTC)
    let_in_again(cora.account, by, now)  # type: ignore[attr-defined]
    accept(token_to("cora@example.org"), now, password="hedge-lantern-quiet-salmon")
    cora = signed_in_again(cora.account)  # type: ignore[attr-defined]
    refused = _in_force(cora, proposal)
    assert refused.status_code == 409
    assert "you were let in again" in refused.content.decode()
    assert len(versions()) == 1


def test_the_same_person_with_another_role_is_not_a_second_person() -> None:
    from everyfamily.accounts.models import Membership

    _imported()
    cora = signed_in(Role.COORDINATOR, "Cora Finch")
    account = cora.account  # type: ignore[attr-defined]
    Membership.objects.create(account_id=account, role="administrator", given_by="a test", given_at=NOW)
    assert _in_force(cora, _asked(cora, SIGNER).headers["Location"]).status_code == 409


def test_nobody_else_changes_anything() -> None:
    _imported()
    proposal = _asked(signed_in(Role.COORDINATOR, "Cora Finch")).headers["Location"]
    for role in (Role.VIEWER, Role.SIGNATORY, Role.LEAD):
        client = signed_in(role)
        assert _asked(client).status_code == 403
        assert _in_force(client, proposal).status_code == 403
        assert client.post(f"{proposal}give-up/", secure=True).status_code == 403
        assert client.get("/settings/file/", secure=True).status_code == 403
    assert _hours() == "9am to 5pm, Monday to Friday"


def test_what_was_asked_for_before_other_settings_came_into_force_counts_no_more() -> None:
    _imported()
    cora = signed_in(Role.COORDINATOR, "Cora Finch")
    proposal = _asked(cora).headers["Location"]
    _imported(TEXT.replace("9am to 5pm", "10am to 4pm"))
    answer = _in_force(cora, proposal)
    assert answer.status_code == 409
    assert "Other settings came into force" in answer.content.decode()
    assert _hours() == "10am to 4pm, Monday to Friday"
    # A new one is not held up by the old one.
    assert _in_force(cora, _asked(cora).headers["Location"]).status_code == 302


def test_one_change_waits_at_a_time_until_it_is_given_up() -> None:
    _imported()
    cora = signed_in(Role.COORDINATOR, "Cora Finch")
    proposal = _asked(cora).headers["Location"]
    assert _asked(cora, SIGNER).status_code == 422
    assert cora.post(f"{proposal}give-up/", secure=True).status_code == 302
    assert _in_force(cora, proposal).status_code == 409
    assert cora.post(f"{proposal}give-up/", secure=True).status_code == 409
    assert _asked(cora, SIGNER).status_code == 302
    assert _hours() == "9am to 5pm, Monday to Friday"


def test_pressed_twice_it_is_in_force_once() -> None:
    from everyfamily.partnership.queries import versions

    _imported()
    cora = signed_in(Role.COORDINATOR, "Cora Finch")
    proposal = _asked(cora).headers["Location"]
    assert [_in_force(cora, proposal).status_code for _ in range(2)] == [302, 409]
    assert len(versions()) == 2


def test_the_file_in_force_can_be_downloaded_and_is_nothing_new() -> None:
    _imported()
    cora = signed_in(Role.COORDINATOR, "Cora Finch")
    answer = cora.get("/settings/file/", secure=True)
    assert answer.content.decode() == TEXT
    again = _asked(cora, answer.content)
    assert again.status_code == 422
    assert "These are the settings that are in force." in again.content.decode()


def test_without_a_version_the_file_of_the_server_counts_and_then_the_version() -> None:
    from django.test import override_settings

    cora = signed_in(Role.COORDINATOR, "Cora Finch")
    assert "There are no settings yet." in cora.get("/settings/", secure=True).content.decode()
    with override_settings(EVERYFAMILY_PARTNERSHIP=str(PARTNERSHIP)):
        page = cora.get("/settings/", secure=True).content.decode()
        assert "come from the file on the server" in page and "9am to 5pm, Monday to Friday" in page
        # The drawings come from there, too, and who signs is the same.
        assert _in_force(cora, _asked(cora).headers["Location"]).status_code == 302
        assert _hours() == "9am to 6pm, Monday to Friday"


def test_terms_for_schools_are_those_of_the_newest_version() -> None:
    from everyfamily.people.school_days import area_calendar

    assert area_calendar() is None
    _imported()
    found = area_calendar()
    assert found is not None and found.terms[0].opens_on.isoformat() == "2026-09-02"
    _imported(TEXT.replace("opens_on = 2026-09-02", "opens_on = 2026-09-03"))
    found = area_calendar()
    assert found is not None and found.terms[0].opens_on.isoformat() == "2026-09-03"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "The file is empty."),
        ("name =", "not valid TOML"),
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "UTF-8"),
        (TEXT.replace('["childrens-services", "police"]', '["childrens-services"]'), "Nobody from the police"),
        (TEXT.replace('"logo-police.svg"', '"logo-new.svg"'), "logo-new.svg"),
        (b"#" * 900_000, "too large"),
        (TEXT.replace('hours = "Any time, free"', "hours = 7").replace('area = "Eastmere"\n', ""), "“area”"),
    ],
)
def test_a_file_that_cannot_be_used_is_said_by_its_place(text: str | bytes, said: str) -> None:
    from everyfamily.partnership.queries import open_proposal

    _imported()
    answer = _asked(signed_in(Role.COORDINATOR), text)
    assert answer.status_code == 422
    page = answer.content.decode().replace("&quot;", "“", 1).replace("&quot;", "”", 1)
    assert said in page.replace("&quot;area&quot;", "“area”"), page[1500:4000]
    assert open_proposal() is None


@pytest.mark.parametrize(
    ("name", "svg", "said"),
    [
        ("logo-police.svg", b"<svg><script/></svg>", "&lt;script"),
        ("logo-police.svg", b"\x89PNG" + bytes(100), "logo-police.svg"),
        ("logo-police.png", b"\x89PNG", "does not name the drawing"),
        ("../logo-police.svg", b"<html>", "is not an SVG"),
        ("logo-police.svg", b"<svg>" + b" " * 1_300_000, "too large"),
    ],
)
def test_a_drawing_that_cannot_be_used_is_said(name: str, svg: bytes, said: str) -> None:
    _imported()
    answer = _asked(signed_in(Role.COORDINATOR), drawings=[_file(svg, name)])
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_without_a_file_the_form_asks_for_one() -> None:
    answer = signed_in(Role.COORDINATOR).post("/settings/change/", {"file": "words"}, secure=True)
    assert answer.status_code == 422
    assert "There is no file yet." in answer.content.decode()


@pytest.mark.parametrize("alias", ["default", "owner"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE partnership_version SET text = 'x'",
        "DELETE FROM partnership_version",
        "UPDATE partnership_proposal SET text = 'x'",
        "UPDATE partnership_proposal SET needs_second = NOT needs_second",
        "DELETE FROM partnership_proposal",
    ],
)
def test_the_database_refuses_to_change_what_was_stored(alias: str, statement: str) -> None:
    _imported()
    _asked(signed_in(Role.COORDINATOR))
    with pytest.raises(DatabaseError), transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute(statement)


def test_a_proposal_that_has_ended_does_not_begin_again() -> None:
    _imported()
    cora = signed_in(Role.COORDINATOR)
    _in_force(cora, _asked(cora).headers["Location"])
    with (
        pytest.raises(DatabaseError, match="only ends, once"),
        transaction.atomic(),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute("UPDATE partnership_proposal SET ended_at = NULL")


def test_the_planner_reads_no_settings() -> None:
    with pytest.raises(DatabaseError), connections["planner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM partnership_version")


def test_a_command_that_changes_who_signs_names_a_second_person() -> None:
    from everyfamily.partnership.actions import SecondPersonNeeded

    _imported()
    for agreed_by in ("", "ines ortega"):
        with pytest.raises(SecondPersonNeeded):
            _imported(SIGNER, agreed_by=agreed_by)
    _imported(SIGNER, agreed_by="Ben Frost")
    assert _events()[-2:] == [("import settings", "Ines Ortega"), ("agree to settings", "Ben Frost")]


def test_ten_times_the_history_takes_the_same_few_reads() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in(Role.COORDINATOR)
    counts: dict[str, list[int]] = {"/settings/": [], "/settings/versions/1/": [], "/ready/": []}
    for round_ in range(2):
        for number in range(2 if round_ == 0 else 20):
            _imported(TEXT.replace("9am to 5pm", f"9am to 5:{round_}{number:02}pm"))
        for path, seen in counts.items():
            client.get(path, secure=True)
            with CaptureQueriesContext(connection) as reads:
                assert client.get(path, secure=True).status_code in (200, 404)
            seen.append(len(reads))
    for path, (few, many) in counts.items():
        assert few == many <= 15, (path, few, many)


def test_the_checklist_shows_what_is_left_and_no_secret() -> None:
    _imported()
    page = signed_in(Role.ADMINISTRATOR, "Ada Clarke").get("/ready/", secure=True).content.decode()
    assert "Two administrators" in page and "There is 1 administrator." in page
    assert "It is an invented area, for practice." in page
    assert "sign-in.key" not in page and "@" not in page


def test_the_desk_tells_a_second_person_and_not_whoever_asked() -> None:
    _imported()
    cora, ada = signed_in(Role.COORDINATOR, "Cora Finch"), signed_in(Role.ADMINISTRATOR, "Ada Clarke")
    proposal = _asked(cora, SIGNER).headers["Location"]
    said = "Try a change of the settings and put it in force"
    assert said in ada.get("/", secure=True).content.decode()
    assert said not in cora.get("/", secure=True).content.decode()
    _in_force(ada, proposal)
    assert said not in ada.get("/", secure=True).content.decode()


def test_a_drawing_is_a_picture_in_which_nothing_can_act() -> None:
    version = _imported()
    cora = signed_in(Role.COORDINATOR)
    signature = b"<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0h9v9z'/></svg>"
    proposal = _asked(cora, SIGNER, drawings=[_file(signature, "signature-garrowby.svg")]).headers["Location"]
    pages = (
        ("/settings/drawings/", PARTNERSHIP.with_name("signature-garrowby.svg").read_bytes()),
        (f"/settings/versions/{version}/drawings/", PARTNERSHIP.with_name("signature-garrowby.svg").read_bytes()),
        (f"{proposal}drawings/", signature),
    )
    for path, content in pages:
        answer = cora.get(f"{path}signature-garrowby.svg", secure=True)
        assert answer.content == content, path
        assert answer.headers["Content-Type"] == "image/svg+xml; charset=utf-8"
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none';") and policy.endswith("sandbox") and "script" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert cora.get(f"{path}..%2Fpartnership.toml", secure=True).status_code == 404
    page = cora.get(proposal, secure=True).content.decode()
    assert f'src="{proposal}drawings/signature-garrowby.svg"' in page
    assert f'src="/settings/versions/{version}/drawings/signature-garrowby.svg"' in page


def test_a_number_that_was_rung_since_is_not_to_do() -> None:
    from everyfamily.core.actors import Actor
    from everyfamily.letters.actions.sealed_letters import record_route_check
    from everyfamily.partnership.queries import in_force

    _imported()
    client = signed_in(Role.COORDINATOR)
    page = client.get("/ready/", secure=True).content.decode()
    found = in_force()
    assert found is not None
    routes = len(found.partnership.routes)
    assert f"{routes} routes of {routes} must be checked." in page
    record_route_check(
        found.partnership.routes[0], is_good=True, note="", by=Actor.typed("Ines Ortega"), now=datetime.now(UTC)
    )
    assert (
        f"{routes - 1} routes of {routes} must be checked." in client.get("/ready/", secure=True).content.decode()
    )


def test_a_letter_is_checked_against_the_numbers_of_the_newest_version() -> None:
    cora = signed_in(Role.COORDINATOR)
    words = "Dear parents, if you are worried about a child, ring 0151 496 0120. Yours, the council. " * 3

    def checked() -> str:
        return str(cora.post("/check/", {"words": words, "about": "yes"}, secure=True).content.decode())

    assert "HM166" not in checked()
    _imported(TEXT.replace("0151 496 0120", "0151 496 0121"))
    assert "HM166" in checked()


def test_ten_times_the_schools_and_accounts_take_the_checklist_the_same_few_reads() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from everyfamily.people.models import School

    _imported()
    client = signed_in(Role.COORDINATOR, "Cora Finch")
    counts = []
    for schools, names in ((range(3), ("Ada One",)), (range(3, 33), ("Ben Two", "Cleo Three", "Dev Four"))):
        for number in schools:
            School.objects.create(
                urn=900001 + number, name=f"School {number}", kind="primary", phase="primary", sends="us"
            )
        for name in names:
            signed_in(Role.AUTHOR, name)
        client.get("/ready/", secure=True)
        with CaptureQueriesContext(connection) as reads:
            client.get("/ready/", secure=True)
        counts.append(len(reads))
    assert counts[0] == counts[1] <= 15


def test_settings_that_this_program_reads_no_more_can_be_seen_downloaded_and_mended() -> None:
    from everyfamily.core.partnership.versions import files_at
    from everyfamily.partnership.models import Version

    text = TEXT.replace("[enquiries]", "[questions]")
    drawings = [list(pair) for pair in files_at(PARTNERSHIP)[0].drawings]
    Version.objects.create(
        file="partnership.toml", text=text, drawings=drawings, digest="0" * 64, at=NOW, by="a test"
    )
    cora, ada = signed_in(Role.COORDINATOR, "Cora Finch"), signed_in(Role.ADMINISTRATOR, "Ada Clarke")
    page = cora.get("/settings/", secure=True).content.decode()
    assert "The settings in force cannot be read." in page and "enquiries" in page
    assert cora.get("/settings/file/", secure=True).content.decode() == text
    assert "is missing" in cora.get("/ready/", secure=True).content.decode()
    # Nobody can say that who signs stays the same, so two people mend it. The drawings are kept.
    proposal = _asked(cora, TEXT).headers["Location"]
    assert cora.get(proposal, secure=True).status_code == 200
    assert _in_force(cora, proposal).status_code == 409
    assert _in_force(ada, proposal).status_code == 302
    assert _hours() == "9am to 5pm, Monday to Friday"


def test_a_long_history_is_listed_in_parts() -> None:
    for number in range(23):
        _imported(TEXT.replace("9am to 5pm", f"9am to 5:{number:02}pm"))
    cora = signed_in(Role.COORDINATOR)
    first = cora.get("/settings/", secure=True).content.decode()
    older = first.split('href="?before=')[1].split("#")[0]
    second = cora.get(f"/settings/?before={older}", secure=True).content.decode()
    assert (first.count("/settings/versions/"), second.count("/settings/versions/")) == (20, 3)
    assert "Older versions" not in second
