"""What the parts of a heading say: whose the column is and what it holds (headings.toml).

"Contact1HomeEmail", "(Contact) Home Email", "contact_home_email" and "2nd Contact's e-mail" are all an adult's email.
Nothing that needs the other headings or the values is decided here. That is done in layout.py.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from everyfamily.core.files.data_tables import load_table

CHILD, ADULT, NOBODY, BARE = "child", "adult", "nobody", ""
"""Whose a heading is. Bare ones belong to the person whose name comes before them."""
UNKNOWN = ""
_ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
    "5th": 5,
    "6th": 6,
    "secondary": 2,
}
_CASE = re.compile(
    r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z]{2})(?=[0-9])|(?<=[0-9])(?=[A-Z][a-z])"
)
_PREFIX = re.compile(r"^(?:txt|str|int|bln|dte|dat|chr|lng|cbo|chk)(?=[A-Z])")
"""How a database writes the type of a column."""
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_OF_WHOM = re.compile(r" (?:to|with|as|a) (?:the )?(?:child|pupil|student|learner)(?= |$)")
_WAY = re.compile(r" contact (?:number|no|tel|telephone|phone|email|mobile|address|detail)(?= )")
_ASKS_WHO = re.compile(
    r"(?=.*(?:court|must not|not allowed|no contact|not have contact))"
    r".*(?:^(?:are|is) there|(?:people|person|anyone|anybody|adult|someone) who|tell us|give detail)"
)
"""A form's question about everybody: "Are there any court orders, or people who must not have contact?" """
_MAY = re.compile(r"\b(?:entitled|allowed|permitted|barred|banned)\b")
"""Whether somebody may have something. A person says what its cells mean."""
_CONSENT = re.compile(
    r"\b(?:photo|image|video|film|walk|home|trip|visit|internet|web|media|swim|meal|fsm|club|bus|medic|biometric)"
)
"""Consents about the child, in the same words."""
_WITH_POSTCODE = re.compile(
    r"\b(?:inc|incl|include|including|with|and) (?:the |full |a )?(?:postcode|post code|postal code)\b"
)
_LONGEST = 120
"""How many characters of a heading are looked at."""
_SAYS_NOTHING = frozenset(("or", "and", "their", "the", "your", "do", "doe"))
_MOST_ADULTS = 30
_ROLES = ("mother", "father", "social worker", "foster carer")
"""Relationships that a heading may give."""


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading: `whose`, `nth` adult or child (0: not said), `role` ("mother", "father" or blank), `what` (a column
    of sheet.py, perhaps with "/part"; "-" for known and never read; UNKNOWN), and a number that is left over (an
    address's line, a second email)."""

    text: str
    whose: str
    nth: int
    role: str
    what: str
    number: int


def parts_of(heading: str) -> Heading:
    """The parts of one heading."""
    return _parts(" ".join(heading.split())[:_LONGEST])


@lru_cache(maxsize=4096)
def _parts(heading: str) -> Heading:
    text = words_of(heading)
    if _ASKS_WHO.match(text):
        # About orders, a plain no says that there is none, for anybody.
        asks_of_orders = re.search(r"\b(?:court|order|restriction)\b", text) is not None
        whose, nth, role, _ = _whose(f" {text} ")
        if asks_of_orders and whose == ADULT and (nth or role):
            return Heading(text, ADULT, nth, role, "COURT_ORDER", 0)
        return (
            Heading(text, CHILD, 0, "", "COURT_ORDER", 0)
            if asks_of_orders
            else Heading(text, BARE, 0, "", "NOT_TO_WRITE", 0)
        )
    about = f" {_OF_WHOM.sub(' ', f' {text}').strip()} "
    whose, nth, role, rest = _whose(about)
    words, number = _without_number(rest)
    what = _what(words, about, numbered=number > 0, owned=whose)
    if whose == BARE and what == UNKNOWN and number:
        # "Address 1": the number belongs to the address.
        what = _what(rest.split(), about, numbered=True, owned=BARE)
    if what in ("NOTES", "-") and whose != CHILD and asks_may(text):
        what = UNKNOWN
    return Heading(text, whose, nth, role, what, number)


def asks_may(text: str) -> bool:
    """Whether a heading says that somebody may or may not have something, and it is not a consent about the child."""
    return _MAY.search(text) is not None and _CONSENT.search(text) is None


def words_of(heading: str) -> str:
    """A heading as words in lower case: "Parent/Carer's E-mail(1)" is "parent carer email 1"."""
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", heading) if unicodedata.category(letter) != "Mn"
    )
    plain = re.sub(r"[’'`]s?\b", "", plain)
    plain = re.sub(r"(?<![A-Za-z])e[-_ ]?mail", "email", plain, flags=re.IGNORECASE)
    plain = re.sub(r"\bNC(?=year)", "NC ", _PREFIX.sub("", plain))
    plain = re.sub(r"\bD\.?o\.?B\b\.?", "dob", plain.replace("DfE", "dfe"), flags=re.IGNORECASE)
    plain = re.sub(r"\bP\.R\b\.?", "pr", plain, flags=re.IGNORECASE)
    lower = _NOT_A_WORD.sub(" ", _CASE.sub(" ", plain).casefold()).split()
    text = " ".join(word for one in lower for word in _split_up(one) if word != "s")
    text = re.sub(r"(?<=\S) y n$", "", text)
    text = re.sub(r"\b(?:birth|natural|biological|adoptive) (?=parent|mother|father|mum|dad)", "", text)
    if "address" in text:
        text = " ".join(_WITH_POSTCODE.sub(" ", text).split())
    # A doctor is a GP, but a registration group may be a "Reg Gp".
    return re.sub(r"\b(reg|registration|form|tutor|class|year|yr) (?:gp|grp)\b", r"\1 group", text)


