"""What an adult gets follows what the adult asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from everyfamily.channels.base import ClassPile, Copies
from everyfamily.channels.errors import AddressDoesNotFit
from everyfamily.core.sending.fallback import Channel
from everyfamily.documents.compared.tagged_pdf import words_by_page
from everyfamily.mailings.messages.bodies import Bodies
from tests.factories.demonstration import demo_letter

ADDRESS = ("27 Lantern Row", "Eastmere", "EM4 7QX")


def bodies(**policy: str) -> Bodies:
    school: Any = SimpleNamespace(urn=900001, name="Harbour School", phone="0151 496 0160", channel_policy=policy)
    return Bodies(demo_letter(), school)


@pytest.mark.parametrize("channel", [Channel.POST, Channel.PUPIL_POST])
def test_paper_is_large_for_those_who_asked(channel: Channel) -> None:
    made = bodies()
    large, standard = made.of(channel, "en", format="large print"), made.of(channel, "en")
    assert large.key == f"{standard.key} large print"
    assert large.press is not None
    pages = words_by_page(large.press([ADDRESS, ()]))
    assert len(pages) == 12
    assert "27 Lantern Row" in " ".join(pages[0])
    assert "0151 496 0160" in " ".join(" ".join(words) for words in pages)
    assert standard.press is not None
    assert len(words_by_page(standard.press([ADDRESS]))) == 2


@pytest.mark.parametrize("asked", ["standard", "easy read", "audio", "braille"])
def test_formats_that_are_not_made_get_the_letter_that_says_how_to_ask(asked: str) -> None:
    made = bodies()
    assert made.of(Channel.POST, "en", format=asked) is made.of(Channel.POST, "en")


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.TEXT])
def test_what_is_read_on_a_screen_is_the_same_for_all(channel: Channel) -> None:
    made = bodies()
    assert made.of(channel, "en", format="large print") is made.of(channel, "en")


def test_an_address_that_does_not_fit_large_print_is_told_by_its_place() -> None:
    press = bodies().of(Channel.POST, "en", format="large print").press
    assert press is not None
    with pytest.raises(AddressDoesNotFit) as caught:
        press([ADDRESS, ("W" * 300,)])
    assert caught.value.index == 1


@pytest.mark.parametrize(
    ("policy", "postage"),
    [({}, "second"), ({"postage": "economy"}, "economy"), ({"postage": "by balloon"}, "second")],
)
def test_post_is_franked_as_the_school_says(policy: dict[str, str], postage: str) -> None:
    assert bodies(**policy).of(Channel.POST, "en").postage == postage


def test_a_cover_sheet_is_of_the_school_and_its_class() -> None:
    body = bodies().of(Channel.PUPIL_POST, "en")
    assert body.covers is not None
    pile = ClassPile("4B", (Copies("en", "standard", ("P1", "P2")),), datetime(2027, 3, 2, 23, 30, tzinfo=UTC))
    [words] = words_by_page(body.covers([pile]))
    assert {"Harbour", "4B", "P1", "P2"} <= set(words)
    assert body.school_key == "ES-2703-K7R4 900001"
