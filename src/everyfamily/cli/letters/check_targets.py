"""What `check` was given: a composed letter, a pack, a document from outside, or standard input. Each is checked.

A pack is two things: the letter that it makes, and its pages on the parent site.

What a letter of ours needs (the press, templates) is imported only if there is one. A document from outside is read and
checked in a fraction of a second.
"""

from __future__ import annotations

import stat
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Finding
from everyfamily.checks.model.waivers import Waiver
from everyfamily.checks.run.check_document import check_document
from everyfamily.checks.run.checked import Checked
from everyfamily.checks.run.runner import run
from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.packs.site_text import SiteText
from everyfamily.core.partnership.routes import Route
from everyfamily.core.text.outside_document import Document
from everyfamily.documents.reading import read_document, read_path
from everyfamily.documents.shared.document_limits import MAX_FILE

if TYPE_CHECKING:
    from everyfamily.core.packs.sources import Source
    from everyfamily.core.partnership.partnership import Partnership

_ANY_REFERENCE = "ES-0000-0000"
"""Used in a pack's text while it is checked. It has the form of a reference, but belongs to nobody."""

STANDARD_INPUT = "-"
TEXT_ENDINGS = (".md", ".txt")
_NO_FILE = "This is a pipe or a device, not a file."


class NothingToCheck(EveryfamilyError):
    """A folder that is neither a letter nor a pack, or a file that is not there."""

    code: ClassVar[str] = "EF702"


class OptionDoesNotFit(EveryfamilyError):
    """An option that has no meaning for this target."""

    code: ClassVar[str] = "EF703"


@dataclass(frozen=True)
class Asked:
    """What the person who typed `check` wants for every document."""

    today: date
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    about_harm: bool | None = None
    partnership_file: Path | None = None
    term: str | None = None
    waivers_file: Path | None = None
    stdin_name: str | None = None

    @cached_property
    def partnership(self) -> Partnership | None:
        """What the partnership's file says, or None if there is none."""
        if self.partnership_file is None:
            return None
        from everyfamily.core.partnership.partnership import load_partnership

        return load_partnership(_require_file(self.partnership_file))

    @property
    def register(self) -> tuple[Route, ...] | None:
        """The routes in the partnership's file, or None if there is none."""
        return None if self.partnership is None else self.partnership.routes

    @cached_property
    def waivers(self) -> tuple[Waiver, ...]:
        """The waivers in the file of waivers."""
        if self.waivers_file is None:
            return ()
        from everyfamily.checks.model.waiver_file import load_waivers

        return load_waivers(_require_file(self.waivers_file))


@dataclass(frozen=True)
class Target:
    """One thing to check. `source_of` gives the file that a finding's place names, if we may write it."""

    check: Callable[[], Checked]
    source_of: Callable[[str], Path | None]
    not_fixed: str = ""
    """Why nothing in it can be fixed, in a sentence."""


def targets_of(what: str, asked: Asked) -> tuple[Target, ...]:
    """Find out what a word on the command line means. Raises NothingToCheck or OptionDoesNotFit."""
    if what == STANDARD_INPUT:
        return (
            Target(lambda: _checked(_from_stdin(asked), asked), _nowhere, "Standard input is never written."),
        )
    path = _existing(what)
    if path.is_dir():
        return _folder(what, path, asked)
    if path.suffix.lower() == ".zip":
        return _shared_pack(what, path, asked)
    return (_file(what, path, asked),)


def _shared_pack(what: str, path: Path, asked: Asked) -> tuple[Target, ...]:
    _needs_no_subject(what, asked)
    not_fixed = "A shared pack is not changed. Unpack it, and correct its folder."
    letter = Target(lambda: _checked_pack(what, path, asked), _nowhere, not_fixed)
    return (letter, Target(lambda: _checked_site_of_pack(what, path, asked), _nowhere, not_fixed))


def _file(what: str, path: Path, asked: Asked) -> Target:
    writable = path.suffix.lower() in TEXT_ENDINGS
    return Target(
        lambda: replace(_checked(read_path(path), asked).with_places_in(what), can_fix=writable),
        lambda file: path if writable and file == what else None,
        "" if writable else f"--fix writes only .md and .txt files. Correct {path.name} in its own program.",
    )


def _existing(what: str) -> Path:
    """The path of a file or folder. A pipe may never end and a device never does, so neither is opened by name."""
    path = Path(what)
    try:
        mode = path.stat().st_mode if what else 0
    except PermissionError as problem:
        raise NothingToCheck(
            "The file may not be read.", "Ask its owner, or copy it.", SourceLocation(what)
        ) from problem
    except (OSError, ValueError):  # the name is too long, or no file can have it
        mode = 0
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return path
    if mode:
        raise NothingToCheck(
            _NO_FILE, "Send its text to standard input: everyfamily check - < IT", SourceLocation(what)
        )
    raise NothingToCheck(
        "There is no such file.",
        "Check its name; put quotation marks round a name with spaces.",
        SourceLocation(what),
    )


def _require_file(path: Path) -> Path:
    if not path.is_file():
        raise OptionDoesNotFit(_NO_FILE, "Put it into a file, and give that.", SourceLocation(str(path)))
    return path


