"""new-area: from an empty folder to a partnership's file, and from a file to what it still lacks."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import click

from everyfamily.cli.console.packs_folder import packs_folder
from everyfamily.cli.console.shown import of, shown
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.text_files import read_text
from everyfamily.core.files.toml_files import TomlNotValid, parse_toml
from everyfamily.core.letter.nothing_invented import lines_on_invented
from everyfamily.core.packs.packs import Pack, load_pack
from everyfamily.core.partnership.national_routes import national_routes
from everyfamily.core.partnership.new_area import (
    QUESTIONS,
    Answer,
    Question,
    partnership_text,
    questions_as_toml,
)
from everyfamily.core.partnership.new_area_answers import answer_from_words, is_asked, prompt_of, read_answers
from everyfamily.core.partnership.partnership import Partnership, build_partnership
from everyfamily.core.partnership.partnership_file import PartnershipFile
from everyfamily.core.partnership.partnership_gaps import gaps_of

_FILE = "partnership.toml"
_STILL_MISSING = 1
_BLANK = "<svg/>"
_GAP_IN_TEXT = re.compile(r"\(\(([^()]+)\)\)")
_FIRST_PACK = "child-sexual-exploitation"


@click.command(name="new-area")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
@click.option(
    "--answers",
    "answers_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Take the answers from this file (TOML) instead of asking.",
)
@click.option("--questions", is_flag=True, help="Print an empty file of answers, and stop.")
def new_area(folder: Path | None, answers_file: Path | None, questions: bool) -> None:
    """Set up an area in FOLDER: ask what only people know, write the partnership's file, say what is missing.

    Leave an answer blank if you do not have it yet. The file then says TO FILL IN, and nothing is made from it
    until you do. A file that exists is never changed: the command says what is missing, and ends with 1 until
    nothing is.
    """
    if questions:
        click.echo(questions_as_toml(_promises(_first_pack())))
        return
    if folder is None:
        raise click.UsageError("Give the folder to set up, such as northmere.")
    file = folder / _FILE
    if not file.exists():
        promises = _promises(_first_pack())
        answers = _read(answers_file) if answers_file is not None else _ask(promises)
        text = partnership_text(answers, national_routes(), promises)
        for place in (folder, folder / "seals"):
            place.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        click.echo(f"{file} is written.")
    elif answers_file is not None:
        click.echo(
            f"{file} is there already, so {answers_file.name} was not read. Write the values into it, or move it away "
            "and run this again."
        )
    missing = list(what_is_missing(folder, datetime.now(UTC).date()))
    if not missing:
        click.echo("Nothing is missing. Next: docs/howto/set-up-your-area.md, the letter.")
        return
    click.echo(f"Still to do: {of(len(missing), 'thing')}.")
    for line in missing:
        click.echo(f"  {shown(line)}")
    sys.exit(_STILL_MISSING)


def what_is_missing(folder: Path, today: date) -> Iterator[str]:
    """What a person must still do before a letter can be composed and approved, one line each."""
    file = folder / _FILE
    text = read_text(file, file.name)
    gaps = gaps_of(text)
    yield from (f"{file.name}:{gap.line}: {gap.what}" for gap in gaps)
    yield from _missing_drawings(folder, text, has_gaps=bool(gaps))
    faults = _faults_beside(text, {gap.line for gap in gaps})
    yield from map(str, faults)
    if gaps or faults:
        return
    try:
        partnership = _with_blank_drawings(folder, text)
    except EveryfamilyError as problem:
        yield str(problem)
        return
    yield from lines_on_invented(partnership)
    yield from _missing_words_of_people(partnership, today)


def _with_blank_drawings(folder: Path, text: str) -> Partnership:
    """The partnership, so that other missing things are reported even while the drawings are not there."""
    model, places = parse_toml(PartnershipFile, text, _FILE)
    names = [*(body.logo for body in model.bodies), *(who.signature for who in model.signatories)]
    there = {name: folder / name for name in names}
    drawings = {name: read_text(file, name) if file.is_file() else _BLANK for name, file in there.items()}
    return build_partnership(model, drawings, places)


def _faults_beside(text: str, gaps: set[int]) -> list[TomlNotValid]:
    """The values in the file that cannot be used, without the lines that nobody has filled in yet."""
    try:
        parse_toml(PartnershipFile, text, _FILE)
    except TomlNotValid as problem:
        return [one for one in (problem, *problem.others) if one.place is None or one.place.line not in gaps]
    return []


def _missing_drawings(folder: Path, text: str, *, has_gaps: bool) -> Iterator[str]:
    if has_gaps:
        names = [f"{what}-{body}.svg" for what in ("logo", "signature") for body in ("council", "police")]
    else:
        try:
            model, _ = parse_toml(PartnershipFile, text, _FILE)
        except EveryfamilyError:
            return
        names = [*(body.logo for body in model.bodies), *(who.signature for who in model.signatories)]
    for name in names:
        if not (folder / name).is_file():
            yield f"{name}: a drawing as a plain SVG file, next to {_FILE}"


def _missing_words_of_people(partnership: Partnership, today: date) -> Iterator[str]:
    for who in partnership.signatories:
        if not who.keys:
            yield f"{_FILE}:{who.line}: the public_key of {who.name} (each signatory runs `everyfamily key`)"
    for route in partnership.routes:
        if fault := route.fault_on(today):
            yield f"{_FILE}:{route.line}: {fault}: ring or open it, and write who did and when"
        elif not route.has_confirmed_hours(today):
            yield f'{_FILE}:{route.line}: nobody has confirmed the hours of the route "{route.id}"'
    yield from _missing_topics_and_promises(partnership, today)


def _missing_topics_and_promises(partnership: Partnership, today: date) -> Iterator[str]:
    for promise in partnership.promises:
        if promise.agreed_on > today:
            yield f"{_FILE}:{promise.line}: the promise {promise.id}: agreed_on {promise.agreed_on} is in the future"
    topics = {one.topic for one in partnership.year_plan.letters if one.topic and one.term.closes_on >= today}
    if not topics:
        yield f"{_FILE}: a term from today on with a topic, such as {_FIRST_PACK}"
    agreed = {promise.id for promise in partnership.promises}
    for topic in sorted(topics):
        if not (packs_folder() / topic / "pack.toml").is_file():
            yield f"packs/{topic}: there is no pack of this topic yet (docs/howto/write-a-pack.md)"
            continue
        for key, sentence in _promises(load_pack(packs_folder() / topic, site_languages=())).items():
            if key not in agreed:
                yield f'{_FILE}: who agreed to the promise {key}: "{sentence}"'


def _read(file: Path) -> dict[str, Answer]:
    return read_answers(read_text(file, file.name), file.name)


def _ask(promises: Mapping[str, str]) -> dict[str, Answer]:
    if not _somebody_can_be_asked():
        raise click.UsageError("There is nobody to ask. Give --answers FILE. --questions prints an empty one.")
    click.echo("What you do not know yet, leave blank. Separate the lines of an address with semicolons.")
    today = datetime.now(UTC).date()
    given: dict[str, Answer] = {}
    for question in QUESTIONS:
        if not is_asked(question, given):
            continue
        if question.id == "promises.agreed_by":
            click.echo(
                "The letter makes these promises:\n" + "\n".join(f"  {line}" for line in promises.values())
            )
        if (answer := _ask_one(question, today)) is not None:
            given[question.id] = answer
    return given


def _somebody_can_be_asked() -> bool:
    return sys.stdin.isatty()


def _ask_one(question: Question, today: date) -> Answer | None:
    while True:
        words = click.prompt(prompt_of(question), default="", show_default=False)
        try:
            return answer_from_words(question, words, today)
        except ValueError as problem:
            click.echo(str(problem))


def _first_pack() -> Pack:
    return load_pack(packs_folder() / _FIRST_PACK)


def _promises(pack: Pack) -> dict[str, str]:
    """The promises of a pack's letter by id, each with its sentence as the letter on paper has it, if it is there.

    One of the press lines is in the answer to a question.
    """
    found: dict[str, str] = {}
    text = pack.texts["en"]
    for passage in (*text.passages(), *text.beside()):
        for promise in passage.promises:
            is_answer = passage.kind == "item" and passage.aside is not None
            said = passage.aside if is_answer and passage.aside else passage.text
            sentence = _GAP_IN_TEXT.sub(r"[\1]", said.replace("\n", " "))
            found.setdefault(promise, sentence)
    return found


COMMANDS: tuple[click.Command, ...] = (new_area,)
"""In the order of the help."""
