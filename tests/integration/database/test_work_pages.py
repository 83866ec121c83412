"""The page of the check of the audit trail: asked for, watched, stopped, and what it says of each end."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from everyfamily.core.permissions import Role
from everyfamily.core.work import WorkState
from tests.factories.browser import Browser
from tests.factories.city import NOW, City, adult

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]

PAGE, STOP = "/audit/verify/", "/audit/verify/stop/"
MOST_QUERIES = 15


@pytest.fixture
def client(city: City, tmp_path: Path) -> Iterator[Client]:
    """An administrator's browser; one school has its roll."""
    from allauth.mfa.models import Authenticator
    from django.test import override_settings

    from everyfamily.accounts.models import Account, Membership
    from everyfamily.staff.doors.secrets_of_factors import make_key
    from everyfamily_demo.clock import set_simulated

    set_simulated(NOW)
    city.school(900001, [adult("P1", "Ana Ferris")])
    make_key(tmp_path / "sign-in.key")
    account = Account.objects.create(
        email="una@example.org", name="Una Marsh", made_at=NOW - timedelta(days=90), was_here_on=NOW.date()
    )
    Membership.objects.create(account=account, role=Role.ADMINISTRATOR, given_by="Ines Ortega", given_at=NOW)
    Authenticator.objects.create(user=account, type="totp", data={"secret": "x"})
    key = str(tmp_path / "sign-in.key")
    with override_settings(ALLOWED_HOSTS=["letters.eastmere.example"], EVERYFAMILY_SIGN_IN_KEY_FILE=key):
        made = Browser(headers={"host": "letters.eastmere.example"})
        made.force_login(account)
        yield made


def words(answer: HttpResponse) -> str:
    main = re.search(r"<main.*</main>", answer.content.decode(), re.DOTALL)
    assert main
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main[0])).split())


def get(client: Client, path: str = PAGE) -> Any:
    answer = client.get(path, secure=True)
    assert answer.status_code == 200
    return answer


def run(work: Any = None) -> None:
    from everyfamily.reports.tasks import verify_audit
    from everyfamily.work.actions.verifying import verify
    from everyfamily.work.queries.work import newest_verification

    found = newest_verification()
    assert found is not None
    if work is None:
        verify_audit(verification_id=found.id)
    else:
        verify(found.id, work, lambda: NOW)


def test_somebody_asks_watches_and_reads_what_was_found(client: Client) -> None:
    assert "Nobody has checked it here yet." in words(get(client))
    looked()
    asked = client.post(PAGE, secure=True)
    assert (asked.status_code, asked["Location"]) == (302, PAGE)
    waiting = get(client)
    assert waiting["Refresh"] == f"5; url={PAGE}"
    assert "<form" not in waiting.content.decode(), "what is shown again by itself has no form"
    assert (
        "The check waits for a worker. Una Marsh asked for it at 9am on Tuesday 2 March. This page was made at 9am"
        in words(waiting)
    )
    run()
    done = get(client)
    assert "Refresh" not in done
    assert "The audit trail is as it was written" in words(done)
    assert re.search(r"\d+ events in 2 chains", words(done))


def looked() -> None:
    """A check has held. The rows of a test, which no act explains, are older."""
    from everyfamily.work.models import Verification

    Verification.objects.create(state="done", asked_by="Una Marsh", asked_at=NOW, begun_at=NOW, ended_at=NOW)


def test_a_role_that_somebody_wrote_in_the_database_is_named_once(client: Client) -> None:
    """The browser's own role was written by no act."""
    client.post(PAGE, secure=True)
    run()
    found = words(get(client))
    assert "The audit trail does not hold" in found
    assert "No act of the product explains it." in found
    client.post(PAGE, secure=True)
    run()
    assert "The audit trail is as it was written" in words(get(client)), "somebody has seen it"


def test_how_far_it_is_can_be_read_and_it_can_be_stopped(client: Client) -> None:
    client.post(PAGE, secure=True)
    said = []

    def work(turn: Any) -> None:
        turn.reached(1, 2)
        said.append(words(get(client)))
        assert "Stop the check of the audit trail?" in words(get(client, STOP))
        assert client.post(STOP, secure=True)["Location"] == PAGE
        said.append(words(get(client)))
        turn.reached(2, 2)
        raise AssertionError("it went on")

    run(work)
    assert "1 of 2 chains are checked." in said[0]
    assert said[1].startswith("Stopping the check")
    assert "The last check was stopped at 9am" in words(get(client))
    assert client.get(STOP, secure=True).status_code == 302, "there is nothing to stop"


def test_a_page_that_nobody_serves_says_so_and_does_not_keep_a_session_open(client: Client) -> None:
    from everyfamily_demo.clock import set_simulated

    client.post(PAGE, secure=True)
    set_simulated(NOW + timedelta(minutes=2))
    late = get(client)
    assert ("No worker has begun it for over a minute." in words(late), late["Refresh"][:2]) == (True, "5;")
    set_simulated(NOW + timedelta(minutes=10))
    assert "Refresh" not in get(client)


def test_a_check_that_failed_says_what_to_do(client: Client) -> None:
    from everyfamily.reports.tasks import TrailBroken

    def fault(turn: Any) -> None:
        turn.reached(2, 2, chains=2, events=9, broken=["The chain of school 900001 breaks at place 3: <b>."])
        raise TrailBroken("1 of 2 chains of the audit trail do not hold.", "Keep the database as it is.")

    client.post(PAGE, secure=True)
    run(fault)
    said = get(client)
    assert "The audit trail does not hold" in words(said)
    assert "Keep the database as it is." in words(said)
    assert "place 3: &lt;b&gt;." in said.content.decode()

    def killed(turn: Any) -> None:
        raise KeyboardInterrupt

    client.post(PAGE, secure=True)
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            run(killed)
    run(killed)
    assert "The check could not be finished It was begun 3 times" in words(get(client))
    assert "EF450" in words(get(client))


def test_the_page_asks_few_questions(client: Client) -> None:
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    client.post(PAGE, secure=True)
    run()
    asked = 0
    with (
        CaptureQueriesContext(connections["default"]) as one,
        CaptureQueriesContext(connections["planner"]) as two,
    ):
        get(client)
        asked = len(one) + len(two)
    assert asked <= MOST_QUERIES


def test_two_presses_ask_once(client: Client) -> None:
    from everyfamily.work.models import Verification

    for _ in range(2):
        client.post(PAGE, secure=True)
    assert [row.state for row in Verification.objects.all()] == [WorkState.WAITING]
