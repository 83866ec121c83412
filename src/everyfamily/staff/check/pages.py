"""What the screens of the check show: plain values for the templates, with all words in one place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from everyfamily.checks.model.context import Need
from everyfamily.checks.model.finding import Finding, Severity
from everyfamily.checks.report.groups import Group, group_of_code
from everyfamily.checks.report.marked_letter import MarkedLetter, Numbered, marked_letter, words_of
from everyfamily.checks.report.reference import applies_to, first_sentence
from everyfamily.checks.report.sources import sources
from everyfamily.checks.run.checked import Checked
from everyfamily.checks.run.codes import FAMILIES, RULES
from everyfamily.checks.text.languages import unread
from everyfamily.core.errors import EveryfamilyError
from everyfamily.staff.check.asked import Given

OFTEN = 3
"""How often advice of one kind is shown in full. The rest of it is named by number."""
_QUOTED = re.compile(r"(?<!\w)'([^']+)'(?!\w)")
_LABELS: Mapping[Severity, str] = {
    Severity.ERROR: "Must change",
    Severity.WARNING: "Change it, or agree to keep it",
    Severity.ADVICE: "Worth a thought",
}


@dataclass(frozen=True, slots=True)
class GroupWords:
    """How a group is called in the three places where it is named, its look and what it means."""

    key: Group
    look: str
    heading: str
    counted: str
    means: str
    looks_for: str


GROUPS: tuple[GroupWords, ...] = (
    GroupWords(
        "child",
        "k1",
        "Could hurt a child",
        "could hurt a child",
        "A child, or their parent, could read this and stay silent.",
        "Words that blame a child, signs that mean nothing, advice that does harm.",
    ),
    GroupWords(
        "calling",
        "k2",
        "Keeps a family from calling",
        "keep a family from calling",
        "Somebody who wants to call would not, or not in time.",
        "A number in the wrong place, no hours, a link that looks like a scam.",
    ),
    GroupWords(
        "rest",
        "k3",
        "Hard to read",
        "make it hard to read",
        "Tired, on a phone, or in a second language.",
        "Long sentences, office words, pictures without words, colours too pale.",
    ),
)
LOOK_OF: Mapping[Group, str] = {words.key: words.look for words in GROUPS}


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding in the list, or, with `others`, the numbers of more of its kind."""

    number: int
    title: str
    label: str
    must: bool
    instead: tuple[str, ...]
    """One way to write it, or several to choose from."""
    why: str
    code: str
    opened: bool
    others: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupShown:
    """A group with what is shown of it, and how many were found."""

    words: GroupWords
    count: int
    must: int
    entries: tuple[Entry, ...]


def form_values(problem: EveryfamilyError | None = None, words: str = "", about: str = "") -> dict[str, object]:
    """The form, empty or with what to correct. What was pasted is kept."""
    return {
        "here": "check",
        "groups": GROUPS,
        "rules": len(RULES),
        "words": words,
        "about": about,
        "problem": f"{problem.fact} {problem.fix}" if problem else "",
    }


def result_values(given: Given, checked: Checked, about: str) -> dict[str, object]:
    """The verdict, the marked letter, and what to write instead."""
    letter = marked_letter(checked)
    total = len(letter.found)
    about_harm = checked.context.is_about_harm
    not_read = _not_read(checked)
    return {
        "here": "check",
        "name": given.name,
        "read": _read(checked),
        "verdict": _verdict(letter, is_read=not not_read),
        "sentence": _sentence(letter, not_read, about_harm=about_harm),
        "not_read": not_read,
        "asks_about_harm": not about_harm and (total == 0 or bool(checked.context.subject.hints)),
        "not_made": sum(Need.HARM in skipped.reason for skipped in checked.report.skipped),
        "about": about,
        "letter": letter,
        "total": total,
        "left_out": total - len(letter.findings),
        "shown": [_group(words, letter) for words in GROUPS],
        "is_file": not given.words,
        "words": given.words or words_of(given.document),
        "rules": len(RULES) - len(checked.report.skipped),
        "found_nothing": total == 0,
        "is_clear": total == 0 and not not_read,
    }


def rules_values() -> dict[str, object]:
    """Every rule with its first sentence, by family."""
    families = [
        (
            heading,
            [(rule, first_sentence(rule.page.checks)) for rule in RULES.values() if rule.code[:2] == prefix],
        )
        for prefix, (_, heading) in FAMILIES.items()
    ]
    return {
        "here": "rules",
        "families": [(heading, rules) for heading, rules in families if rules],
        "count": len(RULES),
    }


