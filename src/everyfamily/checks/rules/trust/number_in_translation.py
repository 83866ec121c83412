"""A translation that shows another number or address than the English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, whole
from everyfamily.checks.text.pieces import Piece
from everyfamily.core.letter.letters import Letter
from everyfamily.core.packs.parity import digits_and_addresses
from everyfamily.core.packs.site_text import SiteText
from everyfamily.core.text.passages import LetterText, Passage

_HINT = "Write the digits and addresses of the English; numbers come by gaps."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each passage of a translation whose digits or addresses differ, and for each small set's section."""
    letter = context.letter
    if letter is None or "en" not in letter.texts:
        return
    english = {one.id: one for one in _all(letter.english)}
    pieces: dict[tuple[str, str], Piece] = {}
    for piece in context.pieces:
        pieces.setdefault((piece.language, piece.passage), piece)
    for language, text in letter.texts.items():
        for passage in _all(text):
            found = pieces.get((language, passage.id))
            if found is not None and passage.id in english and _differ([passage], [english[passage.id]]):
                yield whole(found, f"Other numbers or addresses than the English in {language}", _HINT)
    title = context.titles().get("en")
    for language, short in letter.short.items():
        if title is not None and _short_differs(short, letter):
            yield whole(title, f"The small set in {language} has other numbers than the letter", _HINT)


def _all(text: LetterText) -> Iterator[Passage]:
    yield from (*text.passages(), *text.outside(), *text.beside())


def _short_differs(short: SiteText, letter: Letter) -> bool:
    english = letter.english
    danger, card = short.section("danger"), short.section("card")
    if danger is None or card is None:
        return True
    rows = [one.aside for one in card.passages if one.kind == "item"]
    lines = [one for one in card.passages if one.kind != "item"]
    return (
        rows != [route.number or route.url for route in letter.card_routes]
        or _differ(danger.passages, english.section("danger").passages)
        or _differ(lines, english.section("card").passages)
    )


def _differ(translated: Iterable[Passage], english: Iterable[Passage]) -> bool:
    theirs, own = (
        digits_and_addresses(" ".join(one.words for one in passages)) for passages in (english, translated)
    )
    return own != theirs


RULE = Rule(
    "TR193", "other-number-in-translation", Severity.WARNING, "letter", check, needs=frozenset({Need.LETTER})
)
