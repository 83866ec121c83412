"""The small Markdown of content packs: title, sections, paragraphs and items, each with its place in the file.

    # Title {#title}
    ## Heading {#section-id}              a section; the heading may be empty
    ## Heading | what the asides are {#now}
    A paragraph, over as many lines as you like. {promise=day-or-night,interpreter source=S26,S6}
    - an item | its aside {source=S26}

Nothing else is allowed: no other Markdown, no HTML, no logic. Anything else is refused with its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, cast, get_args

from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.text.passages import Medium, Passage, PassageKind, Section

CONDITIONS = ("next topic", "no next topic")
_ATTRIBUTES = re.compile(r"\s*\{([^{}]*)\}$")
_NAME = re.compile(r"[a-z][a-z0-9-]*")
_FOREIGN = re.compile(r"#{3,}|#(?! )|##(?! )|[*+>|`~]|\d+[.)] |<|-(?! )|\t| {4}|={3}|!?\[")


class PackTextMalformed(EveryfamilyError):
    """A pack's text uses a mark that is not known, or uses one wrongly."""

    code: ClassVar[str] = "EF122"


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph or item, with its lines joined. `line` is the first."""

    mark: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class _Attributes:
    id: str | None = None
    promise: str | None = None
    sources: tuple[str, ...] = ()
    only: tuple[Medium, ...] = ()
    condition: str | None = None


@dataclass(slots=True)
class _OpenSection:
    id: str
    heading: Passage | None
    passages: list[Passage] = field(default_factory=list)


def parse_body(text: str, file: str, *, part: str = "") -> tuple[Passage, tuple[Section, ...]]:
    """Return title and sections of a text in a pack. Raises PackTextMalformed with file, line and fix.

    `part` ("newsletter") goes before the id of every passage, so that no two texts of a letter share one.
    """
    reader = _Reader(file, part)
    for block in _blocks(text, file):
        reader.take(block)
    return reader.finished()


def parse_fields(text: str, file: str, kinds: dict[str, PassageKind]) -> dict[str, Passage]:
    """Read lines `Name: text`, one for each name in `kinds`. Raises PackTextMalformed."""
    found: dict[str, Passage] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, colon, value = (part.strip() for part in line.partition(":"))
        place = SourceLocation(file, number)
        if not colon or name not in kinds:
            raise PackTextMalformed(
                "The line does not start with a known name.", f"Start it with one of: {_listed(kinds)}.", place
            )
        if name in found:
            raise PackTextMalformed(f'"{name}" is here twice.', "Keep one of them.", place)
        if not value:
            raise PackTextMalformed(f'"{name}" has no text.', "Write the text after the colon.", place)
        passage_id = name.lower().replace(" ", "-")
        column = line.index(value, line.index(":") + 1) + 1
        found[name] = Passage(passage_id, kinds[name], value, SourceLocation(file, number, column))
    for name in kinds:
        if name not in found:
            raise PackTextMalformed(f'"{name}" is missing.', f'Add a line "{name}: …".', SourceLocation(file))
    return found


def parse_words(words: str, passage_id: str, kind: PassageKind, place: SourceLocation) -> Passage:
    """One passage of words that are not in a pack's text: "text", or "text | aside". Raises PackTextMalformed."""
    text = " ".join(words.split())
    if "{" in text or "}" in text:
        raise PackTextMalformed("There is a brace in the words.", "Say sources and promises beside them.", place)
    if not text:
        raise PackTextMalformed("The passage is empty.", "Write its words.", place)
    return _passage(passage_id, kind, text, _Attributes(), place)


def _listed(names: dict[str, PassageKind]) -> str:
    return ", ".join(f'"{name}:"' for name in names)


def _blocks(text: str, file: str) -> Iterator[Block]:
    mark, lines, start = "", [""], 0
    for number, raw in enumerate([*text.split("\n"), ""], start=1):
        line = raw.rstrip()
        found = _mark_of(line, SourceLocation(file, number))
        if found == "more" and start:
            lines.append(line.strip())
            continue
        if start:
            yield Block(mark, " ".join(lines), start)
            start = 0
        if line:
            mark = "" if found == "more" else found
            lines, start = [line.removeprefix(mark).strip()], number
            if mark in ("# ", "## "):
                yield Block(mark, lines[0], number)
                start = 0


def _mark_of(line: str, place: SourceLocation) -> str:
    for mark in ("# ", "## ", "- "):
        if line.startswith(mark):
            return mark
    if not line:
        return ""
    if _FOREIGN.match(line):
        raise PackTextMalformed(
            "The line starts with a mark that a pack does not know.",
            'Use "# ", "## ", "- " or a plain paragraph.',
            place,
        )
    return "more"


