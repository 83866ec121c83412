"""Rolls: a school's file is imported, or the command says what an import would do."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from everyfamily.cli.console.options import json_option, school_option
from everyfamily.cli.console.private_files import require_place, write_private
from everyfamily.cli.console.shown import of, shown
from everyfamily.cli.console.who_acts import named, operator
from everyfamily.cli.hints import hint, steps_as_lines
from everyfamily.cli.people.roll_questions import (
    ask,
    questions_as_lines,
    who_says_it_is_right,
    who_says_it_means_nothing,
)
from everyfamily.config.start import prepare
from everyfamily.core.actors import Actor
from everyfamily.core.rolls.set_aside_file import set_aside_csv, what
from everyfamily.core.rolls.what_to_do import sentences

if TYPE_CHECKING:
    from everyfamily.core.rolls.model.roll_rows import SetAside
    from everyfamily.people.actions.rolls.rolls import ImportReport

HELD = 1
_ROWS_NAMED = 3
_FIRST = ("row", "held until decided", "value")
"""What a reader must know first."""


@click.command(name="roll")
@click.argument("file", type=click.Path(path_type=Path))
@school_option
@click.option("--dry-run", is_flag=True, help="Say what would change, without writing it.")
@click.option(
    "--map",
    "map_file",
    type=click.Path(path_type=Path),
    help="JSON file that says which heading means what, or answers what the import asked.",
)
@click.option("--save-mapping", is_flag=True, help="Keep what --map says for this school's later files.")
@click.option(
    "--although-few-match",
    is_flag=True,
    help="Say that a file that was held is the right one. Needs --by with your name.",
)
@click.option("--by", callback=named, help="Who imports, or says what a column means. Shown in the audit trail.")
@click.option(
    "--set-aside",
    "aside_file",
    type=click.Path(path_type=Path),
    help="Write what was set aside to this CSV file, for the school: row, child's id, what is wrong, what to do.",
)
@json_option
def import_roll_file(
    file: Path,
    urn: int,
    dry_run: bool,
    map_file: Path | None,
    save_mapping: bool,
    although_few_match: bool,
    by: Actor | None,
    aside_file: Path | None,
    as_json: bool,
) -> None:
    """Import a school's roll from FILE: a spreadsheet, an export, a CTF or a OneRoster zip.

    Bad rows are set aside and good rows go in. Exit 1 if the file was held for a person and nothing went in.
    """
    if although_few_match and not by:
        raise click.UsageError("--although-few-match needs --by with the name of the person who says so.")
    prepare()
    from everyfamily.people.actions.decided.responsibility import unclear_count
    from everyfamily.people.actions.rolls.roll_report import report_as_json
    from everyfamily.people.actions.rolls.roll_steps import report_steps, roll_steps
    from everyfamily.people.edges.roll_imports import answer_questions, import_roll, mapping_file, open_questions
    from everyfamily.people.queries import school_by_urn

    school = school_by_urn(urn)
    if aside_file:
        require_place(aside_file)
    said_by, by, now = by, by or Actor.typed(operator()), datetime.now(UTC)
    asks = not as_json and sys.stdin.isatty()
    if asks and not map_file:
        layout, questions = open_questions(file, urn=urn)
        if questions:
            answers = ask(questions)
            says = who_says_it_means_nothing(questions, answers, said_by) or by
            answer_questions(layout, questions, answers, urn=urn, by=says, now=now)
    imported = partial(
        import_roll,
        file,
        urn=urn,
        now=now,
        mapping=mapping_file(map_file) if map_file else None,
        save_mapping=save_mapping,
        dry_run=dry_run,
    )
    report = imported(by=by, although_few_match=although_few_match)
    if report.held and asks and not dry_run and (right := who_says_it_is_right(report.asked, said_by)):
        report = imported(by=right, although_few_match=True)
    if aside_file:
        write_private(aside_file, set_aside_csv(report.set_aside, report.child_of_row))
    if as_json:
        click.echo(json.dumps(report_as_json(report), ensure_ascii=False))
    else:
        unclear = 0 if report.held or report.dry_run else unclear_count(school.id)
        for line in (
            *steps_as_lines(report_steps(report)),
            *report_as_lines(report, aside_file),
            *steps_as_lines(roll_steps(report, school, unclear=unclear)),
        ):
            click.echo(line)
    if report.held:
        click.get_current_context().exit(HELD)


def report_as_lines(report: ImportReport, aside_file: Path | None = None) -> Iterator[str]:
    """After the counts: what was not used, what must be answered, and what was set aside, by what is wrong."""
    from everyfamily.people.actions.rolls.roll_report import hidden_in_words

    if hidden := hidden_in_words(report.hidden):
        yield f"  {hidden}"
    if report.ignored:
        yield f"  Not used, except for words that may keep an adult away: {', '.join(report.ignored)}"
    yield from questions_as_lines(report.questions)
    yield from _set_aside(report.set_aside)
    if aside_file:
        yield f"  Written to {shown(str(aside_file))}, which only you can read."
        yield "  It has children's ids: keep it at the school."
    elif report.set_aside:
        yield "  Each with the child's id and what to do, for the school's office: --set-aside FILE.csv"


def _set_aside(problems: Sequence[SetAside]) -> Iterator[str]:
    """Counts by what is wrong, with the first rows of each: first whole rows, then who is held, and then by number."""
    kinds: dict[tuple[str, str, str], list[int]] = {}
    for one in problems:
        kinds.setdefault((what(one), one.code, one.message), []).append(one.row)
    if kinds:
        yield f"Set aside, {len(problems):,} in all:"
    for (kind, code, message), rows in sorted(
        kinds.items(), key=lambda item: (_FIRST.index(item[0][0]), -len(item[1]))
    ):
        yield f"  {_counted(len(rows), kind)}, {code}: {message}"
        more = f" and {len(rows) - _ROWS_NAMED:,} more" if len(rows) > _ROWS_NAMED else ""
        yield f"    row {', '.join(map(str, rows[:_ROWS_NAMED]))}{more}. {_to_do(code)}"


def _to_do(code: str) -> str:
    more = hint(code)
    return sentences().get(code, "") + (f" ({more})" if more else "")


def _counted(count: int, kind: str) -> str:
    return f"{of(count, 'adult')} {kind}" if kind not in ("row", "value") else of(count, kind)


IMPORTS: tuple[click.Command, ...] = (import_roll_file,)
COMMANDS: tuple[click.Command, ...] = ()
"""In the order of the help."""
