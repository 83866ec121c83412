"""The page on what delivered means says what the program does: ways, waits, words."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from everyfamily.channels.notify.statuses import KINDS
from everyfamily.core.sending.fallback import QUIET, WHOLE_LETTER, AttemptStatus, Channel
from tests.factories.each import each

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "explanation" / "what-delivered-means.md").read_text(encoding="utf-8")
MATRIX = list(csv.DictReader((DOCS / "channels" / "feature-matrix.csv").read_text(encoding="utf-8").splitlines()))
NOTIFY = {Channel.EMAIL: "email", Channel.TEXT: "sms", Channel.POST: "letter"}


def rows(first: str) -> Iterator[list[str]]:
    """Cells of the table whose heading begins with `first`."""
    lines = iter(PAGE.splitlines())
    for line in lines:
        if line.startswith(f"| {first} |"):
            next(lines)
            for row in lines:
                if not row.startswith("|"):
                    return
                yield [cell.strip() for cell in row.strip("|").split("|")]


WAYS = list(rows("carrier"))


def test_every_carrier_and_way_stands_on_it() -> None:
    written = {(carrier, way) for carrier, way, *_ in WAYS}
    assert {(row["carrier"], row["channel"]) for row in MATRIX} <= written
    assert len(written) == len(WAYS)


@each("row", WAYS)
def test_it_waits_as_long_as_the_program_and_counts_as_much(row: list[str]) -> None:
    carrier, way, who, wait, most = row
    channel = Channel(way)
    hours = int(QUIET[channel].total_seconds()) // 3600
    assert wait == (f"{hours} hours" if hours <= 72 else f"{hours // 24} days")
    if channel not in WHOLE_LETTER:
        assert most == "told by text"
    else:
        assert most == ("accepted" if who == "nobody" else "reached")
    if carrier == "notify":
        said = {status for status, _ in KINDS[NOTIFY[channel]].values()}
        assert (AttemptStatus.DELIVERED in said) == (who != "nobody")


def test_a_carrier_without_receipts_confirms_nothing_but_what_the_school_says() -> None:
    silent = {(row["carrier"], row["channel"]) for row in MATRIX if row["receipts"] == "none"}
    assert silent, "plain SMTP at least"
    for carrier, way, who, *_ in WAYS:
        if (carrier, way) in silent:
            assert who == "nobody" or "the school" in who


def test_every_status_is_explained_once() -> None:
    assert [status for status, *_ in rows("status")] == [str(status) for status in AttemptStatus]


def test_the_waits_in_the_outcomes_words_are_the_program_s() -> None:
    page = (DOCS / "explanation" / "what-reached-means.md").read_text(encoding="utf-8")
    assert QUIET[Channel.EMAIL].days == 3
    assert QUIET[Channel.POST].days == 14
    assert "72 hours for email, 14 days for post" in page
