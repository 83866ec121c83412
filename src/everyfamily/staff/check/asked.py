"""What somebody gave to be checked: a file or words. It is read once, and refused if it is longer than a letter."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.text.outside_document import Document
from everyfamily.documents.reading import DocumentNotReadable, read_document

MOST_BYTES = 10_000_000
"""Of a file. A letter with pictures has 1 or 2 MB."""
MOST_WORDS = 20_000
"""Of a letter. More than 40 pages is a report, and its check takes longer than anybody waits."""
_MOST_CHARACTERS = 1_000_000
"""Of pasted words, which may be one word without an end."""
_LONGEST_NAME = 80
PASTED = "The words you pasted"
_BY_ITSELF = "Give the letter by itself, without what is attached to it."

SUBJECTS: Mapping[str, bool | None] = {"": None, "yes": True, "no": False}
"""The answers to "Is it about harm to children?". An empty one lets the letter's own words decide."""


class NothingGiven(EveryfamilyError):
    """The form was sent without a file and without words."""

    code = "EF706"


class GivenTwice(EveryfamilyError):
    """A file and words: nobody can tell which one is meant."""

    code = "EF707"


class LetterTooLong(EveryfamilyError):
    """A file or a text that is longer than a letter."""

    code = "EF708"


@dataclass(frozen=True, slots=True)
class Given:
    """A document to be checked. `words` are those to show in the form if they were pasted, and otherwise empty."""

    document: Document
    name: str
    words: str = ""


def given(file: UploadedFile[bytes] | None, words: str) -> Given:
    """Read what was given. Raises NothingGiven, GivenTwice, LetterTooLong and DocumentNotReadable, each with a sentence
    that names the file as its owner knows it."""
    if file is not None and words.strip():
        raise GivenTwice("There is a file and there are words.", "Choose a file or paste the words, not both.")
    if file is not None:
        return _from_file(file)
    if not words.strip():
        raise NothingGiven("There is no letter yet.", "Choose a file, or paste the words of the letter.")
    if len(words) > _MOST_CHARACTERS:
        raise LetterTooLong(
            f"{PASTED} have {len(words):,} characters. At most {_MOST_CHARACTERS:,} are checked.", _BY_ITSELF
        )
    _refuse_long(len(words.split()), PASTED)
    # What is copied from a damaged file may have characters that nobody sees, and no text has.
    plain = words.replace("\r\n", "\n").replace("\0", "")
    document = read_document(plain.encode(errors="replace"), "letter.txt", format="txt")
    return Given(document, PASTED, words)


def shown_name(name: str | None) -> str:
    """A file's name that a page can show: short, and as plain_name gives it. Its ending says what it is, and stays."""
    plain = plain_name(name)
    half = _LONGEST_NAME // 2
    return plain if len(plain) <= _LONGEST_NAME else f"{plain[:half]}…{plain[1 - half :]}"


def plain_name(name: str | None) -> str:
    """A file's name without a folder, and without characters that hide or turn others."""
    # Browsers write these three in a form as HTML says: percent-encoded, and no other character.
    written = (name or "").replace("%22", '"').replace("%0D", "").replace("%0A", "")
    last = written.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(character for character in last if not unicodedata.category(character).startswith("C"))


def _from_file(file: UploadedFile[bytes]) -> Given:
    name = shown_name(file.name) or "the file"
    if file.size is not None and file.size > MOST_BYTES:
        raise LetterTooLong(
            f"“{name}” has {file.size / 1_000_000:,.0f} MB. At most 10 MB are read.",
            "Save it without its pictures, or paste the words.",
        )
    try:
        document = read_document(file.read(), plain_name(file.name) or name)
    except DocumentNotReadable as problem:
        problem.fact = f"“{name}”: {problem.fact}"
        raise
    _refuse_long(sum(len(block.text.split()) for block in document.blocks), f"“{name}”")
    return Given(document, f"“{name}”")


def _refuse_long(words: int, name: str) -> None:
    if words > MOST_WORDS:
        raise LetterTooLong(
            f"{name} {'have' if name == PASTED else 'has'} {words:,} words. At most {MOST_WORDS:,} are checked.",
            _BY_ITSELF,
        )
