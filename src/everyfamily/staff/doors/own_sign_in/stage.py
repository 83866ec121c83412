"""The second step of signing in: ours, unless the own sign-in said that one was taken there."""

from __future__ import annotations

from typing import Any

from allauth.account.models import Login
from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

FACTS = "own_sign_in"
"""Under which name a sign-in carries what the own sign-in said: `second_step`, and when (`shown_at`)."""


def said_by_own(facts: dict[str, Any] | None) -> dict[str, Any] | None:
    """What an own sign-in said, of the facts of a sign-in. None for a sign-in with a password."""
    found: dict[str, Any] | None = (facts or {}).get(FACTS)
    return found


class SecondStep(AuthenticateStage):  # type: ignore[misc]
    """As allauth asks for it, except after an own sign-in with a second step."""

    login: Login

    def _should_handle(self, request: HttpRequest) -> bool:
        said = said_by_own(self.login.signal_kwargs)
        if said is not None and said["second_step"] is True:
            return False
        return bool(super()._should_handle(request))
