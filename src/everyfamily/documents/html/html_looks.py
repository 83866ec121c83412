"""How an element of HTML formats its words, from its own attributes and what is around it."""

from __future__ import annotations

from everyfamily.documents.html.html_elements import BOLD, IS_BLOCK
from everyfamily.documents.shared.block_text import Look
from everyfamily.documents.shared.css_looks import background_of, colour_of, font_size_of, is_bold, size_of

type Attributes = dict[str, str]


def heading_level(text: str) -> int:
    """The level in aria-level, or 2 if there is none, as in browsers."""
    return int(text) if text in tuple("123456") else 2


def look_of(tag: str, given: Attributes, styles: dict[str, str], around: Look) -> Look:
    """The look of words in an element: its own, and what it inherits."""
    language = given.get("lang") or given.get("xml:lang") or around.language
    if not styles and tag not in BOLD and len(given) <= ("lang" in given) + ("href" in given):
        return around if language == around.language else around._replace(language=language)
    painted = background_of(styles) or colour_of(given.get("bgcolor", ""))
    coloured = colour_of(styles.get("color", "")) or colour_of(
        given.get("color" if tag == "font" else "text", "") if tag in ("font", "body") else ""
    )
    size = size_of(styles, around.size) or (font_size_of(given.get("size", "")) if tag == "font" else None)
    return Look(
        language,
        coloured or around.colour,
        painted or around.background,
        size or around.size,
        is_bold(styles, around.bold or tag in BOLD),
        around.isolated or _isolates(tag, given, styles),
    )


def _isolates(tag: str, given: Attributes, styles: dict[str, str]) -> bool:
    return (
        tag == "bdi"
        or styles.get("unicode-bidi", "").startswith("isolate")
        or (tag not in IS_BLOCK and tag != "html" and "dir" in given)
    )


def is_right_to_left(given: Attributes, styles: dict[str, str], around: bool) -> bool:
    """The direction of an element: its own, or that of what is around it."""
    said = given.get("dir", "").lower() or styles.get("direction", "")
    return said == "rtl" if said in ("rtl", "ltr") else around
