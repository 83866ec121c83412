"""Before something grave: whether it is still the same person in front of the screen."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.http import HttpResponseBase

from everyfamily.staff.access import Visit


def still_them[**P](
    view: Callable[Concatenate[Visit, P], HttpResponseBase],
) -> Callable[Concatenate[Visit, P], HttpResponseBase]:
    """For a page that somebody with only an open screen must not have, under the page's guard.

    Whoever asks for it shows a second factor, a passkey or their password first, unless they did so just now. Then what
    they sent goes on by itself, and nothing of it is lost.
    """

    @wraps(view)
    def asked(visit: Visit, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        raise_if_reauthentication_required(visit.request, app="allauth.mfa")
        return view(visit, *args, **kwargs)

    return asked
