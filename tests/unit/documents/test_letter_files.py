"""A letter file is read as its reader meets it, by what it is and not by its name."""

from __future__ import annotations

import io
from email.message import EmailMessage

import pikepdf
import pytest
import typst

from everyfamily.documents.compared.letter_files import read_letter_file
from everyfamily.documents.compared.page_source import may_fill_a_gap, tokens_of_html
from everyfamily.documents.compared.unreadable import UnreadableLetterFile


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
        ("a.txt", b"<!doctype html><HTML><p>Ring</p>", "html", "<!doctype␣html> <HTML> <p> Ring </p>"),
        ("a.EML", eml(), "email", "A letter Ring 999."),
        ("a.eml", eml(plain=None, html="<p>Ring</p>"), "email", "A letter <p> Ring </p>"),
        ("a.eml", eml(html="<p>Ring</p>"), "email", "A letter Ring 999. <p> Ring </p>"),
        ("a.eml", eml(subject="Zoë’s letter"), "email", "Zoë’s letter Ring 999."),
    ],
)
def test_a_file_gives_its_words(name: str, data: bytes, kind: str, words: str) -> None:
    reading = read_letter_file(data, name)
    assert (reading.kind, " ".join(reading.words)) == (kind, words)
    assert (reading.copies_of(reading), reading.links, reading.pages) == (1, frozenset(), ())
    assert bool(reading.more) == (kind == "email")


LINK = '<a class="n" rel="noreferrer" href="tel:+441514960120" style="color: red">'


def test_a_tag_is_one_token_with_all_that_stands_in_it() -> None:
    assert tokens_of_html(f"{LINK}0151&nbsp;496 0120</a>") == [
        LINK.replace(" ", "␣"),
        "0151",
        "496",
        "0120",
        "</a>",
    ]


@pytest.mark.parametrize(
    "source",
    ["<style>p { color: red }</style>", "<!-- Ring -->", "<?php Ring ?>", "<![CDATA[Ring]]>", "<p", "a < b"],
)
def test_nothing_of_a_source_is_left_out(source: str) -> None:
    assert "".join(tokens_of_html(source)).replace("␣", "") == source.replace(" ", "")


def test_a_gap_of_a_page_holds_words_and_telephone_links_that_look_like_the_sealed_ones() -> None:
    def token(tag: str) -> str:
        (one,) = tokens_of_html(tag)
        return one

    sealed = frozenset({token(LINK)})
    for good in ("Quayfield", LINK.replace("0120", "0199"), "</a>", '<bdi dir="ltr">', "</bdi>"):
        assert may_fill_a_gap(token(good), sealed), good
    for bad in (
        "<img src=a>",
        "<p>",
        LINK.replace("red", "blue"),
        LINK.replace("tel:+44", "https://a"),
        "<a",
        "b>",
    ):
        assert not may_fill_a_gap(token(bad), sealed), bad
    assert not may_fill_a_gap(token(LINK), frozenset())


@pytest.mark.parametrize("name", ["a.html", "a.HTM"])
def test_a_page_is_read_as_one_whatever_it_holds(name: str) -> None:
    assert read_letter_file(b"Ring <b>999</b>", name).kind == "html"


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.docx", b"PK\x03\x04\xfe\xff"), ("a.txt", b""), ("a.eml", b"Ring 999."), ("a.eml", eml(subject=None))],
)
def test_what_is_no_letter_is_refused_under_its_name(name: str, data: bytes) -> None:
    with pytest.raises(UnreadableLetterFile, match=f"^{name}"):
        read_letter_file(data, name)


def test_a_pdf_whose_bookmark_leads_to_a_thing_that_is_no_place_is_refused() -> None:
    source = b'#set document(title: "t")\n= A heading\nRing 999.'
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(typst.compile(source, format="pdf", pdf_standards="ua-1"))) as document:
        document.Root.Outlines.First.Dest = document.Root.Outlines
        document.save(out)
    with pytest.raises(UnreadableLetterFile, match="damaged"):
        read_letter_file(out.getvalue(), "letter.pdf")
