"""What is not clear about an export is asked once, and nothing that depends on it is free until then."""

from __future__ import annotations

import pytest

from everyfamily.core.rolls.layout.questions import KnownAnswers, answers_of
from everyfamily.core.rolls.model.question import CLOSES
from everyfamily.core.rolls.model.roll_rows import NOT_ASKED, NOT_SAID, Roll, RollNotReadable
from everyfamily.core.rolls.read_roll import read_roll

URN = 999001
HEADER = "UPN,Contact Name,Relationship,Court Order"


def read(*lines: str, answers: KnownAnswers | None = None) -> Roll:
    return read_roll("\n".join((*lines, "")).encode(), file="export.csv", urn=URN, answers=answers)


def test_a_column_that_nobody_understands_frees_nothing_until_a_person_says() -> None:
    lines = (f"{HEADER},XQ", "A1,Ada Person,Mother,F,", "A2,Bo Person,Father,F,R")
    roll = read(*lines)
    held = [(row.restriction, row.restriction_reason) for row in roll.rows]
    assert held == [("unknown", NOT_SAID), ("unknown", NOT_ASKED)]
    (question,) = roll.questions
    assert (question.about, [one.heading for one in question.candidates]) == (CLOSES, ["XQ"])
    assert question.candidates[0].values == ("R",)
    assert "'R'" not in repr(question)
    no = read(*lines, answers=KnownAnswers({roll.layout: answers_of(question, [])}))
    assert ([row.restriction for row in no.rows], no.questions) == (["none", "none"], ())
    yes = read(*lines, answers=KnownAnswers({roll.layout: answers_of(question, [0])}))
    assert ([row.restriction for row in yes.rows], yes.questions) == (["none", "hold"], ())


def test_it_is_asked_too_when_the_first_value_stands_far_below() -> None:
    rows = [f"A{number},Ada Person{number},Mother,F," for number in range(400)]
    roll = read(f"{HEADER},XQ", *rows, "B1,Bo Person,Father,F,R")
    assert {row.restriction for row in roll.rows} == {"unknown"}
    assert roll.questions


@pytest.mark.parametrize("values", [("", ""), ("2026-01-02", ""), ("07700 900101", "x@example.com")])
def test_what_can_be_no_flag_is_not_asked_about(values: tuple[str, str]) -> None:
    roll = read(f"{HEADER},XQ", f"A1,Ada Person,Mother,F,{values[0]}", f"A2,Bo Person,Father,F,{values[1]}")
    assert [row.restriction for row in roll.rows] == ["none", "none"]
    assert not any(one.about == CLOSES for one in roll.questions)


def test_whose_a_way_is_may_be_asked() -> None:
    lines = ("UPN,E1 Mailbox,Contact Name", "A1,a@example.com,Ada Person")
    roll = read(*lines)
    (question,) = roll.questions
    assert question.sentence == "Which of these columns is the parent's email?"
    assert roll.rows[0].email is None
    answered = read(*lines, answers=KnownAnswers({roll.layout: answers_of(question, [0])}))
    assert answered.rows[0].email == "a@example.com"


def test_answers_count_for_their_layout_only() -> None:
    lines = (f"{HEADER},XQ", "A1,Ada Person,Mother,F,R")
    roll = read(*lines)
    answers = KnownAnswers({roll.layout: answers_of(roll.questions[0], [])})
    other = read(f"{HEADER},Reg,XQ", "A1,Ada Person,Mother,F,4B,R", answers=answers)
    assert other.questions


def test_rows_of_another_school_are_told_by_its_name_or_number() -> None:
    for heading, ours, other in (("School", "Lantern", "Harbour"), ("DfE No", "820/9101", "820/9102")):
        roll = read(
            f"UPN,{heading},Contact Name",
            f"A1,{ours},Ada Person",
            f"A2,{ours},Bo Person",
            f"A3,{other},Cy Person",
        )
        assert [row.adult_name for row in roll.rows] == ["Ada Person", "Bo Person"]
        assert [(one.row, one.code) for one in roll.set_aside] == [(4, "OTHER_SCHOOL")]


SHIFTED = "UPN,Class,Contact Title,Contact Forename,Contact Surname,Relationship,PR,Email,Mobile,Reg"


def contact(number: int, *, shift: bool = False) -> str:
    cells = [f"X90000000{number:04}", "4B", "Mrs", "Ada", f"Person{number}", "Mother", "Y"]
    cells += [f"ada{number}@example.com", "07700 900101", "4B"]
    return ",".join(["4B", *cells[:1], *cells[2:6], "", *cells[6:9]] if shift else cells)


def test_a_file_whose_cells_are_shifted_from_a_row_on_is_not_read() -> None:
    rows = [contact(number, shift=number > 200) for number in range(1, 220)]
    with pytest.raises(RollNotReadable) as caught:
        read(SHIFTED, *rows)
    assert "From row 202 on" in caught.value.fact
    assert str(caught.value.place) == "export.csv:202"


def test_one_shifted_row_is_set_aside() -> None:
    roll = read(SHIFTED, *(contact(number, shift=number == 5) for number in range(1, 9)))
    assert [(one.row, one.code) for one in roll.set_aside] == [(6, "ROW_NOT_WHOLE")]
    assert len(roll.rows) == 7
