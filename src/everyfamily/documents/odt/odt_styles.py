"""How an OpenDocument text formats its words: default styles, named styles, and those for direct formatting."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from everyfamily.documents.shared.block_text import Look
from everyfamily.documents.shared.css_looks import colour_of

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"

type Said = dict[str, Any]


@dataclass(slots=True)
class OdtStyle:
    """A style combined with its parents. `names` are its own name and theirs."""

    said: Said = field(default_factory=dict)
    names: tuple[str, ...] = ()


class OdtStyles:
    """The styles of one file by family and name, each worked out once."""

    def __init__(self, *roots: ET.Element | None) -> None:
        self._raw: dict[tuple[str, str], ET.Element] = {}
        self._done: dict[tuple[str, str], OdtStyle] = {}
        self._looks: dict[tuple[Any, ...], Look] = {}
        self.defaults: Said = {}
        for root in roots:
            for element in root.iter() if root is not None else ():
                family = element.get(STYLE + "family", "")
                if element.tag == STYLE + "style":
                    self._raw[family, element.get(STYLE + "name", "")] = element
                elif element.tag == STYLE + "default-style" and family == "paragraph":
                    self.defaults |= dict(_said(element))

    @property
    def language(self) -> str | None:
        """The language of the file as a whole."""
        return self.style("paragraph", "Standard").said.get("language") or self.defaults.get("language")

    def style(self, family: str, name: str) -> OdtStyle:
        """A style, or an empty one if there is none with the name."""
        key = family, name
        if key not in self._raw:
            return OdtStyle()
        if key not in self._done:
            self._done[key] = OdtStyle()  # a style may say that it is its own parent
            raw = self._raw[key]
            parent = self.style(family, raw.get(STYLE + "parent-style-name", ""))
            own = (name, raw.get(STYLE + "display-name", name), raw.get(STYLE + "parent-style-name", ""))
            self._done[key] = OdtStyle(parent.said | dict(_said(raw)), own + parent.names)
        return self._done[key]

    def look(self, said: Said) -> Look:
        """The look of words to which all this applies."""
        key = (
            said.get("language"),
            said.get("colour"),
            said.get("background"),
            said.get("size"),
            bool(said.get("bold")),
        )
        if key not in self._looks:
            self._looks[key] = Look(*key)
        return self._looks[key]


def _said(style: ET.Element) -> Iterator[tuple[str, Any]]:
    if (level := style.get(STYLE + "default-outline-level", "")) in tuple("123456789") and level:
        yield "level", int(level)
    for properties in style:
        if properties.tag == STYLE + "text-properties":
            yield from _said_of_words(properties)
        elif properties.tag in (STYLE + "paragraph-properties", STYLE + "table-cell-properties"):
            if (colour := colour_of(properties.get(_FO + "background-color", ""))) is not None:
                yield "background", colour
            if mode := properties.get(STYLE + "writing-mode"):
                yield "right to left", mode.startswith("rl")


def _said_of_words(properties: ET.Element) -> Iterator[tuple[str, Any]]:
    get = properties.get
    if (language := get(_FO + "language")) and language != "none":
        country = get(_FO + "country", "none")
        yield "language", language if country in ("none", "") else f"{language}-{country}"
    size = get(_FO + "font-size", "")
    if size.endswith("pt") and size[:-2].replace(".", "", 1).isdecimal():
        yield "size", float(size[:-2])
    if get(_FO + "color"):
        yield "colour", colour_of(get(_FO + "color", ""))
    if get(_FO + "background-color"):
        yield "background", colour_of(get(_FO + "background-color", ""))
    if weight := get(_FO + "font-weight"):
        yield "bold", weight == "bold" or (weight.isdecimal() and int(weight[:4]) >= 600)
    if line := get(STYLE + "text-underline-style"):
        yield "underlined", line != "none"
    if case := get(_FO + "text-transform"):
        yield "capitals", case == "uppercase"
    if shown := get(TEXT + "display"):
        yield "hidden", shown == "none"
