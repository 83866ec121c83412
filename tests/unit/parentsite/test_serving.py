"""A port is asked for before it is served on: anything that listens there keeps it, and what has ended does not."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from everyfamily.parentsite import serving
from everyfamily.parentsite.serving import PortInUse, require_free, serve, site_app


@pytest.fixture(params=["127.0.0.1", "0.0.0.0"])
def listening(request: pytest.FixtureRequest) -> Iterator[socket.socket]:
    """Something that listens on this machine's own address, or on every address of it."""
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind((request.param, 0))
        one.listen()
        yield one


def port_of(one: socket.socket) -> int:
    return int(one.getsockname()[1])


def test_a_port_on_which_something_listens_is_in_use(listening: socket.socket) -> None:
    port = port_of(listening)
    with pytest.raises(PortInUse) as caught:
        require_free(port)
    assert caught.value.code == "EF356"
    assert str(port) in caught.value.fact
    assert str(port + 1) in caught.value.fix


def test_a_port_that_was_left_is_free_at_once_and_stays_so(listening: socket.socket) -> None:
    """Also while the system still holds the connection of whoever was served there before."""
    port = port_of(listening)
    with socket.create_connection(("127.0.0.1", port)) as guest:
        host, _ = listening.accept()
        host.close()
        listening.close()
        assert guest.recv(1) == b""
    require_free(port)
    require_free(port)


def test_nothing_is_served_on_a_port_in_use(
    tmp_path: Path, listening: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "site_app", lambda *given: pytest.fail("it went on"))
    with pytest.raises(PortInUse):
        serve(tmp_path, "", port_of(listening))


def answer_of(app: Any, path: str) -> tuple[str, bytes]:
    given: list[str] = []
    body = app({"PATH_INFO": path, "REQUEST_METHOD": "GET"}, lambda status, headers: given.append(status))
    with contextlib.closing(body):
        return given[0], b"".join(body)


def exported(folder: Path, **pages: str) -> None:
    for name, words in {"index": "home", "404": "missing", **pages}.items():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.html").write_text(words)


def test_a_new_export_takes_the_place_of_the_one_before_while_it_is_served(tmp_path: Path) -> None:
    """Also pages that were not there when serving began, and pages that are longer now."""
    public = tmp_path / "site" / "public"
    exported(public)
    app = site_app(public, "")
    assert answer_of(app, "/") == ("200 OK", b"home")
    assert answer_of(app, "/letter.html")[0] == "404 Not Found"
    public.parent.rename(tmp_path / "site.old")
    exported(public, index="home, with a letter", letter="the letter")
    assert answer_of(app, "/") == ("200 OK", b"home, with a letter")
    assert answer_of(app, "/letter.html") == ("200 OK", b"the letter")
