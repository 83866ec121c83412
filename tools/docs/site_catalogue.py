"""Write the site's catalogue of short words, `locale/site.pot`, from the templates and the code that use them."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

HERE = Path(__file__).resolve().parents[2] / "src" / "everyfamily" / "parentsite"
POT = HERE / "locale" / "site.pot"
_WORDS = r"""\(\s*(?P<quote>["'])(?P<words>(?:(?!(?P=quote)).)+)(?P=quote)"""
_SAID = re.compile(rf"\b(?:say|N_){_WORDS}")


def words() -> Iterator[tuple[str, str]]:
    """Each use of short words: the file's name and the words."""
    for file in sorted([*HERE.glob("templates/*.html"), *HERE.glob("*.py")]):
        for found in _SAID.finditer(file.read_text(encoding="utf-8")):
            yield file.name, found["words"]


def catalogue() -> Catalog:
    """The template of every catalogue: the words and where they are used."""
    made = Catalog(
        project="everyfamily",
        header_comment="# Short words of the parent site. A line for each place that uses them.",
        charset="utf-8",
    )
    made.creation_date = None
    uses: dict[str, list[tuple[str, None]]] = {}
    for file, said in words():
        uses.setdefault(said, [])
        if (file, None) not in uses[said]:
            uses[said].append((file, None))
    for said in sorted(uses):
        made.add(said, locations=[(file, 1) for file, _ in uses[said]])
    return made


def main() -> None:
    POT.parent.mkdir(exist_ok=True)
    with POT.open("wb") as file:
        write_po(file, catalogue(), width=0, include_lineno=False, omit_header=True)


if __name__ == "__main__":
    sys.exit(main())
