"""What people answer for a new area, from a file or as typed: read, or refused with what to write instead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import TypeAdapter, ValidationError

from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.files.toml_text import load_toml
from everyfamily.core.partnership.new_area import QUESTIONS, Answer, Kind, Question
from everyfamily.core.partnership.partnership_file import (
    Address,
    Key,
    Line,
    Mailbox,
    Number,
    ReferencePrefix,
    SenderName,
)

_BY_ID = {question.id: question for question in QUESTIONS}
_WRITE: dict[Kind, str] = {
    "text": "Write it between quotation marks.",
    "lines": 'Write it as ["first line", "second line"].',
    "date": "Write the day as 2026-11-26, without quotation marks.",
    "count": "Write a whole number, without quotation marks.",
    "share": "Write a number, without quotation marks.",
    "yes": "Write true or false, without quotation marks.",
}
_SAID: dict[Kind, str] = {
    "date": "write the day as 2026-11-26",
    "count": "write a whole number, such as 60",
    "share": "write a number, such as 3",
    "yes": "write yes or no",
}
_FIELDS: dict[str, Any] = {
    "site": Address,
    "sender_name": SenderName,
    "reference_prefix": ReferencePrefix,
    "number": Number,
    "mailbox": Mailbox,
    "topic": Key,
    **dict.fromkeys(
        ("area", "partnership", "signatory", "title", "role", "hours", "owner", "need", "label"), Line
    ),
}
"""What the partnership's file accepts, by the last part of a question's id."""
_HAS_HAPPENED = ("checked_on", "agreed_on")


class AnswersNotUsable(EveryfamilyError):
    """The file of answers cannot be read, or answers something that is not asked."""

    code = "EF960"


def read_answers(text: str, file: str) -> dict[str, Answer]:
    """Answers by the question's id. Raises AnswersNotUsable for a question that is not asked or an answer of the wrong
    kind."""
    try:
        data = load_toml(text)
    except ValueError as problem:
        line = int(found[1]) if (found := re.search(r"line (\d+)", str(problem))) else 1
        raise AnswersNotUsable(
            "The file of answers is not valid TOML.",
            "Look at this line and the one before it for a missing quotation mark, or a day that does not exist or is "
            "not written as 2026-11-26.",
            SourceLocation(file, line),
        ) from problem
    flat: dict[str, Answer] = {}
    for key, value in data.items():
        rows = (
            {f"{key}.{inner}": one for inner, one in value.items()} if isinstance(value, dict) else {key: value}
        )
        for name, one in rows.items():
            if name not in _BY_ID:
                raise AnswersNotUsable(
                    f'The answer "{name}" is not an answer to any question.',
                    "Take an empty file of answers and fill it in again.",
                    SourceLocation(file),
                )
            if not _fits(kind := _BY_ID[name].kind, one):
                raise AnswersNotUsable(
                    f'The answer "{name}" is of the wrong kind.', _WRITE[kind], SourceLocation(file)
                )
            flat[name] = one
    return {name: one for name, one in flat.items() if one not in ("", [])}


def prompt_of(question: Question) -> str:
    """The question as a person is asked it, with how to write the answer if that is not obvious."""
    return question.ask + {"date": " (as 2026-11-26)", "yes": " (yes/no)"}.get(question.kind, "")


def is_asked(question: Question, given: Mapping[str, Answer]) -> bool:
    """Whether a question makes sense after the answers before it: no day of a call that nobody has made."""
    return question.after is None or question.after in given


def answer_from_words(question: Question, words: str, today: date) -> Answer | None:
    """What a person typed, as the answer, or None for nothing. Raises ValueError with a sentence."""
    words = words.strip()
    if not words:
        return None
    try:
        answer = _read(question.kind, words)
    except (ValueError, KeyError) as problem:
        raise ValueError(f"{words} cannot be used: {_SAID[question.kind]}.") from problem
    key = question.id.rpartition(".")[2]
    if key in _HAS_HAPPENED and isinstance(answer, date) and answer > today:
        raise ValueError(f"{words} is in the future: write the day it was done.")
    if key in _FIELDS:
        try:
            TypeAdapter(_FIELDS[key]).validate_python(answer)
        except ValidationError as problem:
            message = str(problem.errors()[0]["msg"]).removeprefix("Value error, ")
            raise ValueError(f"{words} cannot be used: {message[:1].lower()}{message[1:]}.") from problem
    return answer


def _read(kind: Kind, words: str) -> Answer:
    match kind:
        case "lines":
            return [line.strip() for line in words.split(";") if line.strip()]
        case "date":
            return date.fromisoformat(words)
        case "count":
            return int(words)
        case "share":
            return float(words)
        case "yes":
            return {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}[
                words.casefold()
            ]
    return words


def _fits(kind: Kind, value: object) -> bool:
    if kind == "lines":
        return isinstance(value, list) and all(isinstance(line, str) for line in value)
    wanted: dict[Kind, type | tuple[type, ...]] = {"text": str, "date": date, "count": int, "share": (int, float)}
    return isinstance(value, wanted.get(kind, bool))
