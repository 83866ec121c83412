"""How the pages of letters name a letter and a language."""

from __future__ import annotations

from django import template

from everyfamily.core.text.languages import english_name
from everyfamily.letters.draft_queries.drafts import DraftFacts
from everyfamily.staff.letters import words

register = template.Library()


@register.filter
def letter_name(draft: DraftFacts) -> str:
    """The same above every page of a letter as in the list of letters."""
    return words.letter_name(draft)


@register.filter
def language_name(tag: str) -> str:
    """ "ur" is "Urdu"."""
    return english_name(tag)
