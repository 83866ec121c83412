"""The parts of a packed file (.docx, .odt), unpacked within a limit and safe to parse.

What the package says about its own size is not believed. Every part is unpacked and counted once before any is used. No
XML part may have a document type declaration. Without one there are no entities that could expand or be fetched.
Packages within packages are never opened.
"""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
import zipfile
import zlib
from xml.parsers import expat

from everyfamily.documents.shared.not_readable import (
    DocumentDamaged,
    DocumentLocked,
    NestedTooDeep,
    PackageUnpacksTooLarge,
    XmlDeclaresEntities,
)

MAX_UNPACKED = 100_000_000
MAX_MEMBERS = 2_000
MAX_DEPTH = 200
_CHUNK = 1 << 18
_XML = (".xml", ".rels")


class ZipParts:
    """The parts of one package, by name."""

    def __init__(self, data: bytes) -> None:
        self._xml: dict[str, bytes] = {}
        self.names: set[str] = set()
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                self._unpack(package)
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OSError) as problem:
            raise _damaged() from problem

    def _unpack(self, package: zipfile.ZipFile) -> None:
        members = package.infolist()
        if len(members) > MAX_MEMBERS:
            raise PackageUnpacksTooLarge(
                f"The file is packed from {len(members):,} parts; at most {MAX_MEMBERS:,} are read.",
                "Check that this is the letter.",
            )
        left = MAX_UNPACKED
        for member in members:
            if member.flag_bits & 0x1:
                raise DocumentLocked("The file asks for a password.", "Save it without one.")
            left = self._unpack_one(package, member, left)

    def _unpack_one(self, package: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> int:
        is_xml = member.filename.lower().endswith(_XML)
        parts: list[bytes] = []
        with package.open(member) as part:
            while chunk := part.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise PackageUnpacksTooLarge(
                        f"The file unpacks to more than {MAX_UNPACKED // 1_000_000} MB.",
                        "Check that this is the letter. A real one is far smaller.",
                    )
                if is_xml:
                    parts.append(chunk)
        self.names.add(member.filename)
        if is_xml:
            self._xml[member.filename] = b"".join(parts)
        return left

    def tree(self, name: str) -> ET.Element | None:
        """The root of an XML part, or None if there is no such part. Raises DocumentNotReadable."""
        data = self._xml.pop(name, None)
        if data is None:
            return None
        try:
            _scan(data)
            return ET.fromstring(data)  # noqa: S314  # scanned: no declarations, no depth
        except (ET.ParseError, expat.ExpatError, ValueError, LookupError) as problem:
            raise _damaged() from problem


def _scan(data: bytes) -> None:
    """Raise for anything that may stop or fool a parser, before a tree is built."""
    depth = 0

    def opened(_name: str, _attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise NestedTooDeep(
                f"Elements of the file are more than {MAX_DEPTH} deep inside each other.",
                "Copy the text into a new document and save that.",
            )

    def closed(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def declared(*_: object) -> None:
        raise XmlDeclaresEntities(
            "A part of the file declares a document type, as no word processor does.",
            "Open it in its own program, and save it again.",
        )

    parser = expat.ParserCreate()
    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.StartDoctypeDeclHandler = declared
    parser.EntityDeclHandler = declared
    parser.Parse(data, True)


def _damaged() -> DocumentDamaged:
    return DocumentDamaged("The file is damaged.", "Save it again in its own program, or ask for it again.")
