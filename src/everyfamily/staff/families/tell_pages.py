"""What the pages about adults to tell in person show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.text.counts import of
from everyfamily.core.text.dates import day_with_weekday
from everyfamily.letters.queries import letter_by_id
from everyfamily.mailings.actions.ending.to_tell import PersonToTell, is_settled, people_to_tell
from everyfamily.mailings.messages.as_sent import message_as_sent
from everyfamily.people.keys.school_keys import SchoolKeyDestroyed
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit
from everyfamily.staff.families.lists import listed

_WHY = {
    "do not send": "must not have the letter",
    "hold": "waits for you: nobody has decided whether they may have the letter",
    "unknown": "waits for you: nobody has decided whether they may have the letter",
    "objects": "asked for no more letters",
    "child has died": "the child has died",
    "child has left": "the child has left",
    "no parental responsibility or care": "is no parent or carer of the child",
}


class NothingChosen(EveryfamilyError):
    """The form did not say whether the adult was told."""

    code = "EF617"


class ToldAlready(EveryfamilyError):
    """Somebody has said already what they did about this adult."""

    code = "EF618"


@dataclass(frozen=True, slots=True)
class Row:
    """One adult, without a name."""

    task: int
    adult: str
    children: tuple[str, ...]
    classes: str
    why: str
    due: str


def tell_values(
    visit: Visit, school: SchoolFacts, after: int, problem: EveryfamilyError | None = None
) -> dict[str, Any]:
    """Adults who had a wrong letter and may not be written to now, by day."""
    values, rows, is_whole = listed(
        visit,
        school,
        lambda limit: people_to_tell(school.id, now=visit.now, after=after, limit=limit),
        lambda one: one.task,
        after=after,
        problem=problem,
    )
    return values | {"rows": [_row(one) for one in rows], "heading": _heading(len(rows), is_whole=is_whole)}


def _heading(count: int, *, is_whole: bool) -> str:
    if not is_whole:
        return "Adults to tell in person"
    return f"Tell {of(count, 'adult')} in person" if count else "Nobody waits to be told"


def _row(one: PersonToTell) -> Row:
    why = _WHY.get(one.why, one.why)
    return Row(
        one.task,
        _relationship(one),
        tuple(own_id or "id deleted" for own_id in one.pupils),
        ", ".join(dict.fromkeys(name for name in one.classes if name)),
        why[:1].upper() + why[1:],
        day_with_weekday(one.due_on),
    )


def _relationship(one: PersonToTell) -> str:
    said = next((name for name in one.relationships if name), "adult")
    return said[:1].upper() + said[1:]


def person_at(visit: Visit, school: SchoolFacts, task: int) -> PersonToTell:
    """The adult of this task. One of another school is not there. Raises ToldAlready."""
    if is_settled(school.id, task) is None:
        raise Http404
    try:
        found = people_to_tell(school.id, now=visit.now, task=task)
    except SchoolKeyDestroyed:
        # Nobody can say who it is. The list says why.
        raise Http404 from None
    if found:
        return found[0]
    raise ToldAlready("It is recorded already what was done about this adult.", "Here is who still waits.")


def one_values(
    school: SchoolFacts, person: PersonToTell, chosen: str = "", problem: EveryfamilyError | None = None
) -> dict[str, Any]:
    """One adult with the name, because a person speaks to them, and what the correction says."""
    letter = letter_by_id(person.letter)
    return {
        "here": "schools",
        "school": school,
        "row": _row(person),
        "name": person.adult_name,
        "reference": person.reference,
        "words": message_as_sent(letter, school, "email", "en", "standard", person.version).text,
        "chosen": chosen,
        "problem": problem,
        "problem_at": "outcome" if problem else "",
    }
