"""Word and OpenDocument files are walked by us (ADR 24): nothing that the libraries read of a plain letter is missing.

And what the libraries do not show, which is why they are not the readers.
"""

from __future__ import annotations

import io
from pathlib import Path

import docx
import odfdo
import pytest
from docx.oxml.parser import parse_xml

from everyfamily.documents.reading import read_document, read_path
from tests.unit.documents.letter_in_formats import as_docx, as_odt, saved

OLD_LETTER = Path(__file__).parents[2] / "samples" / "letters" / "old-council-letter.docx"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _words(*texts: str) -> list[str]:
    return sorted(" ".join(texts).split())


def _by_python_docx(data: bytes) -> list[str]:
    read = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
    return _words(*(paragraph.text for paragraph in read.paragraphs), *cells)


@pytest.mark.parametrize("data", [as_docx(), OLD_LETTER.read_bytes()], ids=["a plain letter", "the old letter"])
def test_a_word_file_has_the_words_that_python_docx_reads(data: bytes) -> None:
    assert _words(*(block.text for block in read_document(data, "a.docx").blocks)) == _by_python_docx(data)


def test_an_opendocument_text_has_the_words_that_odfdo_reads() -> None:
    read = odfdo.Document(io.BytesIO(as_odt()))
    texts = [str(part.inner_text) for part in read.body.get_elements("//text:p | //text:h")]
    assert _words(*(block.text for block in read_document(as_odt(), "a.odt").blocks)) == _words(*texts)


def test_what_somebody_inserted_under_tracked_changes_is_read_here_and_not_by_python_docx() -> None:
    made = docx.Document()
    paragraph = made.add_paragraph("Call us ")
    paragraph._p.append(parse_xml(f'<w:ins {W} w:id="1"><w:r><w:t>at any time</w:t></w:r></w:ins>'))
    data = saved(made)
    assert [block.text for block in read_document(data, "a.docx").blocks] == ["Call us at any time"]
    assert _by_python_docx(data) == ["Call", "us"], "the library reads it now: ask again whether we must"


def test_the_old_letter_is_a_file_on_disk_too() -> None:
    assert read_path(OLD_LETTER).file == OLD_LETTER.name
