"""Text that is too faint against what is behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from everyfamily.checks.letter.file_pieces import pieces_by_file, runs_of
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule
from everyfamily.checks.text.pieces import Piece
from everyfamily.core.text.outside_document import Colour, Run

ENOUGH, ENOUGH_IF_LARGE = 4.5, 3.0
LARGE, LARGE_IF_BOLD = 18.0, 14.0
"""Points."""
_WHITE: Colour = (255, 255, 255)
_UNSEEN = 1.3
"""White on white is a letter that nobody would send. What is behind it must be dark, and the file does not say so."""
_LARGE_HEADINGS = 2
_HINT = "Choose a darker colour for the text, or a lighter one behind it."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each pair of colours in a file that is too close, at its first words."""
    for _, pieces in pieces_by_file(context):
        seen: set[tuple[Colour, Colour]] = set()
        for piece in pieces:
            for run in runs_of(piece):
                pair = _faint(piece, run)
                if pair is not None and pair not in seen:
                    seen.add(pair)
                    yield _hit(piece, run, *pair)


def _faint(piece: Piece, run: Run) -> tuple[Colour, Colour] | None:
    if run.colour is None or not piece.text[run.start : run.end].strip():
        return None
    behind = run.background or _WHITE
    ratio = contrast(run.colour, behind)
    if run.background is None and ratio < _UNSEEN:
        return None
    return None if ratio >= _needed(piece, run) else (run.colour, behind)


def _hit(piece: Piece, run: Run, colour: Colour, behind: Colour) -> Hit:
    # Rounded down: 4.49 is not enough, and must not be shown as 4.5.
    ratio = int(contrast(colour, behind) * 10) / 10
    message = f"Contrast of {_hex(colour)} on {_hex(behind)} is {ratio:g} to 1, not {_needed(piece, run):g}"
    return Hit(piece, run.start, run.end, message, _HINT)


def _needed(piece: Piece, run: Run) -> float:
    if run.size is None:
        level = piece.block.level if piece.block is not None and piece.kind == "heading" else 0
        return ENOUGH_IF_LARGE if 0 < level <= _LARGE_HEADINGS else ENOUGH
    return ENOUGH_IF_LARGE if run.size >= (LARGE_IF_BOLD if run.bold else LARGE) else ENOUGH


def contrast(one: Colour, other: Colour) -> float:
    """Contrast of two colours as WCAG calculates it, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Sequence[int]) -> float:
    red, green, blue = (_linear(channel / 255) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{channel:02x}" for channel in colour)


RULE = Rule("AC006", "low-contrast", Severity.WARNING, "rendered", check)
