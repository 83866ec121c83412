"""Between two letters of the demonstration's year, a school's roll changes a little, and always in the same way."""

from __future__ import annotations

import csv
from pathlib import Path

from everyfamily_demo.rolls import COLUMNS
from everyfamily_demo.year_rolls import RollChange, next_roll

_CHILD, _EMAIL = COLUMNS.index("PUPIL_ID"), COLUMNS.index("EMAIL")


def _roll(folder: Path) -> Path:
    rows = []
    for number in range(400):
        row = [""] * len(COLUMNS)
        row[:4] = ["900001", f"{number:06d}", "Year 4", "4A"]
        row[_EMAIL] = f"adult{number}@example.com"
        rows.append(row)
    file = folder / "roll-900001.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([COLUMNS, *rows])
    return file


def _children(file: Path) -> dict[str, set[str]]:
    with file.open(encoding="utf-8", newline="") as read:
        _, *rows = csv.reader(read)
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row[_CHILD], set()).add(row[_EMAIL])
    return found


def test_a_half_term_brings_leavers_joiners_siblings_and_new_mailboxes(tmp_path: Path) -> None:
    before, after = _roll(tmp_path), tmp_path / "after.csv"
    change = next_roll(before, after, half_term=1, families_before=0, seed=7)
    was, now = _children(before), _children(after)
    assert change == RollChange(left=4, joined=4, moved=4)
    assert len(was.keys() - now.keys()) == len(now.keys() - was.keys()) == 4
    new = [now[child] for child in now.keys() - was.keys()]
    mailboxes = set().union(*(now[child] for child in now.keys() & was.keys()))
    assert sum(bool(theirs & mailboxes) for theirs in new) == 1, "one of four is a sister or brother"
    assert sum(box.startswith("new1.") for box in mailboxes) == 4


def test_the_same_half_term_gives_the_same_roll(tmp_path: Path) -> None:
    before = _roll(tmp_path)
    files = [tmp_path / "one.csv", tmp_path / "two.csv"]
    for file in files:
        next_roll(before, file, half_term=2, families_before=5, seed=7)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_two_half_terms_bring_different_families(tmp_path: Path) -> None:
    before, first, second = _roll(tmp_path), tmp_path / "one.csv", tmp_path / "two.csv"
    next_roll(before, first, half_term=1, families_before=0, seed=7)
    next_roll(first, second, half_term=2, families_before=0, seed=7)
    was, once, twice = _children(before), _children(first), _children(second)
    joined_first = set().union(*(once[child] for child in once.keys() - was.keys()))
    joined_then = set().union(*(twice[child] for child in twice.keys() - once.keys()))
    assert len(joined_first & joined_then - {""}) <= 1, "only a sibling's mailbox may be there again"
