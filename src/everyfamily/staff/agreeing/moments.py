"""The moment of an approval: the server writes it into the page, and takes no other.

It is under the signature. So it comes from our clock, is good for ten minutes, and only in the session to which the
page was shown.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest, QueryDict

from everyfamily.core.agreement.approvals import Approval
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.keys.approval_keys import PASSKEY

GOOD_FOR = timedelta(minutes=10)
_KEPT: Final = "approving"
_MOST: Final = 5
"""Pages of one session that are open at once. An older one is opened again."""


class PageOver(EveryfamilyError):
    """A page to approve on is older than ten minutes, or was shown to another session."""

    code = "EF395"


def shown_at(request: HttpRequest, what: str, digest: str, now: datetime) -> str:
    """The moment that a page shows and the passkey signs: ISO 8601, in whole seconds. `what` says what would be signed,
    such as "version 12"."""
    at = now.isoformat(timespec="seconds")
    kept = [one for one in request.session.get(_KEPT, []) if one != [what, digest, at]]
    request.session[_KEPT] = [*kept, [what, digest, at]][-_MOST:]
    return at


def require_shown(request: HttpRequest, what: str, now: datetime) -> str:
    """The moment that the form gives back, if this session was shown it for this, at most ten minutes ago. Raises
    PageOver."""
    digest, at = request.POST.get("digest", ""), request.POST.get("approved_at", "")
    if [what, digest, at] not in request.session.get(_KEPT, []) or not _is_open(at, now):
        raise PageOver(
            "This page was open for more than ten minutes, so nothing was signed.",
            "Look at it once more, and do it now.",
        )
    return at


def signed_approval(request: HttpRequest, reference: str, signatory: str, what: str, now: datetime) -> Approval:
    """What a passkey signed, put together again from what this session was shown. Raises PageOver.

    Only the signature, and what the device and the browser said, come from the form. Nothing is proven here.
    """
    form: QueryDict = request.POST
    at = require_shown(request, what, now)
    said = (form.get("signature", ""), PASSKEY, form.get("authenticator_data", ""), form.get("client_data", ""))
    return Approval(reference, signatory, form.get("digest", ""), at, *said)


def used(request: HttpRequest, what: str) -> None:
    """No page of this is open any more: it was signed on one."""
    kept = request.session.get(_KEPT, [])
    request.session[_KEPT] = [one for one in kept if one[0] != what]


def _is_open(at: str, now: datetime) -> bool:
    # What is compared was in the session, so it is a time that we wrote.
    return timedelta(0) <= now - datetime.fromisoformat(at) <= GOOD_FOR
