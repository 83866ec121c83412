"""A sealed letter is stopped in a browser: paused, let go on, withdrawn; and who has it then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from everyfamily.core.actors import Actor
from everyfamily.core.permissions import Role
from tests.factories.city import NOW, REFERENCE, City, adult
from tests.factories.doors import open_doors
from tests.factories.school_pages import MOST_QUERIES, questions_of, words_of
from tests.factories.signed_in import signed_in

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]

STOP, PAUSE, GO_ON, WITHDRAW, WITHDRAWN = (
    f"/letters/{REFERENCE}/{last}/" for last in ("stop", "pause", "go-on", "withdraw", "withdrawn")
)
AGREE, GO_ON_AGREE, LET_BE = f"{WITHDRAW}agree/", f"{GO_ON}agree/", f"/letters/{REFERENCE}/let-be/"
WHY = "the children’s team does not answer"


@pytest.fixture
def una(city: City, tmp_path: Path) -> Iterator[Client]:
    """A coordinator. The letter is open: at one school by email, at one on paper, and one sends it itself."""
    city.school(900001, [adult(f"P{n}", f"Ana Ferris{n}", EMAIL=f"ana{n}@example.org") for n in range(2)])
    classes = [("Q0", "4B"), ("Q1", "4B"), ("Q2", "5C")]
    city.school(900002, [adult(q, f"Bo Marsh {q}", CLASS=name) for q, name in classes], order=["pupil post"])
    city.school(900003, sends="school")
    city.open()
    with open_doors(tmp_path, EVERYFAMILY_CLOCK="database"):
        yield signed_in(Role.COORDINATOR, "Una Marsh")


def get(client: Client, path: str) -> str:
    answer = client.get(path, secure=True)
    assert answer.status_code == 200, path
    assert len(answer.content) < 60_000
    return words_of(answer)


def post(client: Client, path: str, **fields: str) -> Any:
    return client.post(path, fields, secure=True)


def waits_for() -> str:
    """The number of what waits for a second person, as a form has it."""
    from everyfamily.letters.queries import asked_of

    asked = asked_of(REFERENCE)
    return "" if asked is None else str(asked.id)


def state() -> str:
    from everyfamily.mailings.models import Mailing

    return Mailing.objects.values_list("state", flat=True).get()


def test_a_coordinator_pauses_and_lets_it_go_on(una: Client, city: City) -> None:
    assert "It is going out." in get(una, STOP)
    for why, words in (("", "Say why."), ("ring 0151 496 0999", "has an email address or a number in it")):
        refused = post(una, PAUSE, why=why)
        assert (refused.status_code in (409, 422), words in words_of(refused)) == (True, True)
        assert f'value="{why}"' in refused.content.decode()
    assert post(una, PAUSE, why=WHY)["Location"] == STOP
    assert (state(), WHY in get(una, STOP)) == ("paused", True)
    city.send()
    assert city.outbox() == []
    assert f"Look at letter {REFERENCE}" in get(una, "/")
    assert post(una, PAUSE, why=WHY).status_code == 409, "it is paused already"
    assert post(una, GO_ON)["Location"] == STOP
    assert "The mailing goes on." in get(una, STOP)
    city.send()
    assert (state(), len(city.outbox())) == ("open", 5)


def test_somebody_says_what_became_of_messages_that_nobody_knows_of(una: Client, city: City) -> None:
    from everyfamily.mailings.models import LedgerEntry

    city.send()
    LedgerEntry.objects.filter(channel="email").update(status="unknown")
    post(una, PAUSE, why=WHY)
    assert "Nobody knows whether 2 messages by email went." in get(una, STOP)
    assert (post(una, GO_ON).status_code, state()) == (409, "paused")
    assert post(una, GO_ON, **{"unknown-email": "went"}).status_code == 302
    assert state() == "open"


def test_a_signatory_withdraws_it_and_reads_who_has_it_and_whom_to_ring(una: Client, city: City) -> None:
    from everyfamily.audit.models import AuditEvent
    from everyfamily.mailings.actions.paper.hand_outs import record_hand_outs, words_for_class

    city.send()
    school = city.schools[900002]
    said = words_for_class(school, group="4B", on=date(2027, 3, 2), without=(), now=NOW)
    record_hand_outs(school, said, by=Actor.typed("School office"), now=NOW)
    ruth = signed_in(Role.SIGNATORY, "Ruth Calloway")
    words = get(ruth, WITHDRAW)
    assert "About 4 adults have it already" in words
    assert "1 that sends it itself, to stop" in words
    refused = post(ruth, WITHDRAW, why="")
    assert (refused.status_code, "Say why." in words_of(refused), state()) == (422, True, "open")
    assert post(una, WITHDRAW, why=WHY)["Location"] == STOP
    words = get(ruth, WITHDRAW)
    assert f"Una Marsh asked for this at 9am on Tuesday 2 March: {WHY}" in words
    assert "You would be the second person." in words
    asked = waits_for()
    for _ in range(2):
        # The second press of somebody who waited changes nothing.
        assert post(ruth, AGREE, asked=asked)["Location"] == WITHDRAWN
    assert state() == "withdrawn"
    assert AuditEvent.objects.filter(action="withdraw letter", actor="Ruth Calloway").count() == 1
    words = get(ruth, WITHDRAWN)
    assert f"Letter {REFERENCE} is withdrawn By Ruth Calloway, at 9am on Tuesday 2 March: {WHY}." in words
    assert "By email 2 On paper, handed over by schools 2" in words
    assert "Quayfield School 900003 may have sent it" in words
    assert "Quayfield School 900002: 1" in words
    for path in (STOP, WITHDRAW):
        assert ruth.get(path, secure=True)["Location"] == WITHDRAWN
    for path in (WITHDRAWN,):
        assert questions_of(una, path) <= MOST_QUERIES


def test_pages_ask_few_questions_and_are_only_of_letters_that_were_sealed(una: Client) -> None:
    for path in (STOP, WITHDRAW):
        assert questions_of(una, path) <= MOST_QUERIES, path
    assert una.get("/letters/ES-2703-XXXX/stop/", secure=True).status_code == 404
    ruth = signed_in(Role.SIGNATORY, "Ruth Calloway")
    assert "Pause it now" not in get(ruth, STOP)
    assert post(ruth, PAUSE, why=WHY).status_code == 403


def test_an_author_begins_the_letters_that_put_it_right(
    una: Client, city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    from everyfamily.letters.draft_queries.drafts import drafts
    from tests.factories.demonstration import PARTNERSHIP

    file = tmp_path / "partnership.toml"
    for drawing in PARTNERSHIP.parent.glob("*.svg"):
        (tmp_path / drawing.name).write_bytes(drawing.read_bytes())
    file.write_text(PARTNERSHIP.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(settings, "EVERYFAMILY_PARTNERSHIP", str(file))
    tom, page = signed_in(Role.AUTHOR, "Tom Rydal"), f"/letters/{REFERENCE}/correct/"
    assert tom.get(page, secure=True)["Location"] == f"/letters/{REFERENCE}/", "it is not withdrawn"
    city.send()
    post(una, WITHDRAW, why=WHY)
    post(signed_in(Role.SIGNATORY, "Ruth Calloway"), AGREE, asked=waits_for())
    assert "Begin the letters that put it right" in get(tom, f"/letters/{REFERENCE}/")
    assert f"Put letter {REFERENCE} right" in get(tom, "/")
    for fields, words in (
        ({}, "Choose to whom the new letter goes."),
        ({"kind": "correction"}, "Choose which line was wrong."),
        (
            {"kind": "correction", "line": "local", "reference": "ES-2703-C0R2"},
            "The register still has the number that was wrong",
        ),
    ):
        refused = post(tom, page, **fields)
        assert (refused.status_code, words in words_of(refused)) == (422, True), words_of(refused)[:600]
    text = file.read_text(encoding="utf-8").replace("0151 496 0120", "0151 496 0125")
    file.write_text(text, encoding="utf-8")
    begun = post(tom, page, kind="correction", line="local", reference="ES-2703-C0R2")
    assert begun.status_code == 302
    assert post(tom, page, kind="replacement", reference="ES-2703-N3W5").status_code == 302
    assert [(one.follows.kind, one.wrong_route) for one in drafts() if one.follows] == [
        ("replacement", ""),
        ("correction", "local"),
    ]
    twice = post(tom, page, kind="replacement", reference="ES-2703-N3W6")
    assert twice.status_code == 422, "it is begun already"
    assert f"Put letter {REFERENCE} right" not in get(tom, "/")
    assert "to those who have it, begun by Tom Rydal" in get(tom, page)
    assert "to everybody else, begun by Tom Rydal" in get(tom, page)
