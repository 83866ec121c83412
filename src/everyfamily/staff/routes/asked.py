"""Which route a page is about, and what its form says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.partnership.routes import same_place
from everyfamily.mailings.queries.routes import RouteInUse
from everyfamily.staff.routes.register import Register

GOOD, NOBODY, DEAD = "good", "nobody", "dead"


class NothingSaid(EveryfamilyError):
    """Somebody signed without saying what they found."""

    code = "EF370"


class OtherNumberNow(EveryfamilyError):
    """The number of the page is not the number of the register any more."""

    code = "EF371"


@dataclass(frozen=True, slots=True)
class Said:
    """The form: what somebody found, their note, and the number that the page had shown."""

    result: str
    note: str
    place: str


def said_in(posted: Mapping[str, str]) -> Said:
    """What was posted. Raises nothing."""
    note = " ".join(posted.get("note", "").split())
    return Said(posted.get("result", ""), note, posted.get("place", ""))


def found_at(register: Register, key: str) -> RouteInUse:
    """The route at this address. Raises Http404."""
    one = register.routes.get(key)
    if one is None:
        raise Http404
    return one


def rung(register: Register, key: str, said: Said) -> RouteInUse:
    """The route of which somebody says something: by the number that they saw, whatever its address is by now.

    Raises Http404, and OtherNumberNow if that number is in no letter and not in the register any more.
    """
    for one in register.routes.values():
        if one.route.id in (key, key.rpartition("-")[0]) and same_place(one.route.place, said.place):
            return one
    one = found_at(register, key)
    raise OtherNumberNow(
        f"The number of this line is {one.route.place} now. Somebody changed it while your page was open.",
        "Ring this number, and sign what you find.",
    )


def require_result(said: Said) -> None:
    """Raise NothingSaid unless one of the answers was chosen."""
    if said.result not in (GOOD, NOBODY, DEAD):
        raise NothingSaid("Choose what happened.", "Nothing was written down. Your words are kept.")
