"""How many faults of real letters the check finds, by kind, compared with proselint on the same letters.

Needs a folder of letters that people have judged, which is no part of the project: EVERYFAMILY_LETTERS=FOLDER. In it:
harm/*.txt and ordinary/*.txt, short/*.txt whose names end in y or n (is it about harm?), and truth.tsv with the
columns letter, kind, severity (bad, mid, minor), quote (or MISSING:element) and note. Without it nothing is scored.

An item is found if a finding of whatever rule (but RD001 to RD003) overlaps its quote, or if the rule for the missing
element fires. A script cannot tell whether what was found besides the items is right; read it with `everyfamily check
FILE --all`.
"""

from __future__ import annotations

import csv
import os
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.report.report import as_rows
from everyfamily.checks.run.runner import run
from everyfamily.documents.reading import read_path

TODAY = date(2027, 5, 10)
ELEMENTS = {
    "fault": {"HM001"},
    "causes": {"HM002"},
    "adult": {"HM007"},
    "donotview": {"HM202"},
    "report": {"HM203"},
    "grief": {"HM204"},
    "school": {"HM205"},
    "support": {"HM206"},
    "999": {"TR005"},
    "childline": {"TR012"},
    "happens": {"TR013"},
    "genuine": {"TR019"},
    "date": {"TR021"},
    "anyroute": {"TR184"},
    "daline": {"TR185"},
    "formats": {"AC009"},
}
"""What a letter may lack, and the rules that say so."""
type Span = tuple[str, int, int]


def spans_of(path: Path, text: str) -> tuple[CheckContext, list[Span], list[dict[str, Any]]]:
    """The findings of a letter as code, offset and length."""
    context = CheckContext.of_document(read_path(path), today=TODAY)
    rows = as_rows(run(context))
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    spans = [
        (str(row["code"]), starts[int(row["line"]) - 1] + int(row["column"]) - 1, len(str(row["text"])) or 1)
        for row in rows
    ]
    return context, spans, rows


def proselint_spans(text: str) -> list[Span]:
    """What a peer says of the same letter."""
    try:
        from proselint.checks import __register__
        from proselint.config import DEFAULT
        from proselint.registry import CheckRegistry
        from proselint.tools import LintFile
    except ImportError:
        return []
    registry = CheckRegistry()
    if not registry.checks:
        registry.register_many(__register__)
    found = (one.check_result.span for one in LintFile("letter.txt", text).lint(DEFAULT))
    return [("peer", start - 1, end - start) for start, end in found]


def is_found(item: dict[str, str], text: str, spans: list[Span]) -> bool:
    """Whether a finding meets the item."""
    quote = item["quote"]
    if quote.startswith("MISSING:"):
        wanted = ELEMENTS.get(quote.removeprefix("MISSING:"), set())
        return any(code in wanted for code, _, _ in spans)
    at = text.find(quote)
    return at >= 0 and any(
        code not in ("RD001", "RD002", "RD003") and start < at + len(quote) and at < start + size
        for code, start, size in spans
    )


def score(folder: Path) -> None:
    """Print the table."""
    with (folder / "truth.tsv").open(encoding="utf-8") as file:
        items = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    items = [item for item in items if not (item["kind"] == "plain" and "sentence" in item["note"])]
    of, ours, bad, bad_ours, peer = Counter[str](), Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    told = noise = errors = 0
    files = sorted((folder / "harm").glob("*.txt")) + sorted((folder / "ordinary").glob("*.txt"))
    for path in files:
        text = path.read_text(encoding="utf-8")
        context, spans, rows = spans_of(path, text)
        is_harm = path.parent.name == "harm"
        told += context.is_about_harm is is_harm
        errors += sum(row["severity"] == "error" for row in rows)
        noise += not is_harm and sum(row["severity"] != "advice" and row["code"] != "RD001" for row in rows)
        theirs = proselint_spans(text)
        for item in (one for one in items if one["letter"] == path.stem):
            kind, hit = item["kind"], is_found(item, text, spans)
            of[kind] += 1
            ours[kind] += hit
            bad[kind] += item["severity"] == "bad"
            bad_ours[kind] += hit and item["severity"] == "bad"
            peer[kind] += is_found(item, text, theirs)
    short = sorted((folder / "short").glob("*.txt"))
    short_told = sum(
        CheckContext.of_document(read_path(path), today=TODAY).is_about_harm is path.stem.endswith("y")
        for path in short
    )
    print(f"{'kind':12} {'items':>6} {'found':>6} {'bad':>6} {'found':>6} {'proselint':>10}")
    for kind in sorted(of):
        print(f"{kind:12} {of[kind]:6} {ours[kind]:6} {bad[kind]:6} {bad_ours[kind]:6} {peer[kind]:10}")
    total = of.total()
    print(f"{'all':12} {total:6} {ours.total():6} {bad.total():6} {bad_ours.total():6} {peer.total():10}")
    print(
        f"about harm or not: {told} of {len(files)} letters and {short_told} of {len(short)} short texts told right"
    )
    print(f"errors: {errors}; errors and warnings but long sentences on ordinary letters: {noise}")


def main() -> None:
    """Score the folder, if there is one."""
    folder = os.environ.get("EVERYFAMILY_LETTERS", "")
    if not folder or not Path(folder, "truth.tsv").is_file():
        print("EVERYFAMILY_LETTERS names no folder with truth.tsv: nothing was scored.")
        return
    score(Path(folder))


if __name__ == "__main__":
    sys.exit(main())
