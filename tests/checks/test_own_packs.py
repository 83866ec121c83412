"""Our own packs, composed for the demonstration, and our pages pass every check without a waiver."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest

from everyfamily.checks.model.context import CheckContext, SmsCount
from everyfamily.checks.run.runner import run
from everyfamily.checks.text.pieces import pieces_of
from everyfamily.core.letter.compose import compose
from everyfamily.core.letter.letters import Letter
from everyfamily.core.packs.packs import Pack, load_pack
from everyfamily.core.packs.site_pack import load_site_pack
from everyfamily.core.packs.site_text import SiteText
from everyfamily.core.packs.sources import Source
from everyfamily.core.partnership.partnership import load_partnership

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "src/everyfamily_demo/data/partnership.toml"


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
    """Also for headings, items, asides, subjects and text messages; what comes after a filled gap is further along."""
    english = pack.texts["en"]
    written = {
        (one.id, words)
        for one in (*english.passages(), *english.outside(), *english.beside())
        for words in (one.text, one.aside)
    }
    pieces = [piece for piece in pieces_of(_letter_of(pack)) if (piece.passage, piece.text) in written]
    assert {"title", "heading", "paragraph", "item", "aside", "subject"} <= {piece.kind for piece in pieces}
    filled = {one.id for one in english.passages() if "((" in one.text}
    for piece in pieces:
        if piece.kind == "aside" and piece.passage in filled:
            continue
        line = (ROOT / "packs" / piece.place.file).read_text(encoding="utf-8").split("\n")[piece.place.line - 1]
        found = line[piece.place.column - 1 :]
        is_wrapped = bool(found) and piece.text.startswith(found)
        assert found.startswith(piece.text) or is_wrapped, piece


def _pages() -> Iterator[tuple[str, Mapping[str, SiteText], Mapping[str, Source]]]:
    for path in sorted((ROOT / "packs").glob("*/pack.toml")):
        pack = load_pack(path.parent)
        if pack.site:
            yield pack.id, pack.site, pack.sources
    general = load_site_pack(ROOT / "packs/parent-site")
    yield "parent-site", general.texts, general.sources


@pytest.mark.parametrize(("name", "texts", "sources"), [pytest.param(*one, id=one[0]) for one in _pages()])
def test_pages_have_no_finding_in_any_language(
    name: str, texts: Mapping[str, SiteText], sources: Mapping[str, Source]
) -> None:
    context = CheckContext.of_site(texts, load_partnership(DEMO), today=date(2027, 3, 2), sources=sources)
    assert {piece.language for piece in context.pieces} == set(texts)
    assert run(context).findings == (), name
