"""A partnership's file for a new area, from what people there know. Nothing is invented: what is missing is a gap.

A gap is a value that begins with TO FILL IN. A file with gaps is refused wherever it is read (partnership.py), so no
letter is made from it. A number that nobody has rung yet is in the file, but no letter prints it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from typing import Literal

from everyfamily.core.partnership.partnership_gaps import GAP

type Kind = Literal["text", "lines", "date", "count", "share", "yes"]
type Answer = str | int | float | bool | date | list[str]
type Answers = Mapping[str, Answer]

_LOCAL_DAYS = timedelta(days=30)
_NATIONAL_DAYS = timedelta(days=90)
"""How long a check of a number counts."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that only people in the area can know. `id` is its name in the file of answers ("council.name")."""

    id: str
    ask: str
    kind: Kind = "text"
    needed: bool = True
    """Without an answer the file has a gap. If it is not needed, the line is left out."""
    after: str | None = None
    """The question that must have an answer for this one to make sense."""


@dataclass(frozen=True, slots=True)
class NationalRoute:
    """A number or address that is the same everywhere, from the example's register."""

    id: str
    need: str
    label: str
    hours: str
    number: str | None = None
    url: str | None = None
    form: str | None = None


def _body(key: str, who: str) -> tuple[Question, ...]:
    return (
        Question(f"{key}.name", f"The full name of {who}"),
        Question(
            f"{key}.name_lines",
            f"The name of {who} on one or two lines, as it is shown next to the logo",
            "lines",
        ),
        Question(f"{key}.address", f"The address of {who}, line by line", "lines"),
        Question(
            f"{key}.mail_domains",
            f"What follows the @ in the work addresses of people of {who}, each on its own line",
            "lines",
            needed=False,
        ),
        Question(f"{key}.signatory", f"Who signs for {who}: first and last name"),
        Question(f"{key}.title", f"The title of the person who signs for {who}, as under a letter"),
    )


def _rung(key: str, what: str) -> tuple[Question, ...]:
    return (
        Question(f"{key}.owner", f"Whose task it is to keep {what} true: a role and a body"),
        Question(
            f"{key}.checked_by",
            f"Who has rung or opened {what} and asked for the hours (a role); blank if nobody has yet",
            needed=False,
        ),
        Question(f"{key}.checked_on", "On which day", "date", needed=False, after=f"{key}.checked_by"),
    )


def _term(season: str) -> tuple[Question, ...]:
    first, topic = f"{season}.opens_on", f"{season}.topic"
    about = f'What the {season} letter is about: the end of "It will be about …"'
    return (
        Question(first, f"First school day of the {season} term", "date", needed=False),
        Question(f"{season}.half_term_from", f"First day of the half-term in {season}", "date", False, first),
        Question(f"{season}.half_term_to", f"Last day of the half-term in {season}", "date", False, first),
        Question(f"{season}.closes_on", f"Last school day of the {season} term", "date", False, first),
        Question(topic, f"The letter of the {season} term: the name of a folder in packs", "text", False, first),
        Question(f"{season}.about", about, "text", False, topic),
    )


SEASONS = ("autumn", "spring", "summer")
QUESTIONS: tuple[Question, ...] = (
    Question("area", "The area, as families call it"),
    Question("partnership", "The full name of the partnership"),
    Question("address", "The address of the partnership, line by line", "lines"),
    Question("site", "Where parents will read it on the web, as printed, without https://"),
    Question("sender_name", "The name that emails and texts come from: 3 to 11 letters"),
    Question("reference_prefix", "Two or three capitals that the references of your letters begin with"),
    *_body("council", "the council"),
    *_body("police", "the police force"),
    Question("enquiries.role", "Who answers questions about the letter: a role, never a person's own line"),
    Question("enquiries.number", "The number for questions about the letter, as printed"),
    Question("enquiries.hours", "The hours of that number, as printed"),
    Question("enquiries.mailbox", "The mailbox for questions about the letter"),
    Question("replies.mailbox", "The mailbox that replies to the letter reach"),
    Question("replies.owner", "Who reads every one of them: a role and a body"),
    Question("front_door.need", "The children's front door, as the card names it"),
    Question("front_door.label", "The front door's name in the middle of a sentence"),
    Question("front_door.number", "The number of the front door, as printed"),
    Question("front_door.hours", "The hours of the front door, as printed, and as its manager confirmed them"),
    *_rung("front_door", "the front door's number"),
    *_rung("emergency", "999 and 101"),
    *_rung("school", "what the card says of schools (hours, whom to ask for)"),
    *_rung("national", "the national lines and pages"),
    Question("survivors.label", "The line that adult survivors use here"),
    Question("survivors.number", "The number of the survivors' line, as printed"),
    Question("survivors.hours", "The hours of the survivors' line, as printed"),
    *_rung("survivors", "the survivors' number"),
    Question(
        "calls_a_day", "Calls a day that the front door can take because of the letter", "count", needed=False
    ),
    Question(
        "calls_per_1000", "Calls that 1,000 families make on the day (a careful guess: 3)", "share", needed=False
    ),
    *(question for season in SEASONS for question in _term(season)),
    Question("promises.agreed_by", "Who agreed to every sentence that is marked as a promise", needed=False),
    Question("promises.agreed_on", "On which day", "date", needed=False, after="promises.agreed_by"),
    Question("demonstration", "Is this area invented, for practice?", "yes", needed=False),
)
_BY_ID = {question.id: question for question in QUESTIONS}


