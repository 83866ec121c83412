"""Security events in the log: one logger, one line each, codes and ids and nothing of a person.

Refused links and receipts, and the use of keys. The audit trail tells what people did; these lines tell whoever watches
the machine what somebody tried, also where no transaction was open. Where they go is said in config/security_log.py.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import secrets
import threading

LOGGER = "everyfamily.security"

_logger = logging.getLogger(LOGGER)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}")
_OF_THIS_PROCESS = secrets.token_bytes(32)
_said: set[tuple[str, tuple[tuple[str, str | int], ...]]] = set()
_one_at_a_time = threading.Lock()


def refused(event: str, **facts: str | int) -> None:
    """Somebody or something was turned away. `event` and facts are codes of ours, or numbers; see `_line`."""
    _logger.warning("%s", _line(event, facts))


def used(event: str, **facts: str | int) -> None:
    """Something was used for the first time by this process; said once for the same facts."""
    seen = (event, tuple(sorted(facts.items())))
    with _one_at_a_time:
        if seen in _said:
            return
        _said.add(seen)
    _logger.info("%s", _line(event, facts))


def source_of(address: str) -> str:
    """A short mark by which lines about one address can be told to belong together; the address is not in it.

    Good within one process: its key is forgotten with it.
    """
    return hmac.new(_OF_THIS_PROCESS, address.encode(), hashlib.sha256).hexdigest()[:8]


def forget_what_was_said() -> None:
    """For tests: the next use is the first again."""
    _said.clear()


def _line(event: str, facts: dict[str, str | int]) -> str:
    """`event=... key=value`. A text that is not a short code becomes `?`: nothing that came from outside gets in."""
    words = {"event": event, **facts}
    return " ".join(f"{name}={_value(value)}" for name, value in words.items())


def _value(value: str | int) -> str:
    if isinstance(value, int):
        return str(value)
    return value.replace(" ", "-") if _CODE.fullmatch(value) else "?"
