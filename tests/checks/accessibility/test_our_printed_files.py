"""What our printed letter says aloud is what its passages say, in their order; and it is there in large print."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Finding
from everyfamily.checks.run.runner import run
from everyfamily.core.errors import ParagraphLocation
from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.core.text.outside_document import Block, Document
from everyfamily.documents.compared.tagged_pdf import text_in_structure_order
from everyfamily.documents.pdf import pdf_letter
from everyfamily.letters.files.artefacts import render_artefacts
from everyfamily.rendering.large_print import render_large_print
from tests.factories.demonstration import DATED, demo_letter

PRINT, LARGE = "en/letter.pdf", "en/letter-large-print.pdf"


@cache
def lines(name: str) -> tuple[str, ...]:
    return tuple(text_in_structure_order(render_artefacts(demo_letter())[name]).split("\n"))


def spoken(name: str, texts: tuple[str, ...]) -> Document:
    blocks = tuple(
        Block("paragraph", text, ParagraphLocation(name, number, page=1)) for number, text in enumerate(texts, 1)
    )
    return Document(name, "pdf", blocks, 1, "Keeping children safe", "en-GB", is_tagged=True)


def found(*documents: Document) -> tuple[Finding, ...]:
    context = CheckContext.of_letter(demo_letter(), today=DATED, documents=documents)
    return run(context, select=["AC008", "AC009"]).findings


def test_both_prints_hold_every_passage_as_they_are_read_back() -> None:
    files = render_artefacts(demo_letter())
    assert found(*(pdf_letter.read(files[name], name) for name in (PRINT, LARGE))) == ()


def test_both_prints_hold_every_passage_in_its_order() -> None:
    assert found(spoken(PRINT, lines(PRINT)), spoken(LARGE, lines(LARGE))) == ()


@pytest.mark.parametrize("name", [PRINT, LARGE])
def test_a_passage_that_the_tags_lack_is_named(name: str) -> None:
    kept = tuple(line for line in lines(name) if "It is not your child’s fault" not in line)
    assert len(kept) < len(lines(name))
    files = {PRINT: lines(PRINT), LARGE: lines(LARGE), name: kept}
    (finding,) = found(*(spoken(*file) for file in files.items()))
    assert (finding.code, finding.passage) == ("AC008", "fault/1")
    assert finding.message == f"Not in {name} as it is read aloud, or in another order"


def test_the_passage_that_does_not_follow_the_one_before_it_is_named() -> None:
    at = next(
        number for number, line in enumerate(lines(PRINT)) if line.startswith("If a child is in danger now")
    )
    moved = (*lines(PRINT)[:at], *lines(PRINT)[at + 1 :], lines(PRINT)[at])
    (finding,) = found(spoken(PRINT, moved), spoken(LARGE, lines(LARGE)))
    assert (finding.code, finding.passage) == ("AC008", "danger/2")


def test_a_print_without_its_large_print_is_said() -> None:
    (finding,) = found(spoken(PRINT, lines(PRINT)))
    assert (finding.code, finding.message) == ("AC009", f"There is no {LARGE}")


def test_a_long_address_that_goes_over_two_lines_is_not_missing() -> None:
    """In large print the line ends after "www.", and is read back with a space there."""
    letter = demo_letter()
    english = letter.english
    what = english.section("what")
    address = "See www.eastmere.example/x?utm_source=letter-of-the-spring now."
    long = replace(what.passages[0], text=f"{what.passages[0].text} {address}")
    sections = tuple(
        replace(one, passages=(long, *one.passages[1:])) if one.id == "what" else one for one in english.sections
    )
    changed = replace(letter, texts={"en": replace(english, sections=sections)})
    large = pdf_letter.read(render_large_print(changed, "en", PersonalGaps()), LARGE)
    assert "www. eastmere" in " ".join(block.text for block in large.blocks)
    context = CheckContext.of_letter(changed, today=DATED, documents=[large])
    assert run(context, select=["AC008"]).findings == ()


def test_a_gap_may_be_filled_with_any_words() -> None:
    letter = demo_letter()
    texts = {"en": replace(letter.english, title=replace(letter.english.title, text="Dear ((school)) families"))}
    document = spoken(PRINT, ("Dear your child’s school families",))
    context = CheckContext.of_letter(replace(letter, texts=texts), today=DATED, documents=[document])
    (finding,) = run(context, select=["AC008"]).findings
    assert finding.passage != "title"
