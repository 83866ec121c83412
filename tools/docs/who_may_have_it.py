"""Writes docs/explanation/who-may-have-the-letter.md from the tables in tests/spec, which the tests run.

python tools/docs/who_may_have_it.py
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from everyfamily.core.calendar.year_groups import year_in_words

ROOT = Path(__file__).resolve().parents[2]
SPEC = ROOT / "tests" / "spec"
TABLE = SPEC / "who_may_have_it.toml"
PAGE = ROOT / "docs" / "explanation" / "who-may-have-the-letter.md"

OPENING = """\
<!-- Written by tools/docs/who_may_have_it.py from tests/spec/who_may_have_it.toml and same_*.toml. Do not edit: \
change the tables and run `make docs`. -->
# Who may have the letter

This page is for a safeguarding lead to read and to question. Each line is a test of the program and of its database. If
either did anything else, the tests would fail. Every name, address and mailbox is invented.

What everyfamily cannot see: what another school knows of a court order, because nothing connects schools; and who
else lives in the home that a copy goes to in a school bag. If an order is new, tell the family's other schools.
"""
_SAYS = {
    "parental_responsibility": "responsibility",
    "has_care": "care",
    "said": "the lead said",
}


def page() -> str:
    """The page for the table as it is."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return "\n".join([OPENING, *_adults(table), *_closes(table), *_ways(table), *_alike()])


def _rows(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _adults(table: dict[str, Any]) -> Iterator[str]:
    yield "## An adult\n"
    yield (
        "If a line does not say otherwise, there is no restriction, the adult has parental responsibility and care,\n"
        "and the child is on the roll. One link that is closed or unclear holds the adult for every child at the\n"
        "school.\n"
    )
    yield _rows(
        ["case", "what the school's roll says", "the adult"],
        [[row["name"], _links(row), f"**{row['standing']}**"] for row in table["adult"]],
    )


def _links(row: dict[str, Any]) -> str:
    links = "; ".join(_link(link) for link in row["links"])
    return f"{links}; objects" if row.get("objects") else links


def _link(link: dict[str, Any]) -> str:
    said = [f"{_SAYS[key]} {value}" for key, value in link.items() if key in _SAYS]
    if "restriction" in link:
        said.insert(0, _held(link))
    if "up_to_year" in link:
        said.append(f"the child is in {year_in_words(link['up_to_year'])}")
    if not link.get("here", True):
        said.append("the child has left")
    return ", ".join(said) or "the usual"


def _held(link: dict[str, Any]) -> str:
    return f"{link['restriction']} ({link['reason']})" if link.get("reason") else link["restriction"]


def _closes(table: dict[str, Any]) -> Iterator[str]:
    yield "## An inbox, phone or home that the adult shares\n"
    yield _rows(
        ["case", "restriction", "closed for everybody who shares it"],
        [[row["name"], _held(row["link"]), _yes(row["closes"])] for row in table["closes"]],
    )


def _ways(table: dict[str, Any]) -> Iterator[str]:
    yield "## A child of the school\n"
    yield _rows(["case", "is here"], [[row["name"], _yes(row["here"])] for row in table["child"]])
    yield (
        "A letter that is not for every child is offered from a year group. A child is left out only if it is in\n"
        "a year below, or its school has no year as high.\n"
    )
    yield _rows(
        ["case", "year on the roll", "phase of the school", "the highest year that the child may be in"],
        [
            [row["name"], row["year_group"] or "nothing", row["phase"], year_in_words(row["up_to_year"])]
            for row in table["year"]
        ],
    )
    yield "## A way to an adult\n"
    yield "As long as nobody closes it, as above.\n"
    yield _rows(["case", "may be tried"], [[row["name"], _yes(row["usable"])] for row in table["way"]])
    yield _rows(
        ["case", "the child may carry paper to the adult"],
        [[row["name"], _yes(row["carries"])] for row in table["paper"]],
    )


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _alike() -> Iterator[str]:
    yield "## Is it the same home?\n"
    yield (
        "The first home is that of somebody who may not have the letter. *Same*: closed. *Perhaps*: closed, and a\n"
        "person is asked once. *Another*: open. Letters go to an address exactly as the school wrote it.\n"
    )
    yield from _groups("same_home", "home")
    yield "## Is it the same mailbox?\n"
    yield from _groups("same_mailbox", "mailbox")
    yield "## May it be the same person?\n"
    yield (
        "The first may not have the letter, or objects. Anybody who may be that person, listed with any child of the\n"
        "school, waits for one decision, which then counts. Names that only sound alike are not matched, nor is a\n"
        "surname by itself. In the family of somebody whom a restriction closes, the name makes no difference: who\n"
        "has the same relationship to a brother or sister, or one that the file does not say, waits for one\n"
        "decision, unless both are listed with one of the children.\n"
    )
    yield from _groups("same_name", "person")


def _groups(table: str, what: str) -> Iterator[str]:
    found = tomllib.loads((SPEC / f"{table}.toml").read_text(encoding="utf-8"))
    yield _rows(
        ["case", "closed", "each of these", "are"],
        [
            [row["name"], _shown(row[what]), "<br>".join(map(_shown, row["spellings"])), are.replace("_", " ")]
            for are, rows in found.items()
            for row in rows
        ],
    )


def _shown(address: str) -> str:
    """A value of a table in one line, without the signs that cannot be seen."""
    seen = "".join(letter for letter in address if unicodedata.category(letter) != "Cf")
    return (
        ", ".join(part for part in map(str.strip, seen.split("|")) if part)
        .replace("<", "&lt;")
        .replace("_", "\\_")
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
