"""The product's pages, served to a browser by this process: with its settings, its database and its clock."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.test import Client
    from playwright.sync_api import Browser, BrowserContext


@contextmanager
def served_here(folder: Path, **settings: Any) -> Iterator[str]:
    """Serve until the block ends, and give the address. `localhost`, because a passkey needs a name."""
    from django.core.wsgi import get_wsgi_application

    from everyfamily.config.serving import server_of
    from tests.factories.beside import run_beside
    from tests.factories.doors import open_doors

    with open_doors(folder, ALLOWED_HOSTS=["localhost"], **settings), _connections_of_others_closed():
        server = server_of(get_wsgi_application(), host="127.0.0.1", port=0)
        base = f"http://localhost:{server.effective_port}"
        with run_beside(server), _address(base):
            yield base


@contextmanager
def _connections_of_others_closed() -> Iterator[None]:
    """Close what threads that have ended by then had opened in the block: each has connections of its own, and nobody
    else would."""
    from django.db.backends.signals import connection_created

    mine, opened = threading.get_ident(), []

    def keep(connection: BaseDatabaseWrapper, **_: object) -> None:
        if threading.get_ident() != mine:
            opened.append(connection.connection)

    connection_created.connect(keep)
    try:
        yield
    finally:
        connection_created.disconnect(keep)
        for connection in opened:
            connection.close()


@contextmanager
def _address(base: str) -> Iterator[None]:
    from django.test import override_settings

    with override_settings(EVERYFAMILY_BASE_URL=base):
        yield


def context_of(browser: Browser, client: Client, base: str, **more: Any) -> BrowserContext:
    """A browser that has the session of somebody who is signed in."""
    from django.conf import settings

    context = browser.new_context(**more)
    name = settings.SESSION_COOKIE_NAME
    cookie = {
        "name": name,
        "value": client.cookies[name].value,
        "url": base.replace("http:", "https:"),
        "secure": True,
        "httpOnly": True,
    }
    context.add_cookies([cookie])  # type: ignore[list-item]
    return context
