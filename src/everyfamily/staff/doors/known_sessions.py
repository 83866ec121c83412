"""Sessions that this process has served to somebody who is signed in, for whoever must decide before a request is read.

The web server decides from the headers who may hold one of the few places for large uploads. It cannot ask the database
there. Anybody can send a cookie of our name, and only these had somebody behind them.
"""

from __future__ import annotations

_MOST = 10_000
_known: dict[str, None] = {}
"""The newest last. It is one statement each, so threads need no lock."""


def note(cookie: str) -> None:
    """Somebody who is signed in was served with it."""
    _known.pop(cookie, None)
    _known[cookie] = None
    if len(_known) > _MOST:
        _known.pop(next(iter(_known)), None)


def is_known(cookie: str) -> bool:
    """Whether it was noted. Whether it still holds, the page asks."""
    return cookie in _known
