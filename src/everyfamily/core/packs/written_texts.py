"""A translation as the files of a pack: the words of a language in the shape of the English, and its table."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from everyfamily.core.packs.site_text import NOT_YET
from everyfamily.core.packs.to_translate import FIELDS, EnglishPart
from everyfamily.core.text.passages import Passage

_BARE = frozenset({"short"})
"""Parts whose sources and promises are those of the English, and are not written again."""


def file_name(part: str, language: str) -> str:
    """The name of a part's file: "short.pl.md", "sms.pl.txt"."""
    return f"{part}.{language}.{'txt' if part.partition('.')[0] in FIELDS else 'md'}"


def text_of(part: EnglishPart, words: Mapping[str, str]) -> str:
    """The file's text. What has no words is left as "…", so that the English appears there."""
    if part.stem in FIELDS:
        return "".join(f"{line}\n" for line in _fields(part, words))
    return "\n".join(_lines(part, words))


def _fields(part: EnglishPart, words: Mapping[str, str]) -> Iterator[str]:
    names = {passage_id: name for name, passage_id in FIELDS[part.stem].items()}
    for passage in part.fields:
        yield f"{names[passage.id.rpartition('/')[2]]}: {words.get(part.key(passage), NOT_YET)}"


def _lines(part: EnglishPart, words: Mapping[str, str]) -> Iterator[str]:
    assert part.title is not None
    yield from (f"# {words.get(part.key(part.title), NOT_YET)} {{#title}}", "")
    for section in part.sections:
        heading = f"{_said(part, section.heading, words)} " if section.heading else ""
        mark = f"#{section.id}" + (_marks(part, section.heading) if section.heading else "")
        yield from (f"## {heading}{{{mark}}}", "")
        before = ""
        for passage in section.passages:
            if before == "item" and passage.kind != "item":
                yield ""
            before = passage.kind
            marks = _marks(part, passage).strip()
            line = _said(part, passage, words) + (f" {{{marks}}}" if marks else "")
            yield f"- {line}" if passage.kind == "item" else line
            if passage.kind != "item":
                yield ""
        if before == "item":
            yield ""


def _said(part: EnglishPart, passage: Passage, words: Mapping[str, str]) -> str:
    key = part.key(passage)
    said = words.get(key, NOT_YET)
    if passage.aside is None:
        return said
    return f"{said} | {words.get(f'{key}/aside', NOT_YET)}"


def _marks(part: EnglishPart, passage: Passage) -> str:
    if part.name in _BARE:
        return ""
    found = {
        "only": ",".join(passage.only),
        "promise": passage.promise or "",
        "if": (passage.condition or "").replace(" ", "-"),
        "source": ",".join(passage.sources),
    }
    return "".join(f" {name}={value}" for name, value in found.items() if value)


def with_table(toml: str, header: str, rows: Mapping[str, str | None]) -> str:
    """The text of a pack.toml with one table in place of the table of this name, or at its end. The rest is kept."""
    said = [
        f"[{header}]",
        *(f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in rows.items() if value),
    ]
    lines = toml.rstrip("\n").split("\n")
    start = next((at for at, line in enumerate(lines) if line.split("#")[0].strip() == f"[{header}]"), None)
    if start is None:
        return "\n".join([*lines, "", *said]) + "\n"
    end = next(
        (at for at in range(start + 1, len(lines)) if not re.match(r"\s*[A-Za-z_]+\s*=", lines[at])), len(lines)
    )
    # What somebody wrote beside the table's name stays.
    return "\n".join([*lines[: start + 1], *said[1:], *lines[end:]]) + "\n"


def with_language(toml: str, languages: Iterable[str]) -> str:
    """The text of a pack.toml that lists these languages."""
    listed = f"languages = {json.dumps(list(languages))}"
    return re.sub(r"^languages\s*=\s*\[[^\]]*\]", lambda _: listed, toml, count=1, flags=re.MULTILINE)
