"""Which drawings are taken: logos and traced signatures, made only of shapes, colours and plain letters.

A drawing goes as it is onto letters, into kits and onto the parent site. Whatever is not on the lists here is refused,
so that nothing in it can act, load anything or take a program hours to draw.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

_SVG, _XLINK, _XML = (
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/1999/xlink",
    "http://www.w3.org/XML/1998/namespace",
)
_SHAPES = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"}
_AROUND = {"svg", "g", "defs", "symbol", "use", "clipPath", "mask", "title", "desc", "style"}
_COLOURS = {"linearGradient", "radialGradient", "stop"}
_ELEMENTS: Final = _SHAPES | _AROUND | _COLOURS
_POINTS_ELSEWHERE: Final = {"use", "linearGradient", "radialGradient"}

_WORDS: Final = {"id", "class", "role", "lang", "type"}
"""Attributes of free text, which no program acts on. `data-` and `aria-` are too."""
_PLACES: Final = frozenset(
    """baseProfile clipPathUnits cx cy d dx dy enable-background fr fx fy gradientTransform gradientUnits height
    lengthAdjust maskContentUnits maskUnits offset pathLength points preserveAspectRatio r rotate rx ry spreadMethod
    textLength transform version viewBox width x x1 x2 y y1 y2""".split()  # noqa: SIM905
)
_LOOKS: Final = frozenset(
    """alignment-baseline baseline-shift clip clip-path clip-rule color color-interpolation color-rendering direction
    display dominant-baseline fill fill-opacity fill-rule font-family font-size font-size-adjust font-stretch font-style
    font-variant font-weight image-rendering isolation letter-spacing mask mask-type mix-blend-mode opacity overflow
    paint-order shape-rendering stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap
    stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor text-decoration text-rendering
    unicode-bidi vector-effect visibility white-space word-spacing writing-mode""".split()  # noqa: SIM905
)
_PLAIN = re.compile(r"""[\w\s#.,%+\-/'"!()]*""")
_OWN_PART = re.compile(r"""url\(\s*(['"]?)#([\w.-]+)\1\s*\)""", re.IGNORECASE)
_CALLED = re.compile(r"([\w-]*)\s*\(")
_FUNCTIONS: Final = {
    *("rgb", "rgba", "hsl", "hsla"),
    *("matrix", "translate", "scale", "rotate", "skewX", "skewY", "rect"),
}
_PROPERTY = re.compile(r"-?[a-zA-Z-]+")
_ACTING: Final = {"behavior", "-moz-binding", "src", "content"}
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"\s*([\w\s.,#>*-]+)\{([^{}]*)\}\s*")

_DEEPEST, _MOST = 60, 50_000
"""Elements inside each other, and elements in all, with every copy counted."""

_PLAIN_SVG = "Save it as a plain SVG without scripts, links or pictures."
_NO_COPIES = "Draw it again without copies of copies."
_NOTES = (
    "They can name people and folders. In Inkscape, save a copy as Optimised SVG, without metadata; in Illustrator, "
    "export it and do not save it."
)


class DrawingFault(NamedTuple):
    """Why a drawing is not taken: what follows "The drawing", what to do, and where it was found."""

    fact: str
    fix: str = _PLAIN_SVG
    line: int = 1


class _Found(Exception):
    def __init__(self, fact: str, fix: str = _PLAIN_SVG) -> None:
        self.fact, self.fix = fact, fix


def fault_of_drawing(svg: str) -> DrawingFault | None:
    """The first thing in a drawing that is not taken, or None. `svg` is its text."""
    reader = _Reader()
    parser = DefusedXMLParser(target=reader, forbid_dtd=True)
    expat = parser.parser  # It knows the line, and the parser lets go of it at the end.
    expat.XmlDeclHandler = reader.declared
    try:
        parser.feed(svg)
        parser.close()
    except _Found as found:
        return DrawingFault(found.fact, found.fix, expat.CurrentLineNumber)
    except DefusedXmlException:
        return DrawingFault(
            "has a DOCTYPE, which can make a program read other files",
            "Export it again, in Illustrator by Export and not by Save As, or delete that line.",
            expat.CurrentLineNumber,
        )
    except (ParseError, ValueError):
        if not reader.is_svg:
            return DrawingFault("is not an SVG", "Export it again, as a plain SVG.")
        return DrawingFault("is damaged or cut off", "Export it again, as a plain SVG.", expat.ErrorLineNumber)
    return None


