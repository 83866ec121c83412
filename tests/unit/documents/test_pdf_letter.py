"""A PDF is put together by its tags, or by the positions of its words."""

from __future__ import annotations

import io

import pikepdf
import typst

from everyfamily.core.text.outside_document import Document
from everyfamily.documents.reading import read_document


def made(source: str, *, tagged: bool = True) -> Document:
    text = '#set document(title: "t")\n#set page(width: 12cm, height: 12cm)\n' + source
    pdf = typst.compile(text.encode(), format="pdf", pdf_standards="ua-1")
    assert isinstance(pdf, bytes)
    if not tagged:
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(pdf)) as document:
            del document.Root.StructTreeRoot
            del document.Root.MarkInfo
            document.save(out)
        pdf = out.getvalue()
    return read_document(pdf, "a.pdf")


def told(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in document.blocks]


LONG = "These words go on over the end of the line because there are more of them than fit on it."


def test_lines_are_joined_and_bullets_are_items() -> None:
    document = made(
        f"#text(size: 18pt)[Large title]\n\n{LONG}\n\n- one thing\n- {LONG}\n\n*Short and bold*\n\n{LONG}",
        tagged=False,
    )
    assert told(document) == [
        ("heading", "Large title"),
        ("paragraph", LONG),
        ("item", "one thing"),
        ("item", LONG),
        ("heading", "Short and bold"),
        ("paragraph", LONG),
    ]
    assert {block.level for block in document.blocks if block.kind == "heading"} == {0}
    assert document.is_tagged is False


def test_a_link_has_the_words_under_it() -> None:
    for tagged in (True, False):
        (block,) = made('See #link("https://a.example/x")[our page] now.', tagged=tagged).blocks
        assert [(block.text[link.start : link.end], link.address) for link in block.links] == [
            ("our page", "https://a.example/x")
        ]


def test_a_running_footer_is_told_once_and_a_cut_paragraph_is_one() -> None:
    source = f"#set page(footer: [Page of the council])\n{' '.join([LONG] * 14)}"
    for tagged in (True, False):
        document = made(source, tagged=tagged)
        assert document.pages is not None and document.pages > 1
        assert [text for kind, text in told(document) if kind == "footer"] == ["Page of the council"]
        assert sum(kind == "paragraph" for kind, _ in told(document)) <= document.pages


def test_lines_of_a_narrow_column_are_joined_and_a_paragraph_goes_on_in_the_next() -> None:
    first = "The first paragraph has enough words to go over a few of these narrow lines."
    cut = " ".join(f"word{number} and then" for number in range(45))
    last = "A short end."
    source = f"#set page(columns: 2)\n#set text(size: 10pt)\n{first}\n\n{cut}\n\n{last}"
    for tagged in (True, False):
        assert told(made(source, tagged=tagged)) == [("paragraph", text) for text in (first, cut, last)]


def test_an_address_beside_the_text_is_no_column() -> None:
    source = (
        "#place(top + right, dx: 0cm, [The Office \\ 1 High Street])\n#v(1.2cm)\n"
        f"{LONG}\n\nYours sincerely \\ A. Ferris \\ Head of School"
    )
    texts = [text for _, text in told(made(source, tagged=False))]
    assert texts[-1] == "Yours sincerely\nA. Ferris\nHead of School"
    assert LONG in texts


def test_a_list_typed_with_the_letter_o_is_a_list_also_where_its_lines_do_not_hang() -> None:
    source = f"Look for:\n\no #h(4pt) one thing\n\no #h(4pt) {LONG}\n\n{LONG}"
    for tagged in (True, False):
        assert told(made(source, tagged=tagged))[1:] == [
            ("item", "one thing"),
            ("item", LONG),
            ("paragraph", LONG),
        ]


def test_a_hyphen_at_a_line_end_is_mended_by_the_rest_of_the_letter() -> None:
    source = "#set text(lang: 'en', hyphenate: true)\n#set par(justify: true)\n".replace("'", '"')
    words = "safeguarding information communication " * 8
    document = made(source + words, tagged=False)
    assert set(" ".join(text for _, text in told(document)).split()) == set(words.split())


def test_a_picture_has_what_is_said_of_it() -> None:
    drawing = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'/>"
    document = made(f'Words\n\n#image(bytes("{drawing}"), format: "svg", alt: "a cat")')
    assert [image.alt for image in document.images] == ["a cat"]
    assert ("alt text", "a cat") in told(document)


def test_words_outside_the_tags_are_told_apart() -> None:
    pdf = typst.compile(b'#set document(title: "t")\nInside', format="pdf", pdf_standards="ua-1")
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        page = document.pages[0]
        page.Resources.Font["/Fx"] = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        page.contents_add(document.make_stream(b"BT /Fx 12 Tf 100 100 Td (Outside words) Tj ET"))
        document.save(out)
    read = read_document(out.getvalue(), "a.pdf")
    assert read.untagged_text == ((1, "Outside words"),)
    assert told(read) == [("paragraph", "Inside"), ("paragraph", "Outside words")]
