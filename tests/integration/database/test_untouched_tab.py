"""A tab that nobody touches ends with its time, and does not begin the next half hour by asking."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from everyfamily.core.permissions import Role
from everyfamily.core.session_ends import IDLE
from everyfamily_postgres.launcher import Server
from tests.factories.doors import open_doors
from tests.factories.signed_in import signed_in

pytestmark = [pytest.mark.database, pytest.mark.slow]

BY_ITSELF = "/sign-in/?idle=1&next=/people/"


@pytest.fixture(autouse=True)
def _doors(database: Server, tmp_path: Path) -> Iterator[None]:
    with open_doors(tmp_path):
        yield


@pytest.mark.parametrize("early", [59, 2, 0, -1])
def test_the_page_that_opens_by_itself_ends_the_session_though_its_clock_is_early(
    early: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(Role.ADMINISTRATOR, "Ada Clarke")
    assert client.get("/people/", secure=True).status_code == 200
    later = time.time() + IDLE - early
    monkeypatch.setattr("time.time", lambda: later)
    answer = client.get(BY_ITSELF, secure=True)
    assert answer.status_code == 200
    assert "Sign in" in answer.content.decode()
    assert client.get("/people/", secure=True).headers["Location"].startswith("/sign-in/")


def test_long_before_the_end_such_an_address_signs_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Anybody could write a link to it."""
    client = signed_in(Role.ADMINISTRATOR, "Ada Clarke")
    assert client.get("/people/", secure=True).status_code == 200
    later = time.time() + IDLE - 120
    monkeypatch.setattr("time.time", lambda: later)
    client.get(BY_ITSELF, secure=True)
    assert client.get("/people/", secure=True).status_code == 200
