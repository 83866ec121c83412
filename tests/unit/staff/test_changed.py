"""What changed between two letters, as the person who approves the second is shown it."""

from __future__ import annotations

from dataclasses import replace

from everyfamily.core.letter.letters import Letter
from everyfamily.staff.agreeing.changed import changed_letter
from tests.factories.demonstration import demo_letter


def _with_talk(letter: Letter, words: str) -> Letter:
    text = letter.english
    sections = tuple(
        replace(one, passages=(replace(one.passages[0], text=words), *one.passages[1:]))
        if one.id == "talk"
        else one
        for one in text.sections
    )
    return replace(letter, texts={**letter.texts, "en": replace(text, sections=sections)})


def test_one_comma_is_shown_where_a_person_finds_it_and_nothing_else() -> None:
    before, after = (
        _with_talk(demo_letter(), words)
        for words in ("Listen first and stay calm.", "Listen first, and stay calm.")
    )
    (found,) = changed_letter(before, after)
    assert found.place.endswith(", passage 1")
    assert [words for kind, words in found.was if kind == "gone"] == ["first"]
    assert [words for kind, words in found.now if kind == "new"] == ["first,"]
    assert changed_letter(before, before) == []


def test_a_number_and_a_drawing_are_shown_too() -> None:
    letter = demo_letter()
    route = replace(letter.routes[0], number="0151 496 0999")
    body = replace(letter.bodies[0], logo_svg="<svg/>")
    other = replace(letter, routes=(route, *letter.routes[1:]), bodies=(body, *letter.bodies[1:]))
    number, drawing = changed_letter(letter, other)
    assert "0151 496 0999" in number.now[-1][1] or any("0999" in words for _, words in number.now)
    assert (drawing.drawing, drawing.was) == (True, ())