class _Reader:
    def __init__(self, file: str, part: str) -> None:
        self.file = file
        self.title_id, self.before = part or "title", f"{part}/" if part else ""
        self.title: Passage | None = None
        self.sections: list[_OpenSection] = []

    def take(self, block: Block) -> None:
        place = SourceLocation(self.file, block.line, len(block.mark) + 1)
        text, attributes = _split_attributes(block.text, place)
        if block.mark == "# ":
            self._take_title(text, attributes, place)
        elif block.mark == "## ":
            self._take_section(text, attributes, place)
        else:
            self._take_passage("item" if block.mark else "paragraph", text, attributes, place)

    def _take_title(self, text: str, attributes: _Attributes, place: SourceLocation) -> None:
        if self.title is not None or self.sections:
            raise PackTextMalformed('There is a second "# " title here.', 'Make it a section with "## ".', place)
        if not text:
            raise PackTextMalformed("The title is empty.", 'Write the title after "# ".', place)
        self.title = _passage(self.title_id, "title", text, attributes, place)

    def _take_section(self, text: str, attributes: _Attributes, place: SourceLocation) -> None:
        if self.title is None:
            raise PackTextMalformed("The title does not come first.", 'Start with "# Title {#title}".', place)
        if attributes.id is None:
            raise PackTextMalformed("The section has no id.", "End the line with {#id}.", place)
        if any(section.id == attributes.id for section in self.sections):
            raise PackTextMalformed(
                f'The id "{attributes.id}" is here a second time.', "Give this section its own id.", place
            )
        heading_id = self.before + attributes.id
        heading = _passage(heading_id, "heading", text, attributes, place) if text else None
        self.sections.append(_OpenSection(attributes.id, heading))

    def _take_passage(self, kind: PassageKind, text: str, attributes: _Attributes, place: SourceLocation) -> None:
        if not self.sections:
            raise PackTextMalformed(
                "There is text before the first section.", 'Start a section with "## Heading {#id}".', place
            )
        if attributes.id is not None:
            raise PackTextMalformed("Only sections have an id.", "Take the # mark out of the braces.", place)
        if not text:
            raise PackTextMalformed("The item is empty." if kind == "item" else "The passage is empty.",
                                    "Write its words, or delete the line.", place)  # fmt: skip
        section = self.sections[-1]
        passage_id = f"{self.before}{section.id}/{len(section.passages) + 1}"
        section.passages.append(_passage(passage_id, kind, text, attributes, place))

    def finished(self) -> tuple[Passage, tuple[Section, ...]]:
        if self.title is None:
            raise PackTextMalformed(
                "The title is missing.", 'Start with "# Title {#title}".', SourceLocation(self.file)
            )
        return self.title, tuple(Section(s.id, s.heading, tuple(s.passages)) for s in self.sections)


def _passage(
    passage_id: str, kind: PassageKind, text: str, attributes: _Attributes, place: SourceLocation
) -> Passage:
    words, aside = text, None
    if kind in ("item", "heading"):
        words, bar, rest = (part.strip() for part in text.partition("|"))
        if bar and (not rest or not words or "|" in rest):
            raise PackTextMalformed(
                "The bar is not between one text and one aside.", 'Write "text | aside".', place
            )
        aside = rest or None
    if "|" in words:
        raise PackTextMalformed("There is a bar in a paragraph.", "Only items and headings have an aside.", place)
    return Passage(
        passage_id,
        kind,
        words,
        place,
        aside,
        attributes.promise,
        attributes.sources,
        attributes.only,
        attributes.condition,
    )


def _split_attributes(text: str, place: SourceLocation) -> tuple[str, _Attributes]:
    found = _ATTRIBUTES.search(text)
    words = text[: found.start()] if found else text
    if "{" in words or "}" in words:
        raise PackTextMalformed(
            "There is a brace where none is allowed.",
            "Braces hold attributes, at the end of a passage only.",
            place,
        )
    return words.strip(), _attributes(found[1], place) if found else _Attributes()


def _attributes(inside: str, place: SourceLocation) -> _Attributes:
    values: dict[str, str] = {}
    for part in inside.split():
        name, value = ("id", part[1:]) if part.startswith("#") else _pair(part, place)
        if name in values:
            raise PackTextMalformed(f'The attribute "{name}" is here twice.', "Keep one of them.", place)
        values[name] = value
    condition = values.get("if", "").replace("-", " ") or None
    if condition is not None and condition not in CONDITIONS:
        raise PackTextMalformed(
            f'The condition "{condition}" is not known.', "Use if=next-topic or if=no-next-topic.", place
        )
    return _Attributes(
        id=_named(values, "id", place),
        promise=_promises(values, place),
        sources=tuple(key for key in values.get("source", "").split(",") if key),
        only=_media(values.get("only", ""), place),
        condition=condition,
    )


def _pair(part: str, place: SourceLocation) -> tuple[str, str]:
    name, equals, value = part.partition("=")
    if name not in ("promise", "source", "only", "if") or not equals or not value:
        raise PackTextMalformed(
            f'The attribute "{part}" is not known.', "Use #id, promise=, source=, only= or if=.", place
        )
    return name, value


def _named(values: dict[str, str], name: str, place: SourceLocation) -> str | None:
    value = values.get(name)
    if value is not None and not _NAME.fullmatch(value):
        raise PackTextMalformed(
            f'The {name} "{value}" is not a plain name.', "Use small letters, digits and hyphens.", place
        )
    return value


def _promises(values: dict[str, str], place: SourceLocation) -> str | None:
    value = values.get("promise")
    for name in value.split(",") if value is not None else ():
        _named({"promise": name}, "promise", place)
    return value


def _media(value: str, place: SourceLocation) -> tuple[Medium, ...]:
    media = tuple(part for part in value.split(",") if part)
    if any(medium not in get_args(Medium) for medium in media):
        raise PackTextMalformed(f'"only={value}" is not known.', "Use print, email or web.", place)
    return cast("tuple[Medium, ...]", media)
