"""Any header can come to the reply mailbox: it gets no answer, or one that no header of its own can be written into."""

from __future__ import annotations

import os

import pytest
from hypothesis import given

from everyfamily.channels.email.answers import Answer, mail_of_answer
from everyfamily.channels.email.replies import Reply, reply_in
from tests.contract.rigs import NOW
from tests.fuzz.mutate import LONG, SHORT, corpus, mutated, outcome

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everyfamily.config.settings")
SEEDS = corpus("reply_headers")
OURS = frozenset({"replies@eastmere.example", "letters@eastmere.example"})
WORDS = (
    *(b"From: ", b"Return-Path: <>", b"Message-ID: ", b"In-Reply-To: ", b"References: ", b"Bcc: eve@example.org"),
    *(b"\r\n ", b"=?utf-8?b?PA==?=", b"=?utf-8?q?=0D=0A?=", b"<", b">", b"@", b",", b"\x0b", b"\x0c", b"\x85"),
    b"Auto-Submitted: no",
)
HEADERS = mutated(SEEDS, WORDS)


def check(data: bytes) -> None:
    reply = outcome(lambda: reply_in(data, ours=OURS), refusals=())
    if reply is None:
        return
    assert isinstance(reply, Reply)
    assert reply.sender not in OURS
    assert reply.answer_to not in OURS
    words = ("Eastmere", "replies@eastmere.example", "Automatic answer", "Ring 999.")
    answer = Answer("r", reply.answer_to, "en", *words, reply.message_id, reply.thread)
    made = mail_of_answer(answer, "letters@eastmere.example", NOW).message()
    known = {"Content-Type", "Content-Transfer-Encoding", "MIME-Version", "Subject", "From", "To", "Reply-To"}
    ours = {"Message-ID", "Date", "Auto-Submitted", "Content-Language", "In-Reply-To", "References"}
    assert set(made.keys()) <= known | ours
    assert made.get_all("To") == [reply.answer_to]


@pytest.mark.parametrize("data", SEEDS, ids=range(len(SEEDS)))
def test_the_header_of_a_person_is_read(data: bytes) -> None:
    assert reply_in(data, ours=OURS) is not None
    check(data)


@pytest.mark.slow
@given(HEADERS)
@SHORT
def test_a_damaged_header_gets_no_answer_or_a_sound_one(data: bytes) -> None:
    check(data)


@pytest.mark.nightly
@given(HEADERS)
@LONG
def test_thousands_of_damaged_headers_get_no_answer_or_a_sound_one(data: bytes) -> None:
    check(data)
