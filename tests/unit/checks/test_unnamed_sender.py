"""Which short texts say who sends them. The texts are in `text_messages.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.rules.trust.unnamed_sender import check
from everyfamily.documents.reading import read_document
from tests.factories.letters import TODAY

_TEXTS = tomllib.loads(Path(__file__).with_name("text_messages.toml").read_text(encoding="utf-8"))


def _is_found(text: str) -> bool:
    document = read_document(text.encode(), "sms.txt")
    return bool(list(check(CheckContext.of_document(document, today=TODAY, about_harm=True))))


def test_a_text_that_names_its_sender_is_not_found() -> None:
    assert [text for text in _TEXTS["named"] if _is_found(text)] == []


def test_a_text_that_names_nobody_is_found() -> None:
    assert [text for text in _TEXTS["unnamed"] if not _is_found(text)] == []


def test_a_hostile_text_takes_no_time() -> None:
    assert not _is_found("A" * 90_000)
    assert not _is_found("A " * 499 + "from ")