class _Reader:
    """Looks at each element as it comes. Raises _Found."""

    def __init__(self) -> None:
        self.is_svg = False
        self._open: list[
            tuple[str, str, int, int]
        ] = []  # name, id, and how many elements and parts came before it
        self._elements = 0
        self._parts: list[str] = []
        self._by_id: dict[str, tuple[int, list[str]]] = {}
        self._style: list[str] = []

    def declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        """What the first line says of the file."""
        if (encoding or "utf-8").casefold() not in ("utf-8", "us-ascii"):
            raise _Found(f'says that it is in "{encoding}"', "Save it as UTF-8.")

    def pi(self, target: str, _text: str | None = None) -> None:
        """An instruction to a program, such as a style sheet elsewhere."""
        raise _Found(f'holds "<?{target}", an instruction to a program', _PLAIN_SVG)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        space, name = _split(tag)
        if not self.is_svg and (name != "svg" or space not in ("", _SVG)):
            raise _Found("is not an SVG")
        self.is_svg = True
        if space not in ("", _SVG) or name == "metadata":
            raise _Found(f'holds "<{name}>", notes of the program that drew it', _NOTES)
        if name not in _ELEMENTS:
            raise _Found(f'holds "<{name}>", which is no shape, colour or plain text', _instead_of(name))
        self._elements += 1
        if len(self._open) >= _DEEPEST or max(self._elements, len(self._parts)) > _MOST:
            raise _Found("has too many parts", "Draw it again with fewer.")
        self._open.append((name, attributes.get("id", ""), self._elements - 1, len(self._parts)))
        for key, value in attributes.items():
            self._attribute(name, key, value)

    def data(self, text: str) -> None:
        """Words between elements."""
        if self._open and self._open[-1][0] == "style":
            self._style.append(text)

    def end(self, _tag: str) -> None:
        """An element ends."""
        name, named, elements, parts = self._open.pop()
        if name == "style":
            self._sheet("".join(self._style))
            self._style = []
        if named:
            # Programs differ in which of two parts of one name they take: both count.
            size, more = self._by_id.get(named, (0, []))
            self._by_id[named] = size + self._elements - elements, [*more, *self._parts[parts:]]

    def close(self) -> None:
        """The drawing has ended: how much is there to draw, with every copy?"""
        sizes: dict[str, int] = {}
        for part in self._parts:
            self._elements += self._size(part, sizes, ())
            if self._elements > _MOST:
                raise _Found("copies its parts too often", _NO_COPIES)

    def _size(self, part: str, sizes: dict[str, int], inside: tuple[str, ...]) -> int:
        if part in inside:
            raise _Found(f'has a part "{part}" that is inside itself', _NO_COPIES)
        if len(inside) > _DEEPEST:
            raise _Found("copies its parts too often", _NO_COPIES)
        if part not in sizes:
            own, parts = self._by_id.get(part, (0, []))
            sizes[part] = own + sum(self._size(one, sizes, (*inside, part)) for one in parts)
        return sizes[part]

    def _attribute(self, element: str, key: str, value: str) -> None:
        space, name = _split(key)
        if name == "href" and space in ("", _XLINK):
            if element not in _POINTS_ELSEWHERE or not value.startswith("#"):
                raise _Found(f'has a link, "href" in "<{element}>"')
            self._parts.append(value[1:])
        elif space == _XLINK or (space == _XML and name in ("space", "lang")):
            pass  # xlink:type and its like say only how a link looks, and there is none.
        elif space:
            raise _Found(f'has the attribute "{name}", a note of the program that drew it', _NOTES)
        elif name == "style":
            self._declarations(value)
        elif name in _PLACES or name in _LOOKS:
            self._value(name, value)
        elif name not in _WORDS and not name.startswith(("data-", "aria-")):
            raise _Found(f'has the attribute "{name}" in "<{element}>", which is not taken')

    def _sheet(self, text: str) -> None:
        rest, at = _COMMENT.sub(" ", text).strip(), 0
        while at < len(rest):
            if (rule := _RULE.match(rest, at)) is None:
                said = rest[at:].split(None, 1)[0][:20]
                raise _Found(f'has a style that is more than colours and widths, "{said}"')
            self._declarations(rule[2])
            at = rule.end()

    def _declarations(self, text: str) -> None:
        for declaration in _COMMENT.sub(" ", text).split(";"):
            if declaration.strip():
                name, colon, value = declaration.partition(":")
                name = name.strip()
                if not colon or not _PROPERTY.fullmatch(name) or name.casefold() in _ACTING:
                    raise _Found(f'has a style that is more than colours and widths, "{name[:20]}"')
                self._value(name, value)

    def _value(self, name: str, value: str) -> None:
        """One value of an attribute or a style: words and numbers, and other parts of the same drawing."""
        parts = [part for _, part in _OWN_PART.findall(value)]
        plain = _OWN_PART.sub(" ", value)
        if not _PLAIN.fullmatch(plain) or any(call not in _FUNCTIONS for call in _CALLED.findall(plain)):
            raise _Found(f'has more than a colour, a number or a word in "{name}"')
        self._parts += parts


def _split(name: str) -> tuple[str, str]:
    """Namespace and name of `{namespace}name`."""
    space, _, own = name.rpartition("}")
    return space[1:], own


def _instead_of(name: str) -> str:
    return {
        "image": "Ask for a drawing in paths: a picture inside blurs in print.",
        "filter": "Flatten shadows and other effects before you export it.",
        "a": "Take the link out, and save it again.",
    }.get(name, _PLAIN_SVG)
