"""The words about children who are not known to us, for the page, the table and the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from everyfamily.core.accounting.not_known import NOT_IN_THIS_LETTER
from everyfamily.core.accounting.published import NotKnownLine, NotKnownToUs
from everyfamily.core.calendar.year_groups import from_year_in_words
from everyfamily.core.text.dates import day_in_words
from everyfamily.rendering.view import unbroken
from everyfamily.reports import wording

_RING: Mapping[str, str] = {
    "home educated": "Council’s elective home education officer",
    "educated elsewhere": "Council’s admissions and placements team",
    "missing education": "Council’s children missing education officer",
    "college": "The college’s student services",
}
_WHY: Mapping[str, str] = {
    "roll missing": "roll not in yet",
    "return missing": "return not in yet",
    NOT_IN_THIS_LETTER: "not part of this letter",
}
_NO_LIST = "Children educated at home"


@dataclass(frozen=True, slots=True)
class Missing:
    """One school, or the children educated at home, in words."""

    name: str
    about: str
    """What kind of school, and if nothing is known, why."""
    listed: str
    source: str
    """Which list, and its day."""
    on_roll: str
    missing: str
    ring: str


def missing_rows(found: NotKnownToUs) -> Iterator[Missing]:
    """Children educated at home first, then the schools with the most missing."""
    if not found.at_home:
        ring = _RING["home educated"]
        yield Missing(_NO_LIST, "no list of them is here", "not known", "", "none", "not known", ring)
    yield from (in_words(line) for line in (*found.at_home, *found.schools))


def in_words(line: NotKnownLine) -> Missing:
    """One line of the table."""
    kind = wording.kind_in_words(line.kind)
    return Missing(
        name=line.name,
        about=" · ".join(word for word in (kind, _WHY.get(line.why, "")) if word),
        listed="not known" if line.listed is None else f"{line.listed:,}",
        source=source_in_words(line),
        on_roll=_on_roll(line),
        missing=between(line),
        ring=unbroken(ring(line)),
    )


def _on_roll(line: NotKnownLine) -> str:
    if line.why or line.listed is None:
        return "none"
    return "with the small schools" if line.about is None else f"about {line.about:,}"


def source_in_words(line: NotKnownLine) -> str:
    """ "Get Information about Schools, 15 January 2026", or "day not given" if no list gives it."""
    if line.listed is None:
        return "no official list says how many"
    source = wording.sentence_case(line.source) or "Source not given"
    return f"{source}, {day_in_words(line.as_of) if line.as_of else 'day not given'}"


def between(line: NotKnownLine) -> str:
    """ "250 to 270", "up to 10", "all 341" or "none"."""
    if line.listed is None:
        return "not known"
    if line.why:
        return f"all {line.listed:,}"
    if not line.most:
        return "none"
    return f"{line.fewest:,} to {line.most:,}" if line.fewest else f"up to {line.most:,}"


def ring(line: NotKnownLine) -> str:
    """Whom to ask: the school's lead with the number that was checked, or else the person who keeps the list or the
    office."""
    who = line.lead_role or _RING.get(line.kind, "The school’s office")
    return f"{wording.sentence_case(who)}, {line.phone}" if line.phone else wording.sentence_case(who)


def heading(found: NotKnownToUs) -> str:
    """ "Not known to us: 312 children"."""
    if not found.listed:
        return "Not known to us: no official list to ask"
    if found.children is None:
        return f"Not known to us: {found.fewest:,} to {found.most:,} children"
    if not found.children.number:
        return "Not known to us: no child" if found.children.exact else "Not known to us: under 5 children"
    return f"Not known to us: {found.children} {'child' if found.children.number == 1 else 'children'}"


def aside(found: NotKnownToUs) -> str:
    """One sentence next to the five outcomes."""
    if not found.listed:
        return "No official list says here how many children there should be."
    if found.children is None:
        between = f"{found.fewest:,} to {found.most:,}"
        return f"Not among them: {between} children on the official lists whom we do not know."
    if not found.children.number:
        few = "all" if found.children.exact else "all but under 5"
        return f"Of the children on the official lists, {few} are on a roll or in a return."
    children = "child" if found.children.number == 1 else "children"
    return f"Not among them: {found.children} {children} on the official lists whom we do not know."


def explained(found: NotKnownToUs) -> str:
    """What the number means, in two or three sentences."""
    if not found.listed:
        return "No official list here says how many children the schools have. Import the national list."
    lists = f"The official lists have {found.listed:,} children of the area."
    if found.children is None:
        return (
            f"{lists} Between {found.fewest:,} and {found.most:,} of them are on no roll and in no return that came "
            "in. The sum itself would give a school’s roll away, so it is not shown."
        )
    if found.children.exact and not found.children.number:
        return f"{lists} All of them are on a roll or in a return that has come in."
    said = str(found.children)
    words = f"{lists} {said[:1].upper()}{said[1:]} of them are on no roll and in no return that has come in."
    beside = " They are shown next to the figures above and are in none of the five."
    if not found.awaited:
        return words + beside
    if found.children.exact and found.awaited == found.children.number:
        return f"{words} All of them count above as not reached, because their school’s whole roll or return is not in."
    return (
        f"{words} {found.awaited:,} of them count above as not reached, because their school’s whole roll or return is "
        "not in; the rest are in none of the five figures."
    )


def remarks(found: NotKnownToUs, from_year: int) -> Iterator[str]:
    """What the table leaves open, for a letter that is offered from a year group."""
    if years := from_year_in_words(from_year):
        yield (
            f"This letter is for children {years}. The lists do not say in which year children are, so schools and "
            "lists that also have younger ones are not held against them."
        )
    if found.perhaps:
        more = wording.count(found.perhaps, "more school", "more schools")
        yield f"{more} may miss a few children: rolls are shown to the nearest 10, so it cannot be said here."
    if found.without_list:
        have = wording.count(found.without_list, "school has", "schools have")
        figure = "no official figure for these years" if from_year else "no official figure"
        yield f"{have} a roll or a return and {figure} to hold it against."
    yield "A school that has more children than its list never makes up for another that has fewer."
