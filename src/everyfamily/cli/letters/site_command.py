"""everyfamily site: the parent site from sealed letters, packs and the route register."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import click

from everyfamily.cli.console.options import json_option
from everyfamily.cli.console.packs_folder import packs_folder
from everyfamily.cli.console.shown import shown
from everyfamily.cli.hints import hint
from everyfamily.cli.letters.pack_overrides import read_overrides
from everyfamily.config.start import prepare
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.partnership.partnership import Partnership, load_partnership
from everyfamily.core.partnership.routes import RouteCheck, as_checked
from everyfamily.core.text.counts import of
from everyfamily.parentsite.dead_numbers import dead_places, dead_routes
from everyfamily.parentsite.export import export_site
from everyfamily.parentsite.hindrance import Hindrance
from everyfamily.parentsite.readiness import good_until, hindrances, untranslated
from everyfamily.parentsite.reading import read_site
from everyfamily.parentsite.recordings import with_recordings
from everyfamily.parentsite.sealed import read_sealed_letters
from everyfamily.parentsite.serving import require_free
from everyfamily.parentsite.serving import serve as serve_site
from everyfamily.parentsite.site import Site
from everyfamily.parentsite.taking_out import take_out

FINDINGS = 1
_folder = click.Path(path_type=Path, exists=True, file_okay=False)
_file = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command(name="site")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--partnership", "partnership_file", type=_file, required=True, help="The partnership's file.")
@click.option(
    "--seals", type=_folder, required=True, help="Folder of published seals, ES-2703-K7R4.json and so on."
)
@click.option(
    "--letter", "folders", type=_folder, multiple=True, help="A letter's folder, for its files to print."
)
@click.option("--recordings", type=_folder, help="Folder of letters read aloud, ES-2703-K7R4.en.mp3 and so on.")
@click.option("--packs", type=_folder, help="Folder of the content packs and of parent-site. [default: packs]")
@click.option(
    "--language", "languages", multiple=True, help="Only this language and English. Repeat it for several."
)
@click.option("--withdrawn", multiple=True, metavar="REFERENCE", help="A letter that was withdrawn.")
@click.option("--sealing-key", help="The partnership's public sealing key (base64), as you know it.")
@click.option("--on", "today", type=click.DateTime(["%Y-%m-%d"]), help="Make it as on this day. [default: today]")
@click.option("--preview", is_flag=True, help="Make it although something is not ready. Every page says so.")
@click.option("--serve", type=click.IntRange(1024, 65535), metavar="PORT", help="Then serve it on this machine.")
@click.option(
    "--route-checks", is_flag=True, help="Take in what people found when they rang the numbers (`routes`)."
)
@click.option(
    "--overrides",
    "overrides_files",
    type=_file,
    multiple=True,
    help="A file of your own words for a pack's passages.",
)
@json_option
def site(
    out: Path,
    partnership_file: Path,
    seals: Path,
    folders: tuple[Path, ...],
    recordings: Path | None,
    packs: Path | None,
    languages: tuple[str, ...],
    withdrawn: tuple[str, ...],
    sealing_key: str | None,
    today: datetime | None,
    preview: bool,
    serve: int | None,
    route_checks: bool,
    overrides_files: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Make the parent site in the folder OUT, from sealed letters, packs and the route register.

    Exit 1 if something stops the site from being published, such as a route that nobody has checked or a
    translation that nobody has read.
    """
    if serve is not None:
        require_free(serve)
    partnership = load_partnership(partnership_file)
    letters = read_sealed_letters(seals, folders, partnership, sealing_key=sealing_key, withdrawn=withdrawn)
    letters = with_recordings(letters, recordings)
    now = datetime.now(LONDON).date()
    day = today.date() if today else now
    if day < now and not preview and not partnership.demonstration:
        raise click.BadParameter(
            "A site for families is not made as on a day that is past: a number may have died since.",
            param_hint="--on",
        )
    checks = _checks() if route_checks else []
    register = _with_checks(partnership, checks, day)
    own = [read_overrides(file) for file in overrides_files]
    where = packs or packs_folder()
    made = read_site(register, letters, where, languages, day, preview=preview, overrides=own, checks=checks)
    found = hindrances(made)
    if found and not preview:
        without = take_out(dead_places(register.routes, checks, day), out.absolute())
        _say_hindrances(found, without, as_json)
        raise SystemExit(FINDINGS)
    exported = export_site(made, out)
    until = good_until(made)
    if as_json:
        row = {"out": str(out), "languages": made.languages, "pages": exported.pages, "files": exported.files}
        hindering = [{"code": one.code, "fact": one.fact} for one in found]
        row |= {"bytes": exported.size, "good_until": str(until), "key_was_known": sealing_key is not None}
        row |= {"without_dead_routes": [route.id for route in dead_routes(made)]}
        click.echo(json.dumps(row | {"hindrances": hindering}))
    else:
        languages_are = "1 language" if len(made.languages) == 1 else f"{len(made.languages)} languages"
        click.echo(f"{exported.pages} pages in {languages_are}: {out}/public")
        for tag in made.languages:
            if left := untranslated(made, tag):
                click.echo(f"In {tag}, {left} {'passage is' if left == 1 else 'passages are'} in English.")
        if found:
            click.echo(f"A preview: {_things(found)} it from families. Without --preview they are listed.")
        _say_dead(made)
        click.echo(f"Make it again by {until.isoformat()}: a number or a text is due to be checked by then.")
        if sealing_key is None:
            click.echo(
                "The seals agree with each other, but nobody has said that their key is the partnership's. "
                f"Compare {letters[0].seal.sealing_key} with the key you know, and give it as --sealing-key."
            )
    if serve is not None:
        click.echo(f"http://127.0.0.1:{serve}{made.base}/  (Ctrl-C ends it)", err=as_json)
        serve_site(out / "public", made.base, serve)


