"""What an account may do, read once a request: for the door, for the page, and for the page's frame."""

from __future__ import annotations

from django.http import HttpRequest

from everyfamily.accounts.queries import AccountNow, account_now
from everyfamily.mailings.installation import clock

_KEPT = "_who_asks"


def who_asks(request: HttpRequest) -> AccountNow:
    """What whoever is signed in may do as of this request, so that what was taken away counts at once."""
    account = request.user.pk
    assert account is not None, "only for somebody who is signed in"
    kept: tuple[int, AccountNow] | None = getattr(request, _KEPT, None)
    if kept is None or kept[0] != account:
        # By account, because somebody may sign in by this very request.
        kept = account, account_now(account, clock.now())
        setattr(request, _KEPT, kept)
    return kept[1]
