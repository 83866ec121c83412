"""Under which host names the pages answer."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from everyfamily.core.errors import EveryfamilyError

_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]")
THIS_MACHINE = ["127.0.0.1", "localhost", "[::1]"]


class BaseUrlNotRight(EveryfamilyError):
    """The address of the pages is not valid."""

    code = "EF502"


def allowed_hosts(base_url: str) -> list[str]:
    """The host of the address, and this machine; raises BaseUrlNotRight."""
    return [base_host(base_url), *THIS_MACHINE] if base_url else list(THIS_MACHINE)


def base_host(base_url: str) -> str:
    """The host of "https://letters.eastmere.example". http is allowed only on this machine. Raises BaseUrlNotRight."""
    try:
        parts = urlsplit(base_url)
    except ValueError:
        parts = urlsplit("")
    host = f"[{parts.hostname}]" if parts.hostname and ":" in parts.hostname else parts.hostname or ""
    safe = parts.scheme == "https" or (parts.scheme == "http" and host in THIS_MACHINE)
    if (
        not _HOST.fullmatch(host)
        or not safe
        or parts.path.strip("/")
        or parts.query
        or parts.fragment
        or parts.username
    ):
        raise BaseUrlNotRight(
            "The address of the pages must be https:// and a host.",
            "Give it as https://letters.example.org, without a path; http:// only on this machine.",
        )
    return host
