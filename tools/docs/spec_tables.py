"""Writes docs/explanation/fallback-and-outcomes.md from the tables in tests/spec, which the tests run.

python tools/docs/spec_tables.py
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SPEC = ROOT / "tests" / "spec"
PAGE = ROOT / "docs" / "explanation" / "fallback-and-outcomes.md"

OPENING = """\
<!-- Written by tools/docs/spec_tables.py from tests/spec/*.toml. Do not edit: change a table and run `make docs`. -->
# What happens next, and what counts

These are the rules for sending, counting and agreeing a letter, as cases. Each line is a test: if the program did
anything else, the tests would fail. To propose a different rule, change a line in `tests/spec` and say why.
"""


def page() -> str:
    """The page for the tables as they are."""
    parts = [
        OPENING,
        *_fallback(_table("fallback")),
        *_outcomes(_table("outcomes")),
        *_approvals(_table("approvals")),
    ]
    return "\n".join(parts)


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((SPEC / f"{name}.toml").read_text(encoding="utf-8"))


def _rows(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _fallback(table: dict[str, Any]) -> Iterator[str]:
    yield "## Which way next, for one adult\n"
    yield (
        "The usual policy is email, then text, post, and paper home with the child. Paper follows a text. If a\n"
        "carrier refuses a call, it is repeated, an hour apart.\n"
    )
    for number, rule in enumerate(table["rule"], start=1):
        yield f"### {number}. {rule['title']}\n"
        yield f"{rule['words']}\n"
        rows = [
            [case["name"], ", ".join(case["ways"]) or "none", _so_far(case), case["state"], _next(case)]
            for case in rule["case"]
        ]
        yield _rows(["case", "ways there are", "so far", "state", "next"], rows)


def _so_far(case: dict[str, Any]) -> str:
    said = [f"{way}: {status}, {_hours(hours)}" for way, status, hours in case.get("tried", [])]
    if wish := case.get("wish"):
        said.append(f"asked for {wish}")
    if hours := case.get("sends_in"):
        said.append(f"letters go out again in {_hours(hours).removesuffix(' ago')}")
    if case.get("shares_a_way"):
        said.append("a way is closed because somebody shares it")
    policy = case.get("policy", {})
    if "order" in policy:
        said.append(f"policy: {', then '.join(policy['order'])} only")
    if not policy.get("paper_after_text", True):
        said.append("policy: a text is enough")
    if tries := policy.get("tries"):
        said.append(f"policy: {tries} {'call' if tries == 1 else 'calls'}")
    return "; ".join(said) or "nothing"


def _hours(hours: int) -> str:
    if not hours:
        return "just now"
    if hours % 24 == 0:
        return f"{hours // 24} {'day' if hours == 24 else 'days'} ago"
    return f"{hours} {'hour' if hours == 1 else 'hours'} ago"


def _next(case: dict[str, Any]) -> str:
    if "send" in case:
        return f"send: {case['send']}"
    if "wait" in case:
        return f"look again in {_hours(case['wait']).removesuffix(' ago')}"
    return "wait for news" if case["state"] == "on its way" else "nothing more"


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _outcomes(table: dict[str, Any]) -> Iterator[str]:
    yield "## What counts, for one child\n"
    yield (
        "Each fact reads *at least one adult …*. The first outcome that fits is the child's;\n"
        "[what reached means](what-reached-means.md) says why.\n"
    )
    rows = [
        [
            row["name"],
            ", ".join(map(_plain, row["facts"])) or "none of these",
            _result(row["outcome"], row.get("reason")),
        ]
        for row in table["child"]
    ]
    yield _rows(["case", "what is known", "the child is"], rows)
    yield "### A school that sends for itself\n"
    yield _rows(
        ["case", "filed", "counted"], [[row["name"], _filed(row), _counted(row)] for row in table["school"]]
    )


def _result(outcome: str, reason: str | None) -> str:
    return f"**{_plain(outcome)}**" + (f": {_plain(reason)}" if reason else "")


def _filed(row: dict[str, Any]) -> str:
    if "filed" not in row:
        return f"nothing; {row['expected']} on roll"
    numbers = {name: value for name, value in row["filed"].items() if name != "emails_confirmed"}
    return ", ".join(f"{value} {_plain(name)}" for name, value in numbers.items())


def _counted(row: dict[str, Any]) -> str:
    return ", ".join(f"{number} {_plain(outcome)}" for outcome, number in row["counts"].items())


def _approvals(table: dict[str, Any]) -> Iterator[str]:
    yield "## Who has agreed, and to what\n"
    yield "The letter here needs the council and the police. A letter moves only like this:\n"
    yield _rows(["from", "to"], [[row["from"], ", ".join(row["to"]) or "nowhere"] for row in table["move"]])
    yield "### What counts as agreeing\n"
    rows = [
        [
            row["name"],
            "; ".join(_approval(*one) for one in row["approvals"]) or "none",
            row.get("state") or f"refused, and said ({row['refused']})",
        ]
        for row in table["approved"]
    ]
    yield _rows(["case", "approvals", "the letter is"], rows)
    yield "### What makes every approval void\n"
    yield "Both have approved. Then one of these changes, and the letter is a draft again:\n"
    yield "".join(f"- {row['change']}\n" for row in table["void"])


def _approval(names: str, signs: str, words: str) -> str:
    by = names if names == signs else f"{names}, signed with the key of the {signs}"
    return f"{by}, of {words}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
