"""Changes of who may come in, and which acts of the product explain one.

The database writes each change down by itself (audit/sql/access_changes_sql.py). An act writes its event in the
transaction of the change. A change without such an event was made by somebody who got past the product.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

MOST_APART: Final = timedelta(minutes=10)
"""Between what an event says and when the database linked it. An act takes seconds, and a large roll minutes."""

_LET_IN_AGAIN = "let in again"
EXPLAINED_BY: Final[Mapping[str, frozenset[str]]] = {
    "account": frozenset({"invitation accepted"}),
    "password": frozenset(
        {_LET_IN_AGAIN, "came in again", "password changed", "password hashed again", "own sign-in connected"}
    ),
    "address": frozenset(),
    "being stopped": frozenset({"account suspended", "account works again"}),
    "suspension": frozenset({"account suspended", "account works again", "suspension looked at"}),
    "role": frozenset({"invitation accepted", "role ended"}),
    "second factor": frozenset(
        {
            *(f"{factor} {done}" for factor in ("authenticator app", "passkey") for done in ("added", "removed")),
            *("authenticator app replaced", "passkey renamed", "recovery codes replaced", _LET_IN_AGAIN),
            "second factors encrypted again",
        }
    ),
    "own sign-in": frozenset({"own sign-in connected", _LET_IN_AGAIN}),
    "invitation": frozenset({"person invited", _LET_IN_AGAIN, "link sent again"}),
    "invitation of a school": frozenset({"school invited", "school code asked for", "school confirmed"}),
    "reset": frozenset({"reset asked for"}),
    "approval key": frozenset(f"{done} approval key" for done in ("make", "confirm", "endorse", "end")),
}
"""What a change is of, and the acts that make one. Nothing in the product changes an address."""


@dataclass(frozen=True, slots=True)
class AccessChange:
    """One change as the database wrote it down, with the acts of its transaction that are about the same account or
    row."""

    id: int
    at: datetime
    table: str
    row: int
    account: int | None
    what: str
    acts: Collection[str]


def unexplained(changes: Iterable[AccessChange]) -> Iterator[AccessChange]:
    """Those that no act explains."""
    return (one for one in changes if EXPLAINED_BY.get(one.what, frozenset()).isdisjoint(one.acts))
