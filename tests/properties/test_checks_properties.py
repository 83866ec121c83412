"""No rule crashes, hangs, or points outside the text, whatever the text is."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everyfamily.checks import report as check_report
from everyfamily.checks.codes import RULES
from everyfamily.checks.context import CheckContext, SmsCount
from everyfamily.checks.prose import fold, quotations, sentences, words
from everyfamily.checks.rule import MESSAGE_LIMIT
from everyfamily.checks.rules.harm.blaming_words import word_list
from everyfamily.checks.runner import CheckReport, run
from everyfamily.core.documents import Block
from everyfamily.core.errors import Place
from tests.factories.documents import make_document
from tests.factories.letters import TODAY, make_letter

EXAMPLES = [rule.page.example for rule in RULES.values()] + [row["suggestion"] for row in word_list()]
MARKS = [
    "\n",
    "\n\n",
    "\u00a0 ",
    "\u200b",
    "\u00ad",
    "“",
    "’",
    "((",
    "))",
    "[",
    "999",
    "\u06f9",
    "e.g.",
    "- ",
    "\x00",
    "…",
]
TEXTS = st.lists(
    st.one_of(st.sampled_from(EXAMPLES), st.sampled_from(MARKS), st.text(max_size=20)), max_size=12
).map("".join)
SECONDS = 4.0
"""Processor time for a line of one megabyte under every rule. It takes one to two on an idle machine; what grows with
the square of the length takes minutes."""
MEGABYTE = 1_000_000


def _document(*texts: str, language: str = "en") -> CheckContext:
    blocks = tuple(Block("item", text, Place("a.txt", n), 1, language) for n, text in enumerate(texts, start=1))
    return CheckContext.of_document(make_document([], blocks=blocks), today=TODAY, about_harm=True)


def _assert_sound(report: CheckReport) -> None:
    for finding in report.findings:
        start, end = finding.span
        assert 0 <= start <= end <= len(finding.text)
        assert finding.place.line >= 1
        assert finding.place.column >= 1
        assert 0 < len(finding.message) <= MESSAGE_LIMIT
        assert "\n" not in finding.message + finding.hint
    assert check_report.as_text(report)
    assert len(check_report.as_rows(report)) == len(report.findings)
    assert check_report.as_github(report).count("\n") == len(report.findings)


@given(texts=st.lists(TEXTS, max_size=4), lead_in=TEXTS)
def test_any_document_is_read_and_findings_lie_inside_it(texts: list[str], lead_in: str) -> None:
    context = _document(*texts)
    _assert_sound(run(replace(context, pieces=tuple(replace(p, lead_in=lead_in) for p in context.pieces))))


@given(
    body=TEXTS,
    subject=TEXTS,
    sms=TEXTS,
    aside=TEXTS,
    sender=TEXTS,
    number=TEXTS,
    words_=st.lists(TEXTS, max_size=3),
)
def test_any_letter_is_read_and_findings_lie_inside_it(
    body: str, subject: str, sms: str, aside: str, sender: str, number: str, words_: list[str]
) -> None:
    letter = make_letter(
        replaced={"what/1": body, "subject": subject, "sms": sms},
        asides={"now/1": aside},
        sender_name=sender,
        topic_words=words_,
        routes={"local": {"number": number, "checked_by": sender}},
        promises_in_text={"what/1": body},
        translations={"ur": {"replaced": {"now/1": body}}},
    )
    sms_fragments = {"en": SmsCount(9, 1_000_000, "UCS-2")}
    _assert_sound(
        run(CheckContext.of_letter(letter, today=TODAY, sms_fragments=sms_fragments, print_pages={"en": 9}))
    )


@given(TEXTS)
def test_folding_keeps_every_place(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.origin) <= len(text)
    assert list(folded.origin) == sorted(set(folded.origin))
    assert "  " not in folded.text
    assert all(a.isspace() == folded.text[i].isspace() for i, a in enumerate(text[o] for o in folded.origin))


@given(TEXTS)
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text).text
    assert fold(once).text == once


@given(TEXTS)
def test_sentences_hold_every_word_once(text: str) -> None:
    folded = fold(text).text
    spans = sentences(folded)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert "".join("".join(folded[a:b].split()) for a, b in spans) == "".join(folded.split())
    assert all(0 <= a < b <= len(text) for a, b in quotations(text))
    assert all(word for a, b in spans for word in words(folded[a:b]))


UNITS = {
    "spaces": " ",
    "one letter": "a",
    "full stops": ".",
    "closing marks": ")",
    "opening gaps": "((",
    "square brackets": "[",
    "quotation marks": "‘a’b",
    "digits": "0",
    "spaced digits": "0 ",
    "words without an end": "word ",
    "dots and words": "a.",
    "hyphens": "a-",
    "line breaks": "\n",
    "breaks and words": "a \n",
    "bullets": "\n- a",
    "invisible letters": "a\u200b",
    "right-to-left": "\u0627 ",
    "group names": "white ",
    "should have": "should have ",
    "giving": "getting given gives ",
    "who has": "who has been sending ",
    "agreeing": "agree to send ",
    "scores": "score add up ",
    "confronting": "do not confront them ",
    "consenting": "consensual ",
    "consenting in vain": "never consensual and does not matter ",
    "one long word": "child prostitut",
    "exclamation marks": "!",
    "many exclamation marks": "a! ",
}


def _assert_read_in_time(unit: str, length: int, seconds: float) -> None:
    text = "putting x." + unit * (length // len(unit)) + "themselves at risk"
    context = _document(text)
    start = time.process_time()
    report = run(context)
    taken = time.process_time() - start
    assert all(f.span[1] <= len(text) for f in report.findings)
    assert taken < seconds, f"{taken:.1f} s"


@pytest.mark.slow
@pytest.mark.parametrize("kind", UNITS)
def test_a_hostile_line_is_read_in_time(kind: str) -> None:
    _assert_read_in_time(UNITS[kind], MEGABYTE // 5, SECONDS / 2)


@pytest.mark.nightly
@pytest.mark.parametrize("kind", UNITS)
def test_a_hostile_line_of_a_megabyte_is_read_in_time(kind: str) -> None:
    _assert_read_in_time(UNITS[kind], MEGABYTE, SECONDS)


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(unit=TEXTS.filter(bool))
def test_cost_grows_in_step_with_length(unit: str) -> None:
    _assert_read_in_time(unit, MEGABYTE // 10, SECONDS / 4)
