"""Files made to hurt or to hide words: what a reader sees in them is read, and what cannot be is said."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from everyfamily.cli.letters import check_targets
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.text.outside_document import Document
from everyfamily.documents.reading import DocumentNotReadable, read_document
from everyfamily.documents.shared import not_readable


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


def test_links_that_are_left_open_do_not_pile_up() -> None:
    page = read_document(b"<a href=x>one" * 300 + b"<p>two" * 300, "a.html")
    assert all(len(block.links) <= 1 for block in page.blocks[1:])
    assert len(page.blocks[0].links) == 300


def test_a_link_goes_on_over_paragraphs_until_the_next() -> None:
    page = read_document(
        b"<a href=x><p>one<p>two</p></a><p>three <a href=y>four <a href=z>five</a> six", "a.html"
    )
    assert [[link.address for link in block.links] for block in page.blocks] == [["x"], ["x"], ["y", "z"]]
    last = page.blocks[2]
    assert [last.text[link.start : link.end] for link in last.links] == ["four", "five"]


def test_a_number_of_five_thousand_digits_is_one_strange_character() -> None:
    assert texts(read_document(b"<p>a&#" + b"9" * 5_000 + b";b", "a.html")) == ["a\ufffdb"]


@pytest.mark.parametrize(
    "said", ["idna", "undefined", "punycode", "utf-7", "unicode_escape", "rot13", "nonsense"]
)
def test_a_page_that_claims_an_encoding_no_page_is_in_is_read(said: str) -> None:
    page = f'<meta charset="{said}"><p>+ADw- caf'.encode() + b"\xe9 \\x41"
    assert texts(read_document(page, "a.html")) == ["+ADw- café \\x41"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("data", "name", "refused"),
    [
        (b"Hello\n\n" + b"- > " * 40 + b"hidden", "a.md", "NestedTooDeep"),
        (b"Hello\n\n" + b"> " * 101 + b"hidden", "a.md", "NestedTooDeep"),
        (b"Hello" + b"<img src=a>" * 40_001, "a.html", "DocumentTooLarge"),
        (b"Hello" + b"<p>a" * 40_001, "a.html", "DocumentTooLarge"),
        (b"&amp;" * 100_002, "a.html", "LineTooLong"),
    ],
)
def test_what_would_be_left_out_or_take_long_is_refused(data: bytes, name: str, refused: str) -> None:
    with pytest.raises(DocumentNotReadable) as caught:
        read_document(data, name)
    assert type(caught.value).__name__ == refused


def tagged_pdf(tag: Callable[[pikepdf.Pdf, pikepdf.Page, pikepdf.Object], None]) -> bytes:
    """A page with one marked line, whose structure `tag` writes."""
    out = io.BytesIO()
    with pikepdf.new() as made:
        page = made.add_blank_page(page_size=(600, 800))
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page.Resources = Dictionary(Font=Dictionary(F1=font))
        words = b"/P <</MCID 0>> BDC BT /F1 12 Tf 50 700 Td (Her own fault) Tj ET EMC"
        page.Contents = made.make_stream(words)
        page.StructParents = 0
        made.Root.MarkInfo = Dictionary(Marked=True)
        made.Root.StructTreeRoot = root = made.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        tag(made, page, root)
        made.save(out)
    return out.getvalue()


def nothing(made: pikepdf.Pdf, page: pikepdf.Page, root: pikepdf.Object) -> None:
    """No structure at all."""


def two_thousand_deep(made: pikepdf.Pdf, page: pikepdf.Page, root: pikepdf.Object) -> None:
    node = root
    for _ in range(2_000):
        node.K = inner = made.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Div, P=node))
        node = inner
    node.K, node.Pg = 0, page.obj
    root.ParentTree = made.make_indirect(Dictionary(Nums=Array([0, Array([node])])))


def in_a_circle(made: pikepdf.Pdf, page: pikepdf.Page, root: pikepdf.Object) -> None:
    first = made.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Div, P=root, Pg=page.obj))
    second = made.make_indirect(Dictionary(Type=Name.StructElem, S=Name.P, P=first, Pg=page.obj))
    first.K, second.K, root.K = second, Array([first, 0]), first
    root.ParentTree = made.make_indirect(Dictionary(Nums=Array([0, Array([second])])))


@pytest.mark.parametrize("tag", [nothing, two_thousand_deep, in_a_circle])
def test_words_that_no_tag_reaches_are_read_all_the_same(
    tag: Callable[[pikepdf.Pdf, pikepdf.Page, pikepdf.Object], None],
) -> None:
    document = read_document(tagged_pdf(tag), "a.pdf")
    assert texts(document) == ["Her own fault"]


@pytest.mark.parametrize("tag", [nothing, two_thousand_deep])
def test_words_that_no_tag_reaches_are_said_to_be_outside(
    tag: Callable[[pikepdf.Pdf, pikepdf.Page, pikepdf.Object], None],
) -> None:
    assert read_document(tagged_pdf(tag), "a.pdf").untagged_text == ((1, "Her own fault"),)


def test_no_two_problems_share_a_code() -> None:
    classes: set[type[EveryfamilyError]] = {
        found
        for module in (check_targets, not_readable)
        for found in vars(module).values()
        if isinstance(found, type) and issubclass(found, EveryfamilyError) and found is not EveryfamilyError
    }
    codes = [found.code for found in classes]
    assert len(codes) == len(set(codes)) > 15
