"""A school that sends itself gets the kit of what follows a withdrawn letter, and a return where that makes sense."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections import Counter
from datetime import date

import pytest

from everyfamily.core.actors import Actor
from tests.factories.city import NOW, REFERENCE, City
from tests.integration.database.test_corrections import LATER, RIGHT, WHOLE, follow, withdraw
from tests.integration.database.test_returns import (
    GOOD,
    ONE,
    TWO,
    browser,
    give_mailbox,
    path_of,
    remind,
    rows,
    schools,
    text_of,
)

pytestmark = [pytest.mark.database, pytest.mark.slow]
__all__ = ["schools"]


def followed(city: City, kind: str, reference: str) -> City:
    """The follow-up's mailing with its returns open."""
    from everyfamily.mailings.actions.returns.return_links import open_returns

    made = follow(city, kind, reference)
    open_returns(
        made.mailing, due_on=date(2027, 3, 12), close_on=date(2027, 3, 25), by=Actor.typed("team"), now=LATER
    )
    return made


@pytest.fixture
def both(schools: City) -> tuple[City, City]:
    """One school had sent the wrong letter and filed, the other had not; a correction and a replacement follow."""
    for urn in (ONE, TWO):
        give_mailbox(urn)
    assert browser().post(path_of(schools, ONE), GOOD).status_code == 303
    withdraw()
    return followed(schools, "correction", RIGHT), followed(schools, "replacement", WHOLE)


def test_the_link_leads_to_the_kit_byte_for_byte_as_it_was_sealed(both: tuple[City, City]) -> None:
    from everyfamily.letters.models import Letter
    from everyfamily_demo.clock import set_simulated

    set_simulated(LATER)
    right, _ = both
    answer = browser().get(path_of(right, ONE) + "kit.zip")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="kit-{RIGHT}.zip"'
    sealed = Letter.objects.get(reference=RIGHT).record["artefacts"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as kit:
        data = kit.read("English/letter.pdf")
        assert "seal.json" in kit.namelist()
    assert hashlib.sha256(data).hexdigest() == sealed["en/letter.pdf"]
    page = text_of(browser().get(path_of(right, ONE)))
    assert f"{RIGHT} corrects {REFERENCE}." in page
    assert f"{path_of(right, ONE)}kit.zip" in page


def test_a_withdrawn_letters_link_has_no_kit_and_its_return_stays_as_it_is(
    schools: City, both: tuple[City, City]
) -> None:
    page = text_of(browser().get(path_of(schools, ONE)))
    assert f"{REFERENCE} was withdrawn" in page
    assert "kit.zip" not in page
    refused = browser().get(path_of(schools, ONE) + "kit.zip")
    assert refused.status_code == 410
    assert "Please do not send it" in text_of(refused)
    [filed] = rows(schools, ONE)
    assert filed.by_email == 18
    assert rows(both[0], ONE) == rows(both[1], ONE) == []


def test_both_are_told_what_is_for_whom_and_only_those_whom_it_concerns_are_chased(
    both: tuple[City, City],
) -> None:
    right, whole = both
    assert remind(right, LATER).sent == remind(whole, LATER).sent == 2
    for day in range(5, 20):
        remind(right, NOW.replace(day=day, hour=10))
        remind(whole, NOW.replace(day=day, hour=10))
    count = Counter((str(line["to"]), str(line["body"]).split()[0]) for line in right.outbox())
    first, second = f"office{ONE}@example.org", f"office{TWO}@example.org"
    assert count == {(first, RIGHT): 4, (second, RIGHT): 1, (first, WHOLE): 1, (second, WHOLE): 4}


def test_the_letter_says_what_it_follows_and_names_no_topic(both: tuple[City, City]) -> None:
    from everyfamily.core.accounting.return_reminders import ReminderKind
    from everyfamily.letters.queries import letter_by_id
    from everyfamily.mailings.messages.return_letters import return_letter
    from everyfamily.mailings.queries.returns import returns_of

    said = []
    for city in both:
        returns = returns_of(city.mailing)
        letter = letter_by_id(returns.letter_id)
        body = return_letter(
            ReminderKind.LINK, letter, returns, school="Quayfield", key="k", address="https://letters.example/x/"
        )
        assert "exploitation" not in f"{body.subject} {body.text}".lower()
        said.append(body.text)
    assert f"{RIGHT}, corrects our letter {REFERENCE}, which was withdrawn" in said[0]
    assert f"{WHOLE}, takes the place of our letter {REFERENCE}, which was withdrawn" in said[1]


def test_whom_it_does_not_concern_is_not_missing(both: tuple[City, City]) -> None:
    from everyfamily.mailings.queries.returns import return_standings

    states = [{one.urn: one.state for one in return_standings(city.mailing)} for city in both]
    assert states == [{ONE: "missing", TWO: "not expected"}, {ONE: "not expected", TWO: "missing"}]
    assert [one.not_expected_because for one in return_standings(both[0].mailing) if one.urn == TWO] == [
        "the school has filed no return for the withdrawn letter"
    ]
