"""The department's published figures are imported: each school's total, and the area's on the council's own lists."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path

from everyfamily.core.actors import Actor
from everyfamily.core.errors import SourceLocation
from everyfamily.core.schools.official_figures import OfficialFigure
from everyfamily.core.schools.official_files import (
    OfficialFigures,
    OfficialFileNotReadable,
    PublishedFigure,
    What,
    read_official,
)
from everyfamily.people.actions.schools.figures import FiledFigure, file_figures
from everyfamily.people.edges.school_imports import open_list
from everyfamily.people.queries import SchoolFacts, open_schools, school_areas


@dataclass(slots=True)
class OfficialImport:
    """What a published file did, or would do."""

    what: What
    rows: int
    areas: tuple[int, ...]
    filed: list[FiledFigure] = field(default_factory=list)
    """The school's figure has changed, or has another day."""
    unchanged: int = 0
    older: list[FiledFigure] = field(default_factory=list)
    """A newer figure was known, and stays."""
    not_published: list[PublishedFigure] = field(default_factory=list)
    """No number is printed, because it is not applicable, not known, or too low."""
    contradicting: list[PublishedFigure] = field(default_factory=list)
    """A second total for one school. Neither is used."""
    no_school: list[PublishedFigure] = field(default_factory=list)
    """In the file, but no open school here has that number."""
    several_lists: list[SchoolFacts] = field(default_factory=list)
    """The council holds several lists of these children, so a person must say which of them the figure is for."""
    area_missing: tuple[int, ...] = ()
    """Areas without a figure. The sum would be too small, so it is not filed."""
    silent: list[SchoolFacts] = field(default_factory=list)
    """Open schools in the areas for which the school census has no total."""


def import_official(
    path: Path,
    *,
    areas: Collection[int] = (),
    what: What | None = None,
    dry_run: bool = False,
    by: Actor,
    now: datetime,
) -> OfficialImport:
    """Read a published file (official_files.py) and, unless `dry_run`, file what is newer than what is known.

    `areas` are codes of local authorities. Without any, the areas of the known schools are used. The file is read as it
    streams in. Raises OfficialFileNotReadable, SchoolsNotReadable or FigureNotGood, and then nothing was imported.
    """
    wanted = sorted(areas) or school_areas()
    if not wanted:
        raise OfficialFileNotReadable(
            "No school of an area is known yet.",
            "Import the list of schools first, or name the local authority.",
            SourceLocation(path.name),
        )
    with TextIOWrapper(open_list(path), encoding="utf-8-sig", newline="") as lines:
        found = read_official(lines, file=path.name, areas=wanted, what=what)
    done = OfficialImport(found.what, found.rows, tuple(wanted), contradicting=found.contradicting)
    of = _of_schools if found.what == "school census" else _of_lists
    figures = of(found, done)
    for one in file_figures(figures, dry_run=dry_run, by=by, now=now):
        if one.is_older:
            done.older.append(one)
        elif one.is_new:
            done.filed.append(one)
        else:
            done.unchanged += 1
    return done


def _of_schools(found: OfficialFigures, done: OfficialImport) -> dict[int, OfficialFigure]:
    schools = open_schools()
    school_of = _finder(schools)
    figures: dict[int, OfficialFigure] = {}
    seen = {school.id for one in found.contradicting if (school := school_of(one)) is not None}
    for one in found.figures:
        school = school_of(one)
        if school is None:
            done.no_school.append(one)
            continue
        if school.id in seen:
            # For example under its old number and its new one: nobody can tell which of the two is right.
            figures.pop(school.id, None)
            done.contradicting.append(one)
            continue
        seen.add(school.id)
        if one.children is None:
            done.not_published.append(one)
        else:
            figures[school.id] = OfficialFigure(one.children, one.as_of, one.source)
    areas = tuple(f"{area:03d}" for area in done.areas)
    done.silent = [one for one in schools if one.dfe_number.startswith(areas) and one.id not in seen]
    return figures


def _finder(schools: list[SchoolFacts]) -> Callable[[PublishedFigure], SchoolFacts | None]:
    """By URN, by an earlier URN, or by its DfE number, because the file may not print a readable URN."""
    by_urn = {urn: school for school in schools for urn in school.former_urns}
    by_urn |= {school.urn: school for school in schools}
    by_number = {school.dfe_number: school for school in schools if school.dfe_number}

    def find(figure: PublishedFigure) -> SchoolFacts | None:
        school = by_urn.get(figure.urn) if figure.urn is not None else None
        return school or by_number.get(figure.dfe_number)

    return find


def _of_lists(found: OfficialFigures, done: OfficialImport) -> dict[int, OfficialFigure]:
    """The area's figure belongs to the council's one list of these children. For two areas it is their sum."""
    done.not_published = [one for one in found.figures if one.children is None]
    printed = [(one, one.children) for one in found.figures if one.children is not None]
    done.area_missing = tuple(sorted(set(done.areas) - {one.area for one, _ in printed}))
    lists = [school for school in open_schools() if school.kind == found.what]
    if not lists:
        done.no_school = [one for one, _ in printed]
    if len(lists) > 1:
        done.several_lists = lists
    if len(lists) != 1 or done.area_missing or not printed:
        return {}
    first = printed[0][0]
    return {lists[0].id: OfficialFigure(sum(number for _, number in printed), first.as_of, first.source)}