def rule_values(code: str) -> dict[str, object] | None:
    """One rule's page, or None if there is no such rule."""
    rule = RULES.get(code)
    if rule is None:
        return None
    known = sources()
    return {
        "here": "rules",
        "rule": rule,
        "group": next(words.heading for words in GROUPS if words.key == group_of_code(code)),
        "label": _LABELS[rule.severity],
        "applies_to": applies_to(rule),
        "evidence": [known[key] for key in rule.page.evidence],
    }


def _read(checked: Checked) -> str:
    pieces = checked.context.pieces
    words = sum(len(piece.text.split()) for piece in pieces)
    about = "about harm to children" if checked.context.is_about_harm else "about another matter"
    return f"{_count(len(pieces), 'paragraph')}, {_count(words, 'word')} · {about}"


def _not_read(checked: Checked) -> str:
    """How much is in another language, in two sentences. Empty if all of it is in English."""
    pieces = checked.context.pieces
    others = unread([piece.folded.text for piece in pieces])
    count = sum(other or not piece.is_english for piece, other in zip(pieces, others, strict=True))
    if not count:
        return ""
    verb = "was" if count == 1 else "were"
    return f"We can only read English. {count:,} of {_count(len(pieces), 'paragraph')} {verb} not read."


def _verdict(letter: MarkedLetter, *, is_read: bool) -> str:
    severities = {finding.severity for finding in letter.found}
    if Severity.ERROR in severities:
        return "Do not send this letter yet"
    if Severity.WARNING in severities:
        return "Change some of this before you send it"
    if not is_read:
        return "We could not read all of this letter"
    return "There is little to change" if severities else "We found nothing to change"


def _sentence(letter: MarkedLetter, not_read: str, *, about_harm: bool) -> tuple[str, str]:
    """What was found, and what that means."""
    must = letter.must_change()
    if not letter.found:
        return not_read, "Ask somebody who reads the language to check them." if not_read else ""
    found = f"We found {_count(len(letter.found), 'thing')} to look at."
    if must:
        kind = "a letter about harm to children" if about_harm else "a letter to families"
        return (
            found,
            f"{must:,} of them must change: {'it is' if must == 1 else 'they are'} never right in {kind}.",
        )
    if any(finding.severity is Severity.WARNING for finding in letter.found):
        return found, "None of them is always wrong, but each needs a decision."
    return found, "None of them need stop the letter."


def _group(words: GroupWords, letter: MarkedLetter) -> GroupShown:
    members = letter.groups[words.key]
    return GroupShown(words, letter.count(words.key), letter.must_change(words.key), tuple(_entries(members)))


def _entries(members: Sequence[Numbered]) -> list[Entry]:
    """Each finding; of advice that comes often, the first few, and the numbers of the rest with the last of these."""
    entries: list[Entry] = []
    met: dict[str, list[int]] = {}
    of_kind: dict[str, int] = {}
    opened: set[Severity] = set()
    for one in members:
        finding = one.finding
        met.setdefault(finding.code, []).append(one.number)
        if finding.severity is Severity.ADVICE and len(met[finding.code]) > OFTEN:
            entries[of_kind[finding.code]] = _with_other(entries[of_kind[finding.code]], one.number)
            continue
        of_kind[finding.code] = len(entries)
        is_first = finding.severity is Severity.ERROR and finding.severity not in opened
        opened.add(finding.severity)
        entries.append(_entry(one, opened=is_first))
    return entries


def _entry(one: Numbered, *, opened: bool) -> Entry:
    finding = one.finding
    return Entry(
        number=one.number,
        title=finding.message,
        label=_LABELS[finding.severity],
        must=finding.severity is Severity.ERROR,
        instead=instead_of(finding),
        why=why_of(finding),
        code=finding.code,
        opened=opened,
    )


def _with_other(entry: Entry, number: int) -> Entry:
    return replace(entry, others=(*entry.others, number))


def why_of(finding: Finding) -> str:
    """Why it matters to a family, in a sentence. Empty if the finding has just said it."""
    why = first_sentence(RULES[finding.code].page.matters)
    return "" if why.rstrip(".").lower() in finding.message.lower() else why


def instead_of(finding: Finding) -> tuple[str, ...]:
    """The hint, without the word that the heading above it says already, each choice by itself."""
    hint = _QUOTED.sub(r"“\1”", finding.hint.removeprefix("Instead: "))
    first, *others = hint.split(" / ")
    return (first[:1].upper() + first[1:], *others)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun if number == 1 else f'{noun}s'}"
