"""A rule's page, for people who do not program. For a rule with a module of its own it is the Markdown beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast

Status = Literal["preview", "stable", "deprecated", "retired"]

_RULES = Path(__file__).parents[1] / "rules"
_HEADING = r"(?m)^## (.+)\n"
_PARTS = {"What it checks", "Why it matters to families", "Example", "Write instead", "Sources"}
_LAST_LINE = r"(?m)^(Preview|Stable|Deprecated|Retired)\. Since rule set ([\d.]+)\.$"


class PageNotGood(Exception):
    """A page that does not have the parts of every page. Only a developer can see this."""


@dataclass(frozen=True, slots=True)
class Page:
    """Each field is a few plain sentences. `example` is faulty. `since` is the version of the rule set.

    `evidence` are keys of `sources.toml`; a rule without one is in preview.
    """

    checks: str
    matters: str
    example: str
    instead: str
    exceptions: str = ""
    evidence: tuple[str, ...] = ()
    status: Status = "preview"
    since: str = ""


@cache
def written_page(name: str) -> Page:
    """The page of the rule with this name: that of `long-list` is `long_list.md`. Raises PageNotGood."""
    file = next(_RULES.glob(f"*/{name.replace('-', '_')}.md"), None)
    if file is None:
        raise PageNotGood(f"The rule {name} has no page.")
    return page_in(file.read_text(encoding="utf-8"), file.name)


def page_in(text: str, file: str) -> Page:
    """A page as it is written. Raises PageNotGood."""
    _, *parts = re.split(_HEADING, text)
    said = dict(zip(parts[::2], map(str.strip, parts[1::2]), strict=True))
    if wrong := _PARTS ^ said.keys() - {"When it is allowed"}:
        raise PageNotGood(f"{file}: no page, or every page, has the heading {sorted(wrong)[0]}.")
    last = re.search(_LAST_LINE, said["Sources"])
    if last is None:
        raise PageNotGood(f"{file}: the last line says neither the status nor the rule set.")
    return Page(
        checks=_prose(said["What it checks"]),
        matters=_prose(said["Why it matters to families"]),
        example=_quoted(said["Example"]),
        instead=_quoted(said["Write instead"]),
        exceptions=_prose(said.get("When it is allowed", "")),
        evidence=tuple(re.findall(r"\b[A-Z]\d+\b", said["Sources"][: last.start()])),
        status=cast(Status, last[1].lower()),
        since=last[2],
    )


def _prose(text: str) -> str:
    return re.sub(r"(?<!\n)\n(?!\n)", " ", text)


def _quoted(text: str) -> str:
    return re.sub(r"^> ?", "", text, flags=re.MULTILINE)
