"""Which carrier each channel uses, and what a service of GOV.UK Notify must be given."""

from __future__ import annotations

import pytest

from everyfamily.channels.carrier_choice import CHOICES, SHORT_FORMS, NoCarrierOfEmail, PlayedAndSent, chosen
from everyfamily.channels.notify.account import NotifyAccount, NotifySettingNotRight
from everyfamily.config.carrier_choice import carrier_choice, notify_account, receipts_token
from everyfamily.config.environment import SettingNotRight
from everyfamily.core.sending.fallback import Channel
from tests.contract.notify_service import EMAIL_TEMPLATE, KEY, SECRET, TEXT_TEMPLATE

NOTHING = dict.fromkeys(CHOICES, "")


@pytest.mark.parametrize(
    ("short", "named", "expected"),
    [
        ("recording", {}, "recording recording recording recording"),
        ("smtp", {}, "smtp - print print"),
        ("notify", {}, "notify notify notify print"),
        ("notify", {"post": "print"}, "notify notify print print"),
        ("notify", {"post": "none", "text": "none"}, "notify - - print"),
        ("smtp", {"text": "notify"}, "smtp notify print print"),
        # Nothing is recorded while other messages are really sent, even if the short form was left at its default.
        ("recording", {"email": "smtp"}, "smtp - print print"),
        ("recording", {"email": "notify", "text": "notify"}, "notify notify print print"),
        ("recording", {"text": "none"}, "recording - recording recording"),
    ],
)
def test_channels_go_by(short: str, named: dict[str, str], expected: str) -> None:
    found = chosen(short, NOTHING | named)
    assert " ".join(found.get(channel, "-") for channel in Channel) == expected


@pytest.mark.parametrize(
    ("short", "named"),
    [
        ("smtp", {"text": "recording"}),
        ("notify", {"email": "recording"}),
        ("recording", {"email": "recording", "text": "notify"}),
        ("recording", {"email": "recording", "post": "print"}),
    ],
)
def test_nothing_is_played_beside_what_is_sent(short: str, named: dict[str, str]) -> None:
    with pytest.raises(PlayedAndSent):
        chosen(short, NOTHING | named)


@pytest.mark.parametrize("named", [{"text": "notify"}, {"post": "notify"}, {"post": "print"}])
def test_how_email_goes_is_said_where_anything_is_sent(named: dict[str, str]) -> None:
    with pytest.raises(NoCarrierOfEmail):
        chosen("recording", NOTHING | named)


def test_every_short_form_stands_for_ways_that_there_are() -> None:
    for form in SHORT_FORMS.values():
        assert set(form) == set(CHOICES)
        assert all(way in CHOICES[channel] for channel, way in form.items())


def test_ways_are_read_from_the_environment_and_a_slip_is_refused() -> None:
    assert carrier_choice({}) == NOTHING
    assert carrier_choice({"EVERYFAMILY_TEXT": "notify"}) == NOTHING | {"text": "notify"}
    for name, value in (
        ("EVERYFAMILY_EMAIL", "print"),
        ("EVERYFAMILY_TEXT", "Notify"),
        ("EVERYFAMILY_POST", "x"),
    ):
        with pytest.raises(SettingNotRight, match=name):
            carrier_choice({name: value})


@pytest.mark.parametrize("token", ["short", "x" * 23, "with a space in the middle of it", "é" * 30, "a\tb" * 10])
def test_a_token_that_could_be_guessed_is_refused_without_being_shown(token: str) -> None:
    with pytest.raises(SettingNotRight) as raised:
        receipts_token({"T": token}, "T")
    assert token not in str(raised.value)


def test_a_token_is_taken_as_it_is() -> None:
    assert receipts_token({}, "T") == ""
    assert receipts_token({"T": "x" * 24}, "T") == "x" * 24


def test_an_account_is_read_from_the_environment() -> None:
    account = NotifyAccount(
        **notify_account(
            {
                "EVERYFAMILY_NOTIFY_KEY": KEY,
                "EVERYFAMILY_NOTIFY_EMAIL_TEMPLATE": EMAIL_TEMPLATE,
                "EVERYFAMILY_NOTIFY_TEXT_TEMPLATE": TEXT_TEMPLATE,
                "EVERYFAMILY_NOTIFY_ABROAD": "yes",
            }
        )
    )
    assert account.is_real
    assert account.address == "https://api.notifications.service.gov.uk"
    assert account.abroad == "yes"
    account.has_templates_for(Channel)
    assert SECRET not in repr(account)


@pytest.mark.parametrize("key", ["", "not-a-key", KEY[:-1], KEY + "0", KEY[-36:], KEY.replace("-", "_")])
def test_a_key_that_cannot_be_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(NotifySettingNotRight) as raised:
        NotifyAccount(key)
    assert "EVERYFAMILY_NOTIFY_KEY" in raised.value.fact
    assert not key or key not in str(raised.value)


@pytest.mark.parametrize("name", ["email_template", "text_template", "reply_to", "text_sender"])
def test_an_id_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(NotifySettingNotRight, match=name.upper()):
        NotifyAccount(KEY, **{name: "the letter"})


@pytest.mark.parametrize(
    "url",
    ["https://notify.example.org", "http://127.0.0.1.example.org", "http://10.0.0.1", "127.0.0.1", "http://x@y"],
)
def test_the_key_goes_to_no_other_machine(url: str) -> None:
    with pytest.raises(NotifySettingNotRight, match="BASE_URL"):
        NotifyAccount(KEY, base_url=url)
    assert not NotifyAccount(KEY, base_url="http://127.0.0.1:8080").is_real


@pytest.mark.parametrize(
    ("channel", "name"), [(Channel.EMAIL, "EMAIL_TEMPLATE"), (Channel.TEXT, "TEXT_TEMPLATE")]
)
def test_a_channel_without_its_template_is_refused(channel: Channel, name: str) -> None:
    account = NotifyAccount(KEY)
    account.has_templates_for([Channel.POST])
    with pytest.raises(NotifySettingNotRight, match=name):
        account.has_templates_for([Channel.POST, channel])
