"""The letter as a Word file: it opens, it reads well, it names nothing outside, and its bytes are the letter's."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from itertools import pairwise

import docx
import pytest
from docx.document import Document as WordDocument
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.oxml.ns import qn
from lxml import etree

from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.rendering.language_names import names_of
from everyfamily.rendering.view import view_of
from everyfamily.rendering.word import render_word
from tests.factories.demonstration import DATED, demo_letter


@pytest.fixture(scope="module")
def data() -> bytes:
    return render_word(demo_letter(), "en")


@pytest.fixture
def document(data: bytes) -> WordDocument:
    return docx.Document(io.BytesIO(data))


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def all_text(document: WordDocument) -> str:
    return " ".join("".join(node.itertext()) for node in document.element.body.iter(qn("w:p"), qn("w:br")))


def test_the_same_letter_gives_the_same_bytes(data: bytes) -> None:
    assert render_word(demo_letter(), "en") == data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {part.compress_type for part in archive.infolist()} == {zipfile.ZIP_STORED}
    assert len(data) < 150_000


def test_headings_stand_in_order(document: WordDocument) -> None:
    levels = [int(line.style.name[-1]) for line in document.paragraphs if line.style.name.startswith("Heading")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    titles = [line.text for line in document.paragraphs if line.style.name.startswith("Heading")]
    assert "Keep this by the phone" in titles


def test_it_holds_every_text_of_the_letter_in_its_order(document: WordDocument) -> None:
    said = " ".join(all_text(document).split())
    view = view_of(demo_letter(), "en", "print", PersonalGaps())
    position = 0
    for section in view.sections.values():
        for block in section.blocks:
            words = " ".join(block.text.split())
            position = said.find(words, position)
            assert position >= 0, words
    assert "What to do: cannot find them? Call 999." in said
    assert "((" not in said
    assert "on the number you already have" in said


def test_lists_are_lists(document: WordDocument) -> None:
    view = view_of(demo_letter(), "en", "print", PersonalGaps())
    listed = [line for line in document.paragraphs if line.style.name in ("List Bullet", "List Number")]
    assert len(listed) == sum(len(section.items) for section in view.sections.values())
    numbered = [line.text for line in listed if line.style.name == "List Number"]
    assert numbered[0].startswith("A trained person listens.")
    for name in ("List Bullet", "List Number"):
        assert document.styles[name].element.find(f".//{qn('w:numId')}") is not None
    assert not any(line.text.startswith(("•", "-", "1.")) for line in document.paragraphs)


def test_the_numbers_are_one_table_with_a_heading_row_that_stays_together(document: WordDocument) -> None:
    (table,) = (one for one in document.tables if one.style.name == "Routes")
    assert [cell.text for cell in table.rows[0].cells] == ["Who", "Number", "When"]
    assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
    assert [row.cells[1].text.replace("\u00a0", " ") for row in table.rows[1:3]] == ["999", "0151 496 0120"]
    for row in table.rows:
        assert row._tr.find(f".//{qn('w:cantSplit')}") is not None
        assert all(cell.paragraphs[0].paragraph_format.keep_with_next for cell in row.cells)


def test_the_numbers_are_as_large_as_on_the_card(document: WordDocument) -> None:
    (table,) = (one for one in document.tables if one.style.name == "Routes")
    sizes = {run.font.size.pt for row in table.rows[1:3] for run in row.cells[1].paragraphs[0].runs}
    assert sizes == {16}


def test_what_stands_beside_each_other_never_parts(document: WordDocument) -> None:
    head, code, signed, foot = (one for one in document.tables if one.style is None or one.style.name != "Routes")
    assert [cell.text for cell in head.rows[0].cells] == ["", "Eastmere\nCity Council", "", "Eastmere\nPolice"]
    assert code.rows[0].cells[0].text.startswith("Scan the code, or go to families.eastmere.example/spring-2027")
    assert [cell.text.split(",")[0].strip() for cell in signed.rows[0].cells] == [
        "Amina Whitlock",
        "Tom Garrowby",
    ]
    assert [cell.text.partition("\n")[0] for cell in foot.rows[0].cells] == [
        "Questions about this letter only",
        "Eastmere Safeguarding Children Partnership",
    ]
    assert foot.rows[0]._tr.find(f".//{qn('w:cantSplit')}") is not None
    for table in (head, code, signed):
        assert table.rows[0]._tr.find(f".//{qn('w:cantSplit')}") is not None
        assert {cell.vertical_alignment for cell in table.rows[0].cells} == {WD_CELL_VERTICAL_ALIGNMENT.CENTER}
    assert "The parent or carer" not in all_text(document)
    names = code.rows[0].cells[0].paragraphs[-1].text.split(" · ")
    assert names == [name for _, name in names_of(demo_letter())]
    assert names[:3] == ["Polski", "العربية", "اردو"]


def test_every_picture_says_what_it_is(document: WordDocument) -> None:
    said = [picture._inline.docPr.get("descr") for picture in document.inline_shapes]
    assert said == [
        "Logo of Eastmere City Council",
        "Logo of Eastmere Police",
        "Code for the web page families.eastmere.example/spring-2027. It is the same for everyone.",
        "Signature of Amina Whitlock",
        "Signature of Tom Garrowby",
    ]


def test_it_says_its_language(data: bytes, document: WordDocument) -> None:
    assert document.styles.element.find(f".//{qn('w:lang')}").get(qn("w:val")) == "en-GB"
    assert document.core_properties.language == "en-GB"
    letter = demo_letter()
    urdu = replace(letter, texts={"en": letter.english, "ur": replace(letter.english, language="ur")})
    other = docx.Document(io.BytesIO(render_word(urdu, "ur")))
    assert other.styles.element.find(f".//{qn('w:lang')}").get(qn("w:bidi")) == "ur"
    assert other.styles["Normal"].element.find(f".//{qn('w:bidi')}") is not None


def test_what_a_file_manager_shows_names_no_topic_and_no_machine(document: WordDocument, data: bytes) -> None:
    core = document.core_properties
    assert core.title == "A letter about keeping children safe"
    assert (core.author, core.last_modified_by) == (demo_letter().partnership,) * 2
    assert (core.created.date(), core.modified.date()) == (DATED, DATED)
    assert (core.comments, core.keywords, core.subject, core.revision) == ("", "", "", 1)
    properties = b"".join(raw for name, raw in parts(data).items() if name.startswith("docProps/"))
    assert not any(word.encode() in properties for word in demo_letter().topic_words)


def test_it_carries_nothing_that_runs_tracks_or_fetches(data: bytes) -> None:
    found = parts(data)
    assert not [name for name in found if "vba" in name.lower() or "customXml" in name or "thumbnail" in name]
    for name, raw in found.items():
        if name.endswith((".xml", ".rels")):
            etree.fromstring(raw)
        if name.endswith(".xml"):
            assert not any(
                mark in raw for mark in (b"w:rsid", b"<w:ins ", b"<w:del ", b"w:attachedTemplate", b"w:docId")
            )
    outside = etree.fromstring(found["word/_rels/document.xml.rels"]).findall(
        "{*}Relationship[@TargetMode='External']"
    )
    assert outside
    assert {one.get("Type").rsplit("/", 1)[1] for one in outside} == {"hyperlink"}
    assert {one.get("Target").split(":")[0] for one in outside} == {"https", "mailto"}


def test_pages_are_a4_and_type_is_12_points_or_more(document: WordDocument) -> None:
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    sizes = [int(node.get(qn("w:val"))) for node in document.styles.element.iter(qn("w:sz"))]
    assert min(sizes) >= 24
