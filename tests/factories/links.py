"""The links of invitations and of ways in again, as they come: in the email, and nowhere else."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from tests.factories.taking_post import Post


def mailed_links(now: datetime | None = None) -> list[tuple[str, str]]:
    """Have what waits sent: to whom each link went, and its path, in the order in which they were made."""
    from everyfamily.accounts.actions.invitation_mail import send_links

    post = Post()
    send_links(post, now or datetime.now(UTC))
    return [(message.to, link_in(message.body.text)) for message in post.taken]


def link_to(address: str, now: datetime | None = None) -> str:
    """The path of the one link that is sent now, to this address."""
    ((to, path),) = mailed_links(now)
    assert to == address
    return path


def token_to(address: str, now: datetime | None = None) -> str:
    """The secret part of it."""
    return link_to(address, now).split("/")[2]


def link_in(text: str) -> str:
    """The path of the link in an email."""
    found = re.search(r"(/invitations/[^/\s]+/)", text)
    assert found, text
    return found[1]
