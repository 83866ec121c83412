"""A checked letter with its words marked: nothing of it is lost, and every finding is shown once."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyfamily.checks.model.finding import Finding
from everyfamily.checks.report import marked_letter as module
from everyfamily.checks.report.marked_letter import MarkedLetter, marked_letter, words_of
from everyfamily.checks.run.check_document import check_document
from everyfamily.core.text.outside_document import Document
from everyfamily.documents.reading import read_document, read_path
from tests.samples.old_council_letter import FOLDER

_DAY = date(2027, 3, 12)
_PARTS = st.sampled_from(
    [
        "Some children put themselves at risk online.",
        "They may be persuaded to send sexual images.",
        "Dear Parents",
        "Signs: being secretive, a sudden change in dress, using a street name.",
        "Call our Careline on 01632 960 148 or click here. In an emergency, call 999.",
        "Please do not hesitate to contact the DSL.",
        "- going missing overnight",
        "Niech rodzice przeczytają ten list.",
        "<b>Keeping</b> your child & mine safe",
        "",
    ]
)


def _marked(words: str, *, about_harm: bool | None = True) -> MarkedLetter:
    document = read_document(words.encode(), "letter.txt", format="txt")
    return marked_letter(check_document(document, today=_DAY, about_harm=about_harm))


@given(st.lists(_PARTS, min_size=1, max_size=12).map("\n\n".join).filter(str.strip))
def test_every_word_of_the_letter_is_shown_once_and_in_order(words: str) -> None:
    document = read_document(words.encode(), "letter.txt", format="txt")
    letter = marked_letter(check_document(document, today=_DAY, about_harm=True))
    shown = ["".join(segment.text for segment in block.segments) for block in letter.blocks]
    assert shown == [block.text for block in document.blocks if block.text.strip()]


@given(st.lists(_PARTS, min_size=1, max_size=12).map("\n\n".join).filter(str.strip))
def test_every_finding_has_one_number_one_mark_and_one_group(words: str) -> None:
    checked = check_document(read_document(words.encode(), "l.txt", format="txt"), today=_DAY, about_harm=True)
    letter = marked_letter(checked)
    marks = [one.number for block in letter.blocks for segment in block.segments for one in segment.ends]
    gaps = [one.number for block in letter.blocks for one in block.missing]
    numbers = [one.number for one in letter.findings]
    assert sorted([*marks, *gaps]) == numbers == list(range(1, len(checked.report.findings) + 1))
    assert [one.finding for one in letter.findings] != [] or not checked.report.findings


def test_marked_words_are_the_words_of_the_finding() -> None:
    letter = _marked("Some children put themselves at risk online.")
    marked = [segment for segment in letter.blocks[0].segments if segment.group]
    assert [segment.text for segment in marked] == ["put themselves at risk"]
    assert [one.finding.code for one in marked[0].ends] == ["HM103"]


def test_two_findings_that_share_words_share_the_mark_and_the_heavier_group_shows() -> None:
    letter = _marked("These are signs: being secretive, using a street name, going missing overnight.")
    ends = [segment.ends for segment in letter.blocks[0].segments if segment.text == "street name"]
    assert [[one.finding.code for one in found] for found in ends] == [["HM004", "HM125"]]


def test_the_same_words_twice_are_marked_in_their_own_paragraphs() -> None:
    letter = _marked("They put themselves at risk.\n\nIn between.\n\nThey put themselves at risk.")
    marked = [any(segment.group for segment in block.segments) for block in letter.blocks]
    assert marked == [True, False, True]


def test_what_is_missing_is_shown_where_it_belongs() -> None:
    words = "Dear parent\n\nThese are signs of harm.\n\nCall 01632 960 148.\n\nYours\nMrs Harrow"
    letter = _marked(words)
    after = {one.finding.name: index for index, block in enumerate(letter.blocks) for one in block.missing}
    assert after["missing-fault-line"] == 1
    assert after["missing-childs-route"] == 2
    assert after["missing-reference"] == 3


def test_the_errors_are_counted_in_all_and_in_each_group() -> None:
    letter = marked_letter(check_document(read_path(FOLDER / "old-council-letter.docx"), today=_DAY))
    in_groups = sum(letter.must_change(group) for group in letter.groups)
    assert letter.must_change() == in_groups > 0


def test_of_more_than_a_page_shows_the_heaviest_are_shown_and_all_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST_SHOWN", 3)
    words = "Please do not hesitate to contact us.\n\n" * 6 + "Some children put themselves at risk online."
    letter = _marked(words, about_harm=True)
    every = _marked_all(words)
    assert [one.number for one in letter.findings] == [1, 2, 3]
    assert "HM103" in {one.finding.code for one in letter.findings}
    assert letter.must_change() == every.must_change() > 0
    assert sum(letter.count(group) for group in letter.groups) == len(letter.found) == len(every.findings) > 3


def _marked_all(words: str) -> MarkedLetter:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MOST_SHOWN", 1_000)
        return _marked(words, about_harm=True)


def test_the_words_of_a_document_can_be_checked_again_with_the_same_findings() -> None:
    document = read_path(FOLDER / "old-council-letter.docx")
    again = read_document(words_of(document).encode(), "letter.txt", format="txt")
    first, second = ([one.words for one in _about_words(read)] for read in (document, again))
    assert first == second


def _about_words(document: Document) -> list[Finding]:
    """Findings about words: those about the file itself (its language, its headings) are gone with the file."""
    found = check_document(document, today=_DAY).report.findings
    return [one for one in found if one.code.startswith(("HM", "TR"))]
