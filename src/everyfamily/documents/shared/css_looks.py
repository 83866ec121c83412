"""What style attributes and the old attributes of HTML say about the look of words."""

from __future__ import annotations

import re

from everyfamily.core.text.outside_document import Colour

_HEX = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})")
_RGB = re.compile(
    r"rgba?\(\s{0,9}(\d{1,3})[\s,]{1,9}(\d{1,3})[\s,]{1,9}(\d{1,3})\s{0,9}(?:[,/]\s{0,9}([\d.]{1,9}%?)\s{0,9})?\)"
)
_SIZE = re.compile(r"([\d.]{1,9})\s{0,4}(px|pt|em|rem|%)")
_NAMED: dict[str, Colour] = {
    "black": (0, 0, 0),
    "white": (255, 255, 255),
    "red": (255, 0, 0),
    "green": (0, 128, 0),
    "blue": (0, 0, 255),
    "navy": (0, 0, 128),
    "yellow": (255, 255, 0),
    "orange": (255, 165, 0),
    "purple": (128, 0, 128),
    "maroon": (128, 0, 0),
    "olive": (128, 128, 0),
    "teal": (0, 128, 128),
    "aqua": (0, 255, 255),
    "cyan": (0, 255, 255),
    "lime": (0, 255, 0),
    "fuchsia": (255, 0, 255),
    "magenta": (255, 0, 255),
    "pink": (255, 192, 203),
    "silver": (192, 192, 192),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "lightgray": (211, 211, 211),
    "lightgrey": (211, 211, 211),
    "darkgray": (169, 169, 169),
    "darkgrey": (169, 169, 169),
    "dimgray": (105, 105, 105),
    "whitesmoke": (245, 245, 245),
    "darkblue": (0, 0, 139),
    "darkred": (139, 0, 0),
    "darkgreen": (0, 100, 0),
}
_POINTS = {"px": 0.75, "pt": 1.0}
_USUAL = 12.0
"""Point size of text without a style, in every browser."""
_FONT_SIZES = {"1": 7.5, "2": 10.0, "3": 12.0, "4": 13.5, "5": 18.0, "6": 24.0, "7": 36.0}


def styles_of(text: str) -> dict[str, str]:
    """The declarations in a style attribute, with names in lower case. Later ones win."""
    found = {}
    for declaration in text.split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            found[name.strip().lower()] = value.replace("!important", "").strip().lower()
    return found


def colour_of(text: str) -> Colour | None:
    """A colour as CSS or bgcolor writes it. None if it is not a plain colour, or is partly transparent."""
    text = text.strip().lower()
    if text in _NAMED:
        return _NAMED[text]
    if found := _HEX.fullmatch(text):
        digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    found = _RGB.fullmatch(text)
    if found is None or found[4] not in (None, "1", "1.0", "100%"):
        return None
    return min(int(found[1]), 255), min(int(found[2]), 255), min(int(found[3]), 255)


def background_of(styles: dict[str, str]) -> Colour | None:
    """The plain colour that the styles put behind words."""
    for name in ("background-color", "background"):
        for word in re.split(r"\s+(?![^(]{0,60}\))", styles.get(name, "")):
            if (colour := colour_of(word)) is not None:
                return colour
    return None


def size_of(styles: dict[str, str], around: float | None) -> float | None:
    """Points that font-size or font ask for, in an element with `around` points around it."""
    found = _SIZE.search(styles.get("font-size") or styles.get("font", ""))
    if found is None:
        return None
    try:
        number, unit = float(found[1]), found[2]
    except ValueError:
        return None
    if unit in _POINTS:
        return round(number * _POINTS[unit], 2)
    if unit == "rem":
        return round(number * _USUAL, 2)
    share = number / 100 if unit == "%" else number
    return round(share * (around or _USUAL), 2)


def font_size_of(text: str) -> float | None:
    """Points for the old size attribute of font."""
    return _FONT_SIZES.get(text.strip())


def is_bold(styles: dict[str, str], around: bool) -> bool:
    """Whether words are bold by their styles, or inherit it."""
    weight = styles.get("font-weight") or next(
        (word for word in styles.get("font", "").split() if word in ("bold", "bolder", "600", "700", "800")), ""
    )
    if weight.isdecimal():
        return int(weight[:4]) >= 600
    return around if not weight or weight == "inherit" else weight.startswith("bold")


def is_hidden(styles: dict[str, str]) -> bool:
    """Whether nobody sees the words: not shown, of no size, or the line that mail programs show next to the subject."""
    return (
        styles.get("display") == "none"
        or styles.get("visibility") in ("hidden", "collapse")
        or styles.get("mso-hide") == "all"
        or styles.get("opacity") in ("0", "0.0")
        or styles.get("font-size") in ("0", "0px", "0pt")
        or (styles.get("max-height") in ("0", "0px") and styles.get("overflow") == "hidden")
    )
