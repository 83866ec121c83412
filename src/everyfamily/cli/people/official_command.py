"""`everyfamily import official`: the department's published figures, with which coverage is compared."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from everyfamily.cli.console.options import by_option, json_option
from everyfamily.cli.console.shown import of, shown
from everyfamily.config.start import prepare
from everyfamily.core.actors import Actor
from everyfamily.core.schools.official_files import WHATS
from everyfamily.core.text.dates import day_in_words

if TYPE_CHECKING:
    from everyfamily.core.schools.official_files import PublishedFigure
    from everyfamily.people.actions.schools.figures import FiledFigure
    from everyfamily.people.edges.official_imports import OfficialImport
    from everyfamily.people.queries import SchoolFacts

_LISTED = 40
"""Names under one heading before the rest becomes a number. --json has all."""


@click.command(name="official")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--la", "areas", type=int, multiple=True, help="Code of the local authority. Repeat it for several."
)
@click.option("--what", type=click.Choice(WHATS[1:]), help="Which return it is, if the file's name does not say.")
@click.option("--dry-run", is_flag=True, help="Say what would change, without writing it.")
@by_option("Who imports")
@json_option
def import_official_file(
    file: Path, areas: tuple[int, ...], what: Any, dry_run: bool, by: Actor, as_json: bool
) -> None:
    """Import official figures from FILE: how many children each school has (the school census), or how many are
    educated at home or missing education, as the Department for Education publishes them (CSV).

    The newest figure of a school counts, and coverage names it with its day.
    """
    prepare()
    from everyfamily.people.edges.official_imports import import_official

    done = import_official(file, areas=areas, what=what, dry_run=dry_run, by=by, now=datetime.now(UTC))
    if as_json:
        click.echo(json.dumps(_as_json(done, dry_run=dry_run), ensure_ascii=False))
        return
    for line in _as_lines(done):
        click.echo(line)
    click.echo(
        "This was a dry run: nothing was written."
        if dry_run
        else "Tomorrow's coverage uses these figures. --live shows it now."
    )


def _as_lines(done: OfficialImport) -> Iterator[str]:
    areas = " and ".join(str(area) for area in done.areas)
    yield f"{done.what.capitalize()}: {of(done.rows, 'row')} read, for area {areas}."
    yield (
        f"{of(len(done.filed), 'figure')} filed, {done.unchanged:,} as known before, "
        f"{len(done.older):,} older than what is known."
    )
    yield from _under("Filed", [_filed(one) for one in done.filed])
    yield from _under("Older than what is known, which is kept", [_filed(one) for one in done.older])
    yield from _under(
        "No number is published", [f"{_of(one)}: {shown(one.instead) or 'blank'}" for one in done.not_published]
    )
    yield from _under(
        "There are two totals for the same school or area, and neither was taken. Look at the two rows in the file",
        [f"row {one.row}: {_of(one)}" for one in done.contradicting],
    )
    if done.what == "school census":
        yield from _under(
            "In the file, and no open school here has its number. Import the list of schools again",
            [_of(one) for one in done.no_school],
        )
        yield from _under(
            "Schools here that the file has no total for. The school census does not count every kind",
            [_school(one) for one in done.silent],
        )
        return
    yield from _no_list(done)


def _no_list(done: OfficialImport) -> Iterator[str]:
    for one in done.no_school:
        yield f"Published: {one.children or 0:,} on {day_in_words(one.as_of)}. You have no list of these children here."
        yield f'  Add one to your own list with the kind "{done.what}", then import this file again.'
    yield from _under(
        "You have several lists of these children. Say which has how many: everyfamily schools figure",
        [_school(one) for one in done.several_lists],
    )
    if done.area_missing:
        codes = ", ".join(str(area) for area in done.area_missing)
        yield f"The file has no number for area {codes}, so the sum would be too small: nothing was filed."


def _under(heading: str, lines: Sequence[str]) -> Iterator[str]:
    if not lines:
        return
    yield f"{heading}:"
    yield from (f"  {line}" for line in lines[:_LISTED])
    if len(lines) > _LISTED:
        yield f"  and {len(lines) - _LISTED:,} more (--json has all)"


def _filed(one: FiledFigure) -> str:
    was = "" if one.before is None else f" (before: {_counted(one.before.children, one.before.as_of)})"
    return f"{one.urn} {shown(one.name)}: {_counted(one.offered.children, one.offered.as_of)}{was}"


def _counted(children: int, day: date | None) -> str:
    return f"{children:,}" + ("" if day is None else f" on {day_in_words(day)}")


def _of(one: PublishedFigure) -> str:
    number = one.urn or one.dfe_number or one.area
    return f"{number} {shown(one.name)}"


def _school(one: SchoolFacts) -> str:
    return f"{one.urn} {shown(one.name)}"


def _as_json(done: OfficialImport, *, dry_run: bool) -> dict[str, Any]:
    return {
        "what": done.what,
        "dry_run": dry_run,
        "rows": done.rows,
        "areas": list(done.areas),
        "filed": [_filed_json(one) for one in done.filed],
        "unchanged": done.unchanged,
        "older": [_filed_json(one) for one in done.older],
        "not_published": [_published_json(one) for one in done.not_published],
        "contradicting": [_published_json(one) for one in done.contradicting],
        "no_school": [_published_json(one) for one in done.no_school],
        "several_lists": [one.urn for one in done.several_lists],
        "areas_missing": list(done.area_missing),
        "no_total": [{"urn": one.urn, "name": one.name} for one in done.silent],
    }


def _filed_json(one: FiledFigure) -> dict[str, Any]:
    return {
        "urn": one.urn,
        "name": one.name,
        "children": one.offered.children,
        "as_of": one.offered.as_of.isoformat() if one.offered.as_of else None,
        "source": one.offered.source,
        "before": None if one.before is None else one.before.children,
    }


def _published_json(one: PublishedFigure) -> dict[str, Any]:
    return {
        "row": one.row,
        "area": one.area,
        "name": one.name,
        "urn": one.urn,
        "dfe_number": one.dfe_number,
        "children": one.children,
        "instead": one.instead,
    }
