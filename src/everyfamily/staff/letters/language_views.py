"""A letter's other languages."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.packs.translations import is_second_person
from everyfamily.core.permissions import Right
from everyfamily.letters.actions.passages import say_translation_read
from everyfamily.staff.access import Visit, posted
from everyfamily.staff.letters.language_pages import languages_values, small_set_values
from everyfamily.staff.letters.opened import Opened, draft_page


@draft_page(Right.SEE_LETTERS)
def languages_page(visit: Visit, opened: Opened) -> HttpResponseBase:
    """How far each language is."""
    values = languages_values(opened, visit.name) | {"may_write": visit.held.may(Right.WRITE_LETTERS)}
    return visit.render("staff/letters/languages.html", values)


@draft_page(Right.SEE_LETTERS)
def small_set_page(visit: Visit, opened: Opened, language: str) -> HttpResponseBase:
    """The small set of a language beside the English."""
    values = small_set_values(opened, language)
    if values is None:
        raise Http404
    return visit.render("staff/letters/small_set.html", values)


@draft_page(Right.WRITE_LETTERS)
@posted
def read_page(visit: Visit, opened: Opened, language: str) -> HttpResponseBase:
    """A second person has read a translation of the letter against the English as it is now."""
    text = opened.worded.texts.get(language)
    if text is None or text.translator is None or not is_second_person(visit.name, text.translator):
        raise Http404
    try:
        say_translation_read(
            opened.draft.id,
            language,
            translator=text.translator,
            checker=visit.name,
            by=visit.actor,
            now=visit.now,
        )
    except EveryfamilyError as problem:
        visit.say(f"{problem.fact} {problem.fix}")
    else:
        visit.say("It is written down that you read it against the English.")
    return redirect("letter-languages", opened.draft.reference)
