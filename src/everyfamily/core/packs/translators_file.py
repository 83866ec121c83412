"""A translator's file: the units of a pack as PO, which Poedit, OmegaT, Weblate and translators' offices open (ADR 52).

The file's own fields say what is needed: the language, the pack with its version, and the translator, whom most tools
write there themselves. What must stay as it is, is said beside each unit and proven when the file comes back.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po, write_po

from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.files.text_files import decode
from everyfamily.core.packs.to_translate import Remembered, Unit

_HEAD = """\
{pack}: words for families, to translate.
Keep ((gaps)), digits and addresses exactly as they are: telephone numbers come by gaps.
Write plain words that a parent uses, for a mother or a father, and for a girl or a boy.
A second person reads the translation against the English before any family gets it."""

_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z]+)*")
_NOBODY = "NAME OF THE TRANSLATOR"


class TranslatorsFileNotUsable(EveryfamilyError):
    """The file is not a PO file, or is of another pack or in no language."""

    code: ClassVar[str] = "EF190"


@dataclass(frozen=True, slots=True)
class Returned:
    """A translator's file as it came back: who made it, for which pack, and its units with their lines."""

    language: str
    pack: str
    translator: str | None
    units: Mapping[str, Remembered]
    lines: Mapping[str, int]


def written(units: Sequence[Unit], *, language: str, pack: str, version: str, now: datetime) -> bytes:
    """The units as a PO file."""
    catalog = Catalog(
        locale=language,
        project=pack,
        version=version,
        header_comment="\n".join(f"# {line}" for line in _HEAD.format(pack=pack).split("\n")),
        creation_date=now,
        revision_date=now,
        last_translator=_NOBODY,
        language_team=language,
        msgid_bugs_address=pack,
        fuzzy=False,
    )
    for unit in units:
        catalog.add(
            unit.english,
            unit.words,
            locations=[(unit.file, unit.line)],
            flags=["fuzzy"] if unit.needs_review else [],
            auto_comments=[f"Keep: {'  '.join(unit.kept)}"] if unit.kept else [],
            previous_id=unit.was or "",
            context=unit.key,
        )
    out = io.BytesIO()
    write_po(out, catalog, width=0, include_previous=True)
    return out.getvalue()


def read(raw: bytes, name: str) -> Returned:
    """Read a translator's file. Raises TextFileUnreadable or TranslatorsFileNotUsable."""
    text = decode(raw, name)
    try:
        catalog = read_po(io.StringIO(text), abort_invalid=True)
    except (PoFileError, ValueError, LookupError, TypeError, AttributeError, IndexError) as error:
        raise TranslatorsFileNotUsable(
            "This is not a PO file that can be read.",
            "Save it again as PO, with all its lines.",
            SourceLocation(name),
        ) from error
    tag = str(catalog.locale_identifier or "").replace("_", "-")
    if not is_language(tag):
        raise TranslatorsFileNotUsable(
            "The file does not say its language.",
            'Put the line "Language: pl\\n" back at its head, with the language\'s tag.',
            SourceLocation(name),
        )
    units, lines = {}, {}
    for message in catalog:
        if message.id:
            key = message.context or ""
            units[key] = Remembered(str(message.id), _one_line(message), "fuzzy" in message.flags)
            lines[key] = message.lineno or 1
    return Returned(tag, catalog.project, _name(catalog.last_translator), units, lines)


def is_language(tag: str) -> bool:
    """Whether it is a tag that a pack's files can have, of a language that is known: "pl", "ckb"."""
    if not _TAG.fullmatch(tag):
        return False
    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True


def _one_line(message: Message) -> str:
    """A translator's words. An editor may have put a line's end into them; a no-break space inside is theirs."""
    words = message.string if isinstance(message.string, str) else ""
    return " ".join(part for line in words.splitlines() for part in line.split(" ") if part).strip()


def _name(last: str) -> str | None:
    """A person's name without their address: the pack is published."""
    name = last.partition("<")[0].strip()
    return name if name and name not in (_NOBODY, "FULL NAME", "Automatically generated") else None
