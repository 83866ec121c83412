"""What a pack still lacks: words that `outline` left for a person to write."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.packs.pack_files import own_files
from everyfamily.core.packs.packs import Pack
from everyfamily.core.partnership.partnership_gaps import GAP

_ORDER = ("pack", "sources", "letter", "email", "sms", "newsletter", "briefing", "press")
"""Other texts come after these."""
_GAP = re.compile(rf"{GAP}:? ?([^|{{\"]*)")


class PackNotWritten(EveryfamilyError):
    """The pack still has words that somebody must write, and no letter is made from it."""

    code: ClassVar[str] = "EF180"


def unwritten_in(files: Mapping[str, bytes], folder: str) -> list[tuple[SourceLocation, str]]:
    """Each place that somebody still has to write, with what belongs there: first what is written first."""
    own = sorted(own_files(files).items(), key=lambda one: (_rank(one[0]), one[0]))
    return [
        (SourceLocation(f"{folder}/{name}", number, found.start() + 1), found[1].strip().rstrip("."))
        for name, raw in own
        for number, line in enumerate(raw.decode(errors="replace").split("\n"), start=1)
        if not line.lstrip().startswith("#") or (line.startswith(("# ", "## ")) and name.endswith(".md"))
        for found in _GAP.finditer(line)
    ]


def _rank(name: str) -> int:
    stem = name.split(".")[0]
    return _ORDER.index(stem) if stem in _ORDER else len(_ORDER)


def refuse_unwritten(pack: Pack) -> None:
    """Raise PackNotWritten if a text of the pack, or what its pack.toml says, is still to be written."""
    texts = [one for text in pack.letter_texts() for one in (*text.passages(), *text.outside(), *text.beside())]
    places = [passage.place for passage in texts if GAP in passage.words]
    if any(GAP in words for words in (pack.about.title, pack.about.offered_to, *pack.about.topic_words)):
        places.insert(0, pack.places.place(("topic_words",)))
    if places:
        more = f", and so do {len(places) - 1} more" if len(places) > 1 else ""
        raise PackNotWritten(
            f"A place in the pack still says {GAP}{more}.",
            "Write its words. Checking the pack lists them.",
            places[0],
        )
