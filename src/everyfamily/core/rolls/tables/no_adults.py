"""Files that have children and no adults, or no headings at all: which report to run instead, by system."""

from __future__ import annotations

from collections.abc import Sequence

from everyfamily.core.rolls.words.words import plain

_CONTACTS = "docs/howto/export-from-your-system.md names it for each system."
_BY_HEADINGS = (
    (
        ("ethnicity", "fsm", "sen", "ethnicgroup", "seneligible", "fsmeligible", "senprovision", "nationality"),
        "It looks like a school census, which has no parents: run a report of contacts in the same system.",
    ),
    (
        ("chosenname", "groupcode", "freemeal", "regroup", "groupcodes"),
        "It looks like a ParentPay file of children: run a report of contacts in the records system behind it.",
    ),
    (
        ("accesscode", "parentcode", "parentaccesscode", "pupilcode"),
        "It looks like codes for an app (Class Charts): run a report of contacts in the records system behind it.",
    ),
)
_MEMBERS_COLUMNS = 6
_ROLES = frozenset("123456")


def report_to_run(rows: Sequence[Sequence[str]], header: Sequence[str], *, is_header: bool) -> str:
    """What to export instead, for a file without adults' names, or blank if nothing is known about it."""
    if not is_header:
        full = [row for row in rows[:50] if any(row)]
        if full and all(len(row) == _MEMBERS_COLUMNS and row[-1].strip() in _ROLES for row in full):
            return (
                "It looks like a list of members (Schoolcomms), which has no parents: run a report of contacts in the "
                f"records system behind it. {_CONTACTS}"
            )
        return ""
    names = set(map(plain, header))
    said = next(
        (
            text
            for signs, text in _BY_HEADINGS
            if len(names & set(signs)) >= (2 if signs[0] != "accesscode" else 1)
        ),
        "",
    )
    return f"{said or "Run a report of contacts, which has the parents' names."} {_CONTACTS}"
