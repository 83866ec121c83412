"""Sessions that this process has served to somebody who is signed in, for whoever must decide before a request is read.

The web server decides from the headers who may hold one of the few places for large uploads. It cannot ask the database
there. Anybody can send a cookie of our name, and only these had somebody behind them.
"""

from __future__ import annotations

import time
from typing import Any

from everyfamily.core.session_ends import IDLE

_MOST = 10_000
_known: dict[str, dict[int, tuple[int, float]]] = {}
"""The newest last. It is one statement each, so threads need no lock. Of each: by URN, the school to which it may
upload a roll, and when that was last seen."""


def cookie_of(session: Any) -> str:
    """What the browser is to send, or "" for a session that was not opened with it."""
    return str(getattr(session.session_key, "cookie", ""))


def note(cookie: str) -> None:
    """Somebody who is signed in was served with it."""
    schools = _known.get(cookie, {})
    _known.pop(cookie, None)
    _known[cookie] = schools
    if len(_known) > _MOST:
        _known.pop(next(iter(_known)), None)


def note_uploader(cookie: str, urn: int, school_id: int) -> None:
    """A page about the roll of this school was served with it, to somebody who may upload one there."""
    if (schools := _known.get(cookie)) is not None:
        schools[urn] = school_id, time.monotonic()


def is_known(cookie: str) -> bool:
    """Whether it was noted. Whether it still holds, the page asks."""
    return cookie in _known


def uploads_to(cookie: str, urn: int) -> int | None:
    """The school to which it may upload a roll, as far as was seen within the time after which a session ends."""
    school_id, seen = _known.get(cookie, {}).get(urn, (None, 0.0))
    return school_id if time.monotonic() - seen < IDLE else None
