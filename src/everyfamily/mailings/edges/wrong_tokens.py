"""The answer to a call that has a wrong token, or is not a receipt. The security log says so.

Anyone who continues with wrong tokens gets only a short answer. A call with the right token is accepted, no matter who
else at its address tried wrong ones.
"""

from __future__ import annotations

import time

from django.http import HttpRequest, HttpResponse

from everyfamily.audit.security_events import refused, source_of
from everyfamily.core.tries import Tries

SPAN = 600
"""Seconds."""
WRONG_TOKENS = Tries(30, seconds=SPAN)
"""From one address."""


def wrong_token(carrier: str, request: HttpRequest, challenge: str) -> HttpResponse:
    """401 with the challenge, or 429 after too many. Until then the log says so."""
    address = request.META.get("REMOTE_ADDR", "")
    tried = WRONG_TOKENS.count(address, time.monotonic())
    if tried <= WRONG_TOKENS.most:
        refused("receipt-refused", carrier=carrier, why="token", source=source_of(address))
        return HttpResponse(status=401, headers={"WWW-Authenticate": challenge})
    if tried == WRONG_TOKENS.most + 1:
        refused("receipt-tries", carrier=carrier, source=source_of(address))
    return HttpResponse(status=429, headers={"Retry-After": str(SPAN)})


def not_taken_in(carrier: str, why: str, status: int) -> HttpResponse:
    """The answer to a call with the right token that is not a receipt. `why` is a code of ours, or the class of an
    error."""
    refused("receipt-refused", carrier=carrier, why=why)
    return HttpResponse(status=status)
