"""How a Word file formats its words: defaults, styles, and what a paragraph or a run itself says."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from everyfamily.core.text.outside_document import Colour
from everyfamily.documents.shared.block_text import Look
from everyfamily.documents.shared.css_looks import colour_of

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = W + "val"
_OFF = ("0", "false", "off", "none")
_FLAGS = {"b": "bold", "caps": "capitals", "vanish": "hidden", "rtl": "rtl", "webHidden": "hidden"}
_HEADING = re.compile(r"heading ?([1-9])", re.IGNORECASE)
_LIST = re.compile(r"list (?:bullet|number|paragraph|continue)? ?([2-5])?", re.IGNORECASE)
_USUAL_SIZE = 10.0
_HIGHLIGHTS = {"darkBlue": "navy", "darkGreen": "darkgreen", "darkRed": "maroon", "darkYellow": "olive"}

type Said = dict[str, Any]
"""What one place says about the look of words. What it does not say is missing."""


@dataclass(slots=True)
class Style:
    """A paragraph or character style, combined with the style that it is based on."""

    name: str = ""
    said: Said = field(default_factory=dict)
    level: int | None = None
    """For a heading: 1 to 9."""
    list_level: int | None = None
    right_to_left: bool | None = None
    background: Colour | None = None


class WordStyles:
    """The styles of one file, each worked out once."""

    def __init__(self, styles: ET.Element | None, settings: ET.Element | None) -> None:
        self._raw: dict[str, ET.Element] = {}
        self._done: dict[str, Style] = {}
        self._looks: dict[tuple[Any, ...], Look] = {}
        self.defaults: Said = {"size": _USUAL_SIZE}
        self.usual = Style()
        default = ""
        if styles is not None:
            self.defaults |= said_by(styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
            for style in styles.iter(W + "style"):
                self._raw[style.get(W + "styleId", "")] = style
                if style.get(W + "default") in ("1", "true") and style.get(W + "type") == "paragraph":
                    default = style.get(W + "styleId", "")
        theme = settings.find(W + "themeFontLang") if settings is not None else None
        if theme is not None and theme.get(VAL) and "language" not in self.defaults:
            self.defaults["language"] = theme.get(VAL)
        self.usual = self.style(default)

    @property
    def language(self) -> str | None:
        """The language of the file as a whole."""
        return self.usual.said.get("language") or self.defaults.get("language")

    def style(self, name: str) -> Style:
        """The style with an id, or the default one if there is none."""
        if name not in self._raw:
            return self.usual
        if name not in self._done:
            self._done[name] = Style()  # a style may say that it is based on itself
            self._done[name] = self._worked_out(self._raw[name])
        return self._done[name]

    def _worked_out(self, raw: ET.Element) -> Style:
        based_on = raw.find(W + "basedOn")
        base = Style()
        if based_on is not None and based_on.get(VAL, "") in self._raw:
            base = self.style(based_on.get(VAL, ""))
        name = raw.find(W + "name")
        words = name.get(VAL, "") if name is not None else ""
        paragraph = raw.find(W + "pPr")
        level, list_level, direction, background = paragraph_says(paragraph)
        if (found := _HEADING.fullmatch(words)) is not None:
            level = int(found[1])
        if (
            list_level is None
            and (listed := _LIST.fullmatch(words)) is not None
            and "paragraph" not in words.lower()
        ):
            list_level = int(listed[1] or 1)
        return Style(
            words,
            base.said | said_by(raw.find(W + "rPr")),
            base.level if level is None else level,
            base.list_level if list_level is None else list_level,
            base.right_to_left if direction is None else direction,
            background or base.background,
        )

    def said(self, style: Style, run: ET.Element | None) -> Said:
        """What applies to a run in a paragraph with a style."""
        own = said_by(run)
        character = self._raw.get(own.pop("style", ""))
        if character is not None:
            own = self.style(character.get(W + "styleId", "")).said | own
        return self.defaults | style.said | own

    def look(self, said: Said, behind: Colour | None) -> Look:
        """The look of a run. `behind` is the colour of its paragraph or cell."""
        language = said.get("bidi language") if said.get("rtl") else said.get("language")
        key = (
            language or said.get("language"),
            said.get("colour"),
            said.get("background") or behind,
            said.get("size"),
            bool(said.get("bold")),
        )
        if key not in self._looks:
            self._looks[key] = Look(*key)
        return self._looks[key]


def is_on(element: ET.Element) -> bool:
    """Whether a switch such as w:b is on. It is on if it has no value."""
    return element.get(VAL, "1").lower() not in _OFF


def said_by(properties: ET.Element | None) -> Said:
    """What run properties say."""
    return dict(_said(properties)) if properties is not None else {}


def _said(properties: ET.Element) -> Iterator[tuple[str, Any]]:
    for element in properties:
        tag = element.tag.removeprefix(W)
        value = element.get(VAL, "")
        if tag in _FLAGS:
            yield _FLAGS[tag], is_on(element)
        elif tag == "u":
            yield "underlined", value not in ("", "none")
        elif tag == "rStyle":
            yield "style", value
        elif tag == "sz" and value.isdecimal():
            yield "size", int(value[:5]) / 2
        elif tag == "color":
            yield "colour", colour_of(value)
        elif tag == "shd":
            yield "background", colour_of(element.get(W + "fill", ""))
        elif tag == "highlight":
            yield "background", colour_of(_HIGHLIGHTS.get(value, value))
        elif tag == "lang":
            yield from _languages(element)


def _languages(element: ET.Element) -> Iterator[tuple[str, Any]]:
    if element.get(VAL):
        yield "language", element.get(VAL)
    if element.get(W + "bidi"):
        yield "bidi language", element.get(W + "bidi")


def paragraph_says(
    properties: ET.Element | None,
) -> tuple[int | None, int | None, bool | None, Colour | None]:
    """The heading level, list depth (0: taken out of a list), direction and shading in paragraph properties."""
    if properties is None:
        return None, None, None, None
    level = list_level = direction = background = None
    outline, number = properties.find(W + "outlineLvl"), properties.find(W + "numPr")
    if outline is not None and outline.get(VAL, "9") in tuple("012345678"):
        level = int(outline.get(VAL, "0")) + 1
    if number is not None:
        list_level = _list_level(number)
    bidi, shading = properties.find(W + "bidi"), properties.find(W + "shd")
    if bidi is not None:
        direction = is_on(bidi)
    if shading is not None:
        background = colour_of(shading.get(W + "fill", ""))
    return level, list_level, direction, background


def _list_level(number: ET.Element) -> int:
    which, depth = number.find(W + "numId"), number.find(W + "ilvl")
    if which is not None and which.get(VAL) == "0":
        return 0
    return int(depth.get(VAL, "0")) + 1 if depth is not None and depth.get(VAL, "") in tuple("012345678") else 1
