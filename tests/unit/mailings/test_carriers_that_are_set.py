"""Which carriers the settings give, and that demonstrations and real letters never go to each other's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from everyfamily.channels.post.print_folder import PrintFolder
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.sending.fallback import Channel
from everyfamily.mailings.installation import carriers as made
from everyfamily.mailings.installation.carriers import SenderIsInvented, carriers, may_print, outbox
from everyfamily.mailings.installation.stand_ins import NotForTheseCarriers, StandInsAreReal, require_carried

REAL = "letters@letters.example.org"
"""As if it were not an example."""


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """Sets settings; the carriers of before are forgotten, and those of the test too."""
    monkeypatch.setattr(settings, "EVERYFAMILY_OUTBOX", tmp_path / "outbox")
    monkeypatch.setattr(settings, "EVERYFAMILY_STAND_INS", False)
    monkeypatch.setattr(made, "is_reserved", lambda address: address != REAL)
    carriers.cache_clear()

    def give(**fields: Any) -> None:
        for name, value in fields.items():
            monkeypatch.setattr(settings, f"EVERYFAMILY_{name}", value)
        carriers.cache_clear()

    yield give
    carriers.cache_clear()


def names() -> dict[str, str]:
    return {channel.value: carrier.name for channel, carrier in carriers().items()}


def test_by_default_everything_is_recorded(given: Any) -> None:
    given(CHANNELS="recording", CARRIERS_NAMED={})
    assert names() == dict.fromkeys(("email", "text", "post", "pupil post"), "recording")


def test_a_mail_server_brings_paper_and_no_texts(given: Any) -> None:
    given(CHANNELS="smtp", CARRIERS_NAMED={}, SENDER=REAL)
    found = names()
    assert found["email"] == "smtp"
    assert "text" not in found
    assert "recording" not in found.values()
    assert isinstance(carriers()[Channel.PUPIL_POST], PrintFolder)
    assert carriers()[Channel.POST] is carriers()[Channel.PUPIL_POST], "one carrier for both"


def test_an_invented_sender_is_refused_where_real_letters_go(given: Any) -> None:
    given(CHANNELS="smtp", CARRIERS_NAMED={}, SENDER="letters@eastmere.example")
    with pytest.raises(SenderIsInvented):
        carriers()
    given(STAND_INS=True)
    assert names()["email"] == "smtp"


def test_a_rehearsals_list_counts_for_paper_only_where_it_stays_here(given: Any, tmp_path: Path) -> None:
    only = tmp_path / "staff.txt"
    only.write_text("ana@example.org\npaper\n")
    given(CHANNELS="smtp", CARRIERS_NAMED={}, SENDER=REAL, REHEARSAL=str(only))
    assert {name: carrier.rehearsal.paper for name, carrier in carriers().items() if carrier.rehearsal} == {
        Channel.EMAIL: False,
        Channel.POST: True,
        Channel.PUPIL_POST: True,
    }
    assert [way for way in ("recording", "print", "smtp", "anymail", "notify") if may_print(way)] == [
        *("recording", "print")
    ]


def test_the_outbox_is_the_set_folder_or_beside_the_data(
    given: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert outbox() == tmp_path / "outbox"
    monkeypatch.setattr(settings, "EVERYFAMILY_OUTBOX", None)
    monkeypatch.setattr(made, "default_home", lambda environment: tmp_path / "home")
    assert outbox() == tmp_path / "home/outbox"


def refusal(*, demonstration: bool) -> type[EveryfamilyError] | None:
    try:
        require_carried(demonstration=demonstration)
    except EveryfamilyError as problem:
        return type(problem)
    return None


@pytest.mark.parametrize(
    ("channels", "stand_ins", "host", "demonstration", "expected"),
    [
        ("recording", False, "", True, None),
        ("recording", False, "", False, None),
        ("smtp", False, "127.0.0.1", True, NotForTheseCarriers),
        ("smtp", False, "127.0.0.1", False, None),
        ("smtp", True, "127.0.0.1", True, None),
        ("smtp", True, "127.0.0.1", False, NotForTheseCarriers),
        ("smtp", True, "mail.example.org", True, StandInsAreReal),
        ("recording", True, "mail.example.org", True, None),
    ],
)
def test_demonstrations_go_to_stand_ins_and_real_letters_to_real_carriers(
    given: Any,
    monkeypatch: pytest.MonkeyPatch,
    channels: str,
    stand_ins: bool,
    host: str,
    demonstration: bool,
    expected: type[EveryfamilyError] | None,
) -> None:
    monkeypatch.setattr(settings, "MAILERS", {"default": {"OPTIONS": {"host": host}}})
    given(CHANNELS=channels, CARRIERS_NAMED={}, STAND_INS=stand_ins, SENDER=REAL)
    assert refusal(demonstration=demonstration) is expected


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        ({"X_API_URL": "http://127.0.0.1:9/"}, None),
        ({"X_API_URL": "http://127.0.0.1:9/", "Y_API_URL": "https://api.example.org/"}, StandInsAreReal),
        ({"X_API_KEY": "no address of its own"}, StandInsAreReal),
    ],
)
def test_a_provider_of_email_is_a_stand_in_if_all_its_addresses_are_here(
    given: Any,
    monkeypatch: pytest.MonkeyPatch,
    addresses: dict[str, str],
    expected: type[EveryfamilyError] | None,
) -> None:
    monkeypatch.setattr(settings, "ANYMAIL", addresses)
    given(CHANNELS="recording", CARRIERS_NAMED={"email": "anymail"}, STAND_INS=True)
    assert refusal(demonstration=True) is expected
