"""Our own packs, composed for the demonstration, pass every check without a waiver."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from everyfamily.checks.context import CheckContext, SmsCount
from everyfamily.checks.pieces import pieces_of
from everyfamily.checks.runner import run
from everyfamily.core.compose import compose
from everyfamily.core.letters import Letter
from everyfamily.core.packs import Pack, load_pack
from everyfamily.core.partnership import load_partnership

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "src/everyfamily/cli/demo/data/partnership.toml"


PACKS = pytest.mark.parametrize(
    "pack",
    [load_pack(path.parent) for path in sorted((ROOT / "packs").glob("*/pack.toml"))],
    ids=lambda pack: pack.id,
)


def _letter_of(pack: Pack) -> Letter:
    partnership = load_partnership(DEMO)
    term = next(planned.term.id for planned in partnership.year_plan.letters if planned.topic == pack.id)
    return compose(pack, partnership, term=term, dated=date(2027, 3, 2), reference="ES-2703-K7R4")


@PACKS
def test_pack_has_no_finding(pack: Pack) -> None:
    letter = _letter_of(pack)
    context = CheckContext.of_letter(
        letter,
        today=date(2027, 3, 2),
        sms_fragments={language: SmsCount(2, 300, "GSM-7") for language in letter.texts},
        print_pages=dict.fromkeys(letter.texts, 2),
    )
    report = run(context)
    assert report.findings == ()
    assert not report.stops_approval


@PACKS
def test_words_of_a_pack_stand_where_their_place_says(pack: Pack) -> None:
    """Of headings, items, asides, subjects and text messages too; what stands behind a filled gap is further on."""
    english = pack.texts["en"]
    written = {
        (one.id, words)
        for one in (*english.passages(), *english.outside(), *english.beside())
        for words in (one.text, one.aside)
    }
    pieces = [piece for piece in pieces_of(_letter_of(pack)) if (piece.passage, piece.text) in written]
    assert {"title", "heading", "paragraph", "item", "aside", "subject"} <= {piece.kind for piece in pieces}
    for piece in pieces:
        line = (ROOT / "packs" / piece.place.file).read_text(encoding="utf-8").split("\n")[piece.place.line - 1]
        found = line[piece.place.column - 1 :]
        is_wrapped = bool(found) and piece.text.startswith(found)
        assert found.startswith(piece.text) or is_wrapped, piece
