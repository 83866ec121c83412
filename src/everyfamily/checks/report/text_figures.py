"""How hard each text of ours is to read: figures for the person who writes it, file by file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from everyfamily.checks.text.pieces import Piece
from everyfamily.checks.text.reading_grade import reading_of, sentences_of
from everyfamily.core.errors import SourceLocation

HARDEST_GRADE = 5.0
"""The grade that our letters keep to: a child of about ten can read them."""
LONGEST_SENTENCE = 20
"""Words."""
_ENOUGH_WORDS = 100
"""With fewer words the grade is a guess."""


@dataclass(frozen=True, slots=True)
class TextFigures:
    """One file's words, its Flesch-Kincaid grade (None if it is too short for one), and its longest sentence."""

    file: str
    words: int
    grade: float | None
    longest: int
    """Words of its longest sentence."""
    too_long: tuple[SourceLocation, ...]
    """Where each sentence is that has more words than our letters allow."""

    @property
    def is_easy(self) -> bool:
        """Whether it keeps to what our letters keep to."""
        return not self.too_long and (self.grade is None or self.grade <= HARDEST_GRADE)


def figures_of(pieces: Iterable[Piece], folder: str, own_words: str = "") -> Iterator[TextFigures]:
    """The figures of each English file in `folder` that has sentences, and of the file with a partnership's own
    words."""
    by_file: dict[str, list[Piece]] = {}
    for piece in pieces:
        file = piece.place.file
        if piece.language == "en" and (file.startswith(f"{folder}/") or file == own_words):
            by_file.setdefault(file, []).append(piece)
    for file, own in by_file.items():
        sentences = list(sentences_of(own))
        if sentences:
            reading = reading_of(sentences)
            yield TextFigures(
                file,
                reading.words,
                round(reading.grade, 1) if reading.words > _ENOUGH_WORDS else None,
                max(one.words for one in sentences),
                tuple(one.piece.place for one in sentences if one.words > LONGEST_SENTENCE),
            )
