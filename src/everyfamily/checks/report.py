"""Findings as text with the words underlined, as JSON, and as GitHub annotations. Pure functions, no colour."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from everyfamily.checks.finding import Finding, Severity
from everyfamily.checks.rule import MOST_FINDINGS
from everyfamily.checks.runner import CheckReport

WIDTH = 96
"""Columns of the line that is shown with the words underlined."""


def as_text(report: CheckReport) -> str:
    """Each finding with its words underlined, then what was skipped and waived, then one sentence."""
    blocks = [finding_as_text(finding) for finding in report.findings]
    notes = [
        f"Only the first {MOST_FINDINGS} findings of {code} are shown."
        for code, number in Counter(finding.code for finding in report.findings).items()
        if number >= MOST_FINDINGS
    ]
    notes += [
        f"Not checked: {', '.join(s.code for s in group)}, because it {reason}."
        for reason, group in groupby(sorted(report.skipped, key=lambda s: s.reason), key=lambda s: s.reason)
    ]
    notes += [
        f"Waived: {w.finding.code} in {w.finding.passage} until {w.waiver.ends_on.isoformat()}. "
        f"{one_line(w.waiver.reason)}"
        for w in report.waived
    ]
    return "\n\n".join([*blocks, *(["\n".join(notes)] if notes else []), summary(report)]) + "\n"


def finding_as_text(finding: Finding) -> str:
    """One finding: place, code and fact; the line with the words underlined; what to do; where to read more."""
    line, start, end = _shown_line(finding)
    place = finding.place
    language = "" if finding.language == "en" else f" [{finding.language}]"
    return "\n".join(
        (
            f"{one_line(place.file)}:{place.line}:{place.column}: {finding.severity} {finding.code}{language} "
            f"{one_line(finding.message)}",
            f"    {line}",
            f"    {' ' * _columns(line[:start])}{'^' * max(1, _columns(line[start:end]))}",
            f"    {one_line(finding.hint)}",
            f"    {finding.name}: {finding.url}",
        )
    )


def summary(report: CheckReport) -> str:
    """One sentence: how many of each, and what that means."""
    counts = report.counts
    if not any(counts.values()):
        return f"Nothing found. Rule set {report.rule_set_version}."
    parts = [f"{number} {_plural(severity, number)}" for severity, number in counts.items() if number]
    more = "More on a code: everyfamily check --explain CODE"
    return f"Found {', '.join(parts)}. Rule set {report.rule_set_version}. {more}"


def _plural(severity: str, number: int) -> str:
    return severity if number == 1 or severity == Severity.ADVICE else f"{severity}s"


def as_rows(report: CheckReport) -> list[dict[str, str | int]]:
    """The findings as plain values; `text` are the words, line and column count from 1."""
    return [
        {
            "code": f.code,
            "name": f.name,
            "severity": str(f.severity),
            "file": f.place.file,
            "line": f.place.line,
            "column": f.place.column,
            "text": f.words,
            "message": f.message,
            "hint": f.hint,
            "url": f.url,
        }
        for f in report.findings
    ]


def as_json(report: CheckReport) -> str:
    """A JSON list of the findings, as `as_rows` gives them."""
    return json.dumps(as_rows(report), ensure_ascii=False, indent=1) + "\n"


def as_github(report: CheckReport) -> str:
    """One GitHub Actions annotation a line; advice is a notice."""
    levels = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "notice"}
    return "".join(
        f"::{levels[f.severity]} file={_property(f.place.file)},line={f.place.line},col={f.place.column},"
        f"title={_property(f'{f.code} {f.name}')}::{_data(f'{f.message}. {f.hint}')}\n"
        for f in report.findings
    )


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")


def one_line(text: str) -> str:
    """The text with everything that moves the cursor, breaks a line or hides a character made a plain space.

    Text comes from documents of strangers: no escape sequence of theirs may reach a terminal. The length stays.
    """
    return "".join(" " if _is_unsafe(character) else character for character in text)


def _is_unsafe(character: str) -> bool:
    return not character.isprintable() and character not in ("\u200c", "\u200d")


def _shown_line(finding: Finding) -> tuple[str, int, int]:
    """The part of the text around the words, on one line of at most WIDTH, and where the words stand in it."""
    start, end = finding.span
    begin = max(finding.text.rfind("\n", 0, start) + 1, start - WIDTH // 3)
    line_end = finding.text.find("\n", start)
    stop = min(begin + WIDTH, len(finding.text) if line_end < 0 else line_end)
    before = "…" if begin > 0 and finding.text[begin - 1] != "\n" else ""
    after = "…" if stop < len(finding.text) and finding.text[stop] != "\n" else ""
    shown = one_line(finding.text[begin:stop])
    offset = len(before) - begin
    return f"{before}{shown}{after}", start + offset, min(end, stop) + offset


def _columns(text: Sequence[str]) -> int:
    """How many columns of a terminal the text takes."""
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.combining(character) or character in ("\u200c", "\u200d"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
