"""Anything can come to a bounce mailbox: a bounce of ours, no news, or for a person to look at; never *delivered*."""

from __future__ import annotations

import pytest
from hypothesis import given

from everyfamily.channels.email.bounces import Bounces, Reading, What
from everyfamily.channels.email.return_path import BounceAddress
from everyfamily.core.sending.carrier_words import plain_reason
from everyfamily.core.sending.fallback import AttemptStatus
from tests.fuzz.mutate import LONG, SHORT, corpus, mutated, outcome

SEEDS = corpus("bounces")
REFERENCE = "6f1d2c3a-8f54-4a7e-9c1b-2f0e5d6a7b8c"
OTHER = "00000000-0000-4000-8000-000000000002"
READER = Bounces(BounceAddress.of("bounces@letters.example.org"), "eastmere.example")
WORDS = (
    *(b"Action: failed", b"Action: delivered", b"Action: delayed", b"Status: 5.1.1", b"Status: 2.0.0", b"5.7.1"),
    *(b"message/delivery-status", b"message/rfc822", b"multipart/report", b"text/plain", b"boundary=", b"=_one"),
    *(
        b"Content-Transfer-Encoding: base64\n",
        b"Content-Transfer-Encoding: uuencode\n",
        b"charset=none",
        b"--=_one\n",
    ),
    *(
        b"From: MAILER-DAEMON@",
        b"X-Failed-Recipients: ",
        b"Delivered-To: ",
        b"=?utf-8?b?",
        b"rfc822;",
        b"<",
        b">",
    ),
    *(REFERENCE.encode(), b"bounces+", b"@letters.example.org", b"@eastmere.example", b"550 ", b"user unknown"),
)
BOUNCES = mutated(SEEDS, WORDS)
MAY_BE = {AttemptStatus.PERMANENT_FAILURE, AttemptStatus.TEMPORARY_FAILURE, AttemptStatus.TECHNICAL_FAILURE}


def check(data: bytes) -> None:
    reading = outcome(lambda: READER.read(data), refusals=())
    assert isinstance(reading, Reading)
    if reading.what is What.NOT_OURS:
        assert reading.reference == ""
        return
    assert len(reading.reference) == len(REFERENCE)
    # Nothing is a bounce of ours unless it contains the reference somewhere, in any encoding.
    if reading.reference in (REFERENCE, OTHER):
        assert reading.what is What.NO_NEWS or reading.status in MAY_BE
    assert plain_reason(reading.reason) == reading.reason


@pytest.mark.parametrize("data", SEEDS, ids=range(len(SEEDS)))
def test_each_bounce_of_the_corpus_is_read(data: bytes) -> None:
    check(data)


@pytest.mark.slow
@given(BOUNCES)
@SHORT
def test_a_damaged_bounce_is_read_or_left_to_a_person(data: bytes) -> None:
    check(data)


@pytest.mark.nightly
@given(BOUNCES)
@LONG
def test_thousands_of_damaged_bounces_are_read_or_left_to_a_person(data: bytes) -> None:
    check(data)
