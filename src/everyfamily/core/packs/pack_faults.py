"""Every fault of a pack at once, for the person who writes it.

Reading a pack stops at its first fault. Here each file is read by itself, and a line with a fault is put aside so that
those after it are found too. What only a whole pack can show is looked for when each file is right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.files.text_files import TextFileUnreadable, decode
from everyfamily.core.files.toml_files import StrictModel, TomlNotValid, parse_toml
from everyfamily.core.packs.letter_files import FIELDS
from everyfamily.core.packs.pack_sections import (
    BRIEFING_SECTIONS,
    NEWSLETTER_SECTIONS,
    PRESS_SECTIONS,
    REQUIRED_SECTIONS,
    PackIncomplete,
    letter_sections,
    section_faults,
)
from everyfamily.core.packs.pack_text import PackTextMalformed, parse_body, parse_fields
from everyfamily.core.packs.packs import PackFile, parse_pack, passage_faults
from everyfamily.core.packs.section_shapes import shape_faults
from everyfamily.core.packs.site_text import TOPIC_SECTIONS, with_further
from everyfamily.core.packs.sources import SourcesFile, source_faults
from everyfamily.core.text.passages import Passage

SECTIONS: Mapping[str, tuple[Mapping[str, str], str]] = {
    "letter": (REQUIRED_SECTIONS, "a letter"),
    "newsletter": (NEWSLETTER_SECTIONS, "a newsletter passage"),
    "briefing": (BRIEFING_SECTIONS, "a staff briefing"),
    "press": (PRESS_SECTIONS, "the press lines"),
    "site": (TOPIC_SECTIONS, "the site"),
}
"""A text of a pack that has sections -> its sections, and what an error calls it."""
_OF_THE_SITE = frozenset({"site"})
"""Texts with the site's gaps and not the letter's."""
_TRANSLATION = re.compile(r"(?P<stem>site|short)\.(?P<language>(?!en\.)[A-Za-z-]+)\.md")
_MOST = 50
"""Faults that are looked for in one file."""


def faults_of(files: Mapping[str, bytes], folder: str) -> list[EveryfamilyError]:
    """What stops a pack from being read, file by file. Empty if `parse_pack` takes it."""
    found: list[EveryfamilyError] = []
    about = _tables(PackFile, files, folder, "pack.toml", found)
    sources = _tables(SourcesFile, files, folder, "sources.toml", found)
    for name, raw in files.items():
        if not name.endswith(".toml"):
            passages = _of_text(name, raw, f"{folder}/{name}", found)
            if about is not None and sources is not None:
                is_letters = name.split(".")[0] not in _OF_THE_SITE
                found += (
                    passage_faults(about, sources.sources, passages)
                    if is_letters
                    else source_faults(sources.sources, passages)
                )
    if not found or all(isinstance(one, PackIncomplete) for one in found):
        found += _of_the_whole(files, folder, found)
    return found


def _of_the_whole(
    files: Mapping[str, bytes], folder: str, known: list[EveryfamilyError]
) -> Iterator[EveryfamilyError]:
    """What only a whole pack shows. A translation with a fault is put aside, so that those of the next are found."""
    said = set(map(str, known))
    for _ in range(_MOST):
        try:
            parse_pack(files, folder)
        except EveryfamilyError as fault:
            if str(fault) not in said:
                yield fault
            others = _without_its_translation(files, fault)
            if others == files:
                return
            files = others
        else:
            return


def _without_its_translation(files: Mapping[str, bytes], fault: EveryfamilyError) -> Mapping[str, bytes]:
    """The files with the table of the translation in which the fault is left blank, or as they are."""
    name = fault.place.file.rpartition("/")[2] if fault.place is not None else ""
    found = _TRANSLATION.fullmatch(name)
    if found is None:
        return files
    table = rf"^\[(?:{found['stem']}\.translations|{found['stem']})\.{found['language']}\][^\[]*"
    about = files["pack.toml"].decode(errors="replace")
    blank = re.sub(table, lambda lines: "\n" * lines[0].count("\n"), about, flags=re.MULTILINE)
    return {**files, "pack.toml": blank.encode()}


def _tables[Model: StrictModel](
    model: type[Model], files: Mapping[str, bytes], folder: str, name: str, found: list[EveryfamilyError]
) -> Model | None:
    shown = f"{folder}/{name}"
    if name not in files:
        found.append(PackIncomplete(f"The pack has no file {name}.", "Add it.", SourceLocation(shown)))
        return None
    try:
        return parse_toml(model, decode(files[name], shown), shown)[0]
    except TomlNotValid as first:
        found += [first, *first.others]
    except TextFileUnreadable as unread:
        found.append(unread)
    return None


def _of_text(name: str, raw: bytes, shown: str, found: list[EveryfamilyError]) -> list[Passage]:
    """The passages of one text. Its faults go to `found`. A text of a kind that is not known has neither."""
    stem = name.split(".")[0]
    try:
        text = decode(raw, shown)
    except TextFileUnreadable as fault:
        found.append(fault)
        return []
    if stem in FIELDS:
        fields = _whole(lambda words: parse_fields(words, shown, FIELDS[stem]), text, found)
        return list((fields or {}).values())
    if stem not in SECTIONS:
        return []
    body = _whole(lambda words: parse_body(words, shown, part="" if stem == "letter" else stem), text, found)
    if body is None:
        return []
    title, sections = body
    # A translation of the site may lack sections: the English is shown there.
    if stem not in _OF_THE_SITE or name == f"{stem}.en.md":
        required, what = SECTIONS[stem]
        required = letter_sections(sections) if stem == "letter" else with_further(required, sections)
        found += section_faults(title, sections, required, what)
        found += shape_faults(sections) if stem == "letter" else ()
    return [
        title,
        *(one for part in sections for one in ((part.heading,) if part.heading else ()) + part.passages),
    ]


def _whole[Read](read: Callable[[str], Read], text: str, found: list[EveryfamilyError]) -> Read | None:
    """What `read` makes of the text, or None if a line of it has a fault: then each such line is in `found`."""
    lines = text.split("\n")
    first = len(found)
    for _ in range(_MOST):
        try:
            made = read("\n".join(lines))
        except PackTextMalformed as fault:
            place = fault.place
            if str(fault) in map(str, found[first:]):
                break
            found.append(fault)
            if place is None or not _put_aside(lines, place.line):
                break
        else:
            return made if len(found) == first else None
    return None


def _put_aside(lines: list[str], number: int) -> bool:
    """Make the line of a fault harmless, so that what follows is still under a heading. False if nothing was there."""
    line = lines[number - 1]
    if not line.strip():
        return False
    if line.startswith("## ") and any(one.startswith("# ") for one in lines[:number]):
        lines[number - 1] = f"## x {{#x-{number}}}"
    else:
        lines[number - 1] = ""
    return True
