"""check: letters, packs and documents from outside, with errors, warnings and advice, in words or for programs.

Nothing here imports Django, the press or a reader that is not needed, because `check letter.txt` has to start in a
fraction of a second.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import ClassVar

import click
from click.core import ParameterSource

from everyfamily.checks.report.report import as_github, as_json
from everyfamily.checks.report.text_report import WIDTH, Look, Paint, as_text, plain
from everyfamily.checks.run.checked import Checked
from everyfamily.checks.run.codes import FAMILIES
from everyfamily.checks.run.runner import CheckReport
from everyfamily.cli.console.shown import shown
from everyfamily.cli.letters.check_fixes import fixed_files
from everyfamily.cli.letters.check_targets import STANDARD_INPUT, Asked, Target, targets_of
from everyfamily.core.errors import EveryfamilyError

FINDINGS = 1
COULD_NOT_RUN = 2
PORT = 8017
_ROUNDS = 5
"""One fix may block another. What is left after this many rounds is left to a person."""
_WIDEST = 100
_NARROWEST = 40

_file = click.Path(path_type=Path, exists=True, dir_okay=False)
_LOOKS: dict[Look, dict[str, object]] = {
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow", "bold": True},
    "advice": {"fg": "cyan", "bold": True},
    "place": {"fg": "blue", "bold": True},
    "strong": {"bold": True},
    "quiet": {"dim": True},
}


class OutputNotWritten(EveryfamilyError):
    """There is no room for the findings, or they may not be written there."""

    code: ClassVar[str] = "EF704"


@click.command()
@click.argument("what", nargs=-1)
@click.option(
    "--about-harm/--not-about-harm",
    default=None,
    help="Say whether it is a letter about harm to children. If not given, its words decide.",
)
@click.option(
    "--partnership", "partnership_file", type=_file, help="A partnership's file: its register of numbers."
)
@click.option("--term", help="Needed to check a pack, such as spring-2027.")
@click.option("--waivers", "waivers_file", type=_file, help="A file of warnings that you agreed to waive.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="Check as of this day. Today if not given.")
@click.option("--select", multiple=True, help="Only these codes, families (harm) or names, separated by commas.")
@click.option("--ignore", multiple=True, help="Not these.")
@click.option(
    "--fix",
    is_flag=True,
    help="Make the changes that are always safe, in .md and .txt files and in a pack's texts.",
)
@click.option("--diff", "only_diff", is_flag=True, help="With --fix: show what would change, without writing it.")
@click.option("--explain", "code", help="Say what a check looks for and why. Give a code or a name.")
@click.option("--rules", "list_rules", is_flag=True, help="List every check.")
@click.option(
    "--all", "everything", is_flag=True, help="Show each finding with its words, however many there are."
)
@click.option("--serve", is_flag=True, help="Check letters in your browser, on this machine, until Ctrl-C.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=PORT, help=f"With --serve. {PORT} if not given; 0: any."
)
@click.option("--stdin-name", help="What to call standard input. The ending says the format (letter.md).")
@click.option("--format", "style", type=click.Choice(["text", "json", "github"]), default="text")
@click.option("--json", "as_json_value", is_flag=True, help="The same as --format json: print only one object.")
def check(
    what: tuple[str, ...],
    about_harm: bool | None,
    partnership_file: Path | None,
    term: str | None,
    waivers_file: Path | None,
    today: datetime | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fix: bool,
    only_diff: bool,
    code: str | None,
    list_rules: bool,
    everything: bool,
    serve: bool,
    port: int,
    stdin_name: str | None,
    style: str,
    as_json_value: bool,
) -> None:
    """Check letters: what could hurt a child or keep a family from calling, and what to write instead.

    WHAT is a file (.docx, .odt, .pdf, .html, .md, .txt), - for standard input, a letter's folder, a pack's with
    --partnership and --term, or packs/parent-site with --partnership. Several are fine. Nothing leaves this machine.

    Exit 0 if there is only advice, 1 if an error or a warning was found, 2 if something could not be read.
    """
    if serve:
        from everyfamily.cli.letters.check_serving import serve_check

        _require_only_serving()
        serve_check(what, partnership_file, port)
        return
    if code is not None or list_rules:
        from everyfamily.checks.report.reference import explain, rule_table

        width = _width()
        click.echo(explain(code, width=width) if code is not None else rule_table(width=width))
        return
    _require_sense(what, fix, only_diff, has_waivers=waivers_file is not None)
    asked = Asked(
        today=today.date() if today else _today(),
        select=_wanted(select),
        ignore=_wanted(ignore),
        about_harm=about_harm,
        partnership_file=partnership_file,
        term=term,
        waivers_file=waivers_file,
        stdin_name=stdin_name,
    )
    checked, unread, differs = _check_all(what, asked, fix, only_diff)
    if not only_diff and (checked or not unread):
        _print(checked, "json" if as_json_value else style, everything=everything)
    if unread:
        sys.exit(COULD_NOT_RUN)
    sys.exit(FINDINGS if differs or (not only_diff and any(one.report.has_faults for one in checked)) else 0)


def _require_only_serving() -> None:
    """The form in the browser asks for the rest, or the page does not have it."""
    context = click.get_current_context()
    for option in context.command.params:
        given = context.get_parameter_source(option.name or "") is ParameterSource.COMMANDLINE
        if given and option.name not in ("what", "serve", "port", "partnership_file"):
            raise click.UsageError(f"--serve takes only --partnership and --port, not {option.opts[0]}.")


def _require_sense(what: Sequence[str], fix: bool, only_diff: bool, *, has_waivers: bool) -> None:
    if not what:
        raise click.UsageError("Give a letter to check, --explain CODE, or --rules.")
    if what.count(STANDARD_INPUT) > 1:
        raise click.UsageError("Standard input can be read only once.")
    if only_diff and not fix:
        raise click.UsageError("--diff belongs to --fix.")
    if has_waivers and len(what) > 1:
        # A waiver names "line 5" and no file, so it would also count in a letter that nobody agreed it for.
        raise click.UsageError("--waivers is for one letter. Check the others without it.")


def _wanted(words: Iterable[str]) -> tuple[str, ...]:
    """Codes and names as the runner takes them. A family can be given by its name."""
    families = {name: prefix for prefix, (name, _) in FAMILIES.items()}
    parts = [part.strip() for word in words for part in word.split(",")]
    return tuple(families.get(part.lower(), part) for part in parts if part)


def _check_all(what: Sequence[str], asked: Asked, fix: bool, only_diff: bool) -> tuple[list[Checked], bool, bool]:
    """Check each target. If one cannot be read, the others are still checked. Also returns whether one was unread, and
    whether one would change."""
    checked: list[Checked] = []
    unread = differs = False
    for word in what:
        try:
            for target in targets_of(word, asked):
                one = target.check()
                if fix:
                    one, changed = _fix(target, one, only_diff)
                    differs = differs or (only_diff and changed)
                checked.append(one)
        except EveryfamilyError as problem:
            if len(what) == 1:
                raise
            unread = True
            where = problem.place or word
            click.echo(shown(f"{where}: {problem.code}: {problem.fact} {problem.fix}"), err=True)
    return checked, unread, differs


def _fix(target: Target, one: Checked, only_diff: bool) -> tuple[Checked, bool]:
    if target.not_fixed:
        click.echo(shown(target.not_fixed), err=True)
        return one, False
    if only_diff:
        files = fixed_files(one, target.source_of)
        for file in files:
            click.echo("".join(f"{shown(line)}\n" for line in file.diff().splitlines()), nl=False)
        if not files:
            click.echo(f"{shown(one.name)}: nothing that --fix would write.", err=True)
        return one, bool(files)
    fixes = 0
    for _ in range(_ROUNDS):
        files = fixed_files(one, target.source_of)
        if not files:
            break
        for file in files:
            file.write()
            fixes += file.fixes
        one = target.check()
    left = len(one.fixable())
    why = (
        f" {left} left to you: only words that are in UTF-8 text exactly as shown can be written." if left else ""
    )
    click.echo(f"{shown(one.name)}: {fixes or 'no'} {'fix' if fixes == 1 else 'fixes'} written.{why}", err=True)
    return replace(one, can_fix=False), fixes > 0


def _print(checked: Sequence[Checked], style: str, *, everything: bool) -> None:
    reports = [one.report for one in checked]
    if isinstance(sys.stdout, TextIOWrapper):
        # Programs read UTF-8, whatever the terminal is set to. If the terminal lacks a character, it gets "?".
        sys.stdout.reconfigure(encoding=None if style == "text" else "utf-8", errors="replace")
    try:
        _say(checked, reports, style, everything)
    except BrokenPipeError:
        raise  # the reader has seen enough
    except OSError as problem:
        # What is still buffered would fail again when Python ends, which has its own exit code for that.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise OutputNotWritten(
            "The findings could not be written.", "Check whether the disk is full, then try again."
        ) from problem


def _say(checked: Sequence[Checked], reports: Sequence[CheckReport], style: str, everything: bool) -> None:
    if style == "json":
        click.echo(as_json(checked), nl=False)
    elif style == "github":
        click.echo(as_github(reports), nl=False)
    else:
        paint = _paint()
        click.echo(
            as_text(checked, width=_width(), paint=paint, everything=everything),
            nl=False,
            color=paint is not plain,
        )


def _width() -> int:
    if not _is_terminal():
        return WIDTH
    return max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size((WIDTH, 24)).columns))


def _is_terminal() -> bool:
    """Whether a person sees the output at once. If it was closed, there is none at all."""
    return sys.stdout is not None and sys.stdout.isatty()


def _paint() -> Paint:
    """Colour in a terminal or if FORCE_COLOR asks for it, and never if NO_COLOR is set (no-color.org)."""
    wanted = _is_terminal() or bool(os.environ.get("FORCE_COLOR"))
    if not wanted or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return plain
    return _coloured


def _coloured(text: str, look: Look) -> str:
    return click.style(text, **_LOOKS[look])  # type: ignore[arg-type]


def _today() -> date:
    return datetime.now(UTC).date()