def _folder(what: str, path: Path, asked: Asked) -> tuple[Target, ...]:
    def source_of(file: str) -> Path | None:
        return _file_of_pack(path, file)

    if (path / "record.json").is_file():
        if asked.waivers_file is not None:
            raise OptionDoesNotFit(
                "A composed letter has its waivers in its record.",
                "Give --waivers to `compose`.",
                SourceLocation(what),
            )
        _needs_no_subject(what, asked)
        letter = Target(
            lambda: _checked_letter(what, path, asked),
            _nowhere,
            "A composed letter cannot be changed. Correct its pack and compose it again.",
        )
        return (letter,)
    if (path / "pack.toml").is_file():
        _needs_no_subject(what, asked)
        letter = Target(lambda: _checked_pack(what, path, asked), source_of)
        pages = Target(lambda: _checked_site_of_pack(what, path, asked), source_of)
        return (letter, pages) if (path / "site.en.md").is_file() else (letter,)
    if (path / "site.toml").is_file():
        _needs_no_subject(what, asked)
        return (Target(lambda: _checked_general_pages(what, path, asked), source_of),)
    raise NothingToCheck(
        "This folder is not a letter and not a pack.",
        f"Name the files: everyfamily check {path / '*'}",
        SourceLocation(what),
    )


def _needs_no_subject(what: str, asked: Asked) -> None:
    if asked.about_harm is not None:
        raise OptionDoesNotFit(
            "A letter of ours is always about harm.",
            "Leave out --about-harm and --not-about-harm.",
            SourceLocation(what),
        )


def _nowhere(file: str) -> Path | None:
    return None


def _checked(document: Document, asked: Asked) -> Checked:
    return check_document(
        document,
        today=asked.today,
        register=asked.register,
        about_harm=asked.about_harm,
        select=asked.select,
        ignore=asked.ignore,
        waivers=asked.waivers,
    )


def _from_stdin(asked: Asked) -> Document:
    try:
        # One byte more than a reader takes, so that it can say that there is too much.
        data = sys.stdin.buffer.read(MAX_FILE + 1)
    except (AttributeError, OSError) as problem:  # it was closed, or opened only for writing
        raise NothingToCheck(
            "There is no standard input.", "Give it the letter: everyfamily check - < letter.txt"
        ) from problem
    return read_document(data, asked.stdin_name or "standard input")


def _checked_letter(what: str, path: Path, asked: Asked) -> Checked:
    from everyfamily.letters.files.folder import read_record
    from everyfamily.letters.files.proof import check_record, letter_in

    record = read_record(path)
    report = check_record(record, today=asked.today, select=asked.select, ignore=asked.ignore)
    return Checked(what, CheckContext.of_letter(letter_in(record), today=asked.today), report)


def _checked_pack(what: str, path: Path, asked: Asked) -> Checked:
    from everyfamily.core.letter.compose import compose
    from everyfamily.core.packs.opened_pack import open_pack
    from everyfamily.letters.files.artefacts import check_letter

    if asked.partnership is None or asked.term is None:
        raise OptionDoesNotFit(
            "A pack is checked as the letter it would make.",
            "Give --partnership FILE and --term TERM, such as spring-2027.",
            SourceLocation(what),
        )
    letter = compose(
        open_pack(path).parsed(),
        asked.partnership,
        term=asked.term,
        dated=asked.today,
        reference=_ANY_REFERENCE,
    )
    report = check_letter(
        letter,
        today=asked.today,
        select=asked.select,
        ignore=asked.ignore,
        waivers=[one for one in asked.waivers if not _is_of_page(one)],
    )
    return Checked(what, CheckContext.of_letter(letter, today=asked.today), report, can_fix=True)


def _checked_site_of_pack(what: str, path: Path, asked: Asked) -> Checked:
    from everyfamily.core.packs.opened_pack import open_pack

    pack = open_pack(path).parsed()
    waivers = [one for one in asked.waivers if _is_of_page(one)]
    return _checked_pages(f"{what} (its pages)", pack.site, pack.sources, asked, waivers)


def _checked_general_pages(what: str, path: Path, asked: Asked) -> Checked:
    from everyfamily.core.packs.site_pack import load_site_pack

    pages = load_site_pack(path.resolve())
    return _checked_pages(what, pages.texts, pages.sources, asked, asked.waivers)


def _checked_pages(
    name: str,
    texts: Mapping[str, SiteText],
    sources: Mapping[str, Source],
    asked: Asked,
    waivers: Sequence[Waiver],
) -> Checked:
    if asked.partnership is None:
        raise OptionDoesNotFit(
            "The parent site's pages are checked as a partnership's families read them.",
            "Give --partnership FILE.",
            SourceLocation(name),
        )
    context = CheckContext.of_site(texts, asked.partnership, today=asked.today, sources=sources)
    report = run(context, select=asked.select, ignore=asked.ignore, waivers=waivers)
    if len(texts) > 1:
        report = replace(report, findings=tuple(map(_fixed_in_one_language, report.findings)))
    return Checked(name, context, report, can_fix=True)


def _fixed_in_one_language(found: Finding) -> Finding:
    """Leave out a fix to digits or an address: if only one language were fixed, the pages could not be read again."""
    from everyfamily.core.packs.parity import digits_and_addresses

    kept = found.fix is None or digits_and_addresses(found.words) == digits_and_addresses(found.fix)
    return found if kept else replace(found, fix=None)


def _is_of_page(waiver: Waiver) -> bool:
    """Whether it names a passage in the parent site's texts, and not in a letter's."""
    return waiver.passage.partition("/")[0] == "site"


def _file_of_pack(path: Path, file: str) -> Path | None:
    """The pack's file that a place names ("child-sexual-exploitation/letter.en.md")."""
    folder, _, name = file.partition("/")
    source = path / name
    is_its_text = folder == path.resolve().name and source.parent == path and source.suffix in TEXT_ENDINGS
    return source if is_its_text and source.is_file() else None
