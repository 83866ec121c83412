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


def shown_at(request: HttpRequest, frozen_id: int, digest: str, now: datetime) -> str:
    """The moment that a page shows and the passkey signs: ISO 8601, in whole seconds."""
    at = now.isoformat(timespec="seconds")
    kept = [one for one in request.session.get(_KEPT, []) if one != [frozen_id, digest, at]]
    request.session[_KEPT] = [*kept, [frozen_id, digest, at]][-_MOST:]
    return at


def signed_approval(
    request: HttpRequest, reference: str, signatory: str, frozen_id: int, now: datetime
) -> Approval:
    """What a passkey signed, put together again from what this session was shown. Raises PageOver.

    Only the signature, and what the device and the browser said, come from the form. Nothing is proven here.
    """
    form: QueryDict = request.POST
    digest, at = form.get("digest", ""), form.get("approved_at", "")
    if [frozen_id, digest, at] not in request.session.get(_KEPT, []) or not _is_open(at, now):
        raise PageOver(
            "This page was open for more than ten minutes, so nothing was approved.",
            "Look at it once more, and approve it now.",
        )
    said = (form.get("signature", ""), PASSKEY, form.get("authenticator_data", ""), form.get("client_data", ""))
    return Approval(reference, signatory, digest, at, *said)


def used(request: HttpRequest, frozen_id: int) -> None:
    """No page of this version is open any more: it was approved on one."""
    kept = request.session.get(_KEPT, [])
    request.session[_KEPT] = [one for one in kept if one[0] != frozen_id]


def _is_open(at: str, now: datetime) -> bool:
    # What is compared was in the session, so it is a time that we wrote.
    return timedelta(0) <= now - datetime.fromisoformat(at) <= GOOD_FOR
