"""The figures at the end of a run, in the terminal and as one JSON object. The operator's view: exact, and only for the
city.

Schools appear as the partnership sees them, in bands. Works at 80 columns, without colour, in a pipe, and in a terminal
that has only ASCII.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.box import Box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from everyfamily.cli.accounts.missing_summary import fill_missing_table, missing_json, missing_sentence
from everyfamily.core.accounting.account_record import LateNews
from everyfamily.core.accounting.coverage import NEXT, SMALL, NextAction, Outcome, Reason
from everyfamily.core.accounting.disclosure import disclose
from everyfamily.core.accounting.published import Disclosed
from everyfamily.core.calendar.year_groups import from_year_in_words
from everyfamily.core.sending.fallback import FAILED, AttemptStatus, Channel
from everyfamily.reports import not_known, wording
from everyfamily.reports.queries import CityCoverage

_WIDEST = 96
_BAR = 26
_OUTCOMES: Mapping[Outcome, tuple[str, str, str, str]] = {
    Outcome.REACHED: ("whole letter, confirmed", "cyan", "█", "#"),
    Outcome.ACCEPTED: ("a carrier took it; no proof", "cyan", "▓", "%"),
    Outcome.TOLD_BY_TEXT: ("not the whole letter", "blue", "▒", "="),
    Outcome.ON_ITS_WAY: ("sent, or has a date to be sent", "blue", "░", "-"),
    Outcome.NOT_REACHED: ("each has a reason below", "yellow", "█", "#"),
}
"""What it means in a few words, its colour, and the bar's character with and without box characters."""
_CHANNELS = {
    Channel.EMAIL: "email",
    Channel.TEXT: "text message",
    Channel.POST: "post",
    Channel.PUPIL_POST: "pupil post",
}
_FOR_WHOM = "On roll are children {years}. This letter is not for the year of the others:"
_PATHS = {
    "coverage": ("See it in a browser", ""),
    "letter": ("One letter", ""),
    "outbox": ("What was sent", "every email, text and print bundle"),
    "send_kit": ("The schools' send kit", ""),
    "languages": ("In other languages", "drafts"),
    "csv": ("Same figures, data", "or run again with --json"),
    "site": ("The parent site", "make run serves it"),
    "rolls": ("The invented rolls", ""),
    "seal": ("The letter's seal", ""),
}
"""Keys of `paths` in the order in which they are listed. Others follow under their own key."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a run: "reach", what it did in one sentence, and how many seconds it took."""

    name: str
    sentence: str
    seconds: float


def print_summary(
    console: Console,
    *,
    title: str,
    steps: Sequence[Step],
    city: CityCoverage,
    unknown_line: str = "",
    paths: Mapping[str, str] | None = None,
) -> None:
    """Print the whole summary. `title` is "everyfamily demo  a small invented city ...": its first two words stand out.

    `unknown_line` says what happened to messages with an unknown outcome. `paths` maps the keys of the JSON to where
    things are.
    """
    _print_title(console, title)
    _print(console, _steps_table(console, steps))
    _print_coverage(console, city)
    if city.messages:
        _print(console, _attempts_table(console, city))
    if unknown_line:
        _print(console, Text(unknown_line, style="dim"))
    if paths:
        _print_paths(console, paths)


def coverage_table(console: Console, city: CityCoverage) -> None:
    """Print the city's exact figures, then each school as the partnership sees it, for `everyfamily coverage`."""
    _print_title(console, f"everyfamily coverage  {wording.moment(city.at)}")
    _print_coverage(console, city)
    shown = disclose(city)
    if shown.not_known_to_us is not None:
        _print(console, fill_missing_table(_grid(console, header=True), shown.not_known_to_us))
        for remark in not_known.remarks(shown.not_known_to_us, shown.from_year):
            _print(console, Text(remark, style="dim"))
    _print(console, _schools_table(console, shown))
    for name in city.not_known:
        _print(console, Text(f"{name}: {wording.not_counted(city.from_year)}.", style="yellow"))


