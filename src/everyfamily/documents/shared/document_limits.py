"""How much a document may hold. A real document of 1,000 pages passes (3 MB of text, 15,000 paragraphs)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from everyfamily.core.text.outside_document import Block
from everyfamily.documents.shared.not_readable import DocumentTooLarge, LineTooLong

MAX_FILE = 50_000_000
MAX_PARAGRAPH = 100_000
MAX_TEXT = 5_000_000
MAX_BLOCKS = 40_000
_ONE_LETTER = "Check that this is the file you meant. Split a long document into its letters."


def refuse_large_file(size: int) -> None:
    """Raise DocumentTooLarge for a file that no letter needs."""
    if size > MAX_FILE:
        # For a pipe, nobody knows how much more would come.
        has = f"{size / 1_000_000:,.0f} MB" if size > MAX_FILE + 1 else "more than 50 MB"
        raise DocumentTooLarge(f"The file has {has}. At most 50 MB are read.", _ONE_LETTER)


def refuse_long_line(length: int, name: str) -> None:
    """Raise LineTooLong; `name` says which one ("Line 1", "Paragraph 7")."""
    if length > MAX_PARAGRAPH:
        raise LineTooLong(
            f"{name} has {length:,} characters; at most {MAX_PARAGRAPH:,} are read.",
            "Check that this is the letter, and break its text into paragraphs.",
        )


def refuse_much_text(text: str) -> None:
    """Raise DocumentTooLarge for the source of a text format."""
    if len(text) > MAX_TEXT:
        raise DocumentTooLarge(
            f"The file has {len(text):,} characters of text; at most {MAX_TEXT:,} are read.", _ONE_LETTER
        )


def refuse_text_of_length(characters: int) -> None:
    """Raise DocumentTooLarge while a text is being read that is longer than any letter."""
    if characters > MAX_TEXT:
        raise DocumentTooLarge(f"The file has more than {MAX_TEXT:,} characters of text.", _ONE_LETTER)


def refuse_many(number: int, things: str) -> None:
    """Raise DocumentTooLarge for more paragraphs or pictures than any letter has."""
    if number > MAX_BLOCKS:
        raise DocumentTooLarge(f"The file has more than {MAX_BLOCKS:,} {things}.", _ONE_LETTER)


def within_limits(blocks: Iterable[Block]) -> Iterator[Block]:
    """The same blocks. Raises as soon as they are too many or too long, so that nothing piles up."""
    characters = 0
    for number, block in enumerate(blocks, start=1):
        refuse_long_line(len(block.text), f"Paragraph {number}")
        characters += len(block.text)
        refuse_text_of_length(characters)
        refuse_many(number, "paragraphs")
        yield block
