"""What is next to an email or a number is a kind, a time or the adult's own; other words leave values out."""

from __future__ import annotations

import pytest

from everyfamily.core.rolls.values.several_values import LeftOut, Taken, emails_in, numbers_in, own_words
from everyfamily.core.rolls.values.ways import Ways
from tests.factories.each import each

OWN = own_words("Mrs Ruth Sample", "mother")
A, B = "07700 900123", "07700 900124"


@each(
    "text",
    [
        *(
            f"{A} (try first)",
            f"{A} not after 9pm",
            f"{A} text only",
            "+44 (0)7700 900123 - best",
            f"mob: {A} / home: 01632 960001",
        ),
        *(
            f"{A} (only if Mum cannot be reached)",
            f"{A} (only if dad can't be reached)",
            f"{A} DO NOT RING BEFORE 3PM",
        ),
        *(
            f"{A} drives - leave voicemail",
            f"{A} don't leave a message",
            f"{A} try dad first",
            f"{A} can't answer at work",
        ),
        *(
            f"{A} (call only after 3pm)",
            f"Ruth's {A}",
            f"{A} emergency contact",
            f"{A} x12",
            f"{A} works nights, ring after 2",
        ),
    ],
)
def test_conditions_about_calling_forbid_no_text(text: str) -> None:
    taken = numbers_in(text, OWN)
    assert taken.values[0].replace(" ", "")[-9:] == "700900123"
    assert taken.left_out is None


@pytest.mark.parametrize(
    "text",
    [
        *(
            f"{A} (emergency only)",
            f"only in an emergency {A}",
            f"{A} calls only",
            f"{A} no texts",
            f"{A} do not text",
        ),
        *(f"{A} urgent calls only", f"{A} can't receive texts", f"{A} voice only", f"{A}, ring only"),
    ],
)
def test_a_number_that_is_not_for_texts_is_left_out(text: str) -> None:
    assert numbers_in(text, OWN) == Taken([], LeftOut.NOT_FOR_TEXTS)


@each(
    "text",
    [
        *(
            f"dad's: {A}",
            f"{A} Karl",
            f"{A}, Karl {B}",
            f"{A} (Ruth) {B} (Karl)",
            f"{A} dad {B}",
            f"{A} (old)",
            f"{A} not Ruth's",
        ),
        *(f"his mobile {A}", f"{A} mum's friend", f"{A} see below", "changed - see below", f"{A} " + "x " * 600),
    ],
)
def test_a_number_that_may_be_somebody_elses_is_left_out(text: str) -> None:
    assert numbers_in(text, OWN) == Taken([], LeftOut.WORDS)


@pytest.mark.parametrize(
    ("text", "kept", "why"),
    [
        (f"mum: {A} / dad: {B}", [A], LeftOut.WORDS),
        (f"old: {A} / new: {B}", [B], LeftOut.WORDS),
        (f"{A}; {B} (emergency only)", [A], LeftOut.NOT_FOR_TEXTS),
        (f"{A} or {B}", [A, B], None),
    ],
)
def test_where_each_number_stands_for_itself_only_the_others_are_left_out(
    text: str, kept: list[str], why: LeftOut | None
) -> None:
    assert numbers_in(text, OWN) == Taken(kept, why)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("mailto:a@example.com", ["a@example.com"]),
        ("Ruth Sample <a@example.com>", ["a@example.com"]),
        ('"Sample, Ruth" <a@example.com>;', ["a@example.com"]),
        ("a@example.com.", ["a@example.com"]),
        ("a@example.com, b@example.com or c@example.com", ["a@example.com", "b@example.com", "c@example.com"]),
        ("a@example.com, b@example.com (dad)", ["a@example.com"]),
        ("Karl <a@example.com>", []),
        ("a AT example dot com", []),
        ("a@@example.com", []),
    ],
)
def test_emails_are_read_with_what_stands_around_them(text: str, kept: list[str]) -> None:
    assert emails_in(text, OWN).values == kept


@pytest.mark.parametrize(
    ("text", "mobile", "codes"),
    [
        ("7700900123.0", "+447700900123", []),
        ("447700900123.0", "+447700900123", []),
        ("7.700900123E+09", "+447700900123", []),
        ("7.7009001E+09", None, ["PHONE_SHORTENED"]),
        (f"{A} (emergency only)", None, ["PHONE_NOT_FOR_TEXTS"]),
        (f"{A}; dad {B}", "+447700900123", ["PHONE_WITH_WORDS"]),
        ("no mobile", None, ["PHONE_PLACEHOLDER"]),
        (f"{A}; 01632 960001", "+447700900123", []),
    ],
)
def test_what_is_left_out_is_told(text: str, mobile: str | None, codes: list[str]) -> None:
    told: list[str] = []
    ways = Ways(frozenset(("MOBILE",)), lambda code, *_: told.append(code), demonstration=False)
    assert ways.of({"MOBILE": text}, "Mrs Ruth Sample", "mother")[1] == mobile
    assert told == codes


@pytest.mark.parametrize("between", ["; ", ";", " / ", ", ", " or ", "\n", " & ", "  "])
def test_a_second_number_is_never_dropped(between: str) -> None:
    ways = Ways(frozenset(("MOBILE",)), lambda *_: None, demonstration=False)
    found = ways.of({"MOBILE": f"{A}{between}{B}"}, "Mrs Ruth Sample", "mother")
    assert found == (None, "+447700900123", (("text", "+447700900124"),))