def summary_json(
    city: CityCoverage, *, steps: Sequence[Step] = (), paths: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The figures as one object of plain values. Outcomes add up to the children, and reasons to `not_reached`."""
    total = city.total
    return (
        {
            "schools": len(city.schools),
            "children": total.children,
            "adults": city.adults,
            "outcomes": {outcome.value: total.outcomes[outcome] for outcome in Outcome},
            "reasons": {reason.value: total.reasons[reason] for reason in Reason if total.reasons[reason]},
            "attempts": {channel: dict(statuses) for channel, statuses in city.messages.items()},
            "seconds": {step.name: round(step.seconds, 2) for step in steps},
            "paths": dict(paths or {}),
        }
        | _years_json(city)
        | missing_json(city)
    )


def _years_json(city: CityCoverage) -> dict[str, Any]:
    """From which year group the letter is, and how many children on rolls are younger. Nothing if it is for all."""
    return {"from_year": city.from_year, "not_for_their_year": city.too_young} if city.from_year else {}


def news_json(news: LateNews | None) -> dict[str, Any]:
    """Exact late news of the newest account under one key, or nothing if there is none."""
    return {"late_news": news.as_json() | {"known_now": news.known_now}} if news else {}


# ---- Parts ----


def _print(console: Console, what: Table | Text) -> None:
    console.print(what, highlight=False)
    console.print()


def _print_title(console: Console, title: str) -> None:
    name, _, rest = title.partition("  ")
    _print(console, Text.assemble((name, "bold"), "  ", (rest, "dim")))


def _print_coverage(console: Console, city: CityCoverage) -> None:
    total = city.total
    reached = f"{total.outcomes[Outcome.REACHED]:,} of {total.children:,} children"
    _print(console, Text(f"{reached}: at least one adult has the whole letter, confirmed.", style="bold"))
    _print(console, _outcomes_table(console, city))
    if years := from_year_in_words(city.from_year):
        _print(console, Text(f"{_FOR_WHOM.format(years=years)} {city.too_young:,} other children are on rolls."))
    if city.held_to_the_lists:
        _print(console, Text(missing_sentence(city)))
    if total.outcomes[Outcome.NOT_REACHED]:
        _print(console, _reasons_table(console, city))


def _print_paths(console: Console, paths: Mapping[str, str]) -> None:
    """One line each, never broken, so that a path can be copied."""
    for key in [*(key for key in _PATHS if key in paths), *(key for key in paths if key not in _PATHS)]:
        label, note = _PATHS.get(key, (key.replace("_", " ").capitalize(), ""))
        line = Text.assemble((f"{label:<22}", "dim"), paths[key], (f"   {note}" if note else "", "dim"))
        console.print(line, highlight=False, soft_wrap=True)


def _width(console: Console) -> int:
    return min(console.width, _WIDEST)


def _ascii(console: Console) -> bool:
    return bool(console.options.ascii_only)


def _rule(console: Console, total: str) -> Text:
    """A total has a double rule above it."""
    return Text(("=" if _ascii(console) else "═") * len(total))


def _grid(console: Console, *, header: bool = False) -> Table:
    sign = "-" if _ascii(console) else "─"
    blank = "    \n"
    box = Box(f"{blank}{blank} {sign}{sign} \n{blank * 5}", ascii=_ascii(console))
    return Table(
        box=box if header else None,
        show_header=header,
        show_edge=False,
        header_style="dim",
        padding=(0, 2, 0, 0),
        pad_edge=False,
        collapse_padding=True,
        width=_width(console),
    )


def _steps_table(console: Console, steps: Sequence[Step]) -> Table:
    table = _grid(console)
    table.add_column(style="bold cyan", no_wrap=True, min_width=9)
    table.add_column(ratio=1)
    table.add_column(justify="right", style="dim", no_wrap=True)
    for step in steps:
        table.add_row(step.name, Text(step.sentence), f"{step.seconds:.1f} s")
    table.add_row("", "all", f"{sum(step.seconds for step in steps):.1f} s")
    return table


def _outcomes_table(console: Console, city: CityCoverage) -> Table:
    total = city.total
    table = _grid(console)
    table.add_column(style="bold", no_wrap=True, min_width=14)
    table.add_column(style="dim", ratio=1)
    table.add_column(justify="right", no_wrap=True)
    longest = _BAR if console.width >= _WIDEST else max(console.width - 62, 0)
    table.add_column(no_wrap=True, min_width=longest or 1)
    for outcome, (meaning, colour, sign, plain) in _OUTCOMES.items():
        number = total.outcomes[outcome]
        length = max(round(longest * number / total.children), 1) if number and longest else 0
        bar = Text((plain if _ascii(console) else sign) * length, style=colour)
        table.add_row(wording.OUTCOMES[outcome], meaning, f"{number:,}", bar)
    words = f"{total.children:,}"
    table.add_row("On roll", "they add up", Text(words, style="bold"), "")
    table.add_row("", "", _rule(console, words), "")
    return table


def _reasons_table(console: Console, city: CityCoverage) -> Table:
    reasons = city.total.reasons
    found = sorted(((n, reason) for reason, n in reasons.items() if n), key=lambda pair: (-pair[0], pair[1]))
    small = [pair for pair in found if pair[0] < SMALL]
    shown: list[tuple[NextAction, int]] = [(NEXT[reason], n) for n, reason in found if n >= SMALL]
    if len(small) == 1:
        shown.append((NEXT[small[0][1]], small[0][0]))
    elif small:
        other = NextAction("Other, each under 10 children", "in each school's own list", "school leads", None)
        shown.append((other, sum(n for n, _ in small)))
    table = _grid(console, header=True)
    table.add_column("Not reached: why", ratio=13)
    table.add_column("What happens next", ratio=11)
    table.add_column("Who", no_wrap=True)
    table.add_column("Children", justify="right", no_wrap=True)
    for action, children in shown:
        table.add_row(action.why, action.action, action.owner, f"{children:,}")
    words = f"{sum(n for n, _ in found):,}"
    table.add_row(Text("all", style="bold"), "", "", Text(words, style="bold"))
    table.add_row("", "", "", _rule(console, words))
    return table


def _attempts_table(console: Console, city: CityCoverage) -> Table:
    rows = [(_CHANNELS[channel], _tried(city.messages.get(channel.value, {}))) for channel in Channel]
    rows = [(name, numbers) for name, numbers in rows if numbers[0]]
    sums = [sum(numbers[at] for _, numbers in rows) for at in range(6)]
    names = ["tried", "confirmed", "accepted", "failed, next way", "unknown", "under way"]
    columns = names if sums[-1] else names[:-1]
    table = _grid(console, header=True)
    table.add_column("Attempts by us", ratio=1, no_wrap=True)
    for name in columns:
        table.add_column(name, justify="right")
    for name, numbers in rows:
        table.add_row(name, *(f"{number:,}" for number in numbers[: len(columns)]))
    table.add_row("all", *(f"{number:,}" for number in sums[: len(columns)]), style="bold")
    return table


def _tried(statuses: Mapping[str, int]) -> tuple[int, ...]:
    """For one channel: tried, confirmed, accepted, failed, unknown, in progress. The last five add up to the first."""
    confirmed = statuses.get(AttemptStatus.DELIVERED, 0)
    accepted = statuses.get(AttemptStatus.ACCEPTED, 0)
    failed = sum(statuses.get(status, 0) for status in (*FAILED, AttemptStatus.REFUSED))
    unknown = statuses.get(AttemptStatus.UNKNOWN, 0)
    tried = sum(statuses.values())
    return tried, confirmed, accepted, failed, unknown, tried - confirmed - accepted - failed - unknown


def _schools_table(console: Console, shown: Disclosed) -> Table:
    table = _grid(console, header=True)
    table.add_column("School", ratio=1)
    table.add_column("On roll", justify="right", no_wrap=True)
    table.add_column("Reached, as a band")
    table.add_column("Still to reach")
    for line in [*shown.schools, *([shown.together] if shown.together else [])]:
        state = wording.STANDINGS[line.standing]
        about = "small" if line.about is None else f"{'~' if _ascii(console) else '≈'}{line.about:,}"
        left = wording.still_to_reach(line).removesuffix(" children not yet")
        words = Text(line.band.name if line.band else "")
        if state:
            words.append(f"{'; ' if words else ''}{state}", style="yellow")
        table.add_row(Text(line.name), about, words, left)
    return table
