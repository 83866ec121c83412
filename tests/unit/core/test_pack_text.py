"""The small Markdown of packs, mark by mark."""

from __future__ import annotations

import pytest

from everyfamily.core.packs.pack_text import PackTextMalformed, parse_body

TEXT = """# Title {#title}

## {#first}

A paragraph that goes
on over two lines. {promise=calm source=S1,S2}
- an item
  that goes on | its aside {only=email,web}
- another

## Heading | asides {#second}
Right under the heading. {if=next-topic}
"""


def test_lines_are_joined_until_a_blank_line_or_another_mark() -> None:
    title, sections = parse_body(TEXT, "letter.en.md")
    assert title.text == "Title"
    first, second = sections
    assert [(p.id, p.kind, p.text, p.aside, p.place.line) for p in first.passages] == [
        ("first/1", "paragraph", "A paragraph that goes on over two lines.", None, 5),
        ("first/2", "item", "an item that goes on", "its aside", 7),
        ("first/3", "item", "another", None, 9),
    ]
    assert first.heading is None
    assert second.heading is not None
    assert (second.heading.text, second.heading.aside) == ("Heading", "asides")


def test_attributes_are_read_at_the_end_of_a_passage() -> None:
    _, (first, second) = parse_body(TEXT, "letter.en.md")
    assert first.passages[0].promise == "calm"
    assert first.passages[0].sources == ("S1", "S2")
    assert first.passages[1].only == ("email", "web")
    assert first.passages[1].stands_in("web")
    assert not first.passages[1].stands_in("print")
    assert second.passages[0].condition == "next topic"


@pytest.mark.parametrize("text", ["\n", "no title\n", "- an item\n"])
def test_a_text_without_a_title_is_refused(text: str) -> None:
    with pytest.raises(PackTextMalformed):
        parse_body(text, "letter.en.md")
