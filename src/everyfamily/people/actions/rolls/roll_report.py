"""A report on a file as the values that a command and a page show, without the value of any cell."""

from __future__ import annotations

from typing import Any

from everyfamily.core.text.counts import of
from everyfamily.people.actions.rolls.rolls import ImportReport


def hidden_in_words(hidden: tuple[int, int]) -> str:
    """What a workbook does not show and was read all the same, or blank."""
    found = [of(count, what) for count, what in zip(hidden, ("row", "column"), strict=True) if count]
    return f"{' and '.join(found)} that your spreadsheet hides: read like all others." if found else ""


def report_as_json(report: ImportReport) -> dict[str, Any]:
    """The report as `--json` prints it, and as a page keeps it."""
    seldom = {
        "asked": [{"about": one.about, "question": one.words} for one in report.asked],
        "look_twice": report.look_twice,
        "not_read": [[called, rows] for called, rows in report.not_read],
        "hidden": hidden_in_words(report.hidden),
        "adults_staying": report.adults_staying,
    }
    return {
        "format": report.format,
        "rows": report.rows,
        "accepted": report.accepted,
        "set_aside": [
            {"row": problem.row, "code": problem.code, "message": problem.message} for problem in report.set_aside
        ],
        "joined": report.joined,
        "left_proposed": report.left_proposed,
        "changed": report.changed,
        "restrictions_unknown": report.restrictions_unknown,
        "children": report.children,
        "adults": report.adults,
        "adults_missing": report.adults_missing,
        **{name: value for name, value in seldom.items() if value},
        "refilled": report.refilled,
        "forgotten": report.forgotten,
        "held": report.held,
        "dry_run": report.dry_run,
        "tasks": dict(report.tasks),
        "ignored": list(report.ignored),
        "questions": [
            {
                "about": one.about,
                "question": one.sentence,
                "columns": [[c.heading, c.occurrence] for c in one.candidates],
            }
            for one in report.questions
        ],
        "file": report.file,
    }
