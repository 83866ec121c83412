"""Whatever a letter is made of: each word is found where its source has it, and no file brings a reader down."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyfamily.checks.text.document_pieces import pieces_of_document
from everyfamily.documents.reading import DocumentNotReadable, read_document

pytestmark = pytest.mark.slow

WORD = st.text("abcdefghäñłżя", min_size=2, max_size=9)
SPACE = st.sampled_from([" ", "  ", "\n", "\t", " \n  "])
HTML_BETWEEN = st.sampled_from(
    [
        " ",
        "\n",
        "<b>",
        "</b> ",
        "<br>",
        "<p>",
        "</p>\n<p lang='pl'>",
        "&amp; ",
        "&nbsp;",
        "<ul><li>",
        "<!-- x\n -->",
    ]
) | st.sampled_from(
    [
        "<td>",
        "</table>",
        "<h2>",
        "<a href='https://a.example'>",
        "</a>",
        "<pre>",
        "</pre>",
        "<i style='color:red'>",
    ]
)
MARKDOWN_BETWEEN = st.sampled_from(
    [
        " ",
        "\n",
        "  \n",
        "\n\n",
        " **",
        "** ",
        "\n- ",
        "\n    - ",
        "\n1. ",
        "\n> ",
        " [",
        "](https://a.example) ",
        " `",
    ]
) | st.sampled_from(["` ", "\n\n# ", " \\* ", " &amp; ", "\n\n| ", " | ", "\n\n    ", " <b>", "</b> "])


def assert_words_stand_where_they_are_said_to(source: str, name: str) -> None:
    lines = source.split("\n")
    try:
        document = read_document(source.encode(), name)
    except DocumentNotReadable:
        return
    for piece in pieces_of_document(document):
        for letter in re.finditer(r"[a-zäñłżя]", piece.text):
            place = piece.place_of(letter.start())
            found = lines[place.line - 1][place.column - 1 :]
            assert found.startswith(letter[0]), (piece.text, letter.start(), place)


@given(st.lists(st.tuples(WORD, HTML_BETWEEN), min_size=1, max_size=25))
def test_words_of_a_page_stand_where_they_are_said_to(parts: list[tuple[str, str]]) -> None:
    assert_words_stand_where_they_are_said_to("".join(word + between for word, between in parts), "a.html")


@given(st.lists(st.tuples(WORD, SPACE), min_size=1, max_size=60))
def test_words_of_plain_text_stand_where_they_are_said_to(parts: list[tuple[str, str]]) -> None:
    assert_words_stand_where_they_are_said_to("".join(word + between for word, between in parts), "a.txt")


@given(st.lists(st.tuples(WORD, MARKDOWN_BETWEEN), min_size=1, max_size=25))
def test_words_of_markdown_stand_where_they_are_said_to(parts: list[tuple[str, str]]) -> None:
    # Each word once: a repeated one may be taken for its twin within an address or a mark.
    source = "".join(
        f"{word}{'abcdefgh'[n % 8]}{'abcdefgh'[n // 8]}{mark}" for n, (word, mark) in enumerate(parts)
    )
    assert_words_stand_where_they_are_said_to(source, "a.md")


@given(st.binary(max_size=400), st.sampled_from(["txt", "md", "html", "docx", "odt", "pdf"]))
def test_no_bytes_bring_a_reader_down(data: bytes, ending: str) -> None:
    for start in (b"", b"%PDF-1.7\n", b"PK\x03\x04"):
        try:
            document = read_document(start + data, f"a.{ending}")
        except DocumentNotReadable as refused:
            assert refused.fact.endswith(".")
        else:
            for block in document.blocks:
                assert all(0 <= link.start < link.end <= len(block.text) for link in block.links)
                assert all(0 <= run.start < run.end <= len(block.text) for run in block.runs)
