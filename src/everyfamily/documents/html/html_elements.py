"""What the elements of HTML are, as far as reading text needs it."""

from __future__ import annotations

import re

_VOID = "area base br col embed hr img input link meta param source track wbr"
_NOT_TEXT = "script style template head svg math object select textarea iframe video audio"
_BLOCKS = """
html body address article aside blockquote button caption center dd details dialog div dl dt fieldset figcaption
figure footer form header hr legend li main nav p pre section summary table tbody td tfoot th thead tr
"""
VOID = frozenset(_VOID.split())
NOT_TEXT = frozenset(_NOT_TEXT.split())
"""What is inside is not part of the page's words, or is not shown."""
HEADINGS = {f"h{level}": level for level in range(1, 7)}
LISTS = frozenset({"ul", "ol", "menu"})
BOLD = frozenset({"b", "strong", "th", *HEADINGS})
IS_BLOCK = frozenset((*_BLOCKS.split(), *HEADINGS)) | LISTS
SCOPES = frozenset({"table", "body", "html", ""})
"""A tag inside one of these ends nothing outside it."""

_ENDS_P = frozenset({"p"})
_ENDS_CELL = frozenset({"td", "th", "p", "li"})
CLOSED_BY: dict[str, frozenset[str]] = {
    **dict.fromkeys(IS_BLOCK - {"html", "body", "button", "caption"}, _ENDS_P),
    "li": frozenset({"li", "p"}),
    "dt": frozenset({"dt", "dd", "p"}),
    "dd": frozenset({"dt", "dd", "p"}),
    "td": _ENDS_CELL,
    "th": _ENDS_CELL,
    "tr": _ENDS_CELL | {"tr"},
    "body": frozenset({"head"}),
}
"""The tag on the left ends an element on the right that is still open directly around it."""

_PIXELS = re.compile(r"([\d.]{1,9})\s{0,4}(?:px)?")


def pixels(text: str) -> float | None:
    """A width or height in pixels, or None for a share of the page, or nonsense."""
    found = _PIXELS.fullmatch(text.strip())
    try:
        return float(found[1]) if found else None
    except ValueError:
        return None
