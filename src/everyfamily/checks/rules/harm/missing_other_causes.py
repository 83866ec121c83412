"""Signs must come with what else they could mean."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.letter.lines_said import titles_without
from everyfamily.checks.letter.signs import of_the_child, sign_lists
from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip, whole
from everyfamily.checks.text.pieces import Part, Piece, pieces_of_items

CHILD_SIGN_SECTIONS = frozenset({"now", "changes"})
"""Sections with items about changes in a child. If one item of a section has other causes, that section counts too."""

_LINE = re.compile(
    r"\b(?:other|another|different|many|simple|ordinary|innocent)\s(?:possible\s|ordinary\s|simple\s)?"
    r"(?:causes?|reasons?|explanations?)\b"
    r"|\b(?:do|does|may|might|can)(?:n't|\snot)\s(?:always\s|necessarily\s|by\sitself\s)*mean\b"
    r"|\b(?:could|can|may|might)\s(?:also\s|just\s|simply\s|all\s)*be\s(?:a\s)?(?:normal|typical|ordinary"
    r"|part\sof|nothing|signs?\sof\sother)\b"
    r"|\b(?:plenty\sof|lots\sof|all\ssorts\sof|many|several|any\snumber\sof)\s(?:\w{1,12}\s)?(?:causes?|reasons?|explanations?|things)\b"
    r"|\b(?:may|might|could|can)\s(?:just\s|also\s|well\s|simply\s)*(?:be|have)\s(?:something|nothing)\s(?:else|more|to\sdo|at\sall)\b"
    r"|\bnot\s(?:always|necessarily|by\sthemselves|on\stheir\sown)\b|\b(?:says|prove|proves|prov\w)\s(?:very\s)?(?:little|nothing)\b"
    r"|\bnormal\s(?:teenage|adolescent)\s\w+|\bpart\sof\s(?:growing\sup|being\sa\steenager)\b",
    re.IGNORECASE,
)
_OF_SIGNS = re.compile(
    r"\b(?:signs?|indicators?|symptoms)\s(?:of|that\s(?:your|a|the|they|someone)\b|to\s(?:look|watch)|include|may|can|could|are)\b|\bsigns?:"
    r"|\byou\scan\sbe\s(?:\w{1,8}\s)?sure\byour?\b|\bthey've\sbeen\s(?:doing|using|at)\sit\b|\bgiveaways?\b"
    r"|\b(?:be|are)\s(?:all\s)?signs\b|\b(?:means?|shows?)\sthat\syour\schild\b",
    re.IGNORECASE,
)
_FEWEST_SIGNS = 3
_TEXTS: dict[Part, str] = {"body": "The letter", "newsletter": "The newsletter"}
_NO_ASIDES = "None of the signs says what else it could be"
_LINE_HINT = "Add beside the signs: These changes can have other causes."
_ITEM_HINT = "Add what else it could be, on the same line: It could also be rows at home."


def check(context: CheckContext) -> Iterator[Hit]:
    """A hit for each language of each text without the line, and one for each sign without its other causes."""
    if context.letter is None and not _speaks_of_signs(context):
        return
    for part, name in _TEXTS.items():
        for title in titles_without(context, _LINE, part):
            yield whole(title, f"{name} does not say that changes can have other causes", _LINE_HINT)
    yield from _signs(context)


def _speaks_of_signs(context: CheckContext) -> bool:
    """Whether a document from outside gives signs at all. If it gives none, there is nothing to add a line to."""
    if context.subject.is_lesson:
        return False
    if any(_OF_SIGNS.search(piece.folded.text) for piece in context.part("body") if piece.is_english):
        return True
    return any(len(found.signs) >= _FEWEST_SIGNS for found in of_the_child(sign_lists(context)))


def _signs(context: CheckContext) -> Iterator[Hit]:
    if context.letter is None:
        return
    for text in context.letter.texts.values():
        sections = pieces_of_items(text)
        if not any(aside for items in sections.values() for _, aside in items):
            yield whole(context.titles()[text.language], _NO_ASIDES, _ITEM_HINT)
            continue
        for section, items in sections.items():
            if section in CHILD_SIGN_SECTIONS or any(aside for _, aside in items):
                yield from _without_aside(items)


def _without_aside(items: list[tuple[Piece, bool]]) -> Iterator[Hit]:
    for piece, has_aside in items:
        if not has_aside:
            yield whole(piece, f"“{clip(piece.text, 40)}” has no other causes", _ITEM_HINT)


RULE = Rule(
    "HM002",
    "missing-other-causes",
    Severity.ERROR,
    "letter",
    check,
    needs=frozenset({Need.ENGLISH}),
    only_about_harm=True,
    outside=Severity.WARNING,
)
