"""Several adults in one cell: "Mrs Ruth Example (Mother) 07700 900101; Mr Idris Example (Father) 07700 900102".

Only if each piece has its own name. If emails and numbers are in cells next to it, they are used in order if there are
as many as names, and otherwise for nobody: a guess would send one adult's letter to another. Then they only close, for
each of them. Commas are between adults only where the whole column shows it: "Thorne, Karl" is one man.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from everyfamily.core.rolls.values.written_names import COMMA_INSIDE, outside_brackets
from everyfamily.core.rolls.words.words import relationships

_BETWEEN = re.compile(r"\s*(?:;|\n|\r|\|)\s*")
_EMAIL = re.compile(r"[^\s@,;<>()\[\]:]+@[^\s@,;<>()\[\]]+\.[A-Za-z]{2,}")
_PHONE = re.compile(r"(?:\+|00)?\(?[0-9](?:[ ().\-]{0,2}[0-9]){9,13}")
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|\s[-–:]\s([^-–:]*)")
_WORDS = re.compile(r"[^\W\d_][^\d@]*")
_TITLED = re.compile(r"\s*(?:mrs?|ms|miss|mx|dr|prof|rev|sir|lady|lord|dame)\b\.?\s+\S", re.IGNORECASE)
_LED_BY = re.compile(
    r"(?P<who>[^\W\d_][\w /'’]{1,20}?)\s*[-–:]\s*(?P<name>[^\d@,;(]{3,60}?)(?=[\s,;(]*(?:\+?\(?\d|[^\s@]+@|\(|$))"
)
_LISTS = (
    "RELATIONSHIP",
    "PARENTAL_RESPONSIBILITY",
    "HAS_CARE",
    "PRIORITY",
    "EMAIL",
    "MOBILE",
    "PHONE",
    "ADDRESS",
)
_MOST = 12
_RELATED = relationships()


def are_between_commas(cells: Iterable[tuple[str, str]]) -> bool:
    """Whether a column has several adults with commas between them. `cells` are its names, each with the emails next to
    it."""
    several = [(name, emails) for name, emails in cells if "," in outside_brackets(name)]
    titled = any(all(map(_TITLED.match, name.split(","))) for name, _ in several)
    return all(parted(*one) != one[0] for one in several) and (titled or len(several) > 1)


def parted(name: str, emails: str) -> str:
    """A name's cell with semicolons between its adults, if each has a title, or a whole name and an inbox."""
    pieces = [piece.strip() for piece in outside_brackets(name).split(",")]
    titled = all(map(_TITLED.match, pieces))
    counted = all(" " in piece for piece in pieces) and len(_EMAIL.findall(emails)) == len(pieces)
    return "; ".join(pieces).replace(COMMA_INSIDE, ",") if len(pieces) > 1 and (titled or counted) else name


def may_hold_several(cells: Mapping[str, str]) -> bool:
    """Quick: whether a name's cell contains more than a name."""
    name = cells.get("ADULT_NAME", "")
    return "(" in name or ";" in name or "\n" in name or "|" in name or "@" in name or any(map(str.isdigit, name))


def adults_of_cells(cells: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The cells of each adult in a name's cell, or the same cells if there is only one."""
    pieces = [piece for piece in _BETWEEN.split(cells["ADULT_NAME"]) if piece]
    people = [found for piece in pieces if (found := _person(piece))]
    if not people or len(people) > _MOST or len(people) < sum(map(_has_name, pieces)):
        yield dict(cells)
        return
    lists = {column: _as_list(cells.get(column, ""), len(people)) for column in _LISTS}
    for at, person in enumerate(people):
        own = dict(cells)
        for column, texts in lists.items():
            if len(people) > 1 and column in cells:
                own[column] = texts[at] if texts else _only_closing(column, cells[column])
        for column, text in person.items():
            if column == "NOTES":
                own[column] = "\n".join(filter(None, (own.get(column, ""), text)))
            else:
                own[column] = text if column == "ADULT_NAME" or not own.get(column) else own[column]
        if len(people) > 1:
            # Words about the whole cell stay with everybody in it.
            own["NOTES"] = "\n".join(filter(None, (own.get("NOTES", ""), cells["ADULT_NAME"])))
        yield own


def _only_closing(column: str, text: str) -> str:
    """If it is not clear whose these are, nothing is sent there (ways_to_close.py)."""
    return f"{text} (whose?)" if text and column in ("EMAIL", "MOBILE", "PHONE") else ""


def _has_name(piece: str) -> bool:
    return _WORDS.search(_PHONE.sub("", _EMAIL.sub("", piece))) is not None


def _person(piece: str) -> dict[str, str]:
    if (led := _LED_BY.match(piece)) and _RELATED[led["who"]] is not None:
        # "Mum - Ruth Example 07700 900101 (works nights)": what comes after the number is a note.
        return _named_person(led["name"], piece[led.end() :], led["who"])
    emails, phones = _EMAIL.findall(piece), _PHONE.findall(_EMAIL.sub(" ", piece))
    rest = _PHONE.sub(" ", _EMAIL.sub(" ", piece))
    said = ""
    if found := _BRACKETS.search(rest):
        said = next(filter(None, found.groups()), "").strip(" ,:-")
        if _RELATED[said] is None and not (emails or phones):
            # "Ruth (Rosie) Sample", "Sample (Mrs)": it belongs to the name.
            said = ""
        else:
            rest = rest[: found.start()] + " " + rest[found.end() :]
    name = rest.split(":", 1)[-1] if ":" in rest and not said else rest
    if ":" in rest and not said:
        said = rest.split(":", 1)[0].strip()
    name = " ".join(name.strip(" ,:-–/").split())
    if not _WORDS.match(name):
        return {}
    person = {
        "ADULT_NAME": re.sub(r"(?i)\b(?:tel|mob|mobile|email|e-mail|phone)\b[:.]?", "", name).strip(" ,:-–/")
    }
    if said:
        person["RELATIONSHIP"] = said
    if emails:
        person["EMAIL"] = "\n".join(emails)
    if phones:
        person["PHONE"] = "\n".join(phones)
    return person


def _named_person(name: str, rest: str, who: str) -> dict[str, str]:
    emails, phones = _EMAIL.findall(rest), _PHONE.findall(_EMAIL.sub(" ", rest))
    notes = " ".join(_PHONE.sub(" ", _EMAIL.sub(" ", rest)).strip(" ,;:-–/()").split())
    person = {"ADULT_NAME": " ".join(name.strip(" ,:-–/(").split()), "RELATIONSHIP": who, "NOTES": notes}
    person |= {what: "\n".join(found) for what, found in (("EMAIL", emails), ("PHONE", phones)) if found}
    return {what: text for what, text in person.items() if text}


def _as_list(text: str, count: int) -> list[str]:
    pieces = [piece.strip() for piece in _BETWEEN.split(text)]
    if len(pieces) != count:
        pieces = [piece for piece in pieces if piece]
    if len(pieces) != count and text.count(",") == count - 1:
        pieces = [piece.strip() for piece in text.split(",")]
    return pieces if len(pieces) == count else []
