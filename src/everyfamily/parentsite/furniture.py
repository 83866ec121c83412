"""Short words of the site's pages in each language: gettext catalogues, and how a language writes days and hours.

Catalogues are read as `.po` files, so that the site shows what a translator edits. The header says who made it
(`Last-Translator`) and who read it against the English (`X-Checker`, `X-Checked-Digest`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO
from string import Formatter

from babel import Locale
from babel.dates import format_date, format_time, get_day_names
from babel.messages.pofile import read_po

from everyfamily.core.packs.translations import digest_of_words, is_second_person
from everyfamily.core.partnership.route_hours import DAY, RouteHours
from everyfamily.core.text.unseen_marks import UNSEEN
from everyfamily.rendering.language_names import own_name

ENGLISH = "en"
CATALOGUES: Traversable = files("everyfamily.parentsite") / "locale"
"""A folder for each language except English, laid out as for gettext."""
_HEADER = re.compile(r'^msgid ""\r?\nmsgstr (?P<lines>(?:"[^\n]*"\s*\n)+)', re.MULTILINE)
_DAY = {"pt": "d 'de' MMMM 'de' y"}
"""How a language writes a day where it is not "2 March 2027"."""
_QUOTED = re.compile(r'^"(.*)"\s*$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Furniture:
    """The furniture of one language."""

    tag: str
    """BCP 47."""
    words: Mapping[str, str] = field(default_factory=dict)
    translator: str | None = None
    """None for the English, and for a catalogue that does not say."""
    checker: str | None = None
    checked_digest: str | None = None
    """Of the words that the checker read."""
    missing: tuple[str, ...] = ()
    """English words for which the catalogue has no translation."""

    @property
    def is_reviewed(self) -> bool:
        """True for the English, and for a catalogue if somebody other than its translator has read exactly these
        words."""
        if self.tag == ENGLISH:
            return True
        second = self.translator is not None and is_second_person(self.checker, self.translator)
        return second and self.checked_digest == self.own_digest

    @property
    def own_digest(self) -> str:
        """Digest of its words as they are now: 16 hex digits, as in `X-Checked-Digest`."""
        return digest_of_words(sorted(self.words.items()))

    @property
    def locale(self) -> Locale:
        """Babel's locale: British English for English, so that days come before months."""
        return Locale.parse("en_GB" if self.tag == ENGLISH else self.tag, sep="-" if "-" in self.tag else "_")

    @property
    def direction(self) -> str:
        """ "rtl" or "ltr"."""
        return str(self.locale.text_direction)

    @property
    def own_name(self) -> str:
        """The language's name for itself, with a capital as at the start of a line."""
        return own_name(self.tag)

    def say(self, english: str, **values: str) -> str:
        """The words of this language for `english`, with each `{name}` filled in. English if there are none."""
        words = self.words.get(english) or english
        return words.format(**values) if values else words

    def day(self, day: date) -> str:
        """A date in full as the language writes it, with Western digits, as in the letter and on a telephone."""
        return format_date(day, _DAY.get(self.tag, "d MMMM y"), locale=self.locale)

    def hours(self, opening: RouteHours) -> list[str]:
        """When a route is answered, with a line for each run of days with the same hours."""
        if opening.always:
            return [self.say("Any time, day or night")]
        names = get_day_names("wide", "stand-alone", locale=self.locale)
        lines = []
        for weekdays, spans in opening.by_days():
            days = names[weekdays[0]]
            if len(weekdays) > 1:
                days = self.say("{first} to {last}", first=days, last=names[weekdays[-1]])
            hours = ", ".join(
                self.say("{opens} to {closes}", opens=self._hour(one), closes=self._hour(other))
                for one, other in spans
            )
            lines.append(f"{days}: {hours}")
        return lines

    def _hour(self, minutes: int) -> str:
        at = time(minutes % DAY // 60, minutes % 60)
        return format_time(at, "H:mm", locale=self.locale)


@cache
def furniture_of(tag: str) -> Furniture:
    """The furniture of a language. Raises FileNotFoundError if it has no catalogue."""
    if tag == ENGLISH:
        return Furniture(ENGLISH)
    file = CATALOGUES / tag.replace("-", "_") / "LC_MESSAGES" / "site.po"
    return read_furniture(tag, file.read_bytes())


def read_furniture(tag: str, po: bytes) -> Furniture:
    """The furniture in a catalogue (a `.po` file)."""
    catalogue = read_po(BytesIO(po), locale=tag.replace("-", "_"))
    header = _header_of(po.decode())
    words = {
        str(one.id): str(one.string)
        for one in catalogue
        if one.id and one.string and not one.fuzzy and _fits(str(one.id), str(one.string))
    }
    return Furniture(
        tag,
        words,
        header.get("last-translator") or None,
        header.get("x-checker") or None,
        header.get("x-checked-digest") or None,
        tuple(str(one.id) for one in catalogue if one.id and str(one.id) not in words),
    )


def _fits(english: str, words: str) -> bool:
    """False for words that fill other gaps than the English, or have a character that nobody sees. They count as
    missing."""
    return _fields(english) == _fields(words) and UNSEEN.search(words) is None


def _fields(words: str) -> list[tuple[str, str, str]] | None:
    """Name, form and conversion of each of the `{gaps}`, sorted. None for words that cannot be filled at all."""
    try:
        found = list(Formatter().parse(words))
        return sorted((name, form or "", turned or "") for _, name, form, turned in found if name is not None)
    except ValueError:
        return None


def _header_of(po: str) -> dict[str, str]:
    """The header's lines by name in lower case. Babel keeps only the names that it knows, and drops X-Checker."""
    found = _HEADER.search(po)
    joined = "".join(_QUOTED.findall(found["lines"])) if found else ""
    pairs = (line.partition(":") for line in joined.split(r"\n"))
    return {name.strip().casefold(): value.strip() for name, _, value in pairs}


def furniture_languages() -> tuple[str, ...]:
    """Tags of the languages that have a catalogue, English first."""
    found = (one.name.replace("_", "-") for one in CATALOGUES.iterdir() if one.is_dir())
    return (ENGLISH, *sorted(found))
