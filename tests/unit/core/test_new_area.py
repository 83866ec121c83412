"""A new area's file holds what people said and nothing else: a gap is refused, and no number is invented."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.partnership.new_area import (
    QUESTIONS,
    Answer,
    NationalRoute,
    partnership_text,
    questions_as_toml,
)
from everyfamily.core.partnership.new_area_answers import answer_from_words, is_asked, prompt_of, read_answers
from everyfamily.core.partnership.partnership import load_partnership
from everyfamily.core.partnership.partnership_gaps import PartnershipHasGaps, gaps_of
from tests.factories.demonstration import PARTNERSHIP
from tests.factories.each import each

NATIONAL = (
    NationalRoute("emergency", "In danger now", "the emergency services", "Any time, free", number="999"),
    NationalRoute("police", "Police, if it can wait", "the police", "Any time, free", number="101"),
    NationalRoute(
        "school", "Your child’s school", "your child’s school", "School days", number="((school number))"
    ),
    NationalRoute("online", "It happened online", "CEOP", "Any time", url="ceop.police.uk/Safety-Centre"),
)
PROMISES = {"trained-person": "A trained person listens."}
SAID: dict[str, Answer] = {
    "text": "Northmere",
    "lines": ["Civic Hall", "Northmere"],
    "date": date(2027, 3, 2),
    "count": 60,
    "share": 3.0,
    "yes": True,
}
SPECIAL: dict[str, Answer] = {
    "site": "families.northmere.example",
    "reference_prefix": "NM",
    "council.mail_domains": ["northmere.example"],
    "police.mail_domains": ["police.northmere.example", "northmere.example"],
    "enquiries.number": "0151 496 0330",
    "front_door.number": "0151 496 0320",
    "survivors.number": "0151 496 0348",
    "enquiries.mailbox": "letters@northmere.example",
    "replies.mailbox": "letters@northmere.example",
    "autumn.opens_on": date(2026, 9, 2),
    "autumn.half_term_from": date(2026, 10, 26),
    "autumn.half_term_to": date(2026, 10, 30),
    "autumn.closes_on": date(2026, 12, 18),
    "autumn.topic": "child-sexual-exploitation",
    "autumn.about": "child sexual exploitation",
}


def every_answer() -> dict[str, Answer]:
    given = {
        question.id: SAID[question.kind]
        for question in QUESTIONS
        if question.id.split(".")[0] not in ("spring", "summer")
    }
    return given | SPECIAL


def written(folder: Path, answers: dict[str, Answer]) -> Path:
    for name in ("logo-council", "logo-police", "signature-council", "signature-police"):
        (folder / f"{name}.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    file = folder / "partnership.toml"
    file.write_text(partnership_text(answers, NATIONAL, PROMISES), encoding="utf-8")
    return file


def test_every_answer_makes_a_whole_file(tmp_path: Path) -> None:
    partnership = load_partnership(written(tmp_path, every_answer()))
    assert partnership.route("local").number == "0151 496 0320"
    assert partnership.route("local").expires_on == date(2027, 4, 1)
    assert partnership.route("emergency").expires_on == date(2027, 5, 31)
    assert [promise.id for promise in partnership.promises] == ["trained-person"]
    assert partnership.reference_prefix == "NM"
    assert partnership.sending.front_door is not None


@pytest.mark.parametrize("left_out", [question.id for question in QUESTIONS if question.needed])
def test_each_missing_answer_is_a_gap_that_no_reader_accepts(tmp_path: Path, left_out: str) -> None:
    answers = every_answer()
    del answers[left_out]
    file = written(tmp_path, answers)
    gaps = gaps_of(file.read_text())
    question = next(one for one in QUESTIONS if one.id == left_out)
    assert {gap.what for gap in gaps} == {question.ask[:1].lower() + question.ask[1:]}
    with pytest.raises(PartnershipHasGaps) as caught:
        load_partnership(file)
    assert caught.value.place is not None
    assert caught.value.place.line == gaps[0].line


def test_no_number_is_invented() -> None:
    """Without an answer the only numbers are those that are the same everywhere."""
    text = partnership_text({}, NATIONAL, PROMISES)
    assert re.findall(r'^number = "([0-9 ]+)"', text, flags=re.MULTILINE) == ["999", "101"]
    assert "checked_by" not in re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)
    assert "[[promises]]" not in re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)


def test_a_number_that_nobody_rang_is_not_checked(tmp_path: Path) -> None:
    answers = every_answer()
    del answers["front_door.checked_by"]
    route = load_partnership(written(tmp_path, answers)).route("local")
    assert (route.checked_on, route.checked_by, route.expires_on) == (None, None, None)
    assert route.state_on(date(2027, 3, 2)) == "unverified"


def test_the_empty_file_of_answers_asks_every_question_and_reads_back() -> None:
    empty = questions_as_toml(PROMISES)
    assert all(question.ask in empty for question in QUESTIONS)
    assert "#   A trained person listens." in empty
    assert read_answers(empty, "answers.toml") == {}
    filled = re.sub(r"^# ([a-z0-9_]+ = )", r"\1", empty, flags=re.MULTILINE)
    assert set(read_answers(filled.replace('""', '"x"'), "answers.toml")) == {
        question.id for question in QUESTIONS
    }


@pytest.mark.parametrize(
    "text",
    ['aera = "Northmere"', "area = 3", 'address = "one line"', "[autumn]\nopens_on = 2027-13-01", "area ="],
)
def test_answers_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(EveryfamilyError) as caught:
        read_answers(text, "answers.toml")
    assert caught.value.code == "EF960"


def test_a_comment_that_speaks_of_gaps_is_none() -> None:
    assert gaps_of('# A value that begins with "TO FILL IN" is missing\nname = "x"\n') == []
    assert gaps_of(PARTNERSHIP.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ('[autumn]\nopens_on = "26/11/2026"', "Write the day as 2026-11-26, without quotation marks."),
        ("[autumn]\nopens_on = 26/11/2026", "not written as 2026-11-26"),
        ('address = "Civic Hall"', 'Write it as ["first line", "second line"].'),
        ('demonstration = "yes"', "Write true or false, without quotation marks."),
    ],
)
def test_an_answer_of_the_wrong_kind_is_told_how_to_be_written(text: str, fix: str) -> None:
    with pytest.raises(EveryfamilyError) as caught:
        read_answers(text, "answers.toml")
    assert fix in caught.value.fix


@each(
    "question, words, said",
    [
        ("site", "https://northmere.example", "without https://"),
        ("sender_name", "Northmere letters", "3 to 11 letters"),
        ("reference_prefix", "nm", "two or three capital letters"),
        ("front_door.number", "+44 151 496 0320", "digits in groups"),
        ("replies.mailbox", "letters", "it is not an email address"),
        ("front_door.checked_on", "26/11/2026", "write the day as 2026-11-26"),
        ("front_door.checked_on", "2027-03-03", "is in the future"),
        ("promises.agreed_on", "2027-03-03", "is in the future"),
        ("calls_a_day", "many", "write a whole number"),
        ("demonstration", "perhaps", "write yes or no"),
    ],
)
def test_an_answer_is_refused_when_it_is_given(question: str, words: str, said: str) -> None:
    asked = next(one for one in QUESTIONS if one.id == question)
    with pytest.raises(ValueError, match=said) as caught:
        answer_from_words(asked, words, date(2027, 3, 2))
    assert "^" not in str(caught.value)


def test_the_day_of_a_call_is_asked_only_where_somebody_rang() -> None:
    asked = next(one for one in QUESTIONS if one.id == "front_door.checked_on")
    assert not is_asked(asked, {})
    assert is_asked(asked, {"front_door.checked_by": "Front door manager"})
    assert prompt_of(asked) == "On which day (as 2026-11-26)"
    assert prompt_of(QUESTIONS[-1]) == "Is this area invented, for practice? (yes/no)"
    assert answer_from_words(QUESTIONS[-1], "yes", date(2027, 3, 2)) is True