@cache
def _vocabulary() -> frozenset[str]:
    tables = load_table(__file__, "headings.toml")
    phrases = [phrase for words in tables["whose"].values() for phrase in words]
    for rule in tables["what"]:
        phrases += [*rule.get("has", ()), *rule.get("is", ())]
    words = {_singular(word) for phrase in phrases for word in phrase.split()}
    return frozenset(word for word in words if len(word) > 2) | {"id", "no", "tel", "of"}


def _split_up(word: str) -> list[str]:
    """ "contactsurname" is two words. What is not made of known words stays one."""
    one = _singular(word)
    known = _vocabulary()
    if one in known or len(word) < 6 or not word.isascii() or len(word) > 60:
        return [one]
    letters = re.fullmatch(r"([a-z]+)(\d*)", word)
    if not letters:
        return [one]
    best: list[list[str] | None] = [None] * (len(letters[1]) + 1)
    best[0] = []
    for end in range(1, len(letters[1]) + 1):
        for start in range(max(0, end - 16), end):
            piece = letters[1][start:end]
            before = best[start]
            if before is None or not (piece in known or _singular(piece) in known):
                continue
            found = [*before, _singular(piece)]
            kept = best[end]
            if kept is None or len(found) < len(kept):
                best[end] = found
    whole = best[-1]
    return [*whole, *filter(None, [letters[2]])] if whole else [one]


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _whose(about: str) -> tuple[str, int, str, str]:
    """Whose it is, which of several, what it says about the relationship, and the heading without all that."""
    if any(f" {phrase} " in about for phrase in _phrases("nobody")):
        return NOBODY, 0, "", about
    found = [
        (about.rindex(f" {phrase} "), whose, phrase)
        for whose in ("child", "adult", *_ROLES)
        for phrase in _phrases(whose)
        if f" {phrase} " in about
    ]
    if "mother tongue" in about or not found:
        return BARE, 0, "", about
    # "Student contact number" belongs to the student.
    if (
        _WAY.search(about)
        and (others := [one for one in found if one[2] != "contact"])
        and max(others)[1] == "child"
    ):
        found = others
    _, last, _ = max(found)
    role = next((one for one in _ROLES if any(whose == one for _, whose, _ in found)), "")
    if "mother" in about and "father" in about:
        role = ""
    whose = CHILD if last == "child" else ADULT
    nth, rest = _nth(about, [phrase for _, _, phrase in found])
    return whose, nth, role if whose == ADULT else "", rest


