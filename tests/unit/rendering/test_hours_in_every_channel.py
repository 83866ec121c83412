"""When a number of the card is answered is said in the same words wherever it is printed."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
import pytest

from everyfamily.documents.compared.tagged_pdf import words_in_structure_order
from everyfamily.rendering.email import render_email
from everyfamily.rendering.large_print import render_large_print
from everyfamily.rendering.pdf import render_letter
from everyfamily.rendering.web_page import render_web_page
from everyfamily.rendering.word import render_word
from tests.factories.demonstration import HARBOUR, demo_letter
from tests.factories.sealed import rendered, site


def of_pdf(pdf: bytes) -> str:
    return " ".join(words_in_structure_order(pdf))


def of_word(data: bytes) -> str:
    tables = docx.Document(io.BytesIO(data)).tables
    return " ".join(cell.text for table in tables for row in table.rows for cell in row.cells)


CHANNELS: dict[str, Callable[[], str]] = {
    "print": lambda: of_pdf(render_letter(demo_letter(), "en", HARBOUR)),
    "large print": lambda: of_pdf(render_large_print(demo_letter(), "en", HARBOUR)),
    "word": lambda: of_word(render_word(demo_letter(), "en")),
    "email": lambda: render_email(demo_letter(), "en", HARBOUR).html,
    "plain text": lambda: render_email(demo_letter(), "en", HARBOUR).text,
    "web": lambda: render_web_page(demo_letter(), "en"),
    "parent site": lambda: rendered(site())["help/index.html"],
}


@pytest.mark.parametrize("channel", CHANNELS)
def test_each_route_has_the_hours_that_somebody_confirmed(channel: str) -> None:
    said = " ".join(CHANNELS[channel]().replace("&nbsp;", " ").split())
    # The school's number is each school's own: without it there is nothing to give hours for.
    hours = {one.hours for one in demo_letter().card_routes if not one.differs_by_school}
    assert [one for one in hours if one not in said] == []
