"""Where a fact in an author's own words comes from: said, and taken off again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from pydantic import ValidationError

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.letter.letter_parts import part_of_passage
from everyfamily.core.packs.drafting import Drafted
from everyfamily.core.packs.sources import Source
from everyfamily.core.permissions import Right
from everyfamily.core.text.dates import day_in_words
from everyfamily.letters.actions.own_sources import SourceNotUsable, cite_source, take_source_off
from everyfamily.staff.access import Visit
from everyfamily.staff.letters.opened import Opened, draft_page

_FIELDS = ("supports", "address", "status", "as_found", "review_on")
_CERTAIN = {
    "found": "I have looked it up there",
    "second-hand": "Somebody told me what it says there",
    "recollection": "It is what we remember",
}
_ASKS = {
    "supports": ("The fact is missing.", "Say what the source supports."),
    "address": ("The place of the source is missing.", "Say where somebody can look it up."),
    "status": ("Nobody has said how sure it is.", "Choose one of the three."),
    "as_found": ("What the source says is missing.", "Say what you found there."),
    "review_on": ("The day of the next look is missing, or is no date.", "Give a day."),
}


@draft_page(Right.WRITE_LETTERS)
def source_page(visit: Visit, opened: Opened, language: str, passage: str) -> HttpResponseBase:
    """The sources of one passage in own words. A POST adds one or takes one off."""
    row = opened.rows.get((language, passage))
    if row is None or language not in opened.letter.texts:
        raise Http404
    if visit.request.method != "POST":
        return _page(visit, opened, row)
    data = visit.request.POST
    try:
        if "off" in data:
            take_source_off(opened.draft.id, language, passage, data["off"], by=visit.actor, now=visit.now)
            visit.say("The source is taken off this passage.")
        else:
            source = data["known"] if "known" in data else _given(data.dict())
            cite_source(opened.draft.id, language, passage, source, by=visit.actor, now=visit.now)
            visit.say("The source is saved. Those who approve the letter can see it.")
    except EveryfamilyError as problem:
        return _page(visit, opened, row, problem, data.dict())
    return redirect("letter-source", opened.draft.reference, language, passage)


def _given(data: Mapping[str, str]) -> Source:
    """The source in the form. Raises SourceNotUsable for the first field that is missing."""
    try:
        return Source.model_validate_strings({name: data.get(name, "") for name in _FIELDS})
    except ValidationError as problem:
        wrong = {str(one["loc"][0]) for one in problem.errors(include_input=False)}
        name = next(one for one in _FIELDS if one in wrong)
        fault = SourceNotUsable(*_ASKS[name])
        fault.field = name
        raise fault from None


def _page(
    visit: Visit,
    opened: Opened,
    row: Drafted,
    problem: EveryfamilyError | None = None,
    given: Mapping[str, str] | None = None,
) -> HttpResponseBase:
    mine = {key for key, _ in row.own}
    known = {key: source for one in opened.rows.values() for key, source in one.own}
    values: dict[str, Any] = {
        "here": "letters",
        "draft": opened.draft,
        "letter": opened.letter,
        "language": row.language,
        "passage": row.passage,
        "part": part_of_passage(opened.worded, row.language, row.passage),
        "words": row.words,
        "cited": [(key, source, day_in_words(source.review_on)) for key, source in row.own],
        "others": [(key, source) for key, source in sorted(known.items()) if key not in mine],
        "certain": [(key, _CERTAIN[key]) for key in get_args(Source.model_fields["status"].annotation)],
        "given": given or {"status": "found"},
        "problem": problem,
        "at": getattr(problem, "field", "") or "supports",
    }
    return visit.render("staff/letters/source.html", values, status=422 if problem else 200)
