"""A letter file is read as its reader meets it, by what it is and not by its name."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from everyfamily.documents.letter_files import UnreadableLetterFile, read_letter_file, words_of_html


def eml(*, subject: str | None = "A letter", plain: str | None = "Ring 999.", html: str | None = None) -> bytes:
    message = EmailMessage()
    if subject is not None:
        message["Subject"] = subject
    if plain is not None:
        message.set_content(plain)
    if html is not None:
        message.add_alternative(html, subtype="html") if plain else message.set_content(html, subtype="html")
    return bytes(message)


@pytest.mark.parametrize(
    ("name", "data", "kind", "words"),
    [
        ("a.txt", b"Ring  999.\r\n", "text", "Ring 999."),
        ("a", "\ufeffZoë rings".encode(), "text", "Zoë rings"),
        ("a.txt", b"<!doctype html><HTML><p>Ring</p>", "html", "doctype html Ring"),
        ("a.EML", eml(), "email", "A letter Ring 999."),
        ("a.eml", eml(plain=None, html="<p>Ring</p>"), "email", "A letter Ring"),
        ("a.eml", eml(html="<p>Ring</p>"), "email", "A letter Ring 999. Ring"),
        ("a.eml", eml(subject="Zoë’s letter"), "email", "Zoë’s letter Ring 999."),
    ],
)
def test_a_file_gives_its_words(name: str, data: bytes, kind: str, words: str) -> None:
    reading = read_letter_file(data, name)
    assert (reading.kind, " ".join(reading.words)) == (kind, words)
    assert (reading.copies, reading.links, reading.more) == (1, frozenset(), frozenset())


def test_a_link_gives_its_address_before_its_words() -> None:
    html = '<a href="tel:+441514960120" class="n" rel="noreferrer">0151 496 0120</a>'
    assert words_of_html(html) == ["[tel:+441514960120]", "0151", "496", "0120"]


def test_looks_are_not_words() -> None:
    html = '<p class="a" style="color: red" lang="en" hidden>Ring <b id="x">999</b></p>'
    assert words_of_html(html) == ["Ring", "999"]
    assert words_of_html('<meta name="viewport" content="width=device-width">') == []


def test_entities_are_what_they_stand_for() -> None:
    assert words_of_html("child&rsquo;s&nbsp;school &#49;") == ["child’s", "school", "1"]


def test_a_processing_instruction_and_an_unknown_declaration_count() -> None:
    assert words_of_html("<?php Ring ?><![CDATA[ 999 ]]>")[:2] == ["php", "Ring"]
    assert "999" in " ".join(words_of_html("<![CDATA[ 999 ]]>"))


def test_words_after_a_style_sheet_count_again() -> None:
    assert words_of_html("<style>p { color: red }</style>Ring") == ["Ring"]


@pytest.mark.parametrize(
    ("name", "data"), [("a.docx", b"PK\x03\x04\xfe\xff"), ("a.eml", b"Ring 999."), ("a.eml", eml(subject=None))]
)
def test_what_is_no_letter_is_refused_under_its_name(name: str, data: bytes) -> None:
    with pytest.raises(UnreadableLetterFile, match=f"^{name}"):
        read_letter_file(data, name)
