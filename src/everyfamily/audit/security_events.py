"""Security events in the log: one logger, one line for each, with codes and ids and nothing about a person.

Refused links and receipts, and the use of keys. The audit trail says what people did. These lines tell the person who
watches the machine what somebody tried, even if no transaction was open. config/security_log.py says where they go.
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
    """Something was used for the first time by this process. It is logged once for the same facts."""
    seen = (event, tuple(sorted(facts.items())))
    with _one_at_a_time:
        if seen in _said:
            return
        _said.add(seen)
    _logger.info("%s", _line(event, facts))


def source_of(address: str) -> str:
    """A short mark that shows which lines are about the same address. The address is not in it.

    It is valid within one process, because its key is forgotten with the process.
    """
    return hmac.new(_OF_THIS_PROCESS, address.encode(), hashlib.sha256).hexdigest()[:8]


def forget_what_was_said() -> None:
    """For tests: the next use counts as the first again."""
    _said.clear()


def _line(event: str, facts: dict[str, str | int]) -> str:
    """`event=... key=value`. A text that is not a short code becomes `?`, so nothing from outside gets in."""
    words = {"event": event, **facts}
    return " ".join(f"{name}={_value(value)}" for name, value in words.items())


def _value(value: str | int) -> str:
    if isinstance(value, int):
        return str(value)
    return value.replace(" ", "-") if _CODE.fullmatch(value) else "?"
