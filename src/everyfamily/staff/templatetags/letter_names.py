"""How the pages of letters name a letter and a language.

Django loads every library of filters for the first page that it makes, also for the check by itself, which has no
tables. So what has tables is loaded by the first letter that is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from everyfamily.core.text.languages import english_name

if TYPE_CHECKING:
    from everyfamily.letters.draft_queries.drafts import DraftFacts

register = template.Library()


@register.filter
def letter_name(draft: DraftFacts) -> str:
    """The same above every page of a letter as in the list of letters."""
    from everyfamily.staff.letters import words

    return words.letter_name(draft)


@register.filter
def language_name(tag: str) -> str:
    """ "ur" is "Urdu"."""
    return english_name(tag)
