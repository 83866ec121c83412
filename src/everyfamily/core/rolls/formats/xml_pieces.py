"""XML from outside, read piece by piece by expat under defusedxml. Any DOCTYPE stops the reading."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from everyfamily.core.errors import SourceLocation
from everyfamily.core.rolls.model.roll_rows import RollNotReadable

PIECE = 1 << 16
_LONGEST_TAG = 1_000_000
"""Bytes of one tag or comment. The parser gives nothing until a tag has ended."""


class Target(Protocol):
    """Receives the elements, like a target of ElementTree's parser."""

    events: int
    """How many events it has received."""
    expat: Any
    """The parser below, which knows the line."""

    def place(self) -> SourceLocation:
        """Where the reading is."""


class Listener:
    """A target that knows where it is, and refuses elements that are nested too deeply."""

    deepest = 100

    def __init__(self, file: str, again: str) -> None:
        self.file = file
        self.events = 0
        self.expat: Any = None
        self.depth = 0
        self._again = again

    def place(self) -> SourceLocation:
        """The file: its lines are nothing that an office sees."""
        return SourceLocation(self.file)

    def refused(self, fact: str) -> RollNotReadable:
        """The refusal of the file."""
        return RollNotReadable(fact, f"{self._again}.", self.place())

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins. Raises RollNotReadable."""
        self.events += 1
        self.depth += 1
        if self.depth > self.deepest:
            raise self.refused(f"The file's elements are more than {self.deepest} deep inside each other.")

    def data(self, text: str) -> None:
        """A piece of text."""
        self.events += 1

    def end(self, tag: str) -> None:
        """An element ends."""
        self.events += 1
        self.depth -= 1

    def close(self) -> None:
        """The file has ended."""


def read_xml(target: Target, pieces: Iterable[bytes], kind: str, again: str) -> None:
    """Send the elements of a whole file to the target. `kind` names it ("a CTF"), and `again` is the next step ("Export
    it again").

    Raises RollNotReadable if it is damaged, has a DOCTYPE or has a giant tag, and anything that the target raises.
    """
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    target.expat = parser.parser
    seen, silent = 0, 0
    try:
        for piece in pieces:
            parser.feed(piece)
            silent = 0 if target.events != seen else silent + len(piece)
            seen = target.events
            if silent > _LONGEST_TAG:
                raise RollNotReadable(
                    "The file has a tag or comment of more than 1 MB.", f"{again}.", target.place()
                )
        parser.close()
    except DefusedXmlException as problem:
        raise RollNotReadable(
            f"The file has a DOCTYPE, which no {kind} has and which can make a program read other files.",
            f"{again}.",
            target.place(),
        ) from problem
    except (ParseError, LookupError, ValueError) as problem:
        raise RollNotReadable(
            "The XML is damaged or cut off, or its encoding is not known.",
            f"{again} and do not edit it by hand.",
            target.place(),
        ) from problem


def in_pieces(data: bytes) -> Iterable[bytes]:
    """A file in memory, in the form that `read_xml` takes."""
    return (data[at : at + PIECE] for at in range(0, len(data), PIECE))
