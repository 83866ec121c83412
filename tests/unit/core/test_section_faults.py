"""What an author is told of words that cannot be kept, by the paragraph that it is about."""

from __future__ import annotations

from everyfamily.core.letter.section_faults import line_faults, section_faults, too_long
from everyfamily.core.letter.section_words import section_text, section_words
from tests.factories.each import each
from tests.factories.english_pack import english_pack


def faults(section: str, old: str, new: str) -> list[tuple[str, int]]:
    """Code and paragraph of each fault, after `old` in a section of the pack was replaced by `new`."""
    pack = english_pack()
    own = pack.texts["en"].section(section)
    text = section_text(own.passages)
    assert old in text
    edited = section_words(text.replace(old, new), own.passages, section)
    return [
        (one.code, one.place.line if one.place else 0) for one in section_faults(pack, own, own.passages, edited)
    ]


@each(
    "section, old, new, expected",
    [
        ("opening", "You have not", "Nobody has", []),
        ("opening", "\n\nWe write", "\n\nA new paragraph.\n\nWe write", []),
        ("opening", "((partners))", "((partner))", [("EF123", 2)]),
        ("opening", "((partners))", "((partners", [("EF123", 2)]),
        ("opening", "letter", "<b>letter</b>", [("EF552", 2)]),
        ("opening", "This letter", "## This letter", [("EF552", 2)]),
        ("opening", "letter", "letter \U0001f642", [("EF552", 2)]),
        ("opening", "letter", "let\u202eter", [("EF123", 2)]),
        ("opening", "letter", "{letter}", [("EF122", 2)]),
        ("opening", "letter", "letter | words", [("EF122", 2)]),
        ("opening", "This letter", "- This letter", [("EF551", 2)]),
        ("opening", "Dear parent", "A new first line.\n\nDear parent", [("EF551", 1)]),
        ("danger", "If a child is in danger now, call ((route emergency)).\n\n", "", [("EF550", 0)]),
        ("now", " | get medical help, ask gently", "", [("EF551", 2)]),
        ("adults", "\n\nMost kindness", "\n- asks for money\n\nMost kindness", []),
        ("adults", "Most kindness", "- Most kindness", [("EF551", 4)]),
    ],
)
def test_words_that_cannot_be_kept_are_told_at_their_paragraph(
    section: str, old: str, new: str, expected: list[tuple[str, int]]
) -> None:
    assert faults(section, old, new) == expected


def test_a_text_message_keeps_the_gap_of_its_school() -> None:
    pack = english_pack()
    own = pack.texts["en"].sms
    assert [one.code for one in line_faults(pack, own, own.text.replace("((school))", "We"))] == ["EF554"]
    assert line_faults(pack, own, own.text.replace("families", "homes")) == []


def test_ten_thousand_characters_are_too_many() -> None:
    assert [one.code for one in too_long("a child " * 1250)] == ["EF553"]