def _nth(about: str, phrases: Iterable[str]) -> tuple[int, str]:
    """The number next to a word for an adult, and the heading without both."""
    rest = about
    nth = 0
    joined = "|".join(sorted(map(re.escape, phrases), key=len, reverse=True))
    numbers = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?|{'|'.join(_ORDINALS)})"
    beside = re.search(
        rf" (?:priority )?(?P<a>{numbers})(?: (?:priority|emergency|main))? (?:{joined})(?= )"
        rf"|(?: (?:{joined})(?= ))+ (?P<b>\d{{1,2}}(?:st|nd|rd|th)?|[abcd])(?= )",
        rest,
    )
    if beside:
        said = beside["a"] or beside["b"]
        nth = _ORDINALS.get(said) or int(re.sub(r"\D", "", said) or 0) or "abcd".find(said) + 1
        rest = f"{rest[: beside.start()]} {rest[beside.end() :]}"
    rest = re.sub(rf"(?<= )(?:{joined})(?= )", "", f" {rest} ")
    if nth > _MOST_ADULTS:
        nth = 0
    return nth, f" {' '.join(rest.split())} "


def _without_number(rest: str) -> tuple[list[str], int]:
    words = [word for word in rest.split() if word not in _SAYS_NOTHING]
    numbers = [word for word in words if word.isdigit() and len(word) <= 2]
    number = int(numbers[-1]) if numbers else next((_ORDINALS[word] for word in words if word in _ORDINALS), 0)
    return [word for word in words if not word.isdigit()], number


def _what(words: list[str], about: str, *, numbered: bool, owned: str) -> str:
    text = f" {' '.join(words)} "
    if rule := next((one for one in _rules() if about.strip() in one.with_whom), None):
        return rule.is_a
    if not words:
        return "NAME" if owned in (ADULT, CHILD) else UNKNOWN
    for rule in _rules():
        if rule.numbered and not numbered:
            continue
        if rule.owned and owned not in rule.owned:
            continue
        whole = text.strip()
        if whole in rule.whole or (
            any(phrase in text for phrase in rule.has) and not any(phrase in text for phrase in rule.unless)
        ):
            return rule.is_a
    return UNKNOWN


@dataclass(frozen=True, slots=True)
class _Rule:
    is_a: str
    has: tuple[str, ...]
    whole: frozenset[str]
    unless: tuple[str, ...]
    numbered: bool
    owned: tuple[str, ...]
    with_whom: frozenset[str]
    """Whole headings, including whose they are: "legal guardian" is not a name."""


@cache
def _rules() -> tuple[_Rule, ...]:
    def spaced(phrases: Iterable[str]) -> tuple[str, ...]:
        return tuple(f" {' '.join(map(_singular, phrase.split()))} " for phrase in phrases)

    return tuple(
        _Rule(
            rule["is_a"],
            spaced(rule.get("has", ())),
            frozenset(phrase.strip() for phrase in spaced(rule.get("is", ()))),
            spaced(rule.get("not", ())),
            rule.get("numbered", False),
            tuple(rule.get("owned", ())),
            frozenset(phrase.strip() for phrase in spaced(rule.get("with_whom", ()))),
        )
        for rule in load_table(__file__, "headings.toml")["what"]
    )


@cache
def _phrases(whose: str) -> tuple[str, ...]:
    return tuple(
        " ".join(map(_singular, phrase.split()))
        for phrase in load_table(__file__, "headings.toml")["whose"][whose]
    )
