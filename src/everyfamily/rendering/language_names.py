"""Languages by their own names ("Polski"), as text and as drawings for print.

The print's typefaces have no Arabic letters. A drawing needs no typeface, and what it says is its alternative text.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from importlib.resources import files

from babel import Locale

from everyfamily.core.letter.letters import Letter

_AS_FAMILIES_SAY = {"en": "English", "ckb": "کوردی (سۆرانی)"}
"""Where the locale data adds a region, or names the language as a linguist would ("Central Kurdish")."""


def own_name(tag: str) -> str:
    """A language's name for itself, with a capital as at the start of a line. `tag` is BCP 47."""
    name = _AS_FAMILIES_SAY.get(tag) or str(Locale.parse(tag, sep="-").get_display_name())
    return name[:1].upper() + name[1:]


def names_of(letter: Letter) -> list[tuple[str, str]]:
    """Tag and own name of each language in addition to English that the letter's page has."""
    return [(tag, own_name(tag)) for tag in letter.languages]


def drawings_of(letter: Letter, without: Collection[str] = ()) -> list[dict[str, str]]:
    """The same for print: a drawing (SVG) and its alternative text. Without a drawing a language is left out, and so
    are those of `without`."""
    drawn = ((_drawing(tag), name) for tag, name in names_of(letter) if tag not in without)
    return [{"drawing": svg, "name": name} for svg, name in drawn if svg is not None]


@cache
def _drawing(tag: str) -> str | None:
    file = files("everyfamily.rendering") / "names_drawn" / f"{tag}.svg"
    return file.read_text(encoding="utf-8") if file.is_file() else None
