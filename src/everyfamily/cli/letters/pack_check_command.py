"""pack check: everything that is wrong with a pack, or still to be written, in one go."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from importlib.resources import as_file, files
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Finding, Severity
from everyfamily.checks.report.report import as_rows
from everyfamily.checks.report.text_figures import HARDEST_GRADE, LONGEST_SENTENCE, TextFigures, figures_of
from everyfamily.checks.report.text_report import as_text
from everyfamily.checks.run.checked import Checked
from everyfamily.checks.run.runner import run
from everyfamily.cli.console.options import json_option
from everyfamily.cli.console.shown import of, shown
from everyfamily.cli.letters.pack_overrides import overrides_option, read_overrides
from everyfamily.core.agreement.seals import fingerprint
from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.files.toml_files import TomlPlaces
from everyfamily.core.letter.trial import agreeing_to_everything, trial_letter
from everyfamily.core.packs.opened_pack import PackFiles, open_pack
from everyfamily.core.packs.overrides import Overrides
from everyfamily.core.packs.overriding import override_faults, with_overrides
from everyfamily.core.packs.pack_faults import faults_of
from everyfamily.core.packs.pack_review import unread_files, unused_sources
from everyfamily.core.packs.packs import Pack
from everyfamily.core.packs.translation_states import states_of
from everyfamily.core.packs.unwritten import unwritten_in
from everyfamily.core.partnership.partnership import Partnership, load_partnership
from everyfamily.letters.files.artefacts import check_letter
from everyfamily.rendering.pdf import page_count

FINDINGS = 1
_WEEKS_AHEAD = 42
"""Days before its review day on which a pack says so: a letter is begun six weeks before it is sent."""


@dataclass(frozen=True, slots=True)
class PackReport:
    """What was found in a pack. With faults, or words still to write, no letter is made, and the rest is empty."""

    name: str
    digest: str
    faults: tuple[EveryfamilyError, ...] = ()
    unwritten: tuple[tuple[SourceLocation, str], ...] = ()
    pack: Pack | None = None
    checked: tuple[Checked, ...] = ()
    figures: tuple[TextFigures, ...] = ()
    unused: tuple[str, ...] = ()
    """Keys of sources that no sentence names."""
    unread: tuple[str, ...] = ()
    """Names of files that nothing is made of."""
    pages: int | None = None
    """Printed pages of the English letter, or of its secondary version."""
    primary_pages: int | None = None
    """The same of its primary version, if it has two."""
    invented: bool = False
    """Whether it was checked for the invented partnership."""

    @property
    def findings(self) -> list[Finding]:
        """What the rules found in the letter and in the pages."""
        return [finding for one in self.checked for finding in one.report.findings]

    @property
    def is_right(self) -> bool:
        """Whether there is nothing to change: advice stops nothing."""
        stops = [one for one in self.findings if one.severity is not Severity.ADVICE]
        return not (self.faults or self.unwritten or self.unused or self.unread or stops) and all(
            one.is_easy for one in self.figures
        )


@click.command(name="check")
@click.argument("folder", metavar="PACK", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--partnership",
    "partnership_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Your partnership's file: its numbers and its promises. If not given, an invented one that has them all.",
)
@click.option("--term", help="Term of the plan, such as spring-2027. Any term if not given.")
@overrides_option
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="Check as of this day. Today if not given.")
@json_option
def pack_check(
    folder: Path,
    partnership_file: Path | None,
    term: str | None,
    overrides_file: Path | None,
    today: datetime | None,
    as_json: bool,
) -> None:
    """Check all of a PACK, a folder or a zip.

    It shows at once what cannot be read, what is not written, and what could hurt a child or keep a family away.
    Exit 0 if there is nothing to change, 1 if there is, 2 if the pack could not be read at all.
    """
    day = today.date() if today else datetime.now(UTC).date()
    partnership = load_partnership(partnership_file) if partnership_file is not None else None
    overrides = read_overrides(overrides_file) if overrides_file is not None else None
    report = report_on(open_pack(folder), partnership, term, day, overrides)
    if as_json:
        click.echo(json.dumps(_as_row(report), ensure_ascii=False))
    else:
        _say(report, day)
    sys.exit(0 if report.is_right else FINDINGS)


def report_on(
    found: PackFiles,
    partnership: Partnership | None,
    term: str | None,
    day: date,
    overrides: tuple[Overrides, TomlPlaces] | None = None,
) -> PackReport:
    """Read and check a pack. What a letter cannot be made with is a fault too, and is not raised."""
    faults = faults_of(found.files, found.name)
    unwritten = unwritten_in(found.files, found.name)
    if faults or unwritten:
        return PackReport(found.name, found.digest, tuple(faults), tuple(unwritten))
    pack = found.parsed()
    unread = unread_files(pack, found.files)
    if overrides is not None:
        if faults := override_faults(pack, *overrides):
            return PackReport(found.name, found.digest, tuple(faults), pack=pack)
        pack = with_overrides(pack, *overrides)
    report = PackReport(
        found.name,
        found.digest,
        pack=pack,
        invented=partnership is None,
        unused=unused_sources(pack),
        unread=unread,
    )
    whose = agreeing_to_everything(pack, _invented(), day) if partnership is None else partnership
    if missing := [fault for name in _routes(pack) if (fault := _missing(whose, name)) is not None]:
        return replace(report, faults=tuple(missing))
    try:
        letter = trial_letter(pack, whose, today=day, term=term)
        findings = check_letter(letter, today=day)
        pages, *primary_pages = [page_count(letter.in_version(one), "en") for one in letter.versions]
    except EveryfamilyError as fault:
        return replace(report, faults=(fault,))
    checked = [Checked(found.name, CheckContext.of_letter(letter, today=day), findings)]
    if pack.site:
        context = CheckContext.of_site(pack.site, whose, today=day, sources=pack.sources)
        checked.append(Checked(f"{found.name} (its pages)", context, run(context)))
    pieces = [piece for one in checked for piece in one.context.pieces]
    figures = figures_of(pieces, found.name, overrides[1].file if overrides is not None else "")
    report = replace(report, checked=tuple(checked), figures=tuple(figures), pages=pages)
    return replace(report, primary_pages=primary_pages[0] if primary_pages else None)


def _invented() -> Partnership:
    """The partnership of the demonstration, whose people and numbers are invented."""
    with as_file(files("everyfamily_demo") / "data") as folder:
        return load_partnership(folder / "partnership.toml")


def _routes(pack: Pack) -> tuple[str, ...]:
    return (*pack.about.routes.card, *pack.about.routes.apart)


def _missing(partnership: Partnership, route: str) -> EveryfamilyError | None:
    """Why the partnership cannot print this route, so that all of them are named at once."""
    try:
        partnership.route(route)
    except EveryfamilyError as fault:
        return fault
    return None


def invented_partnership() -> Partnership:
    """The partnership of the demonstration, whose people and numbers are invented."""
    with as_file(files("everyfamily_demo") / "data") as folder:
        return load_partnership(folder / "partnership.toml")


def _say(report: PackReport, day: date) -> None:
    about = report.pack.about if report.pack is not None else None
    own = report.pack.overridden if report.pack is not None else None
    click.secho(f"{shown(report.name)}{f' {about.version}' if about else ''}", bold=True)
    click.echo(f"Digest {fingerprint(report.digest)}")
    if own is not None:
        click.echo(f"With {of(len(own.passages), 'passage')} in your own words, made for version {own.made_for}")
    _say_what_stops(report)
    if about is None or not report.checked:
        return
    _say_figures(report)
    if report.unused:
        click.echo(
            shown(f"No sentence names these sources: {', '.join(report.unused)}. Name them, or take them out.")
        )
    if states := states_of(report.pack) if report.pack is not None else []:
        drafts, stale = sum(not one.checked for one in states), sum(one.stale for one in states)
        click.echo(
            f"{of(len(states), 'translation')}: {drafts} that nobody has checked, {stale} made of other English."
        )
    if about.review_on <= day:
        click.echo(f"Its review day has passed: {about.review_on}. Read every word and every source again.")
    elif (about.review_on - day).days <= _WEEKS_AHEAD:
        click.echo(f"Its review day is near: {about.review_on}.")
    if report.invented:
        click.echo("Checked for an invented partnership that keeps every promise. For yours: --partnership FILE")
    click.echo()
    click.echo(as_text(report.checked), nl=False)


def _say_what_stops(report: PackReport) -> None:
    if report.faults:
        click.echo(f"\n{of(len(report.faults), 'fault')}:")
        for fault in report.faults:
            click.echo(shown(f"  {fault.place or report.name}: {fault.code}: {fault.fact}"))
            click.echo(shown(f"      {fault.fix}"))
    if report.unused:
        click.echo(
            shown(f"\nNo sentence names these sources: {', '.join(report.unused)}. Name them, or take them out.")
        )
    if report.unread:
        names = shown(", ".join(report.unread))
        click.echo(f"\nNot read: {names}. Add the language to pack.toml, correct the name, or take the file out.")
    if report.unwritten:
        click.echo(f"\nStill to write: {of(len(report.unwritten), 'place')}.")
        for file, places in groupby(report.unwritten, key=lambda one: one[0].file):
            click.echo(shown(f"  {file}"))
            for place, what in places:
                click.echo(shown(f"  {place.line:6}  {what}"))


def _say_figures(report: PackReport) -> None:
    primary = f", and {of(report.primary_pages, 'page')} in its primary version" if report.primary_pages else ""
    click.echo(f"The letter has {of(report.pages or 0, 'page')} in print{primary}.\n")
    click.echo(f"  {'text':24} {'words':>5} {'grade':>5} {'longest sentence':>16}")
    for one in report.figures:
        grade = "-" if one.grade is None else f"{one.grade:.1f}"
        name = one.file.rpartition("/")[2]
        click.echo(f"  {name:24} {one.words:5} {grade:>5} {one.longest:16}{'' if one.is_easy else '  too hard'}")
        for place in one.too_long:
            click.echo(f"      {place}: a sentence of more than {LONGEST_SENTENCE} words")
    click.echo(f"  At most grade {HARDEST_GRADE:.0f}, and {LONGEST_SENTENCE} words in a sentence.")


def _as_row(report: PackReport) -> dict[str, Any]:
    about = report.pack.about if report.pack is not None else None
    own = report.pack.overridden if report.pack is not None else None
    return {
        "pack": report.name,
        "version": about.version if about else None,
        "digest": report.digest,
        "review_on": about.review_on.isoformat() if about else None,
        "own_words": list(own.passages) if own is not None else [],
        "is_right": report.is_right,
        "faults": [
            {"code": one.code, "fact": one.fact, "fix": one.fix, **_where(one.place)} for one in report.faults
        ],
        "to_write": [{"what": what, **_where(place)} for place, what in report.unwritten],
        "unused_sources": list(report.unused),
        "unread_files": list(report.unread),
        "pages_in_print": report.pages,
        "pages_in_print_primary": report.primary_pages,
        "texts": [_figure_row(one) for one in report.figures],
        "translations": [
            {"part": one.part, "language": one.language, "checked": one.checked, "stale": one.stale}
            for one in (states_of(report.pack) if report.pack is not None else ())
        ],
        "findings": [row for one in report.checked for row in as_rows(one.report)],
    }


def _figure_row(one: TextFigures) -> dict[str, Any]:
    row = asdict(one)
    return {**row, "too_long": [_where(place) for place in one.too_long], "is_easy": one.is_easy}


def _where(place: SourceLocation | None) -> dict[str, Any]:
    return {} if place is None else {"file": place.file, "line": place.line}
