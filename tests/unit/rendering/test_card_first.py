"""A letter to put up has its card straight after the danger line, in every medium."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from functools import cache

import docx
import pytest

from everyfamily.documents.compared.tagged_pdf import text_in_structure_order, words_in_structure_order
from everyfamily.rendering.email import render_email
from everyfamily.rendering.large_print import render_large_print
from everyfamily.rendering.pdf import render_letter
from everyfamily.rendering.view import view_of
from everyfamily.rendering.web_page import render_web_page
from everyfamily.rendering.word import render_word
from everyfamily.rendering.words import print_words
from tests.factories.demonstration import HARBOUR, demo_letter, letter_of

SUMMER = letter_of("summer")


@cache
def printed() -> bytes:
    return render_letter(SUMMER, "en", HARBOUR)


def in_word() -> str:
    document = docx.Document(io.BytesIO(render_word(SUMMER, "en")))
    return " ".join(paragraph.text for paragraph in document.paragraphs)


def seen(page: str) -> str:
    """The words of a page, without its tags."""
    return html.unescape(re.sub(r"<[^>]+>", "", page))


MEDIA: dict[str, Callable[[], str]] = {
    "print": lambda: text_in_structure_order(printed()),
    "large print": lambda: text_in_structure_order(render_large_print(SUMMER, "en", HARBOUR)),
    "Word": in_word,
    "email": lambda: seen(render_email(SUMMER, "en", HARBOUR).html),
    "plain text": lambda: render_email(SUMMER, "en", HARBOUR).text.casefold(),
    "web": lambda: seen(render_web_page(SUMMER, "en")),
}


@pytest.mark.parametrize("medium", MEDIA)
def test_its_sections_are_in_its_own_order(medium: str) -> None:
    said = " ".join(MEDIA[medium]().split())
    view = view_of(SUMMER, "en", "print", HARBOUR)
    headings = [str(one.heading) for one in view.sections.values() if one.heading]
    wanted = [" ".join(one.split()) for one in (view.sections["danger"].paragraphs[0], *headings)]
    if medium == "plain text":
        wanted = [one.casefold() for one in wanted]
    position = 0
    for words in wanted:
        position = said.index(words, position)


def test_verify_reads_the_printed_words_in_the_order_of_the_letter() -> None:
    assert words_in_structure_order(printed()) == print_words(SUMMER, "en", HARBOUR)


def test_the_sections_of_a_letter_to_put_up_are_all_of_one_level() -> None:
    """Those below "changes you may notice" in another letter have nothing above them here."""
    view, other = view_of(SUMMER, "en", "web", HARBOUR), view_of(demo_letter(), "en", "web", HARBOUR)
    assert {view.level(name) for name in view.sections} == {2}
    assert {name for name in other.sections if other.level(name) == 3} == {
        "now",
        "changes",
        "adults",
        "do",
        "dont",
    }
