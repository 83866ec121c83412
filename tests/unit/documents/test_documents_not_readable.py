"""Every file that cannot be read is refused with one fact and one next step, in little time, and without harm."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pikepdf
import pytest

from everyfamily.core.text.outside_document import Document
from everyfamily.documents.guarded_reading import read_guarded
from everyfamily.documents.reading import DocumentNotReadable, read_document, read_path
from everyfamily.documents.shared import not_readable
from tests.unit.documents.letter_in_formats import as_docx, as_odt, as_pdf, as_txt

EMAIL = b"From: office@example.com\nSubject: Vapes\nMIME-Version: 1.0\n\nDear parents"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def changed(package: bytes, parts: dict[str, bytes], *, keep: bool = True) -> bytes:
    """The package with parts put in place of its own, or added. Without `keep` it has only the new parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if keep and name not in parts:
                new.writestr(name, old.read(name))
        for name, data in parts.items():
            new.writestr(name, data)
    return out.getvalue()


def word(body: str, before: str = "") -> bytes:
    """A Word file of which the body is written by hand."""
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    text = f'<?xml version="1.0"?>{before}<w:document xmlns:w="{main}"><w:body>{body}</w:body></w:document>'
    return changed(as_docx(), {"word/document.xml": text.encode()})


def lying_about_sizes(package: bytes) -> bytes:
    """The package, each part of which claims to unpack to nearly nothing."""
    data = bytearray(package)
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 24 : at + 28] = struct.pack("<I", 10)
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def bomb() -> bytes:
    return changed(as_docx(), {"word/media/image1.png": bytes(120_000_000)})


def laughs() -> str:
    lines = ['<!ENTITY a0 "ha">', *(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))]
    return f"<!DOCTYPE w:document [{''.join(lines)}]>"


def scan() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        page = made.add_blank_page()
        picture = made.make_stream(
            zlib.compress(bytes(300)),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=10,
            Height=10,
            ColorSpace=pikepdf.Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=pikepdf.Name.FlateDecode,
        )
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
        page.Contents = made.make_stream(b"q 500 0 0 700 0 0 cm /Im0 Do Q")
        made.save(out)
    return out.getvalue()


def locked_pdf(user: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(as_pdf())) as made:
        made.save(out, encryption=pikepdf.Encryption(owner="owner", user=user))
    return out.getvalue()


def locked_odt() -> bytes:
    name = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    manifest = (
        f'<m:manifest xmlns:m="{name}"><m:file-entry m:full-path="content.xml"><m:encryption-data/></m:file-entry>'
        "</m:manifest>"
    )
    return changed(as_odt(), {"META-INF/manifest.xml": manifest.encode(), "content.xml": b"\x8a\x01\x99"})


