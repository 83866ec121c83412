"""everyfamily translations: how far each language of a pack is, and a translator's file out and back in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import click

from everyfamily.cli.console.options import json_option
from everyfamily.cli.console.shown import shown
from everyfamily.cli.letters.pack_check_command import invented_partnership
from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.files.text_files import read_bytes
from everyfamily.core.files.whole_files import AS_USUAL, written
from everyfamily.core.letter.trial import agreeing_to_everything, trial_letter
from everyfamily.core.packs.packs import load_pack
from everyfamily.core.packs.site_pack import load_site_pack
from everyfamily.core.packs.taken_in import PartState, TakenIn, take_in
from everyfamily.core.packs.to_translate import (
    EnglishPart,
    Known,
    current_parts,
    parts_of,
    parts_of_pages,
    units_of,
    words_of,
    words_of_pages,
)
from everyfamily.core.packs.translation_files import files_with
from everyfamily.core.packs.translation_states import TranslationState, states_of, states_of_texts
from everyfamily.core.packs.translators_file import Returned, TranslatorsFileNotUsable, is_language, read
from everyfamily.core.packs.translators_file import written as as_po
from everyfamily.core.partnership.partnership import load_partnership
from everyfamily.rendering.other_languages import render_other_languages

_folder = click.Path(path_type=Path, exists=True, file_okay=False)
_file = click.Path(path_type=Path, exists=True, dir_okay=False)
_FINDINGS = 1


class TranslatorNotNamed(EveryfamilyError):
    """Nobody is named as the translator."""

    code: ClassVar[str] = "EF192"


@click.group()
def translations() -> None:
    """Look after the languages of a content pack: how far each is, and a file for translators, out and back in."""


@translations.command(name="list")
@click.argument("pack", type=_folder)
@json_option
def list_(pack: Path, as_json: bool) -> None:
    """Show each translation of PACK, who read it, and the digests to write into its table in pack.toml."""
    read_pack = _read(pack)
    if as_json:
        rows = [asdict(one) | {"state": one.words} for one in read_pack.states]
        click.echo(json.dumps({"english": read_pack.english, "translations": rows}, ensure_ascii=False))
        return
    for part, digest in read_pack.english.items():
        click.echo(f'en  {part}: english_digest = "{digest}"')
    for one in read_pack.states:
        click.echo(shown(f"{one.language}  {one.part}: {one.words}. Translated by {one.translator}."))
        if one.own_digest is not None:
            click.echo(f'    checked_digest = "{one.own_digest}"')


@translations.command(name="show")
@click.argument("pack", type=_folder)
@click.option("--partnership", "partnership_file", type=_file, help="Your file. If not given, an invented one.")
@click.option("--out", "target", type=click.Path(path_type=Path), help="The page. [default: PACK.languages.html]")
def show(pack: Path, partnership_file: Path | None, target: Path | None) -> None:
    """Write the small set of PACK in each of its languages, drafts too, as one page to look at. Drafts are marked."""
    today = datetime.now(UTC).date()
    read_pack = load_pack(pack)
    if partnership_file is not None:
        whose = load_partnership(partnership_file)
    else:
        whose = agreeing_to_everything(read_pack, invented_partnership(), today)
    page = render_other_languages(trial_letter(read_pack, whose, today=today, drafts=True))
    file = target or Path(f"{read_pack.id}.languages.html")
    _write_file(file, page.encode())
    click.echo(f"{file}")


@translations.command(name="out")
@click.argument("pack", type=_folder)
@click.argument("language", metavar="LANGUAGE")
@click.option("--out", "target", type=click.Path(path_type=Path), help="The file. [default: PACK.LANGUAGE.po]")
@click.option("--part", "wanted", multiple=True, help="Only this part, such as short or site. You can repeat it.")
@click.option("--from", "earlier", type=_file, help="A translator's unfinished file: its words are kept.")
def out_(pack: Path, language: str, target: Path | None, wanted: tuple[str, ...], earlier: Path | None) -> None:
    """Write what there is to translate of PACK into LANGUAGE (a tag, such as pl) as one PO file.

    What is translated already is in it. Where the English has changed since, the passage is marked "needs work".
    """
    if language == "en" or not is_language(language):
        raise click.BadParameter("Use the tag of a language, such as pl or ckb.", param_hint="LANGUAGE")
    found = _read(pack)
    parts = _wanted(found.parts, wanted)
    memory = earlier or pack / _memory(language)
    remembered = read(read_bytes(memory, memory.name), memory.name).units if memory.is_file() else {}
    words, current = found.known(language)
    units = units_of(parts.values(), Known(words, current, remembered, earlier is not None))
    data = as_po(units, language=language, pack=found.id, version=found.version, now=datetime.now(UTC))
    file = target or Path(f"{found.id}.{language}.po")
    _write_file(file, data)
    done = sum(bool(unit.words) and not unit.needs_review for unit in units)
    review = sum(unit.needs_review for unit in units)
    click.echo(f"{file}: {len(units)} passages, {done} translated, {review} to look at again.")
    click.echo("Poedit, OmegaT and most tools of translators open it.")
    click.echo(f"When it comes back: everyfamily translations in {pack} {file}")


@translations.command(name="in")
@click.argument("pack", type=_folder)
@click.argument("file", type=_file)
@click.option("--translator", help="Who translated it, if the file does not say.")
@click.option("--checker", help="The second person, who has read every passage against the English.")
def in_(pack: Path, file: Path, translator: str | None, checker: str | None) -> None:
    """Take a translator's FILE into PACK: its texts in that language, and their tables in pack.toml.

    Nothing is written if a gap, a digit or an address was lost or changed: each is listed with its line. Exit 1 then.
    """
    found = _read(pack)
    raw = read_bytes(file, file.name)
    returned = read(raw, file.name)
    if returned.pack != found.id:
        raise TranslatorsFileNotUsable(
            f'The file is of the pack "{returned.pack}", not of "{found.id}".',
            "Give the folder of that pack, or the file of this one.",
            SourceLocation(file.name),
        )
    who = translator or returned.translator
    if who is None:
        raise TranslatorNotNamed(
            "The file does not say who translated it.",
            "Have the translator's name put into the file's head (Last-Translator), or give it.",
            SourceLocation(file.name),
        )
    taken = take_in(found.parts, returned, file.name)
    if taken.faults:
        for one in taken.faults:
            click.echo(shown(f"{one.place}: {one.code}: {one.fact}"), err=True)
            click.echo(f"  {shown(one.fix)}", err=True)
        click.echo(f"{len(taken.faults)} to mend in the file. Nothing was written.", err=True)
        raise SystemExit(_FINDINGS)
    _write(pack, returned, taken, who, checker)
    _write_file(pack / _memory(returned.language), raw)
    for state in taken.parts:
        if state.done or state.review:
            click.echo(_said(state, returned.language))
    if taken.gone:
        click.echo(f"{len(taken.gone)} passages of the file are not in the English any more.")


def _write(pack: Path, returned: Returned, taken: TakenIn, translator: str, checker: str | None) -> None:
    texts = {one.part: one.written for one in taken.parts if one.written is not None}
    files = {
        path.name: read_bytes(path, path.name)
        for path in sorted(pack.iterdir())
        if path.suffix in (".toml", ".md", ".txt")
    }
    made = files_with(
        files, pack.resolve().name, returned.language, texts, translator=translator, checker=checker
    )
    for name, data in made.items():
        _write_file(pack / name, data)


def _write_file(path: Path, data: bytes) -> None:
    with written(path, mode=AS_USUAL) as file:
        file.write(data)


def _said(state: PartState, language: str) -> str:
    line = f"{language}  {state.part}: {state.done} of {state.of} passages"
    if state.review:
        line += f", {state.review} to look at again because they are marked so or the English has changed"
    return f"{line}. " + ("Written." if state.written is not None else "Not written: it is used whole.")


def _memory(language: str) -> str:
    """Where a pack keeps the file it was last made from, so that the next one knows what has changed."""
    return f"{language}.po"


def _wanted(parts: Mapping[str, EnglishPart], wanted: Iterable[str]) -> dict[str, EnglishPart]:
    names = tuple(wanted) or tuple(parts)
    for name in names:
        if name not in parts:
            raise click.BadParameter(f"Use one of: {', '.join(parts)}.", param_hint="--part")
    return {name: parts[name] for name in names}


@dataclass(frozen=True, slots=True)
class _Read:
    """A pack, or the general pages, as translators see it."""

    id: str
    version: str
    parts: Mapping[str, EnglishPart]
    english: Mapping[str, str | None]
    """The digest of the English of each part."""
    states: list[TranslationState]
    folder: Path

    def known(self, language: str) -> tuple[dict[str, str], frozenset[str]]:
        """The words that a language has, and the parts that are of today's English."""
        if "pages" in self.parts:
            texts = load_site_pack(self.folder).texts
            current = any(one.language == language and not one.stale for one in self.states)
            return words_of_pages(texts, language), frozenset({"pages"} if current else ())
        pack = load_pack(self.folder)
        return words_of(pack, language), current_parts(pack, language)


def _read(folder: Path) -> _Read:
    if (folder / "site.toml").is_file():
        pages = load_site_pack(folder)
        english = {"pages": pages.texts["en"].english_digest}
        states = list(states_of_texts("pages", pages.texts))
        return _Read(folder.resolve().name, pages.version, parts_of_pages(pages.texts), english, states, folder)
    pack = load_pack(folder)
    digests = {"letter": pack.texts["en"].english_digest}
    digests |= {
        part: texts["en"].english_digest for part, texts in (("site", pack.site), ("short", pack.short)) if texts
    }
    return _Read(pack.id, pack.about.version, parts_of(pack), digests, states_of(pack), folder)
