"""A partnership's file and its drawings as one value that is kept: what is in force, and what is proposed instead."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.files.text_files import TextFileUnreadable, decode, read_text
from everyfamily.core.files.toml_files import TomlNotValid
from everyfamily.core.partnership.partnership import Partnership, partnership_from

MOST_TEXT = 200_000
"""Characters of a partnership's file. The example has 11,000."""
MOST_DRAWING = 300_000
"""Characters of a drawing. A traced logo has 1,000 to 50,000."""


class FileTooLong(EveryfamilyError):
    """A partnership's file or a drawing that is longer than any is."""

    code: ClassVar[str] = "EF426"


@dataclass(frozen=True, slots=True)
class PartnershipFiles:
    """The text of the file by its name, and its drawings: pairs of file name and SVG text, in order of the names."""

    file: str
    text: str
    drawings: tuple[tuple[str, str], ...]

    @property
    def digest(self) -> str:
        """SHA-256 in hex over the text and the drawings. What the file is called does not matter."""
        whole = json.dumps([self.text, self.drawings], ensure_ascii=False)
        return hashlib.sha256(whole.encode()).hexdigest()


def files_from(text: str, file: str, drawing: Callable[[str], str]) -> tuple[PartnershipFiles, Partnership]:
    """The files and the partnership that they make. `drawing` gives one by its file name, or raises TextFileUnreadable.

    Drawings that the file does not name are not kept. Raises FileTooLong and what `load_partnership` raises.
    """
    _refuse_long(text, MOST_TEXT, file)
    taken: dict[str, str] = {}

    def take(name: str) -> str:
        taken[name] = drawing(name)
        _refuse_long(taken[name], MOST_DRAWING, name)
        return taken[name]

    partnership = partnership_from(text, file, take)
    return PartnershipFiles(file, text, tuple(sorted(taken.items()))), partnership


def files_at(file: Path) -> tuple[PartnershipFiles, Partnership]:
    """The file and the drawings next to it. Raises what `files_from` raises."""
    return files_from(read_text(file, file.name), file.name, lambda name: read_text(file.parent / name, name))


def files_given(
    raw: bytes, file: str, drawings: Mapping[str, bytes], kept: Mapping[str, str]
) -> tuple[PartnershipFiles, Partnership]:
    """What somebody gave: the file, and drawings by file name. A drawing that was not given stays as it is `kept`.

    Raises what `files_from` raises.
    """

    def drawing(name: str) -> str:
        if name in drawings:
            return decode(drawings[name], name)
        if name in kept:
            return kept[name]
        raise TextFileUnreadable("It is not here.", "Give it together with the file.", SourceLocation(name))

    return files_from(decode(raw, file), file, drawing)


def partnership_of(files: PartnershipFiles) -> Partnership:
    """The partnership that the files make. Raises what `load_partnership` raises."""
    return files_given(files.text.encode(), files.file, {}, dict(files.drawings))[1]


def faults_in(problem: EveryfamilyError) -> tuple[EveryfamilyError, ...]:
    """The fault, and those that were found with it."""
    return (problem, *problem.others) if isinstance(problem, TomlNotValid) else (problem,)


def who_signs(partnership: Partnership) -> object:
    """All that says who agrees to a letter. If it differs, a second person must agree to the change."""
    signers = tuple(
        (who.id, who.body, who.name, who.title, who.organisation, who.signature_svg, who.keys)
        for who in partnership.signatories
    )
    bodies = {(body.id, body.kind, body.name) for body in partnership.bodies}
    return signers, frozenset(bodies)


def _refuse_long(text: str, most: int, name: str) -> None:
    if len(text) > most:
        raise FileTooLong(
            f"The file has {len(text):,} characters. At most {most:,} are read.",
            "Check that this is the file you meant.",
            SourceLocation(name),
        )
