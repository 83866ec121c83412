"""Begin the letter that puts a withdrawn one right: to those who have it, or to everybody else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from django.http import HttpResponseBase
from django.shortcuts import redirect

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.letter.letters import Followed, Letter
from everyfamily.core.permissions import Right
from everyfamily.letters.actions.drafts import begin
from everyfamily.letters.draft_queries.drafts import DraftFacts, draft, drafts
from everyfamily.letters.queries import Standing, letter_by_id
from everyfamily.staff.access import Visit, page
from everyfamily.staff.letter_end.pages import letter_of

_KINDS: Mapping[str, Literal["correction", "replacement"]] = {
    "correction": "correction",
    "replacement": "replacement",
}


class KindNotChosen(EveryfamilyError):
    """Nobody said whether the new letter goes to those who have the withdrawn one, or to everybody else."""

    code = "EF377"


class LineNotChosen(EveryfamilyError):
    """A correction is begun without saying which line was wrong."""

    code = "EF378"


@page(Right.WRITE_LETTERS)
def correct(visit: Visit, reference: str) -> HttpResponseBase:
    """Choose what to begin, and begin it as a draft."""
    letter = letter_of(reference)
    if letter.is_sealed:
        return redirect("letter", reference)
    wrong = letter_by_id(letter.id)
    if visit.request.method != "POST":
        return visit.render("staff/letter_end/correct.html", _values(letter, wrong, {}))
    try:
        begun = _begin(visit, wrong, visit.request.POST)
    except EveryfamilyError as problem:
        values = _values(letter, wrong, visit.request.POST, problem)
        return visit.render("staff/letter_end/correct.html", values, status=422)
    visit.say("The letter is begun. Nobody is asked to approve it until you send it.")
    return redirect("letter", begun.reference)


def following(reference: str) -> list[DraftFacts]:
    """What is being written to put a withdrawn letter right."""
    return [
        one
        for one in drafts()
        if one.follows is not None and one.follows.reference == reference and one.ended_at is None
    ]


def _begin(visit: Visit, wrong: Letter, posted: Mapping[str, str]) -> DraftFacts:
    """Raises KindNotChosen, LineNotChosen and what `begin` raises."""
    kind, line = _KINDS.get(posted.get("kind", "")), posted.get("line", "")
    if kind is None:
        raise KindNotChosen("Choose to whom the new letter goes.", "Begin one first, and then the other.")
    if kind == "correction" and not line:
        raise LineNotChosen(
            "Choose which line was wrong.", "The correction says it first, and gives the right one."
        )
    made = begin(
        wrong.pack,
        wrong.page.removeprefix(f"{wrong.site}/"),
        visit.now.astimezone(LONDON).date(),
        reference=posted.get("reference", "").strip() or None,
        follows=Followed(wrong.reference, kind),
        wrong_route=line if kind == "correction" else "",
        by=visit.actor,
        now=visit.now,
    )
    found = draft(made)
    assert found is not None
    return found


def _values(
    letter: Standing, wrong: Letter, given: Mapping[str, str], problem: EveryfamilyError | None = None
) -> dict[str, Any]:
    return {
        "here": "letters",
        "letter": letter,
        "problem": problem,
        "kind": given.get("kind", ""),
        "line": given.get("line", ""),
        "given": given.get("reference", ""),
        "lines": [(one.id, f"{one.label}, {one.place}") for one in wrong.routes if not one.differs_by_school],
        "begun": following(letter.reference),
    }
