"""A provider of email calls us here. anymail's own view says who may call and reads the call, and we record it.

The name and password of the call are in its address (HTTP basic authentication), because every provider supports that.
If a provider signs its calls, anymail checks that too. Only the reference, status and time of a call are logged or
kept.
"""

from __future__ import annotations

from typing import Any

from anymail.exceptions import AnymailWebhookValidationFailure
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from everyfamily.channels.email.tracking import events_of, tracking_view
from everyfamily.core.files.json_text import read_json
from everyfamily.mailings.actions.sending.receipts import record_receipts
from everyfamily.mailings.edges.wrong_tokens import not_taken_in, wrong_token
from everyfamily.mailings.installation import clock
from everyfamily.people.database.access import Access, opened

MAX_BYTES = 100_000
"""At some providers a call has up to about a hundred events. The web server does not accept more either
(config/serving.py)."""


# A password in the address is not a cookie, so no page of somebody else's can make a browser send it.
@csrf_exempt
def anymail_receipt(request: HttpRequest) -> HttpResponse:
    """Receipts from the provider that is set. Answers: 401 if the caller may not call, 400 if it is not a receipt, 413
    if it is too long. A failure of ours becomes 500, and the provider calls again."""
    view = tracking_view(settings.EVERYFAMILY_ANYMAIL)
    if view is None or not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        # Not Http404, because the guard around every page would take it for a fault of ours.
        return HttpResponse(status=404)
    if request.method == "HEAD":  # some providers try an address like this when it is set
        return HttpResponse(status=200)
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST, HEAD"})
    body = request.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        return not_taken_in("anymail", "too long", 413)
    request._body = body  # what was read by hand is what anymail reads
    now = clock.now()
    said = _said(view(), request)
    if isinstance(said, HttpResponse):
        return said
    with opened(Access.everything()):  # a carrier reports about anybody's message
        record_receipts(events_of(said, now), now)
    return HttpResponse(status=200)


def _said(view: Any, request: HttpRequest) -> list[object] | HttpResponse:
    """What a call holds, or why it is refused."""
    try:
        view.run_validators(request)
    except AnymailWebhookValidationFailure:
        return wrong_token("anymail", request, 'Basic realm="receipts"')
    try:
        if request.content_type == "application/json":
            read_json(request.body)  # anymail's own reader accepts a key that occurs twice
        return list(view.parse_events(request))
    # Its own words, and those of the libraries it reads with, may hold an address.
    except Exception as problem:
        return not_taken_in("anymail", type(problem).__name__, 400)
