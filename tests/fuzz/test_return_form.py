"""What anybody can send to the page of a return, and any token in its address: read, put right or turned away."""

from __future__ import annotations

import os
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyfamily.core.accounting.returns import LINES, Reading, questions, read_return
from tests.fuzz.mutate import LONG, SHORT, corpus, mutated, outcome

SEEDS = corpus("return_form")
WORDS = (
    *(b"on_roll=", b"by_email=", b"on_paper=", b"by_text=", b"not_reached=", b"emails=", b"reasons=", b"seen="),
    *(
        b"answer=",
        b"&",
        b"%00",
        b"%FF",
        b"%",
        b"+",
        b"%C2%B2",
        b"%D9%A3",
        b"%EF%BC%93",
        b"1%2C233",
        b"%E2%88%921",
    ),
    *(b"yes", b"no", b"9" * 5_000, b"1e3", b"0x1F", b"%F0%9D%9F%97", b"%ED%A0%80", b"a=1&" * 900),
)
BOUNDARY = "b1"
AS_PARTS = (
    b"--b1\r\nContent-Disposition: form-data; name=on_roll\r\n\r\n30\r\n",
    b'--b1\r\nContent-Disposition: form-data; name="by_email"; filename="x"\r\n\r\n30\r\n--b1--\r\n',
)
KINDS = st.sampled_from(
    (
        *["application/x-www-form-urlencoded"] * 6,
        *(
            f"multipart/form-data; boundary={BOUNDARY}",
            "multipart/form-data",
            "application/json",
            "text/plain; x",
        ),
        *("application/x-www-form-urlencoded; charset=utf-16", "application/x-www-form-urlencoded; charset=none"),
    )
)
BODIES = st.one_of(mutated(SEEDS, WORDS), mutated(SEEDS, WORDS), mutated(AS_PARTS, WORDS))
REQUESTS = st.tuples(BODIES, KINDS)


@pytest.fixture(scope="module", autouse=True)
def pages() -> None:
    """Django as the pages have it, without a database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everyfamily.config.settings")
    import django

    django.setup()


def check(body: bytes, kind: str) -> None:
    from django.core.exceptions import BadRequest, SuspiciousOperation
    from django.http.multipartparser import MultiPartParserError
    from django.test import RequestFactory

    from everyfamily.staff.school_returns.filing import typed_in

    request = RequestFactory().generic("POST", "/return/x/", body, content_type=kind)
    # The guard answers these with its own page (staff/guard.py).
    turned_away = (SuspiciousOperation, BadRequest, MultiPartParserError)
    typed = outcome(lambda: typed_in(request.POST), refusals=turned_away)
    if isinstance(typed, Exception):
        return
    reading = outcome(lambda: read_return(typed.lines, emails=typed.emails, reasons=typed.reasons))
    assert isinstance(reading, Reading)
    assert (reading.filing is None) == bool(reading.problems)
    if reading.filing is not None:
        counts = reading.filing.counts
        assert counts.adds_up()
        assert all(0 <= getattr(counts, name) < 2**31 for name in LINES)
        assert questions(counts, roll_expected=30, before=counts, corrects=True) is not None


@pytest.mark.parametrize("data", SEEDS, ids=range(len(SEEDS)))
def test_each_form_of_the_corpus_is_read_or_put_right(data: bytes) -> None:
    check(data, "application/x-www-form-urlencoded")


@pytest.mark.slow
@given(REQUESTS)
@SHORT
def test_any_form_is_read_put_right_or_turned_away(request: tuple[bytes, str]) -> None:
    check(*request)


@pytest.mark.slow
@given(st.one_of(st.text(max_size=120), st.uuids().map(str)), st.integers(0, 200), st.characters())
@SHORT
def test_no_token_but_our_own_is_a_code(text: str, at: int, letter: str) -> None:
    from django.test import override_settings

    from everyfamily.mailings.installation.return_tokens import ReturnLinkForged, code_of, token_of

    with override_settings(SECRET_KEY="a key that only this test knows, and long enough"):
        code = uuid.UUID(int=at)
        token = token_of(code)
        assert code_of(token) == code
        changed = token[: at % len(token)] + letter + token[at % len(token) + 1 :]
        for forged in (text, changed):
            found = outcome(lambda forged=forged: code_of(forged))
            assert isinstance(found, ReturnLinkForged) or forged == token


@pytest.mark.nightly
@given(REQUESTS)
@LONG
def test_thousands_of_forms_are_read_put_right_or_turned_away(request: tuple[bytes, str]) -> None:
    check(*request)
