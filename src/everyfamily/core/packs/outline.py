"""The outline of a new pack: each file and each section, with what belongs in it, for a person to write.

What belongs in a section is said once, in the tables that reading a pack uses. A section that a new version of a letter
has is therefore in the next outline.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from everyfamily.core.packs.letter_files import PRIMARY, PRIMARY_TEXTS
from everyfamily.core.packs.pack_faults import SECTIONS
from everyfamily.core.packs.pack_sections import CARD_FIRST_SECTIONS
from everyfamily.core.packs.section_shapes import LEAST
from everyfamily.core.packs.site_text import PLACES
from everyfamily.core.partnership.partnership_gaps import GAP

_PARTS = {
    "letter": "title",
    "newsletter": "newsletter",
    "briefing": "briefing",
    "press": "press",
    "site": "title",
}
_BARE: Mapping[str, frozenset[str]] = {
    "letter": frozenset({"opening", "danger", "fault", "closing"}),
    "newsletter": frozenset({"about"}),
    "briefing": frozenset({"first"}),
    "press": frozenset({"first"}),
}
"""Sections whose heading can be empty. On the site each has one, because it is a page's title or is jumped to."""
_ASIDES: Mapping[str, str] = {
    "now": "What to do",
    "changes": "It could also be",
    "fears": "What we can say",
    **dict.fromkeys(PLACES, "It could also be"),
}
"""Sections of items with an aside each, and what is said above the asides."""
_LISTS = frozenset({"adults", "talk", "do", "dont", "ask", "steps", "begin", "ready"}) | frozenset(_ASIDES)
_READY: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("letter", "opening"): ("Dear parent or carer", "This letter is from ((partners)). It goes to ((families))."),
    ("letter", "danger"): ("If a child is in danger now, call ((route emergency)).",),
    ("letter", "signs"): ("These changes can have other causes.",),
    ("letter", "card"): (
        "You do not need to be sure.",
        f"You could say: “{GAP}: what somebody can say first when they call”",
    ),
    ("letter", "call"): (f"{GAP}: what families may fear from a call, and the answer",),
    ("letter", "real"): ("To check this letter, find ((reference)) at ((site))",),
    ("letter", "closing"): (
        "The next letter comes in ((next month)). It will be about ((next topic)). {if=next-topic}",
        "Another letter comes next term. {if=no-next-topic}",
    ),
    ("newsletter", "about"): ("If a child is in danger now, call ((route emergency)).",),
    ("newsletter", "call"): ("Worried about a child? Call ((route local name)) on ((route local)).",),
    ("briefing", "first"): ("If a child is in danger now, call ((route emergency)).",),
    ("press", "first"): ("For the press offices of ((partners)) only.", "Use it from ((dated)), and not before."),
    ("press", "say"): (
        "- “The same letter goes to ((families)). No family has been picked out.”",
        "- “Is a child in danger now? Call ((route emergency)). Any other worry? Call us on ((route local)).”",
    ),
}
"""Lines that a letter on any topic has. They also show how numbers and names are written."""


def outline(
    pack_id: str, title: str, today: date, *, card_first: bool = False, secondary_from: int | None = None
) -> dict[str, str]:
    """A whole pack that can be read, name to text. Each place for a person begins with TO FILL IN.

    With `card_first` it is for a letter to put up, whose numbers come straight after the danger line. With
    `secondary_from` the letter has a version of its own for families of children below that year group.
    """
    of_stem = {stem: sections for stem, (sections, _) in SECTIONS.items()}
    if card_first:
        of_stem["letter"] = CARD_FIRST_SECTIONS
    files = {f"{stem}.en.md": "\n".join(_text(stem, sections)) for stem, sections in of_stem.items()}
    files |= {name: _template(name) for name in ("email.en.txt", "sms.en.txt")}
    if secondary_from is not None:
        files |= {
            f"{name.partition('.')[0]}.{PRIMARY}.{name.partition('.')[2]}": text
            for name, text in files.items()
            if name.partition(".")[0] in PRIMARY_TEXTS
        }
    about = _about(pack_id, title, today, secondary_from)
    sources = _template("sources.template.toml", review_on=str(_half_a_year_later(today)))
    return {"pack.toml": about, "sources.toml": sources, **files}


def _text(stem: str, sections: Mapping[str, str]) -> Iterator[str]:
    yield f"# {GAP}: the title {{#{_PARTS[stem]}}}"
    yield ""
    for section, holds in sections.items():
        heading = "" if section in _BARE.get(stem, ()) else f"{GAP}: the heading"
        aside = f" | {_ASIDES[section]}" if section in _ASIDES else ""
        yield f"## {heading}{aside} {{#{section}}}".replace("##  ", "## ")
        yield ""
        belongs = f"{GAP}: {holds}"
        if (stem, section) == ("press", "ask"):
            belongs += f" | {GAP}: the answer"
        if section in _ASIDES:
            belongs += f" | {GAP}: {_ASIDES[section].lower()}"
        is_list = _is_list(stem, section)
        first, ready = [f"- {belongs}" if is_list else belongs], _READY.get((stem, section), ())
        for line in (*first, *ready) if is_list else (*ready, *first):
            yield line
            yield ""


def _is_list(stem: str, section: str) -> bool:
    return section in _LISTS or (stem == "letter" and LEAST.get(section, (0, 0))[1] > 0)


_VERSIONS = """\
# A family with a child in this year group or above gets letter.en.md, and any other one gets letter.primary.en.md.
secondary_from = {}
"""


def _template(name: str, **values: str) -> str:
    """A file of the outline, from its template beside this module: outline.email.en.txt."""
    text = Path(__file__).with_name(f"outline.{name}").read_text(encoding="utf-8")
    return re.sub(r"<<(\w+)>>", lambda slot: {"gap": GAP, **values}[slot[1]], text)


def _about(pack_id: str, title: str, today: date, secondary_from: int | None) -> str:
    return _template(
        "pack.template.toml",
        id=pack_id,
        title=json.dumps(title, ensure_ascii=False),
        versions="" if secondary_from is None else _VERSIONS.format(secondary_from),
        review_on=str(_year_later(today)),
    )


def _year_later(day: date) -> date:
    return date(day.year + 1, day.month, min(day.day, 28))


def _half_a_year_later(day: date) -> date:
    months = day.month + 5
    return date(day.year + months // 12, months % 12 + 1, min(day.day, 28))
