"""Where a provider of email calls us. anymail's own view says who may call and reads the call; we record it.

The name and password of the call stand in its address (HTTP basic authentication), as every provider can be told;
where a provider signs its calls, anymail checks that too. Nothing of a call is logged or kept but reference, status
and time.
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

MAX_BYTES = 100_000
"""A call has up to some hundred events at some providers; the web server takes no more either (config/serving.py)."""


# A password in the address is no cookie: no page of somebody else's can make a browser send it.
@csrf_exempt
def anymail_receipt(request: HttpRequest) -> HttpResponse:
    """Receipts of the provider that is set. Answers: 401 for who may not call, 400 for what is none, 413 for too much;
    a failure of ours becomes 500, and the provider calls again."""
    view = tracking_view(settings.EVERYFAMILY_ANYMAIL)
    if view is None or not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        # Not Http404: the guard round every page would take it for a fault of ours.
        return HttpResponse(status=404)
    if request.method == "HEAD":  # some providers try an address so when it is set
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
    record_receipts(events_of(said, now), now)
    return HttpResponse(status=200)


def _said(view: Any, request: HttpRequest) -> list[object] | HttpResponse:
    """What a call holds, or why it is turned away."""
    try:
        view.run_validators(request)
    except AnymailWebhookValidationFailure:
        return wrong_token("anymail", request, 'Basic realm="receipts"')
    try:
        if request.content_type == "application/json":
            read_json(request.body)  # anymail's own reader takes a key that stands twice
        return list(view.parse_events(request))
    # Its own words, and those of whatever it reads with, may hold an address.
    except Exception as problem:
        return not_taken_in("anymail", type(problem).__name__, 400)
