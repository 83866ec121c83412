"""The tables of ASVS have every requirement once, name only files that are there, and are counted right."""

from __future__ import annotations

import re
from collections import Counter

from tests.repo.files import ROOT

INDEX = ROOT / "docs" / "security" / "asvs.md"
PAGES = sorted((ROOT / "docs" / "security" / "asvs").glob("*.md"))
STATES = ("met", "partly", "open", "n/a")
# Of each section the requirements of level 1 and 2, as the standard numbers them.
NUMBERS = {
    "1.1": "1 2",
    "1.2": "1 2 3 4 5 6 7 8 9",
    "1.3": "1 2 3 4 5 6 7 8 9 10 11",
    "1.4": "1 2 3",
    "1.5": "1 2",
    "2.1": "1 2 3",
    "2.2": "1 2 3",
    "2.3": "1 2 3 4",
    "2.4": "1",
    "3.2": "1 2",
    "3.3": "1 2 3 4",
    "3.4": "1 2 3 4 5 6",
    "3.5": "1 2 3 4 5",
    "3.7": "1 2",
    "4.1": "1 2 3",
    "4.2": "1",
    "4.3": "1 2",
    "4.4": "1 2 3 4",
    "5.1": "1",
    "5.2": "1 2 3",
    "5.3": "1 2",
    "5.4": "1 2 3",
    "6.1": "1 2 3",
    "6.2": "1 2 3 4 5 6 7 8 9 10 11 12",
    "6.3": "1 2 3 4",
    "6.4": "1 2 3 4",
    "6.5": "1 2 3 4 5",
    "6.6": "1 2 3",
    "6.8": "1 2 3 4",
    "7.1": "1 2 3",
    "7.2": "1 2 3 4",
    "7.3": "1 2",
    "7.4": "1 2 3 4 5",
    "7.5": "1 2",
    "7.6": "1 2",
    "8.1": "1 2",
    "8.2": "1 2 3",
    "8.3": "1",
    "8.4": "1",
    "9.1": "1 2 3",
    "9.2": "1 2 3 4",
    "10.1": "1 2",
    "10.2": "1 2",
    "10.3": "1 2 3 4",
    "10.4": "1 2 3 4 5 6 7 8 9 10 11",
    "10.5": "1 2 3 4 5",
    "10.6": "1 2",
    "10.7": "1 2 3",
    "11.1": "1 2",
    "11.2": "1 2 3",
    "11.3": "1 2 3",
    "11.4": "1 2 3 4",
    "11.5": "1",
    "11.6": "1",
    "12.1": "1 2 3",
    "12.2": "1 2",
    "12.3": "1 2 3 4",
    "13.1": "1",
    "13.2": "1 2 3 4 5",
    "13.3": "1 2",
    "13.4": "1 2 3 4 5",
    "14.1": "1 2",
    "14.2": "1 2 3 4",
    "14.3": "1 2 3",
    "15.1": "1 2 3",
    "15.2": "1 2 3",
    "15.3": "1 2 3 4 5 6 7",
    "16.1": "1",
    "16.2": "1 2 3 4 5",
    "16.3": "1 2 3 4",
    "16.4": "1 2 3",
    "16.5": "1 2 3",
    "17.1": "1",
    "17.2": "1 2 3 4",
    "17.3": "1 2",
}
_LINE = re.compile(r"^\| ([\d.]+) \| (.+?) \| (\S+) \| (.*?) \| (.*?) ?\|(?: <!-- [A-Z]+ -->)?$", re.MULTILINE)


def _lines() -> list[tuple[str, ...]]:
    """Number, what it asks for, state, by what, tested in."""
    return [match.groups() for page in PAGES for match in _LINE.finditer(page.read_text("utf-8"))]


def test_every_requirement_is_there_once_and_in_order() -> None:
    wanted = [f"{section}.{one}" for section, ones in NUMBERS.items() for one in ones.split()]
    assert len(wanted) == 253
    by_number = sorted(_lines(), key=lambda line: [int(part) for part in line[0].split(".")])
    assert [line[0] for line in by_number] == wanted


def test_every_line_says_how_far_it_is_and_why() -> None:
    for number, asks, state, by, tested in _lines():
        assert state in STATES, number
        assert asks and by, number
        assert "`" in by or "`" in tested or state != "met" or len(by) > 15, number


def test_the_index_counts_what_the_lines_say() -> None:
    counts: dict[str, Counter[str]] = {}
    for number, _, state, *_ in _lines():
        counts.setdefault(f"V{number.partition('.')[0]}", Counter())[state] += 1
    rows = re.findall(
        r"^\| \[(V\d+) .*?\) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", INDEX.read_text("utf-8"), re.M
    )
    said = {chapter: tuple(map(int, figures)) for chapter, *figures in rows}
    assert said == {chapter: tuple(found[state] for state in STATES) for chapter, found in counts.items()}
    (all_,) = re.findall(r"^\| \*\*all\*\* \| (.*) \|$", INDEX.read_text("utf-8"), re.M)
    summed = [sum(figures) for figures in zip(*said.values(), strict=True)]
    assert [int(figure.strip("*")) for figure in all_.split(" | ")] == summed


def test_every_file_of_the_tables_is_there() -> None:
    text = "\n".join(page.read_text("utf-8") for page in (INDEX, *PAGES))
    named = set(re.findall(r"`([\w./-]+\.(?:py|toml|html|js|txt|sh))`", text))
    assert len(named) > 150
    places = (ROOT, ROOT / "src" / "everyfamily", ROOT / "src", ROOT / "tests")
    assert [one for one in sorted(named) if not any((place / one).is_file() for place in places)] == []
