"""A tagged PDF is read in the order of its structure, and anything else is refused."""

from __future__ import annotations

import io
import re

import pikepdf
import pytest
import typst

from everyfamily.documents.compared.tagged_pdf import (
    PdfNotReadable,
    text_in_structure_order,
    words_in_structure_order,
)
from everyfamily.rendering.pdf import render_letter
from tests.factories.demonstration import HARBOUR, demo_letter


def made(source: str) -> bytes:
    text = '#set document(title: "t")\n#set text(lang: "en")\n' + source
    pdf = typst.compile(text.encode(), format="pdf", pdf_standards="ua-1")
    assert isinstance(pdf, bytes)
    return pdf


def changed(pdf: bytes, change: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        if change == "no structure":
            del document.Root.StructTreeRoot
        if change == "circle":
            tree = document.Root.StructTreeRoot
            tree.K = pikepdf.Array([document.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.Div))])
            tree.K[0].K = tree.K[0]
        if change == "actual text":
            document.Root.StructTreeRoot.K[0].ActualText = pikepdf.String("what is said")
        options = {"encryption": pikepdf.Encryption(owner="a", user="b")} if change == "password" else {}
        document.save(out, **options)
    return out.getvalue()


def test_structure_goes_before_the_page() -> None:
    pdf = made("#place(bottom)[placed first]\n\n= Heading\n\nAfter it.")
    assert text_in_structure_order(pdf).split("\n") == ["placed first", "Heading", "After it."]


def test_labels_artifacts_and_pictures_are_not_words() -> None:
    drawing = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'/>"
    picture = f'image(bytes("{drawing}"), format: "svg", alt: "a cat")'
    pdf = made(f"+ one\n+ two\n\n#pdf.artifact[furniture]\n\n#{picture}")
    assert words_in_structure_order(pdf) == ["one", "two"]


def test_actual_text_replaces_what_it_covers() -> None:
    assert text_in_structure_order(changed(made("something else"), "actual text")) == "what is said"


def test_ligatures_and_letters_beyond_latin_are_read() -> None:
    assert words_in_structure_order(made("office affluent Łódź")) == ["office", "affluent", "Łódź"]


@pytest.mark.parametrize(
    ("change", "fact"),
    [
        ("no structure", "The PDF has no structure"),
        ("password", "The PDF asks for a password."),
        ("circle", "The file is not a PDF that can be read."),
    ],
)
def test_what_cannot_be_read_is_refused(change: str, fact: str) -> None:
    with pytest.raises(PdfNotReadable, match=fact):
        text_in_structure_order(changed(made("= Heading"), change))


@pytest.mark.parametrize("raw", [b"", b"%PDF-1.7", b"not a pdf"])
def test_a_file_that_is_no_pdf_is_refused(raw: bytes) -> None:
    with pytest.raises(PdfNotReadable):
        text_in_structure_order(raw)


def test_a_cut_off_pdf_is_read_or_refused() -> None:
    pdf = render_letter(demo_letter(), "en", HARBOUR)
    for part in range(1, 8):
        try:
            text_in_structure_order(pdf[: len(pdf) * part // 8])
        except PdfNotReadable as error:
            assert error.fix


def as_ranges(pdf: bytes) -> bytes:
    """The same PDF with its maps to text written as ranges instead of single letters."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for font in document.pages[0].Resources.Font.values():
            letters = dict(re.findall(rb"<([0-9A-F]{4})>\s*<([0-9A-F]{4})>", font.ToUnicode.read_bytes()))
            rows = [b"<%s> <%s> <%s>" % (code, code, text) for code, text in letters.items()]
            rows[0] = rows[0].replace(
                b" <" + letters[next(iter(letters))] + b">", b" [<" + letters[next(iter(letters))] + b">]"
            )
            cmap = b"1 beginbfrange\n" + b"\n".join(rows) + b"\nendbfrange"
            font.ToUnicode = document.make_stream(cmap)
        document.save(out)
    return out.getvalue()


def test_maps_written_as_ranges_are_read() -> None:
    pdf = made("Every family")
    assert words_in_structure_order(as_ranges(pdf)) == ["Every", "family"]


def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(PdfNotReadable, match="larger than 50 MB"):
        text_in_structure_order(bytes(50_000_001))
