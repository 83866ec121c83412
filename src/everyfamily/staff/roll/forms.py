"""What somebody said about the columns of an export, from the form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.rolls.layout.mapping import NOT_READ, shown
from everyfamily.core.rolls.layout.our_columns import ASKED
from everyfamily.core.rolls.layout.questions import Answers, answers_of, for_the_lead
from everyfamily.core.rolls.model.question import CLOSES, ColumnShown, Question
from everyfamily.core.rolls.words.words import plain

type _Key = tuple[str, int]
LEAD_SAYS = "lead"
"""An office's answer: nothing is said, and the adults with something there wait."""
_NAMES = ("ADULT_NAME", "ADULT_FORENAME", "ADULT_SURNAME")


class ColumnsNotSaid(EveryfamilyError):
    """An answer about the columns is missing, or two contradict each other."""

    code = "EF488"

    def __init__(self, fact: str, fix: str, at: str) -> None:
        super().__init__(fact, fix)
        self.at = at
        """The field that it is about, by its id on the page."""


def guessed(columns: tuple[ColumnShown, ...]) -> dict[str, int]:
    """Our column -> the position of the first column of the file that we take for it."""
    found: dict[str, int] = {}
    for index, one in enumerate(columns):
        found.setdefault(one.guess, index)
    return found


def chosen_in(typed: Mapping[str, str], columns: tuple[ColumnShown, ...]) -> dict[str, int]:
    """Our column -> the position that somebody chose. What is not a position is not in the file."""
    chosen = {}
    for one in ASKED:
        said = typed.get(f"c-{one.column}", "")
        if said.isascii() and said.isdigit() and len(said) < 4 and int(said) < len(columns):
            chosen[one.column] = int(said)
    return chosen


def asked_apart(questions: tuple[Question, ...]) -> list[Question]:
    """Questions about single columns. Which column is the child's id or the adult's name, the list itself asks."""
    return [one for one in questions if one.about not in ("PUPIL_ID", "ADULT_NAME")]


def answers_in(
    typed: Mapping[str, str],
    columns: tuple[ColumnShown, ...],
    questions: tuple[Question, ...],
    *,
    by_lead: bool,
) -> Answers:
    """What differs from our guesses, and the answers to what we asked. Raises ColumnsNotSaid."""
    chosen, guess = chosen_in(typed, columns), guessed(columns)
    _require_whole(chosen, columns, questions)
    answers: dict[_Key, str] = {}
    for one in ASKED:
        now, before = chosen.get(one.column), guess.get(one.column)
        if before is not None and now != before:
            answers.setdefault(_key(columns[before]), NOT_READ)
    answers |= {_key(columns[at]): column for column, at in chosen.items() if guess.get(column) != at}
    taken = {_key(columns[at]) for at in chosen.values()}
    for number, question in enumerate(asked_apart(questions)):
        said = [typed.get(f"q-{number}-{at}", "") for at in range(len(question.candidates))]
        for key, column in _answered(number, question, said, taken).items():
            answers.setdefault(key, column)
    for at, shown_one in enumerate(columns):
        if typed.get(f"n-{at}") == "nothing" and at not in chosen.values():
            answers[_key(shown_one)] = NOT_READ
    _require_lead(by_lead, columns, questions, answers)
    return answers


def _answered(number: int, question: Question, said: Sequence[str], taken: Collection[_Key]) -> Answers:
    """The answers to one question. A heading that somebody chose for something else needs none."""
    keys = [(plain(one.heading), one.occurrence) for one in question.candidates]
    for at, (key, one, answer) in enumerate(zip(keys, question.candidates, said, strict=True)):
        field = f"q-{number}-{at}-yes"
        if answer == "yes" and key in taken:
            raise ColumnsNotSaid(
                f"You said yes about the heading {shown(one.heading)}, and chose it for something else below.",
                "A heading can mean one thing. If it asks about court orders and about no contact, choose it as “Court "
                "order” and answer no here.",
                field,
            )
        if (
            answer not in (("yes", "no", LEAD_SAYS) if question.about == CLOSES else ("yes", "no"))
            and key not in taken
        ):
            raise ColumnsNotSaid(
                "A question about your columns has no answer yet.", "Choose yes or no for each.", field
            )
    answers = answers_of(question, [at for at, answer in enumerate(said) if answer == "yes"])
    left = {key for key, answer in zip(keys, said, strict=True) if answer == LEAD_SAYS}
    return {key: column for key, column in answers.items() if key not in left}


def _require_lead(
    by_lead: bool, columns: tuple[ColumnShown, ...], questions: tuple[Question, ...], answers: Answers
) -> None:
    closing = () if by_lead else for_the_lead(columns, questions, answers)
    fields = {
        (plain(each.heading), each.occurrence): f"q-{number}-{at}-yes"
        for number, question in enumerate(asked_apart(questions))
        for at, each in enumerate(question.candidates)
    }
    for one in columns:
        if _key(one) in closing:
            raise ColumnsNotSaid(
                f"Only your lead can say that the heading {shown(one.heading)} keeps nobody away.",
                "Leave it as we read it, or ask your lead to open this page.",
                fields.get(_key(one), f"c-{one.guess.partition('/')[0]}"),
            )


def _key(one: ColumnShown) -> _Key:
    return plain(one.heading), one.occurrence


def _require_whole(
    chosen: Mapping[str, int], columns: tuple[ColumnShown, ...], questions: tuple[Question, ...]
) -> None:
    twice = [at for at, count in Counter(chosen.values()).items() if count > 1]
    if twice:
        raise ColumnsNotSaid(
            f"You chose the heading {shown(columns[twice[0]].heading)} twice.",
            "A heading can mean one thing: choose “Not in this file” in the other place. If it asks about court orders "
            "and about no contact, keep “Court order”.",
            next(f"c-{column}" for column, at in chosen.items() if at == twice[0]),
        )
    wanted = {one.about for one in questions}
    if "PUPIL_ID" in wanted and "PUPIL_ID" not in chosen:
        raise ColumnsNotSaid(
            "Nobody said which column has the child’s own id.", "Choose its heading.", "c-PUPIL_ID"
        )
    if "ADULT_NAME" in wanted and not any(one in chosen for one in _NAMES):
        raise ColumnsNotSaid(
            "Nobody said which column has the adult’s name.", "Choose its heading.", "c-ADULT_NAME"
        )
