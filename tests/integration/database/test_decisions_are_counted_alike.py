"""A decision is about one adult and one child, and every page that counts decisions gives the same number."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from everyfamily.core.permissions import Role
from tests.factories.city import City, adult
from tests.factories.school_pages import OURS, THEIRS, lead_of, place, somebody, words_of

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.usefixtures("served_pages")]

ROWS = [
    # One adult, and two decisions.
    adult("P1", "Ana Ferris", EMAIL="ana@example.org", RESTRICTION="hold"),
    adult("P2", "Ana Ferris", EMAIL="ana@example.org", RESTRICTION="hold"),
    adult("P3", "Bea Sample", RESTRICTION="unknown"),
    adult("P3", "Cay Marsh", EMAIL="cay@example.org", RESTRICTION="do not send"),
    adult("P4", "Cay Marsh", EMAIL="cay@example.org", RESTRICTION="do not send"),
    adult("P4", "Dee Quill", RESTRICTION=""),
    adult("P5", "Dee Quill", RESTRICTION=""),
    # Nothing goes to them in any case, but what they share may be closed.
    adult("P5", "Eli Ombre", RESTRICTION="hold", OBJECTS="yes"),
    adult("P6", "Fay Zander"),
]


def waiting(client: Client, path: str) -> str:
    """How many decisions wait, which is the first thing that a page says of decisions."""
    found = re.search(r"([0-9]+) decision", words_of(client.get(path, secure=True)))
    assert found, path
    return found[1]


def test_the_desk_the_school_the_list_and_attesting_say_the_same_number_with_the_same_noun(city: City) -> None:
    from everyfamily.cli.main import main

    school = city.school(OURS, ROWS)
    client = lead_of(school)
    said = CliRunner().invoke(main, ["restrictions", "list", "--school", str(OURS), "--json"])
    assert said.exit_code == 0, said.output
    told = {"command": str(len(json.loads(said.output)))}
    told |= {path: waiting(client, path) for path in ("/", place(""), place("restrictions/"), place("attest/"))}
    assert set(told.values()) == {"6"}, told
    page = client.get(place("restrictions/"), secure=True).content.decode()
    tabs = dict(re.findall(r">([^<>]+) <span>[(]([0-9]+)[)]", page))
    assert tabs == {"Wait for you": "6", "Must not have it": "2", "Look again": "2"}
    attest = words_of(client.get(place("attest/"), secure=True))
    assert "2 decisions say that an adult must not have the letter" in attest


def test_several_schools_have_a_card_with_the_number_of_each_and_their_list_counts_cards(city: City) -> None:
    ours, theirs = city.school(OURS, ROWS), city.school(THEIRS, ROWS[:1])
    client = somebody("Dev Marchetti", (Role.LEAD, ours), (Role.LEAD, theirs))
    words = words_of(client.get("/", secure=True))
    assert "Decide who may have the letter: 7 decisions" in words
    assert re.search(rf"School {OURS} : 6 decisions", words), words
    assert re.search(rf"School {THEIRS} : 1 decision", words), words
    assert words_of(client.get("/schools/", secure=True)).count("1 thing waits for you") == 2
