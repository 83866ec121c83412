"""What is on the pages of a Word file comes out, and what was deleted or hidden does not."""

from __future__ import annotations

import docx
from docx.oxml import parse_xml

from everyfamily.core.text.outside_document import Block, Document
from everyfamily.documents.reading import read_document
from tests.unit.documents.letter_in_formats import saved

_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def written(*paragraphs: str) -> Document:
    """A Word file with paragraphs whose inside is written by hand."""
    made = docx.Document()
    for inside in paragraphs:
        made.element.body.insert(-1, parse_xml(f"<w:p {_SPACES}>{inside}</w:p>"))
    return read_document(saved(made), "a.docx")


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


def only(document: Document) -> Block:
    (block,) = document.blocks
    return block


def test_a_deletion_is_out_and_an_insertion_is_in() -> None:
    deleted = "<w:del><w:r><w:delText>old </w:delText></w:r></w:del>"
    assert texts(written(deleted + f"<w:ins>{run('new ')}</w:ins>" + run("words"))) == ["new words"]


def test_hidden_words_are_out() -> None:
    assert texts(written(run("seen") + run(" unseen", "<w:vanish/>"))) == ["seen"]


def test_a_field_is_a_link() -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText> HYPERLINK "https://a.example/x" </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + run("our page") + "<w:r>"
        '<w:fldChar w:fldCharType="end"/></w:r>'
    )
    block = only(written(run("See ") + field + run(".")))
    assert block.text == "See our page."
    assert [(block.text[link.start : link.end], link.address) for link in block.links] == [
        ("our page", "https://a.example/x")
    ]


def test_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent><w:p>{run('In the box')}</w:p></w:txbxContent>"
    both = (
        f"<mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    assert texts(written(run("Beside it") + f"<w:r>{both}</w:r>")) == ["Beside it", "In the box"]


def test_a_bold_line_above_text_is_a_heading_without_a_level() -> None:
    document = written(
        run("What to do", "<w:b/>"),
        run("Ring us if you are worried, whatever the time may be."),
        run("Jo Bell", "<w:b/>"),
        run("Director"),
    )
    assert [(block.kind, block.level) for block in document.blocks] == [
        ("heading", 0),
        ("paragraph", 0),
        ("paragraph", 0),
        ("paragraph", 0),
    ]


def test_a_typed_bullet_is_an_item_without_its_mark() -> None:
    block = only(written(run("• tired in the morning")))
    assert (block.kind, block.level, block.text) == ("item", 1, "tired in the morning")


def test_runs_say_how_words_are_set() -> None:
    look = '<w:b/><w:color w:val="FF0000"/><w:sz w:val="18"/><w:shd w:val="clear" w:fill="000000"/>'
    block = only(written(run("plain ") + run("set", look + '<w:lang w:val="pl-PL"/>')))
    last = block.runs[-1]
    assert (last.start, last.end, last.bold, last.size) == (6, 9, True, 9.0)
    assert (last.colour, last.background, last.language) == ((255, 0, 0), (0, 0, 0), "pl-PL")


def test_headers_and_footers_stand_behind_the_body() -> None:
    made = docx.Document()
    made.add_paragraph("Body")
    made.sections[0].header.paragraphs[0].text = "Head"
    made.sections[0].footer.paragraphs[0].text = "Foot"
    document = read_document(saved(made), "a.docx")
    assert [(block.kind, block.text) for block in document.blocks] == [
        ("paragraph", "Body"),
        ("header", "Head"),
        ("footer", "Foot"),
    ]
