"""The web server: waitress, with a time limit within which a request must be complete."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import waitress
from waitress.channel import HTTPChannel

# Waitress's own limit is 100 connections for 120 seconds. So 100 idle connections would shut everybody else out.
SERVING = {
    "threads": 4,
    "ident": None,
    "max_request_body_size": 100_000,
    "max_request_header_size": 32_768,
    "connection_limit": 1_000,
    "asyncore_use_poll": True,
    "channel_timeout": 20,
    "cleanup_interval": 5,
}


def trusting(proxy: str) -> dict[str, Any]:
    """Waitress's settings for use behind this proxy. What anybody else says about the caller is removed."""
    return {
        "trusted_proxy": proxy,
        "trusted_proxy_count": 1,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"},
        "clear_untrusted_proxy_headers": True,
    }


class WholeInTime(HTTPChannel):  # type: ignore[misc]
    """A connection on which only a complete request counts as activity.

    For waitress every byte counts, so one byte every few seconds kept a connection open for ever. Now headers and body
    together have `channel_timeout` seconds, and so has the wait for the next request.
    """

    last_activity: float

    def handle_read(self) -> None:
        """Read what is there. The time limit keeps running unless a request has become complete."""
        before = self.last_activity
        super().handle_read()
        if not self.requests:
            self.last_activity = before


def server_of(application: Callable[..., Any], *, host: str, port: int, **more: Any) -> Any:
    """A listening waitress server. `run` serves until the process is told to stop. `more` is passed to waitress."""
    server = waitress.create_server(application, host=host, port=port, **(SERVING | more))
    # One for each address of the host name.
    for one in getattr(server, "map", {}).values():
        if hasattr(one, "channel_class"):
            one.channel_class = WholeInTime
    server.channel_class = WholeInTime
    return server
