"""The same list is read as one, however somebody laid it out."""

from __future__ import annotations

import pytest

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.run.codes import RULES
from everyfamily.core.errors import SourceLocation
from everyfamily.core.text.outside_document import Block
from everyfamily.documents.reading import read_document
from tests.factories.documents import make_document
from tests.factories.letters import TODAY

SIGNS = ("is tired", "goes missing from home", "has new friends")
LAYOUTS = {
    "bullets": "Signs to look out for:\n\n" + "\n".join(f"- {sign}" for sign in SIGNS),
    "the letter o for a bullet": "Signs to look out for:\n\n" + "\n".join(f"o {sign}" for sign in SIGNS),
    "the letter o and a tab": "Signs to look out for:\n\n" + "\n".join(f"o\t{sign}" for sign in SIGNS),
    "lines under the line above": "Signs to look out for:\n" + "\n".join(SIGNS),
    "a paragraph of lines": "Signs to look out for:\n\n" + "\n".join(SIGNS),
    "numbers": "Signs to look out for:\n\n" + "\n".join(f"{n}. {sign}" for n, sign in enumerate(SIGNS, 1)),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_signs_are_found_in_any_layout_of_plain_text(name: str) -> None:
    document = read_document(f"Dear parent\n\n{LAYOUTS[name]}\n".encode(), "letter.txt")
    context = CheckContext.of_document(document, today=TODAY, about_harm=True)
    assert [finding.words for finding in RULES["HM006"].findings(context)] == ["goes missing from home"]


def test_a_list_in_a_cell_has_the_line_above_it_in_the_cell() -> None:
    place = SourceLocation("letter.docx")
    blocks = (
        Block("paragraph", "Dear parent", place),
        Block("cell", "Signs to look out for:", place),
        *(Block("item", sign, place, level=1) for sign in SIGNS),
        Block("cell", "Call us on 01632 960001.", place),
    )
    context = CheckContext.of_document(make_document([], blocks=blocks), today=TODAY, about_harm=True)
    assert [finding.words for finding in RULES["HM006"].findings(context)] == ["goes missing from home"]


def test_to_look_out_for_a_friend_is_no_sign() -> None:
    text = "Remind children to look out for their friends, not say anything unkind, and stand up for others."
    context = CheckContext.of_document(make_document([text]), today=TODAY, about_harm=True)
    assert not list(RULES["HM007"].findings(context))
    assert not list(RULES["HM002"].findings(context))
