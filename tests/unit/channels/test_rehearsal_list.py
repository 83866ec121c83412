"""A rehearsal's list: who may be written to, and what is not a list."""

from __future__ import annotations

from pathlib import Path

import pytest

from everyfamily.channels.base import Body, Message
from everyfamily.channels.errors import NotOnRehearsalList
from everyfamily.channels.rehearsal import Rehearsal, RehearsalListNotRight, read_rehearsal
from everyfamily.core.sending.fallback import Channel

BODY = Body("key", "en", "Sender", "reply@example.org")


def message(channel: Channel, to: str = "") -> Message:
    return Message(channel, "reference", BODY, to=to)


def read(tmp_path: Path, text: str) -> Rehearsal:
    file = tmp_path / "staff.txt"
    file.write_text(text, encoding="utf-8")
    return read_rehearsal(file)


def test_a_line_is_an_address_a_number_or_the_word_paper(tmp_path: Path) -> None:
    found = read(tmp_path, "# our staff\n\nAna@Example.org  # a person\n07700 900123\nPaper\n")
    assert found == Rehearsal(frozenset({"ana@example.org", "+447700900123"}), paper=True)
    assert not read(tmp_path, "ana@example.org\n").paper


def test_another_line_is_refused_by_its_number_and_not_by_its_words(tmp_path: Path) -> None:
    with pytest.raises(RehearsalListNotRight, match=r"staff\.txt:2") as problem:
        read(tmp_path, "ana@example.org\nAna Ferris\n")
    assert "Ferris" not in str(problem.value)


def test_only_those_on_the_list_are_written_to() -> None:
    found = Rehearsal(frozenset({"ana@example.org"}), paper=False)
    found.require([message(Channel.EMAIL, "ANA@example.org")])
    strange = [message(Channel.EMAIL, "ben@example.org"), message(Channel.POST), message(Channel.PUPIL_POST)]
    with pytest.raises(NotOnRehearsalList, match="3 of 4 messages"):
        found.require([message(Channel.EMAIL, "ana@example.org"), *strange])


def test_paper_is_printed_if_the_list_says_so() -> None:
    found = Rehearsal(frozenset(), paper=True)
    found.require([message(Channel.POST), message(Channel.PUPIL_POST)])
    with pytest.raises(NotOnRehearsalList):
        found.require([message(Channel.TEXT, "+447700900123")])
