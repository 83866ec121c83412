"""Writes docs/explanation/who-may-do-what.md from the table of rights (core/permissions.py) and what was promised.

python tools/docs/who_may_do_what.py
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

from everyfamily.core.permissions import (
    GRANTED,
    OF_PEOPLE,
    ON_THE_FIRST_DAY,
    ROLE_WORDS,
    SCOPES,
    Right,
    Role,
    Scope,
)

ROOT = Path(__file__).resolve().parents[2]
PROMISES = ROOT / "tests" / "spec" / "permissions.toml"
PAGE = ROOT / "docs" / "explanation" / "who-may-do-what.md"

OPENING = """\
<!-- Written by tools/docs/who_may_do_what.py from core/permissions.py and tests/spec/permissions.toml. Do not edit: \
change the tables and run `make docs`. -->
# Who may do what

This page is for the person who gives people their roles. The screens for staff are being built on this table. Until
they are there, anyone who can use the command line can do everything, so give that to few people.

One person may have several roles, each for the partnership, for one body or at one school. A right counts only where
the role does: a lead at two schools attests each of them, and a signatory approves for one body.
"""
_WHERE = {
    Scope.PARTNERSHIP: "the partnership",
    Scope.BODY: "one body",
    Scope.SCHOOL: "one school",
}


def page() -> str:
    """The page for the table as it is."""
    return "\n".join([OPENING, *_roles(), *_rights(), *_promises()])


def _roles() -> Iterator[str]:
    yield "## The roles\n\n| role | for | what it is for |\n| --- | --- | --- |"
    for role in Role:
        yield f"| {role} | {_WHERE[SCOPES[role]]} | {ROLE_WORDS[role]} |"


def _rights() -> Iterator[str]:
    yield "\n## The rights\n\nA right marked * opens the names and addresses of a school's people. A lead "
    yield "who came in by the school's mailbox beside another has those marked † on the first day, and no other.\n"
    yield "| may | who |\n| --- | --- |"
    for right in Right:
        roles = [str(role) for role in Role if right in GRANTED[role]]
        who = "everybody" if len(roles) == len(Role) else ", ".join(roles)
        yield f"| {right}{' *' if right in OF_PEOPLE else ''}{' †' if _first_day(right) else ''} | {who} |"


def _first_day(right: Right) -> bool:
    return right in ON_THE_FIRST_DAY & GRANTED[Role.LEAD]


def _promises() -> Iterator[str]:
    yield "\n## What each role was promised\n\nEach line is a test of the table.\n"
    table = tomllib.loads(PROMISES.read_text(encoding="utf-8"))
    for kind, words in (("only", "Only {} may"), ("must_not", "{} must not"), ("may", "{} may")):
        for row in table[kind]:
            rights = "; ".join(Right[name] for name in row["rights"])
            who = words.format(" and ".join(row["roles"]))
            yield f"- **{row['because']}** {who}: {rights}."
    for row in table["first_day"]:
        yield f"- **{row['because']}** On the first day: {'; '.join(Right[name] for name in row['rights'])}."
    yield "\n## What a new role may have without a word\n"
    for row in table["open"]:
        yield f"- **{row['because']}** {'; '.join(Right[name] for name in row['rights'])}."
    yield ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
