"""coverage.csv: what coverage.html shows, as one table. It holds no more than the page does.

UTF-8 with a byte order mark. Without the mark, Excel reads the file in the machine's own code page and spoils names.
Lines end as in RFC 4180.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from io import StringIO

from everyfamily.core.accounting.account_record import ShownNews
from everyfamily.core.accounting.coverage import Outcome
from everyfamily.core.accounting.published import Disclosed, Figure, NotKnownToUs, SchoolLine
from everyfamily.core.files.csv_safe import cell
from everyfamily.reports import not_known, wording

COLUMNS = (
    "part",
    "name",
    "children",
    "exact or to 10",
    "kind",
    "who sends",
    "state",
    "reached, as a band",
    "still to reach, from",
    "still to reach, to",
    "what happens next",
    "who",
    "by when",
    "on the official list",
    "official list",
    "not known to us, from",
    "not known to us, to",
    "area",
    "letter",
    "term",
    "figures of",
    "demonstration",
)

type _Line = dict[str, str]


def coverage_csv(
    shown: Disclosed,
    *,
    area: str,
    letter_title: str,
    term: str,
    demonstration: bool,
    term_ends: date | None = None,
    news: ShownNews | None = None,
) -> str:
    """The page's figures as CSV text, with its byte order mark; write it as UTF-8 with newline="".

    The parameters are those of `coverage_page`. A name that a spreadsheet would take for a formula begins with an
    apostrophe.
    """
    today = shown.at.astimezone(wording.LONDON).date()
    about = {
        "area": area,
        "letter": letter_title,
        "term": term,
        "figures of": shown.at.astimezone(wording.LONDON).isoformat(timespec="minutes"),
        "demonstration": "yes" if demonstration else "no",
    }
    out = StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for line in _lines(shown, news, today, term_ends):
        writer.writerow({column: cell(value) for column, value in (line | about).items()})
    return "\ufeff" + out.getvalue()


def _lines(shown: Disclosed, news: ShownNews | None, today: date, term_ends: date | None) -> Iterator[_Line]:
    for outcome in Outcome:
        yield _figure("outcome, whole area", wording.OUTCOMES[outcome], shown.outcomes[outcome])
    yield _figure("all children", wording.on_roll(shown.from_year), shown.children)
    yield _figure("beside the outcomes", "Every entitled adult has it", shown.every_adult)
    if shown.too_young is not None:
        yield _figure("beside the outcomes", wording.for_whom(shown), shown.too_young)
    if shown.not_known_to_us:
        yield from _not_known(shown.not_known_to_us, shown.from_year)
    if news:
        yield _figure("late news", wording.news_sentence(news), news.known_now)
    for name in shown.not_known:
        yield {"part": "not in these figures", "name": name, "state": wording.not_counted(shown.from_year)}
    for reason in shown.reasons:
        yield _figure("reason, whole area", reason.next.why, reason.figure) | {
            "what happens next": reason.next.action,
            "who": reason.next.owner,
            "by when": wording.by_when(reason.next, today, term_ends),
        }
    for line in shown.schools:
        yield _school("school", line)
    if shown.together:
        yield _school("small schools as one", shown.together) | {"name": "; ".join(shown.together.members)}


def _not_known(found: NotKnownToUs, from_year: int) -> Iterator[_Line]:
    part = "not known to us"
    if found.children is not None and found.listed:
        yield _figure(f"{part}, whole area", not_known.explained(found), found.children) | {
            "on the official list": str(found.listed)
        }
    # If nobody has a list of the children at home, their row has no line behind it.
    lines = (*(found.at_home or (None,)), *found.schools)
    for row, line in zip(not_known.missing_rows(found), lines, strict=True):
        yield {
            "part": part,
            "name": row.name,
            "kind": row.about,
            "who": row.ring,
            "on the official list": "" if line is None or line.listed is None else str(line.listed),
            "official list": row.source,
            "not known to us, from": "" if line is None or line.listed is None else str(line.fewest),
            "not known to us, to": "" if line is None or line.listed is None else str(line.most),
        }
    for remark in not_known.remarks(found, from_year):
        yield {"part": f"{part}, remark", "name": remark}


def _figure(part: str, name: str, figure: Figure) -> _Line:
    return {
        "part": part,
        "name": name,
        "children": str(figure.number),
        "exact or to 10": "exact" if figure.exact else "to 10",
    }


def _school(part: str, line: SchoolLine) -> _Line:
    between = line.still_to_reach
    return {
        "part": part,
        "name": line.name,
        "children": "" if line.about is None else str(line.about),
        "exact or to 10": "with the small schools" if line.about is None else "to 10",
        "kind": wording.kind_in_words(line.kind),
        "who sends": wording.SENDS.get(line.sends, ""),
        "state": wording.STANDINGS[line.standing],
        "reached, as a band": line.band.name if line.band else "",
        "still to reach, from": str(between[0]) if between else "",
        "still to reach, to": str(between[1]) if between else "",
    }
