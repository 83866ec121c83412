"""Carriers call us here. A token shows who may call. What they say is recorded once, in any order.

Only the reference, status and time of a call are logged or kept. A reference that is not ours gets the same answer as
one that is, so that a guess reveals nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from everyfamily.channels.events import DeliveryEvent
from everyfamily.channels.notify.receipts import (
    MAX_BYTES,
    NotAReceipt,
    is_from_notify,
    read_receipt,
    read_returned_letter,
)
from everyfamily.mailings.actions.sending.receipts import record_receipts
from everyfamily.mailings.edges.wrong_tokens import not_taken_in, wrong_token
from everyfamily.mailings.installation import clock
from everyfamily.people.database.access import Access, opened

Reads = Callable[[bytes, datetime], Sequence[DeliveryEvent]]


# A token in a header is not a cookie, so no page of somebody else's can make a browser send it.
@csrf_exempt
def notify_receipt(request: HttpRequest) -> HttpResponse:
    """A delivery receipt of GOV.UK Notify."""
    return _recorded(request, read_receipt)


@csrf_exempt
def notify_returned_letter(request: HttpRequest) -> HttpResponse:
    """Notice from GOV.UK Notify that a letter came back."""
    return _recorded(request, read_returned_letter)


def _recorded(request: HttpRequest, read: Reads) -> HttpResponse:
    """Answers: 401 if the caller may not call, 400 if it is not a receipt, 413 if it is too long. A failure of ours
    becomes 500, and Notify calls again."""
    token = settings.EVERYFAMILY_NOTIFY_TOKEN
    if not token:
        return HttpResponse(status=404)
    if not is_from_notify(request.headers.get("Authorization", ""), token):
        return wrong_token("notify", request, "Bearer")
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    body = request.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        return not_taken_in("notify", "too long", 413)
    now = clock.now()
    try:
        events = read(body, now)
    except NotAReceipt:
        return not_taken_in("notify", "no receipt", 400)
    with opened(Access.everything()):  # a carrier reports about anybody's message
        record_receipts(events, now)
    return HttpResponse(status=200)
