"""The register of routes in a browser: what must be rung, ring and sign, and what happens if a line is dead."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from everyfamily.core.permissions import Role
from tests.factories.city import REFERENCE, City, adult
from tests.factories.demonstration import PARTNERSHIP
from tests.factories.doors import open_doors
from tests.factories.school_pages import MOST_QUERIES, questions_of, words_of
from tests.factories.signed_in import signed_in

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]

LOCAL = "0151 496 0120"


@pytest.fixture
def una(city: City, tmp_path: Path) -> Iterator[Client]:
    """A coordinator; the letter went to two of the adults of one school, and two wait."""
    rows = [adult(f"P{n}", f"Ana Ferris{n}", EMAIL=f"ana{n}@example.org", HAS_CARE="no") for n in range(2)]
    city.school(900001, rows)
    city.open()
    city.send()
    city.import_rows(
        900001, [*rows, *[adult(f"Q{n}", f"Bo Marsh{n}", EMAIL=f"bo{n}@example.org") for n in range(2)]]
    )
    with open_doors(tmp_path, EVERYFAMILY_CLOCK="database", EVERYFAMILY_PARTNERSHIP=PARTNERSHIP):
        yield signed_in(Role.COORDINATOR, "Una Marsh")


def get(client: Client, path: str) -> str:
    answer = client.get(path, secure=True)
    assert answer.status_code == 200, path
    assert len(answer.content) < 60_000
    return words_of(answer)


def post(client: Client, path: str, **fields: str) -> Any:
    return client.post(path, fields, secure=True)


def test_a_dead_line_is_said_once_pauses_and_leads_on(una: Client, city: City) -> None:
    from everyfamily.letters.models import RouteCheck
    from everyfamily.mailings.models import Mailing

    said = get(una, "/routes/")
    assert "Every line is good" in said
    assert f"{LOCAL} In {REFERENCE}" in said
    ring = get(una, "/routes/local/")
    assert "Is this Eastmere children’s team?" in ring
    assert REFERENCE in ring
    # Nothing chosen, and a note that may not be kept: nothing is lost.
    for fields, words in (
        ({"note": "the duty desk"}, "Choose what happened."),
        ({"note": "ring 0151 496 0999", "result": "good"}, "has an email address or a number in it"),
    ):
        answer = post(una, "/routes/local/", place=LOCAL, **fields)
        assert (answer.status_code, words in words_of(answer)) == (422, True)
        assert f'value="{fields["note"]}"' in answer.content.decode()
    assert RouteCheck.objects.count() == 0
    answer = post(una, "/routes/local/", place=LOCAL, result="nobody")
    assert answer.status_code == 302
    assert "Nothing was written down" in get(una, "/routes/")

    asked = post(una, "/routes/local/", place=LOCAL, result="dead", note="it only rings")
    words = words_of(asked)
    assert f"The mailing of letter {REFERENCE} is paused." in words
    assert "About 2 adults have the letter with it already." in words
    assert "it only rings" in asked.content.decode()
    assert (Mailing.objects.get().state, RouteCheck.objects.count()) == ("open", 0), "looking stops nothing"
    answer = post(una, "/routes/local/dead/", place=LOCAL, note="it only rings")
    assert (answer.status_code, answer["Location"]) == (302, "/routes/local/stopped/")
    words = get(una, answer["Location"])
    assert f"The mailing of letter {REFERENCE} is paused" in words
    assert "Una Marsh recorded at 9am on Tuesday 2 March that 0151 496 0120 is dead: “it only rings”." in words
    assert "Adults who have it, or may have it 2" in words
    city.send()
    assert (Mailing.objects.get().state, len(city.outbox())) == ("paused", 2)
    assert "1 line needs ringing" in get(una, "/routes/")
    assert "Dead since 2 March" in get(una, "/routes/")
    assert "Ring and sign" in get(una, "/")

    # It answers again: signed, and nothing goes on by itself.
    assert post(una, "/routes/local/", place=LOCAL, result="good", note="the duty desk").status_code == 302
    assert "stays paused until a person lets it go on" in get(una, "/routes/")
    assert "Let the mailing go on" in get(una, "/routes/local/stopped/")
    assert "Good , Una Marsh, 9am on Tuesday 2 March: “the duty desk”" in get(una, "/routes/local/")
    assert Mailing.objects.get().state == "paused"


def test_the_pages_ask_few_questions(una: Client) -> None:
    for path in ("/routes/", "/routes/local/", "/routes/local/dead/", "/routes/local/stopped/"):
        assert questions_of(una, path) <= MOST_QUERIES, path


def test_a_number_that_changed_meanwhile_is_not_signed_for_another(una: Client) -> None:
    from everyfamily.letters.models import RouteCheck

    for path in ("/routes/local/", "/routes/local/dead/"):
        answer = post(una, path, place="0151 496 0777", result="good", note="the duty desk")
        assert (answer.status_code, "is 0151 496 0120 now" in words_of(answer)) == (409, True)
        assert "the duty desk" in answer.content.decode()
    assert RouteCheck.objects.count() == 0
    assert una.get("/routes/nothing/", secure=True).status_code == 404


def test_nobody_is_asked_to_ring_999_and_no_school_is_dead_for_all(una: Client) -> None:
    page = get(una, "/routes/emergency/")
    assert "Do not ring it" in page
    assert "It is dead" not in page
    assert "Check again : The emergency services, 999" in get(una, "/routes/")
    assert "It is dead" not in get(una, "/routes/school/")
    answer = post(una, "/routes/school/dead/", place="((school number))")
    assert answer.status_code == 422
    assert post(una, "/routes/school/", place="((school number))", result="good").status_code == 302


def test_two_numbers_under_one_name_have_an_address_each() -> None:
    from dataclasses import replace

    from everyfamily.core.partnership.routes import RouteState
    from everyfamily.mailings.queries.routes import RouteInUse
    from everyfamily.staff.routes.register import by_key
    from tests.factories.demonstration import demo_partnership

    local = demo_partnership().route("local")
    one, two = (
        RouteInUse(route, RouteState.GOOD, ()) for route in (local, replace(local, number="0151 496 0125"))
    )
    assert [*by_key([one])] == ["local"]
    assert len({key for key in by_key([one, two]) if key.startswith("local-")}) == 2
