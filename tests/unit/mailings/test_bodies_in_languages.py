"""Which language a body is in: a text message may be in one that has only the small set."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from everyfamily.core.letter.compose import compose
from everyfamily.core.sending.fallback import Channel
from everyfamily.mailings.messages.bodies import Bodies
from tests.factories.demonstration import DATED, REFERENCE, demo_partnership
from tests.factories.each import each
from tests.factories.short_words import pack_with_short

SCHOOL: Any = SimpleNamespace(urn=900001, name="Harbour School", phone="0151 496 0160", channel_policy={})


@each(
    "checker, channel, wanted, language",
    [
        ("C. Person", Channel.TEXT, "pl", "pl"),
        ("C. Person", Channel.EMAIL, "pl", "en"),
        ("C. Person", Channel.POST, "pl", "pl"),
        ("", Channel.POST, "pl", "en"),
        ("C. Person", Channel.TEXT, "ur", "en"),
        ("C. Person", Channel.TEXT, "und", "en"),
        ("", Channel.TEXT, "pl", "en"),
    ],
)
def test_an_adult_gets_words_that_somebody_has_read(
    checker: str, channel: Channel, wanted: str, language: str
) -> None:
    pack = pack_with_short(checker=checker)
    letter = compose(pack, demo_partnership(), term="spring-2027", dated=DATED, reference=REFERENCE)
    body = Bodies(letter, SCHOOL).of(channel, wanted)
    assert body.language == language
    if channel is Channel.POST:
        return
    assert ("list o bezpieczeństwie" in body.text) is (language == "pl")
    assert ("Jeśli dziecko" in body.text) is (channel is Channel.EMAIL and bool(checker))
