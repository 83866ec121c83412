"""Several children side by side in a row for each family: "Child 1", "Child 1 DOB", "Child 2", "Child 2 DOB"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from everyfamily.core.rolls.layout.heading_parts import ADULT, BARE, CHILD, Heading
from everyfamily.core.rolls.layout.layout_columns import CHILDS_ONLY, NAMES

_TELL = frozenset((*NAMES, "BORN", "PUPIL_ID/upn", "PUPIL_ID/admission", "PUPIL_ID/other"))
_MOST = 12


def of_one_child(parts: Sequence[Heading], child: int) -> tuple[list[Heading], tuple[int, ...]]:
    """The headings with those of the other children left unread, and the numbers of all (none for one child).

    `child` is one of the numbers, or 0 for the first.
    """
    numbers = _numbers(parts)
    told = {number for one, number in zip(parts, numbers, strict=True) if number and one.what in _TELL}
    if len(told) < 2 or max(told) > _MOST:
        return [replace(one, nth=0) if one.whose == CHILD else one for one in parts], ()
    wanted = child or min(told)
    ours = [
        replace(one, whose=CHILD, nth=0, what=one.what if number == wanted else "-") if number else one
        for one, number in zip(parts, numbers, strict=True)
    ]
    return ours, tuple(sorted(told))


def _numbers(parts: Sequence[Heading]) -> list[int]:
    """Which child each heading is about. A bare child's heading is about the child before it."""
    numbers, now = [], 0
    for one in parts:
        if one.whose == CHILD:
            numbered = one.what in _TELL and str(one.number) in one.text.split()
            now = one.nth or (one.number if numbered else 0)
        elif one.whose == ADULT or one.what not in CHILDS_ONLY:
            now = now if one.whose == BARE and one.what in CHILDS_ONLY else 0
        numbers.append(now)
    return numbers
