"""Where bounces and replies are read, as the environment says it."""

from __future__ import annotations

import pytest

from everyfamily.channels.email.mailbox import MailboxAddressNotRight
from everyfamily.channels.email.return_path import BounceAddressNotRight
from everyfamily.config.mail import bounces, replies

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
        # Replies to the sender would lie in it, and be moved away.
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
