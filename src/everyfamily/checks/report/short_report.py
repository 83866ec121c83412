"""A long report on one screen: what could hurt a child, then what stops a family from calling, then the rest.

There is one entry for each kind of finding, with where it is. One option shows everything. These are pure functions.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from everyfamily.checks.model.finding import Finding, Severity
from everyfamily.checks.report.groups import HEADINGS, Group, group_of
from everyfamily.checks.report.shown_words import one_line

MOST_LINES = 46
"""Lines about one document. With what is said once at the end, it stays under 60."""
_MOST: tuple[dict[Group, int], ...] = (
    {"child": 12, "calling": 8, "rest": 8},
    {"child": 9, "calling": 6, "rest": 5},
    {"child": 7, "calling": 5, "rest": 3},
    {"child": 6, "calling": 4, "rest": 2},
    {"child": 5, "calling": 3, "rest": 1},
)
"""Numbers of entries shown in each group, tried in turn until it fits. What is left is named."""
_DANGER = frozenset(
    {
        "HM164",
        "HM165",
        "HM169",
        "HM190",
        "HM191",
        "HM192",
        "HM193",
        "HM194",
        "HM201",
        "HM210",
        "HM211",
        "HM212",
        "HM213",
        "TR005",
    }
)
"""Advice that may do harm at once comes first among findings of its weight."""
_PLACES = 4
_HEAD = 6
"""Lines above the groups, and one in between."""


def short_lines(findings: Sequence[Finding], width: int) -> list[str]:
    """The groups with their entries. Findings come in reading order."""
    lines: list[str] = []
    for most in _MOST:
        lines = list(_lines(findings, width, most))
        if len(lines) <= MOST_LINES - _HEAD:
            break
    return lines


def _lines(findings: Sequence[Finding], width: int, most: dict[Group, int]) -> Iterator[str]:
    groups: dict[Group, list[list[Finding]]] = {"child": [], "calling": [], "rest": []}
    for kind in _by_code(findings):
        groups[group_of(kind[0])].append(kind)
    for group, kinds in groups.items():
        if not kinds:
            continue
        kinds.sort(key=_weight)
        yield ""
        yield f"{HEADINGS[group]} ({sum(map(len, kinds))}):"
        for kind in kinds[: most[group]]:
            yield from _entry(kind, width, with_hint=group == "child")
        if len(kinds) > most[group]:
            left = ", ".join(f"{kind[0].code} {kind[0].name}" for kind in kinds[most[group] :])
            yield from _wrapped(f"  and {left}", width, 6)


def _by_code(findings: Sequence[Finding]) -> list[list[Finding]]:
    kinds: dict[str, list[Finding]] = {}
    for finding in findings:
        kinds.setdefault(finding.code, []).append(finding)
    return list(kinds.values())


def _weight(kind: Sequence[Finding]) -> tuple[int, bool, bool]:
    heaviest = min(list(Severity).index(finding.severity) for finding in kind)
    return heaviest, kind[0].code not in _DANGER, kind[0].name.startswith("missing-")


def _entry(kind: Sequence[Finding], width: int, *, with_hint: bool) -> Iterator[str]:
    heaviest = min(kind, key=lambda finding: list(Severity).index(finding.severity))
    message = one_line(heaviest.message)
    yield from _wrapped(
        f"  {heaviest.severity}".ljust(10) + f"{heaviest.code} {_places(kind)}{message}", width, 10
    )
    if with_hint:
        yield from _wrapped(f"{' ' * 10}{one_line(heaviest.hint)}", width, 10)


def _places(kind: Sequence[Finding]) -> str:
    """Such as "line 4, 9 (3 times): ". Empty for what the letter lacks as a whole."""
    if kind[0].name.startswith("missing-") or " does not say " in kind[0].message:
        return ""
    lines = list(dict.fromkeys(finding.place.line for finding in kind))
    shown = ", ".join(map(str, lines[:_PLACES])) + (" …" if len(lines) > _PLACES else "")
    times = f" ({len(kind)} times)" if len(kind) > 1 else ""
    return f"line {shown}{times}: "


def _wrapped(line: str, width: int, hanging: int) -> list[str]:
    """On as many lines as it takes, because advice that is cut off is followed wrongly."""
    return textwrap.wrap(
        line, width, subsequent_indent=" " * hanging, break_long_words=True, break_on_hyphens=False
    )