def _with_checks(partnership: Partnership, checks: Iterable[RouteCheck], day: date) -> Partnership:
    """The register with what was found until the end of `day`."""
    return replace(partnership, routes=tuple(as_checked(route, checks, day) for route in partnership.routes))


def _checks() -> list[RouteCheck]:
    """What was found, from this installation's database."""
    prepare()
    from everyfamily.letters.queries import route_checks

    return route_checks()


def _say_dead(made: Site) -> None:
    for route in dead_routes(made):
        click.echo(shown(f'Without the route "{route.id}", which is dead: put the right number into the file.'))


def _say_hindrances(found: list[Hindrance], without: int, as_json: bool) -> None:
    """`without` is how many pages of the site that was there had a dead number."""
    if as_json:
        rows = [
            {"code": one.code, "fact": one.fact, "fix": one.fix, "place": str(one.place or "")} for one in found
        ]
        click.echo(json.dumps({"out": None, "hindrances": rows, "pages_changed": without}, ensure_ascii=False))
        return
    for one in found:
        click.echo(
            shown(f"{one.place}: {one.code}: {one.fact}" if one.place else f"{one.code}: {one.fact}"), err=True
        )
        click.echo(f"  {shown(one.fix)}", err=True)
        if more := hint(one.code):
            click.echo(f"  {more}", err=True)
    tags = sorted({one.language for one in found if one.language})
    click.echo(f"{_things(found)} the site from families. Nothing was written.", err=True)
    if without:
        click.echo(f"A dead number was taken out of {of(without, 'page')} of the site that is there.", err=True)
    if tags and all(one.language for one in found):
        click.echo(
            "Without these translations: --language with those you want. To look at it: --preview.", err=True
        )
    else:
        click.echo("To look at it anyway: --preview.", err=True)


def _things(found: list[Hindrance]) -> str:
    return "1 thing keeps" if len(found) == 1 else f"{len(found)} things keep"
