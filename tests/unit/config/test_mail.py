"""Where bounces and replies are read, as the environment says it."""

from __future__ import annotations

import pytest

from everyfamily.channels.email.mailbox import MailboxAddressNotRight
from everyfamily.channels.email.return_path import BounceAddressNotRight
from everyfamily.config.environment import SettingNotRight
from everyfamily.config.mail import bounces, provider, replies

BOUNCES = {
    "EVERYFAMILY_BOUNCES_TO": "bounces@letters.example.org",
    "EVERYFAMILY_BOUNCE_MAILBOX": "imaps://bounces@mail.example.org:993/INBOX",
    "EVERYFAMILY_BOUNCE_MAILBOX_PASSWORD": "a secret",
}


def test_nothing_is_read_until_it_is_set() -> None:
    assert bounces({}) == {"to": "", "mailbox": "", "password": ""}
    assert replies({}) == {"mailbox": "", "password": ""}


def test_what_is_set_is_taken() -> None:
    assert bounces(BOUNCES) == {
        "to": "bounces@letters.example.org",
        "mailbox": "imaps://bounces@mail.example.org:993/INBOX",
        "password": "a secret",
    }
    assert replies({"EVERYFAMILY_REPLY_MAILBOX": "maildir:/var/mail/replies"})["password"] == ""


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"EVERYFAMILY_BOUNCES_TO": "not an address"}, BounceAddressNotRight),
        # Replies to the sender would be in it, and be moved away.
        ({"EVERYFAMILY_BOUNCES_TO": ""}, MailboxAddressNotRight),
        ({"EVERYFAMILY_BOUNCE_MAILBOX_PASSWORD": ""}, MailboxAddressNotRight),
        ({"EVERYFAMILY_BOUNCE_MAILBOX": "imap://bounces@mail.example.org"}, MailboxAddressNotRight),
    ],
)
def test_what_cannot_be_is_refused_at_the_start(changed: dict[str, str], problem: type[Exception]) -> None:
    with pytest.raises(problem) as caught:
        bounces(BOUNCES | changed)
    assert "a secret" not in str(caught.value)


def test_replies_are_never_read_where_bounces_are_moved() -> None:
    both = "maildir:/var/mail/letters"
    with pytest.raises(MailboxAddressNotRight, match="one mailbox"):
        replies({"EVERYFAMILY_BOUNCE_MAILBOX": both, "EVERYFAMILY_REPLY_MAILBOX": both})


def test_a_provider_is_set_by_its_own_variables() -> None:
    environment = {"ANYMAIL_POSTMARK_SERVER_TOKEN": "x", "ANYMAILING": "y", "PATH": "/bin"}
    assert provider(environment) == {"POSTMARK_SERVER_TOKEN": "x"}


@pytest.mark.parametrize(
    "name",
    ["SEND_DEFAULTS", "POSTMARK_SEND_DEFAULTS", "IGNORE_UNSUPPORTED_FEATURES", "IGNORE_X", "DEBUG_API_REQUESTS"],
)
def test_what_could_track_families_or_print_letters_is_refused(name: str) -> None:
    with pytest.raises(SettingNotRight, match=name):
        provider({f"ANYMAIL_{name}": "1"})


@pytest.mark.parametrize(
    "secret", ["short:one", "a" * 40, f"a:{'b' * 30}\n", f"a:b:{'c' * 30}", f"ä:{'b' * 30}", ":" + "b" * 30]
)
def test_a_secret_that_could_be_guessed_or_not_be_written_in_an_address_is_refused(secret: str) -> None:
    with pytest.raises(SettingNotRight) as caught:
        provider({"ANYMAIL_WEBHOOK_SECRET": secret})
    assert secret not in str(caught.value)


def test_a_good_secret_is_taken() -> None:
    secret = f"everyfamily:{'b' * 30}"
    assert provider({"ANYMAIL_WEBHOOK_SECRET": secret})["WEBHOOK_SECRET"] == secret
