"""Names as offices write them: "Example, Ruth (Mrs)", "EXAMPLE, Mrs Ruth". It is decided once for each file, by the
whole column."""

from __future__ import annotations

import re

from everyfamily.core.rolls.words.closing_words import closes
from everyfamily.core.rolls.words.words import relationship_in

_TITLE = r"(?:mrs?|ms|miss|mx|dr|prof|rev|sir|lady|lord|dame)"
_TITLE_BEHIND = re.compile(rf"(?P<name>.*?)[\s,]*\(?\b(?P<title>{_TITLE})\b\.?\)?", re.IGNORECASE)

_DELETED = re.compile(
    r".*(?:\s[-\u2013\u2014*]+\s*|[(\[*]\s*|,\s*)(?:contact |link )?(?:deleted|removed|archived)\b[^a-z]*"
    r"(?:on[^a-z]*)?",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    rf"(?:{_TITLE}\.?\s+)?(?:(?:deleted|removed|test|dummy)[\s,]+"
    r"(?:contact|parent|carer|guardian|adult|pupil|student|child|person)(?:\s+\d+)?"
    r"|(?:contact|parent|carer|guardian|pupil|student|child)[\s,]+(?:deleted|test|dummy)"
    r"|deleted|removed|test(?: test)?|dummy)",
    re.IGNORECASE,
)

_NO_NAME = re.compile(r"[xX]{1,3}|[\W_]+")
"""A cross or a tick where a name would be."""
_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
COMMA_INSIDE = "\x1f"

_BEFORE_WORDS = re.compile(r"[-\u2013\u2014*(\[]")
_WORDS_BEHIND = re.compile(r"(?P<name>.*?[^\W\d_].*?)\s*(?:\s[-\u2013\u2014]+\s|[*(\[])(?P<words>.+)")


def name_alone(name: str) -> str:
    """A name without words after it that are not part of it: "Mr Joe Sample *NO CONTACT*", "Amy Sample (SW)"."""
    # Asked for every name in an area, and nearly all of them end here.
    found = _WORDS_BEHIND.fullmatch(name) if _BEFORE_WORDS.search(name) else None
    if found and not closes(found["name"]) and (closes(found["words"]) or _is_a_relationship(found["words"])):
        return found["name"].strip()
    return name


def _is_a_relationship(behind: str) -> bool:
    behind = behind.removesuffix(")")
    said = relationship_in(behind, ()) if ")" not in behind else None
    # "SW Eastmere team": it may say which office an official belongs to.
    return said is not None and (said.understood or said.kept == "social worker")


def name_says_deleted(name: str) -> bool:
    """Whether a name's cell says that its person was deleted: "Mr Joe Sample - DELETED 12/06/2025"."""
    return _DELETED.fullmatch(name) is not None


def is_nobodys_name(name: str) -> bool:
    """Whether a name is a placeholder or a test: "Deleted Contact", "Test Parent", "TEST PUPIL"."""
    return _NOBODY.fullmatch(name) is not None


def is_a_mark(name: str) -> bool:
    """Whether a name's cell has only a cross, a tick or signs: there is somebody, or nobody, and no name."""
    return _NO_NAME.fullmatch(name) is not None


def outside_brackets(name: str) -> str:
    """The name with its only commas those outside brackets: "Jane Smith (foster, SGO)" has none."""
    return _IN_BRACKETS.sub(lambda found: found[0].replace(",", COMMA_INSIDE), name) if "," in name else name


def name_as_spoken(name: str, *, surname_first: bool) -> str:
    """The name in the order in which it is spoken. Without `surname_first` it stays as it is."""
    surname, comma, rest = outside_brackets(name).partition(",")
    if not surname_first or not comma or "," in rest:
        return name
    surname, rest = (part.replace(COMMA_INSIDE, ",") for part in (surname, rest))
    rest, behind_it = _words_about_the_person(rest)
    forenames, title = rest.strip(), ""
    if behind := _TITLE_BEHIND.fullmatch(forenames):
        if not behind["name"].strip():
            return f"{behind['title']} {surname.strip()}{behind_it}"
        forenames, title = behind["name"].strip(), behind["title"]
    return " ".join(filter(None, (title, forenames, surname.strip()))) + behind_it


def _words_about_the_person(name: str) -> tuple[str, str]:
    """A name, and words after it that are not part of it, as they are written there: "Ken - DELETED 12/06/2025"."""
    found = _WORDS_BEHIND.fullmatch(name) if _BEFORE_WORDS.search(name) else None
    if found and (closes(found["words"]) or _is_a_relationship(found["words"]) or name_says_deleted(name)):
        return found["name"], name[found.end("name") :]
    return name, ""
