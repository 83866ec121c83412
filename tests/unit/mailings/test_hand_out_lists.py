"""Filled-in hand-out lists, as offices save them and as somebody hostile would."""

from __future__ import annotations

from datetime import date

import pytest

from everyfamily.core.errors import EveryfamilyError
from everyfamily.mailings.messages.hand_out_lists import (
    CAME_BACK,
    HANDED_OVER,
    MOST_BYTES,
    MOST_LINES,
    NOT_HANDED_OVER,
    Word,
    read_hand_out_list,
)
from tests.factories.each import each

ONE, TWO = (f"{number:08}-0000-4000-8000-000000000000" for number in (1, 2))
HEADER = "class,pupil_id,language,format,handed_over,handed_over_on,reference"


def line(said: str, *, on: str = "", reference: str = ONE, pupil: str = "P1") -> str:
    return f"4B,{pupil},en,standard,{said},{on},{reference}"


def words(*lines: str, header: str = HEADER, end: str = "\r\n") -> list[Word]:
    return read_hand_out_list(end.join([header, *lines, ""]).encode(), file="list.csv")


def refused(data: bytes) -> EveryfamilyError:
    with pytest.raises(EveryfamilyError) as caught:
        read_hand_out_list(data, file="list.csv")
    return caught.value


@each(
    "said, status",
    [
        *[(word, HANDED_OVER) for word in ("yes", "YES", " Yes ", "y", "x", "1", "TRUE", "✓")],
        *[(word, NOT_HANDED_OVER) for word in ("no", "N", "0", "FALSE")],
        *[(word, CAME_BACK) for word in ("returned", "Came back")],
    ],
)
def test_a_word_is_understood_as_people_write_it(said: str, status: object) -> None:
    assert [(one.line, one.status, one.on) for one in words(line(said))] == [(2, status, None)]


@pytest.mark.parametrize("said", ["2027-03-03", "03/03/2027", "3/3/2027", "03/03/27", "3.3.2027"])
def test_a_day_is_understood_as_spreadsheets_write_it(said: str) -> None:
    assert words(line("yes", on=said))[0].on == date(2027, 3, 3)


def test_a_blank_says_nothing() -> None:
    assert words(line(""), line("  ", reference=TWO), ",,,,,,") == []


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_are_met(separator: str) -> None:
    text = "\n".join((HEADER, line("yes"))).replace(",", separator)
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        assert len(read_hand_out_list(text.encode(encoding), file="list.csv")) == 1


def test_columns_may_stand_in_any_order_and_more_may_be_there() -> None:
    assert words(f"note,yes,{ONE}", header="Note,Handed over,Reference")[0].reference == ONE


@pytest.mark.parametrize(
    ("lines", "at"),
    [
        ([line("perhaps")], 2),
        ([line("yes"), line("yes", reference="not one")], 3),
        ([line("yes", on="yesterday")], 2),
        ([line("yes", on="2027-02-30")], 2),
        ([line("yes"), line("no")], 3),
        ([line("yes"), '4B,"P2'], 3),
        ([line("yes"), "4B,P2,en,standard,yes,," + "1" * 501], 3),
    ],
)
def test_a_bad_line_refuses_the_list_and_is_named_by_its_number_alone(lines: list[str], at: int) -> None:
    problem = refused("\n".join([HEADER, *lines]).encode())
    assert problem.code == "EF651"
    assert problem.place is not None
    assert problem.place.line == at
    assert not any(part in str(problem) for part in ("P1", "P2", "perhaps", "not one", "yesterday", ONE))


def test_the_same_word_twice_is_one() -> None:
    assert len(words(line("yes"), line("Yes"))) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\x01",
        b"PK\x03\x04 a workbook",
        b"class,pupil_id\n4B,P1\n",
        b"," * 5000,
        b"x" * (MOST_BYTES + 1),
        (HEADER + "\n" + (line("yes") + "\n") * (MOST_LINES + 1)).encode(),
        (HEADER + '\n"' + "a" * 200_000 + '"\n').encode(),
        b"\xff\xfe\x00",
    ],
    ids=["empty", "bytes", "workbook", "no column", "commas", "large", "long", "giant cell", "half a letter"],
)
def test_what_is_no_list_is_refused(data: bytes) -> None:
    assert refused(data).code == "EF651"
