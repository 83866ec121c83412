"""When what somebody types means a child's own id in a school's records: blanks, case, signs between, leading zeros."""

from __future__ import annotations

import re
import unicodedata

_RUNS = re.compile(r"\d+|[^\W\d_]+")


def means(typed: str, own_id: str) -> bool:
    """Whether `typed` may mean `own_id`: "6433" and "006433", "s20417" and "S-20417".

    Signs between two numbers count, because "1-10" is not "11-0". Blanks do not, because "20 417" is how people read a
    number out.
    """
    return bool(_ways_to_read(typed) & _ways_to_read(own_id))


def _ways_to_read(text: str) -> set[tuple[str, ...]]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return {found for one in (plain, "".join(plain.split())) if (found := _runs(one))}


def _runs(plain: str) -> tuple[str, ...]:
    return tuple(run.lstrip("0") or "0" if run.isdecimal() else run for run in _RUNS.findall(plain))
