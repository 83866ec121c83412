"""Findings for programs: rows, JSON and GitHub annotations. `text_report` makes what people read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from everyfamily.checks.model.finding import Finding, Severity
from everyfamily.checks.report.shown_words import one_line
from everyfamily.checks.run.checked import Checked
from everyfamily.checks.run.runner import CheckReport
from everyfamily.core.errors import ParagraphLocation

_NOT_SHOWN = re.compile(
    "[\\x7f-\\x9f\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ud800-\\udfff]",
)
"""Characters that a terminal obeys, that reverse the reading direction, or that no encoding has (a file's name may have
one)."""
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "notice"}


def as_rows(report: CheckReport) -> list[dict[str, str | int]]:
    """The findings as plain values. `text` are the words. Line and column count from 1.

    In a document without its own lines, `line` counts paragraphs, and `page` is there if it has pages.
    """
    return [_row(finding) for finding in report.findings]


def _row(finding: Finding) -> dict[str, str | int]:
    place = finding.place
    row: dict[str, str | int] = {
        "code": finding.code,
        "name": finding.name,
        "severity": str(finding.severity),
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "text": finding.words,
        "message": finding.message,
        "hint": finding.hint,
        "url": finding.url,
    }
    if isinstance(place, ParagraphLocation) and place.page is not None:
        row["page"] = place.page
    return row


def as_json(checked: Sequence[Checked]) -> str:
    """One JSON object: `letters`, with what each is about and which words showed it, and all `findings`."""
    letters = [_letter(one) for one in checked]
    rows = [row for one in checked for row in as_rows(one.report)]
    value = {"letters": letters, "findings": rows}
    return _NOT_SHOWN.sub(_spelled, json.dumps(value, ensure_ascii=False, indent=1)) + "\n"


def _letter(one: Checked) -> dict[str, Any]:
    subject = one.context.subject
    return {
        "name": one.name,
        "about_harm": subject.about_harm,
        "kinds": list(subject.kinds),
        "why": list(subject.why),
        "announces_a_lesson": subject.is_lesson,
    }


def _spelled(sign: re.Match[str]) -> str:
    return f"\\u{ord(sign[0]):04x}"


def as_github(reports: Iterable[CheckReport]) -> str:
    """One GitHub Actions annotation on each line. Advice is a notice."""
    return "".join(_annotation(finding) for report in reports for finding in report.findings)


def _annotation(finding: Finding) -> str:
    place = finding.place
    message = f"{finding.message}. {finding.hint}"
    where = {"file": place.file}
    if isinstance(place, ParagraphLocation):
        # GitHub knows only lines, and a Word file has none.
        message = f"{str(place).removeprefix(place.file).lstrip(', ')}: {message}"
    else:
        where |= {"line": str(place.line), "col": str(place.column)}
        if "\n" not in finding.words:
            where["endColumn"] = str(place.column + max(1, len(finding.words)))
    where["title"] = f"{finding.code} {finding.name}"
    properties = ",".join(f"{name}={_property(value)}" for name, value in where.items())
    return f"::{_LEVELS[finding.severity]} {properties}::{_data(message)}\n"


def _data(value: str) -> str:
    return one_line(value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")
