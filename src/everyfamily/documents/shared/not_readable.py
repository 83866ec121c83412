"""The message about a document that cannot be read: one fact, one next step, never a word of its content."""

from __future__ import annotations

from typing import ClassVar

from everyfamily.core.errors import EveryfamilyError


class DocumentNotReadable(EveryfamilyError):
    """The file is locked, scanned, damaged, too large, or not what its name says."""

    code: ClassVar[str] = "EF710"


class EmptyDocument(DocumentNotReadable):
    """There is nothing in the file, or nothing that is text."""

    code: ClassVar[str] = "EF711"


class DocumentTooLarge(DocumentNotReadable):
    """The file, its text or its number of paragraphs is larger than in any letter."""

    code: ClassVar[str] = "EF712"


class DocumentLocked(DocumentNotReadable):
    """The file asks for a password."""

    code: ClassVar[str] = "EF713"


class OldFileFormat(DocumentNotReadable):
    """The file has a format that only its own program reads well."""

    code: ClassVar[str] = "EF714"


class UnknownFileEnding(DocumentNotReadable):
    """The ending of the name is not a format that is read here."""

    code: ClassVar[str] = "EF715"


class FileEndingWrong(DocumentNotReadable):
    """The name says one format, but the content has another."""

    code: ClassVar[str] = "EF716"


class NotText(DocumentNotReadable):
    """A text file holds something that is not text."""

    code: ClassVar[str] = "EF717"


class DocumentDamaged(DocumentNotReadable):
    """The file breaks the rules of its format."""

    code: ClassVar[str] = "EF718"


class PackageUnpacksTooLarge(DocumentNotReadable):
    """A packed file unpacks to far more than a letter needs."""

    code: ClassVar[str] = "EF719"


class XmlDeclaresEntities(DocumentNotReadable):
    """A part of the file has a document type declaration, which word processors never write."""

    code: ClassVar[str] = "EF720"


class NestedTooDeep(DocumentNotReadable):
    """Elements are nested more deeply than any letter needs."""

    code: ClassVar[str] = "EF721"


class ScannedDocument(DocumentNotReadable):
    """The PDF shows pictures of pages and has no text."""

    code: ClassVar[str] = "EF722"


class LineTooLong(DocumentNotReadable):
    """One line or paragraph is longer than a whole letter."""

    code: ClassVar[str] = "EF723"


class ReadingTookTooLong(DocumentNotReadable):
    """Reading was stopped at the limit of time or memory."""

    code: ClassVar[str] = "EF724"


class ReaderCrashed(DocumentNotReadable):
    """The process that read the file ended without an answer."""

    code: ClassVar[str] = "EF725"


class FileNotOpened(DocumentNotReadable):
    """There is no such file, or it may not be read."""

    code: ClassVar[str] = "EF726"
