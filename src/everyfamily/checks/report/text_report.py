"""Findings for people: the words underlined, what to write instead, and then where to begin and what was not looked at.

These are pure functions. A `Paint` adds colour, for a terminal that has it. Without one the text is plain.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Literal

from everyfamily.checks.model.finding import Finding, Severity
from everyfamily.checks.model.rule import MOST_FINDINGS
from everyfamily.checks.model.waivers import Waived
from everyfamily.checks.report.short_report import MOST_LINES, short_lines
from everyfamily.checks.report.shown_words import one_line, shown_words
from everyfamily.checks.report.what_was_not_checked import what_was_not_checked
from everyfamily.checks.report.what_was_read import what_was_read
from everyfamily.checks.run.checked import Checked
from everyfamily.checks.run.codes import RULE_SET_VERSION
from everyfamily.core.errors import ParagraphLocation

Look = Literal["error", "warning", "advice", "place", "strong", "quiet"]
Paint = Callable[[str, Look], str]

WIDTH = 80
"""Columns of a terminal, if nobody says otherwise."""
MARGIN = 4
"""Columns before the line that is shown with the words underlined."""
LABEL = 10
"""Columns before what is said about it: " warning "."""
FIRST = 3
"""How many findings to begin with."""
OFTEN = 3
"""How often the same advice is shown in full. More of it is counted in one line, so that people do not stop reading."""
MANY = 6
"""If there are this many findings, the report says where to begin."""

_MEANS = {
    Severity.ERROR: "never right in such a letter; change it",
    Severity.WARNING: "change it, or leave it only if everybody who signs agrees",
    Severity.ADVICE: "worth a thought; stops nothing",
}
_LABELS: tuple[Look, ...] = ("error", "warning", "advice")
_FAMILY_ORDER = ("HM", "TR", "AC", "EV", "LM", "RD")
"""What could hurt a child comes first, then what could stop a family from calling."""


def plain(text: str, look: Look) -> str:
    """Paint nothing."""
    return text


def as_text(
    checked: Sequence[Checked], *, width: int = WIDTH, paint: Paint = plain, everything: bool = True
) -> str:
    """What was read and found in each document, then, once for all: what was not looked at and where to read on.

    Without `everything`, a document with more to say than fits a screen is shown in groups.
    """
    parts = [part for one in checked for part in _shown(one, width, paint, everything)]
    parts.append("\n".join(_ending(checked, width)))
    return "\n\n".join(part for part in parts if part) + "\n"


def _shown(one: Checked, width: int, paint: Paint, everything: bool) -> list[str]:
    whole = list(_document(one, width, paint))
    if everything or sum(part.count("\n") + 2 for part in whole) <= MOST_LINES:
        return whole
    counts = {severity: one.report.counts[str(severity)] for severity in Severity}
    found = ", ".join(_counted(severity, number) for severity, number in counts.items() if number)
    summary = paint(_wrapped(f"Found: {found}. Each with its words and its page: --all", width), "strong")
    lines = (_painted(line, paint) for line in short_lines(one.report.findings, width))
    return [whole[0], "\n".join([summary, *lines, *_notes(one, width)])]


def _painted(line: str, paint: Paint) -> str:
    label = line[:LABEL]
    look = next((look for look in _LABELS if label.strip() == look), None)
    if look is not None:
        return paint(label, look) + line[LABEL:]
    return paint(line, "strong") if line and not line.startswith(" ") else line


def _document(one: Checked, width: int, paint: Paint) -> Iterator[str]:
    name = one_line(one.name)
    yield _wrapped(f"{name}: {what_was_read(one.context)}.", width).replace(name, paint(name, "strong"), 1)
    missing = [finding for finding in one.report.findings if _is_of_the_whole(finding, one)]
    if missing:
        heading = paint(f"{name}, as a whole", "place")
        yield "\n".join([heading, *_said(missing, width, paint)])
    others = [finding for finding in one.report.findings if finding not in missing]
    shown, more = _without_repeats(others)
    for _, group in groupby(shown, key=_passage_of):
        yield from _passage(list(group), width, paint)
    yield "\n".join((*_repeats(more, width), *_notes(one, width)))
    yield "\n".join(_summary(one, width, paint))


def _without_repeats(findings: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
    """What is shown in full, and advice of a kind that was given often enough. Errors and warnings are all shown."""
    shown: list[Finding] = []
    more: list[Finding] = []
    met: Counter[str] = Counter()
    for finding in findings:
        met[finding.code] += 1
        is_repeat = finding.severity is Severity.ADVICE and met[finding.code] > OFTEN
        (more if is_repeat else shown).append(finding)
    return shown, more


def _repeats(more: Sequence[Finding], width: int) -> Iterator[str]:
    by_code: dict[str, list[Finding]] = {}
    for finding in more:
        by_code.setdefault(finding.code, []).append(finding)
    for code, findings in by_code.items():
        places = list(dict.fromkeys(_where(finding) for finding in findings))
        named = ", ".join(places[:MANY]) + ("" if len(places) <= MANY else " …")
        yield _wrapped(
            f"The same advice {len(findings)} more times: {code} {findings[0].name}, at {named}.".replace(
                " 1 more times", " once more"
            ),
            width,
        )


def _where(finding: Finding) -> str:
    """The place without its file: "line 4", "page 2, paragraph 3"."""
    place = str(finding.place).removeprefix(finding.place.file).lstrip(", :")
    return one_line(place if isinstance(finding.place, ParagraphLocation) else f"line {place}")


def _is_of_the_whole(finding: Finding, one: Checked) -> bool:
    """Whether it says that something is missing, and points at the first line only because there is no better place."""
    if not finding.name.startswith("missing-") and " does not say " not in finding.message:
        return False
    first = next((piece for piece in one.context.pieces if piece.language == finding.language), None)
    return first is not None and (finding.text, finding.span) == (first.text, (0, len(first.text)))


def _passage_of(finding: Finding) -> tuple[str, str, str, str]:
    place = finding.place
    where = str(place) if isinstance(place, ParagraphLocation) else f"{place}:{place.column}"
    return where, finding.passage, finding.language, finding.text


def _passage(findings: Sequence[Finding], width: int, paint: Paint) -> Iterator[str]:
    """The place once, and each run of words once, with everything that was found in them."""
    heading = [paint(one_line(_passage_of(findings[0])[0]), "place")]
    for _, group in groupby(findings, key=lambda finding: finding.span):
        yield "\n".join([*heading, *_words(list(group), width, paint)])
        heading = []


def _words(findings: Sequence[Finding], width: int, paint: Paint) -> Iterator[str]:
    heaviest = min(findings, key=_weight)
    shown = shown_words(heaviest, width - MARGIN)
    yield f"{' ' * MARGIN}{shown.line}"
    if shown.marks:
        yield f"{' ' * MARGIN}{paint(shown.marks, _look(heaviest))}"
    else:
        yield f"{' ' * MARGIN}> {shown.line[shown.start : shown.end]}"
    yield from _said(findings, width, paint)


def _said(findings: Sequence[Finding], width: int, paint: Paint) -> Iterator[str]:
    for finding in sorted(findings, key=_weight):
        yield from finding_lines(finding, width, paint)


def finding_lines(finding: Finding, width: int = WIDTH, paint: Paint = plain) -> Iterator[str]:
    """What is wrong, what to write instead, the code and its page, without the words themselves."""
    label = f"  {finding.severity}".ljust(LABEL)
    message = _wrapped(one_line(finding.message), width, LABEL)
    yield paint(label, _look(finding)) + paint(message.lstrip(), "strong")
    yield _wrapped(one_line(finding.hint), width, LABEL)
    language = "" if finding.language.split("-")[0] == "en" else f" [{one_line(finding.language)}]"
    # A waiver names the passage, and only a warning can be waived.
    passage = f" in {one_line(finding.passage)}" if finding.severity is Severity.WARNING else ""
    page = f"{finding.code}{language} {finding.name}{passage}, {finding.url}"
    yield paint(_wrapped(page, width, LABEL), "quiet")


def _weight(finding: Finding) -> int:
    return list(Severity).index(finding.severity)


def _look(finding: Finding) -> Look:
    looks: dict[Severity, Look] = {
        Severity.ERROR: "error",
        Severity.WARNING: "warning",
        Severity.ADVICE: "advice",
    }
    return looks[finding.severity]


def _notes(one: Checked, width: int) -> Iterator[str]:
    for code, number in Counter(finding.code for finding in one.report.findings).items():
        if number >= MOST_FINDINGS:
            yield f"Only the first {MOST_FINDINGS} findings of {code} are shown."
    for waived in one.report.waived:
        yield _wrapped(_waived(waived), width, 2).lstrip()


def _waived(one: Waived) -> str:
    agreed = ", ".join(one_line(who) for who in one.waiver.agreed_by)
    return (
        f"Waived: {one.finding.code} in {one_line(one.finding.passage)} until {one.waiver.ends_on.isoformat()}, "
        f"agreed by {agreed}. {one_line(one.waiver.reason)}"
    )


def _summary(one: Checked, width: int, paint: Paint) -> Iterator[str]:
    counts = {severity: one.report.counts[str(severity)] for severity in Severity}
    found = [_counted(severity, number) for severity, number in counts.items() if number]
    if not found:
        yield paint(f"Nothing found in {one_line(one.name)}.", "strong")
        return
    yield paint(_wrapped(f"Found in {one_line(one.name)}: {', '.join(found)}.", width), "strong")
    for severity, number in counts.items():
        if number:
            yield _wrapped(f"{severity}: {_MEANS[severity]}.", width, 2)
    if len(one.report.findings) >= MANY:
        yield from _where_to_begin(one, width)
    if fixable := len(one.fixable()):
        yield f"--fix puts {fixable} of them right; --fix --diff shows how."


def _counted(severity: Severity, number: int) -> str:
    if severity is Severity.ADVICE:
        return f"{number} {'piece' if number == 1 else 'pieces'} of advice"
    return f"{number} {severity}" if number == 1 else f"{number} {severity}s"


def _where_to_begin(one: Checked, width: int) -> Iterator[str]:
    yield "\nStart with these:"
    for number, finding in enumerate(first_findings(one.report.findings), start=1):
        where = "as a whole" if _is_of_the_whole(finding, one) else _where(finding)
        yield _wrapped(f"{number}. {finding.code}, {where}: {one_line(finding.message)}", width, 2, 5)


def first_findings(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The few to begin with: the most serious, one of each family before a second of any, and what could hurt before
    the rest."""
    kinds: dict[str, Finding] = {}
    for finding in findings:
        kinds.setdefault(finding.code, finding)
    met: Counter[tuple[Severity, str]] = Counter()
    ranked: list[tuple[tuple[int, int, int], Finding]] = []
    for finding in kinds.values():
        family = finding.code[:2]
        kind = (finding.severity, family)
        ranked.append(((_weight(finding), met[kind], _FAMILY_ORDER.index(family)), finding))
        met[kind] += 1
    return tuple(finding for _, finding in sorted(ranked, key=lambda one: one[0])[:FIRST])


def _ending(checked: Sequence[Checked], width: int) -> Iterator[str]:
    not_checked = list(what_was_not_checked(checked))
    if not_checked:
        yield "Checks that were not made:"
        for line in not_checked:
            yield _wrapped(line, width, 2, 4)
        yield ""
    yield _wrapped(
        "The check sees words and files. It cannot see tone, irony or pictures, it rings no number, and it "
        "does not know whether what is said is true. Each finding is a question for a person.",
        width,
    )
    found = [finding for one in checked for finding in first_findings(one.report.findings)]
    example = found[0].code if found else "HM001"
    yield f"Why something matters: everyfamily check --explain {example}"
    yield _wrapped(f"Everything it looks for: everyfamily check --rules (rule set {RULE_SET_VERSION})", width)


def _wrapped(text: str, width: int, indent: int = 0, hanging: int | None = None) -> str:
    return textwrap.fill(
        text,
        width,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent if hanging is None else hanging),
        break_long_words=False,
        break_on_hyphens=False,
    )