CASES = {
    "nothing": lambda: (b"", "a.txt", "EmptyDocument"),
    "white space alone": lambda: (b" \n\t \n", "a.md", "EmptyDocument"),
    "a page with hidden words alone": lambda: (b"<p hidden>a</p>", "a.html", "EmptyDocument"),
    "over 50 MB": lambda: (bytes(50_000_001), "a.txt", "DocumentTooLarge"),
    "too much text": lambda: (b"aaaa bbbb\n" * 510_000, "a.txt", "DocumentTooLarge"),
    "too many paragraphs": lambda: (b"a\n\n" * 41_000, "a.txt", "DocumentTooLarge"),
    "a line too long": lambda: (b"a" * 100_001, "a.txt", "LineTooLong"),
    "a paragraph too long": lambda: (b"<p>" + b"a b\n" * 30_000, "a.html", "LineTooLong"),
    "a locked docx": lambda: (OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx", "DocumentLocked"),
    "a locked odt": lambda: (locked_odt(), "a.odt", "DocumentLocked"),
    "a locked pdf": lambda: (locked_pdf("user"), "a.pdf", "DocumentLocked"),
    "an old Word file": lambda: (OLE, "a.doc", "OldFileFormat"),
    "an old Word file with a new name": lambda: (OLE, "a.docx", "OldFileFormat"),
    "rich text": lambda: (b"{\\rtf1 hello}", "a.rtf", "OldFileFormat"),
    "rich text with another name": lambda: (b"{\\rtf1 hello}", "a.txt", "OldFileFormat"),
    "a saved email": lambda: (b"From: a@example.com\n\nDear parents", "a.eml", "OldFileFormat"),
    "a saved email with another name": lambda: (EMAIL, "a.txt", "OldFileFormat"),
    "a saved email named as a web page": lambda: (EMAIL.replace(b"\n", b"\r\n"), "a.html", "OldFileFormat"),
    "a saved web page with its pictures": lambda: (EMAIL, "a.mht", "OldFileFormat"),
    "a Pages file": lambda: (b"PK\x03\x04", "a.pages", "OldFileFormat"),
    "a Pages file with another name": lambda: (
        changed(as_docx(), {"Index/Document.iwa": b"\x00"}, keep=False),
        "a.docx",
        "OldFileFormat",
    ),
    "an ending nobody knows": lambda: (b"a", "a.xyz", "UnknownFileEnding"),
    "a PDF named docx": lambda: (as_pdf(), "a.docx", "FileEndingWrong"),
    "a docx named pdf": lambda: (as_docx(), "a.pdf", "FileEndingWrong"),
    "an odt named txt": lambda: (as_odt(), "a.txt", "FileEndingWrong"),
    "text named pdf": lambda: (b"hello", "a.pdf", "FileEndingWrong"),
    "a picture": lambda: (b"\x89PNG\r\n\x1a\n" + bytes(50), "a.txt", "NotText"),
    "zeros": lambda: (b"hello\x00\x00\x00 you", "a.txt", "NotText"),
    "noise": lambda: (bytes(range(256)) * 20, "a.md", "NotText"),
    "a scan": lambda: (scan(), "a.pdf", "ScannedDocument"),
    "half a docx": lambda: (as_docx()[: len(as_docx()) // 2], "a.docx", "DocumentDamaged"),
    "half a pdf": lambda: (as_pdf()[:900], "a.pdf", "DocumentDamaged"),
    "a docx of broken XML": lambda: (
        changed(as_docx(), {"word/document.xml": b"<w:a"}),
        "a.docx",
        "DocumentDamaged",
    ),
    "a zip of nothing": lambda: (changed(as_docx(), {})[-22:], "a.docx", "DocumentDamaged"),
    "a zip bomb": lambda: (bomb(), "a.docx", "PackageUnpacksTooLarge"),
    "too many parts": lambda: (
        changed(as_odt(), {f"x{n}": b"" for n in range(2_001)}),
        "a.odt",
        "PackageUnpacksTooLarge",
    ),
    "entities that blow up": lambda: (
        word("<w:p><w:r><w:t>&a11;</w:t></w:r></w:p>", laughs()),
        "a.docx",
        "XmlDeclaresEntities",
    ),
    "an entity from outside": lambda: (
        word("<w:p/>", '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'),
        "a.docx",
        "XmlDeclaresEntities",
    ),
    "entities in a style sheet": lambda: (
        changed(as_odt(), {"styles.xml": b'<!DOCTYPE d [<!ENTITY x "y">]><d>&x;</d>'}),
        "a.odt",
        "XmlDeclaresEntities",
    ),
    "depth in a docx": lambda: (word("<w:sdt>" * 5_000 + "</w:sdt>" * 5_000), "a.docx", "NestedTooDeep"),
    "depth in a page": lambda: (b"<b>" * 6_000 + b"a", "a.html", "NestedTooDeep"),
}


def processor_seconds() -> float:
    """Of this process and the readers that it started: a busy machine has no part in it."""
    return sum(os.times()[:4])


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_it_is_refused_in_a_sentence(case: str) -> None:
    data, name, refused = CASES[case]()
    began = processor_seconds()
    with pytest.raises(DocumentNotReadable) as caught:
        read_document(data, name)
    assert type(caught.value).__name__ == refused
    assert caught.value.place is not None and caught.value.place.file == name
    assert caught.value.fact.endswith(".") and caught.value.fix.endswith(".")
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 220
    assert processor_seconds() - began < 5


@pytest.mark.parametrize(
    ("name", "does"),
    [
        ("a.doc", "save it as .docx"),
        ("a.rtf", "save it as .docx"),
        ("a.pages", "File > Export To > Word"),
        ("a.eml", "copy its words into a .txt file"),
        ("a.pub", "export it as PDF"),
    ],
)
def test_a_file_that_is_not_read_is_refused_with_what_to_do(name: str, does: str) -> None:
    with pytest.raises(DocumentNotReadable) as caught:
        read_document(b"anything", name)
    assert does in caught.value.fix


def test_a_letter_that_copies_who_wrote_an_email_is_read() -> None:
    copied = b"From: The school office\nSubject: Vapes\nReceived: 3 March 2027\n\nDear parents"
    assert len(read_document(copied, "a.txt").blocks) == 2


@pytest.mark.slow
def test_sizes_that_a_package_claims_are_not_believed() -> None:
    with pytest.raises(DocumentNotReadable):
        read_document(lying_about_sizes(bomb()), "a.docx")


def test_an_owner_password_locks_nothing() -> None:
    assert read_document(locked_pdf(""), "a.pdf").blocks


def test_codes_are_given_once() -> None:
    codes = [
        found.code
        for found in vars(not_readable).values()
        if isinstance(found, type) and issubclass(found, DocumentNotReadable)
    ]
    assert len(codes) == len(set(codes))
    assert all("EF710" <= code <= "EF729" for code in codes)


def test_a_reader_that_crashes_hurts_nobody() -> None:
    with pytest.raises(DocumentNotReadable) as caught:
        read_guarded(lambda data, name: os.abort(), b"", "a.pdf")
    assert type(caught.value).__name__ == "ReaderCrashed"


@pytest.mark.slow
def test_a_reader_that_never_ends_is_ended() -> None:
    def forever(data: bytes, name: str) -> Document:
        while True:
            pass

    for limits in ({"processor_seconds": 1}, {"wall_seconds": 0.2}):
        began = processor_seconds()
        with pytest.raises(DocumentNotReadable) as caught:
            read_guarded(forever, b"", "a.pdf", **limits)  # type: ignore[arg-type]
        assert type(caught.value).__name__ == "ReadingTookTooLong"
        assert processor_seconds() - began < 5


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS keeps no limit on address space")
def test_a_reader_that_takes_all_memory_is_ended() -> None:
    def greedy(data: bytes, name: str) -> Document:
        taken = [bytearray(10_000_000) for _ in range(1_000)]
        raise AssertionError(len(taken))

    with pytest.raises(DocumentNotReadable, match="memory"):
        read_guarded(greedy, b"", "a.pdf", memory_bytes=300_000_000)


def test_a_child_that_lies_is_not_believed() -> None:
    def lying(data: bytes, name: str) -> Document:
        return {"not": "a document"}  # type: ignore[return-value]

    with pytest.raises(DocumentNotReadable):
        read_guarded(lying, b"", "a.pdf")


def test_a_large_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(10_000_000_000)
    with pytest.raises(DocumentNotReadable, match=r"10,000 MB"):
        read_path(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.txt", tmp_path):
        with pytest.raises(DocumentNotReadable):
            read_path(path)


def test_plain_text_loads_no_library(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(as_txt())
    program = (
        "import sys, pathlib; from everyfamily.documents.reading import read_path;"
        "read_path(pathlib.Path(sys.argv[1]));"
        "print([m for m in ('docx', 'odfdo', 'pypdfium2', 'pikepdf', 'markdown_it', 'lxml') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