def questions_as_toml(promises: Mapping[str, str]) -> str:
    """An empty file of answers: each question as a comment, and each answer to be uncommented. `promises` as below."""
    tables: dict[str, list[str]] = {}
    for question in QUESTIONS:
        table, _, key = question.id.rpartition(".")
        hint = {"lines": '["", ""]', "date": "2027-01-31", "count": "60", "share": "3", "yes": "true"}
        if key == "agreed_by":
            tables.setdefault(table, []).append("".join(f"#   {line}\n" for line in promises.values()))
        tables.setdefault(table, []).append(f"# {question.ask}\n# {key} = {hint.get(question.kind, '""')}\n")
    return "\n".join((f"[{table}]\n" if table else "") + "\n".join(lines) for table, lines in tables.items())


def partnership_text(answers: Answers, national: Sequence[NationalRoute], promises: Mapping[str, str]) -> str:
    """The file with comments. `national` are the routes of the register that are the same everywhere. `promises` maps
    the ids of the pack's promises to their sentences."""
    template = (files("everyfamily.core.partnership") / "new_area.template.toml").read_text(encoding="utf-8")
    blocks = {
        "national": "\n".join(_national(route, answers) for route in national),
        "front_door_check": _check("front_door", answers, _LOCAL_DAYS),
        "survivors_check": _check("survivors", answers, _LOCAL_DAYS),
        "promises": "\n".join(_promise(key, sentence, answers) for key, sentence in promises.items()),
        "terms": "\n".join(_term_table(season, answers) for season in SEASONS if _has_term(season, answers))
        or _term_table("autumn", answers),
        "demonstration": "demonstration = true\n" if answers.get("demonstration") else "",
        "door": _door(answers),
        **{f"{key}_mail_domains": _domains(key, answers) for key in ("council", "police")},
    }
    text = re.sub(r"^<<(\w+)>>\n", lambda slot: blocks[slot[1]], template, flags=re.MULTILINE)
    return re.sub(r"<<([\w.]+)>>", lambda slot: _value(slot[1], answers), text)


def _value(name: str, answers: Answers) -> str:
    """The answer as TOML, or the gap that says what is missing."""
    question = _BY_ID[name]
    if (answer := answers.get(name)) is not None:
        return _toml(answer)
    gap = _toml(f"{GAP}: {question.ask[:1].lower()}{question.ask[1:]}")
    return f"[{gap}]" if question.kind == "lines" else gap


def _toml(value: Answer) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(_toml(line) for line in value)}]"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + "".join(sign for sign in escaped if sign.isprintable()) + '"'
    return str(value)


def _check(key: str, answers: Answers, counts_for: timedelta) -> str:
    by, on = answers.get(f"{key}.checked_by"), answers.get(f"{key}.checked_on")
    if not isinstance(by, str) or not isinstance(on, date):
        return (
            "# Nobody has rung or opened it yet, so no letter prints it. Write who did (a role), and on which day:\n"
            '# checked_on = 2027-01-31\n# checked_by = ""\n# expires_on = 2027-03-02\n'
            '# hours_confirmed_on = 2027-01-31\n# hours_confirmed_by = ""\n'
        )
    return (
        f"checked_on = {on}\nchecked_by = {_toml(by)}\nexpires_on = {on + counts_for}\n"
        f"hours_confirmed_on = {on}\nhours_confirmed_by = {_toml(by)}\n"
    )


_CHECKED_AS = {"emergency": "emergency", "police": "emergency", "school": "school"}


def _national(route: NationalRoute, answers: Answers) -> str:
    key = _CHECKED_AS.get(route.id, "national")
    where = f"number = {_toml(route.number)}" if route.number else f"url = {_toml(route.url or '')}"
    lines = [
        "[[routes]]",
        f"id = {_toml(route.id)}",
        f"need = {_toml(route.need)}",
        f"label = {_toml(route.label)}",
        where,
        *([f"form = {_toml(route.form)}"] if route.form else ()),
        f"hours = {_toml(route.hours)}",
        f"owner = {_value(f'{key}.owner', answers)}",
    ]
    return "\n".join(lines) + "\n" + _check(key, answers, _LOCAL_DAYS if key == "school" else _NATIONAL_DAYS)


def _promise(key: str, sentence: str, answers: Answers) -> str:
    by, on = answers.get("promises.agreed_by"), answers.get("promises.agreed_on")
    said = f'[[promises]]\nid = "{key}"  # {sentence}\n'
    if isinstance(by, str) and isinstance(on, date):
        return said + f"agreed_by = {_toml(by)}\nagreed_on = {on}\n"
    return "".join(f"# {line}\n" for line in (*said.splitlines(), 'agreed_by = ""', "agreed_on = 2027-01-31"))


def _has_term(season: str, answers: Answers) -> bool:
    return f"{season}.opens_on" in answers


def _term_table(season: str, answers: Answers) -> str:
    days = ("opens_on", "closes_on", "half_term_from", "half_term_to")
    lines = [
        "[[terms]]",
        f'season = "{season}"',
        *(f"{day} = {_value(f'{season}.{day}', answers)}" for day in days),
    ]
    topic = answers.get(f"{season}.topic")
    if topic:
        lines += [f"topic = {_toml(topic)}", f"about = {_value(f'{season}.about', answers)}"]
    else:
        lines += ['# topic = ""', '# about = ""']
    return "\n".join(lines) + "\n"


def _domains(key: str, answers: Answers) -> str:
    found = answers.get(f"{key}.mail_domains")
    return f"mail_domains = {_toml(found)}\n" if found else '# mail_domains = [""]\n'


def _door(answers: Answers) -> str:
    if "calls_a_day" in answers:
        answers = {"calls_per_1000": 3, **answers}
        return "\n".join(f"{key} = {_value(key, answers)}" for key in ("calls_a_day", "calls_per_1000")) + "\n"
    return (
        "# calls_a_day = 60      # ask the front door's manager; without it letters go to 60 schools a day\n"
        + ("# calls_per_1000 = 3    # guess high, count in the first waves, and plan again\n")
    )
