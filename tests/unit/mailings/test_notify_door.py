"""The doors for GOV.UK Notify's calls: who may call, what is taken in, and what a stranger learns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.test import RequestFactory

from everyfamily.channels.notify.receipts import MAX_BYTES, NotAReceipt
from everyfamily.core.tries import Tries
from everyfamily.mailings.edges import receipts as door
from everyfamily.mailings.edges import wrong_tokens

NOW = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
TOKEN = "a token that only Notify and we know"


class Door:
    """One door, whose bodies are "news" or nothing that we know."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.recorded: list[tuple[Sequence[Any], datetime]] = []
        self.logged: list[tuple[str, str]] = []
        monkeypatch.setattr(settings, "EVERYFAMILY_NOTIFY_TOKEN", TOKEN)
        monkeypatch.setattr(door.clock, "now", lambda: NOW)
        monkeypatch.setattr(door, "record_receipts", lambda events, now: self.recorded.append((events, now)))
        monkeypatch.setattr(door, "read_receipt", self._read)
        monkeypatch.setattr(door, "read_returned_letter", self._read)
        monkeypatch.setattr(wrong_tokens, "WRONG_TOKENS", Tries(30, seconds=wrong_tokens.SPAN))
        monkeypatch.setattr(
            wrong_tokens, "refused", lambda what, **said: self.logged.append((what, said.get("why", "")))
        )

    def _read(self, body: bytes, now: datetime) -> list[str]:
        if not body.startswith(b"news"):
            raise NotAReceipt("not one", "Look again.")
        return ["news"]

    def called(self, body: bytes = b"news", token: str = TOKEN, method: str = "POST") -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        request = RequestFactory().generic(method, "/x", body, content_type="application/json", headers=headers)
        return door.notify_receipt(request)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Door:
    return Door(monkeypatch)


def test_news_is_recorded_at_both_doors(at: Door) -> None:
    assert at.called().status_code == 200
    headers = {"Authorization": f"Bearer {TOKEN}"}
    request = RequestFactory().generic("POST", "/x", b"news", content_type="application/json", headers=headers)
    assert door.notify_returned_letter(request).status_code == 200
    assert at.recorded == [(["news"], NOW)] * 2
    assert at.logged == []


@pytest.mark.parametrize(
    ("call", "status", "why"),
    [
        ({"body": b"other words"}, 400, "no receipt"),
        ({"body": b"news" + b" " * (MAX_BYTES - 3)}, 413, "too long"),
        ({"token": "a guess"}, 401, "token"),
        ({"token": ""}, 401, "token"),
    ],
)
def test_what_is_not_taken_in_is_logged_by_its_kind(
    at: Door, call: dict[str, Any], status: int, why: str
) -> None:
    answer = at.called(**call)
    assert (answer.status_code, answer.content) == (status, b"")
    assert at.recorded == []
    assert at.logged == [("receipt-refused", why)]


def test_the_longest_body_is_taken_in(at: Door) -> None:
    assert at.called(b"news" + b" " * (MAX_BYTES - 4)).status_code == 200


def test_a_guess_learns_only_that_it_is_one(at: Door) -> None:
    assert at.called(token="a guess", method="GET").status_code == 401
    assert at.called(token="a guess").headers["WWW-Authenticate"].startswith("Bearer")
    answer = at.called(method="GET")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_without_a_token_in_the_settings_there_is_no_door(at: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "EVERYFAMILY_NOTIFY_TOKEN", "")
    assert at.called(token="").status_code == 404


def test_whoever_goes_on_guessing_is_told_to_wait_and_logged_once_more(at: Door) -> None:
    answers = [at.called(token="a guess") for _ in range(33)]
    assert [one.status_code for one in answers] == [401] * 30 + [429] * 3
    assert answers[-1].headers["Retry-After"] == "600"
    assert [what for what, _ in at.logged] == ["receipt-refused"] * 30 + ["receipt-tries"]
    assert at.called().status_code == 200, "the right token is taken in all the same"
