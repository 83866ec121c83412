"""Who may see a page: signed in, with the right, and opened for what the page is about and no more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from everyfamily.accounts.queries import held_of
from everyfamily.core.actors import Actor, ActorKind
from everyfamily.core.permissions import Held, Right
from everyfamily.mailings.installation import clock
from everyfamily.people.database.access import Access, opened


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of somebody who is signed in: who it is, what they may do, and when. Views take it first."""

    request: HttpRequest
    account: int
    name: str
    email: str
    held: Held
    now: datetime

    @property
    def actor(self) -> Actor:
        """For the audit trail."""
        return Actor(ActorKind.PERSON, self.name, self.account)

    def render(self, template: str, values: dict[str, Any], status: int = 200) -> HttpResponse:
        """A page in the frame, with what the frame shows of whoever is signed in."""
        frame = {"visit": self, "may": _Menu(self.held)}
        return render(self.request, template, frame | values, status=status)


class _Menu:
    """For templates: `may.SEE_PEOPLE` is whether the menu shows it. Pages ask for themselves."""

    def __init__(self, held: Held) -> None:
        self._held = held

    def __getitem__(self, name: str) -> bool:
        return self._held.anywhere(Right[name])


def page(
    right: Right | None,
) -> Callable[[Callable[Concatenate[Visit, ...], HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """A page of the partnership, for whoever has the right, or for everybody who is signed in if it is None.

    It is opened for the process of every school if it needs a right, otherwise for nothing, and never for people.
    """
    access = Access.nothing() if right is None else Access.partnership()

    def guarding(view: Callable[Concatenate[Visit, ...], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            user = request.user
            if not user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            visit = Visit(request, user.pk, user.name, user.email, held_of(user.pk), clock.now())
            if right is not None and not visit.held.may(right):
                return visit.render("staff/doors/not_yours.html", {"right": right}, status=403)
            with opened(access):
                return view(visit, *args, **kwargs)

        return guarded

    return guarding
