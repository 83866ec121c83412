"""Sealed letters as the site shows them. Each is proven before any part of it is published.

A letter comes from its published seal, `ES-2703-K7R4.json`. Its files for download come from the letter's folder. Each
is compared with the seal, so the site offers exactly the bytes that were approved.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from everyfamily.core.agreement.seals import Seal, digest_of, fingerprint, problems
from everyfamily.core.agreement.signatory_keys import SignatoryKeys
from everyfamily.core.agreement.withdrawals import WithdrawalNotice
from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.letter.letter_history import LetterHistory, letter_histories
from everyfamily.core.letter.letters import Letter
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.letters.files.folder import read_artefacts, read_record, read_seal
from everyfamily.letters.files.key_lists import key_list_beside
from everyfamily.letters.files.proof import letter_in
from everyfamily.letters.files.record import PRIMARY_FOLDER
from everyfamily.letters.files.withdrawal_notices import notices_about

DOWNLOADS = ("letter.pdf", "letter-large-print.pdf")
"""Files of a letter that families may want, in each of its languages."""


AUDIO = "letter.mp3"
"""The letter read aloud, among its files in the folder of its language."""
_TERM = re.compile(r"(autumn|spring|summer)-[0-9]{4}(-[2-9])?")
"""What compose puts at the end of a letter's address, so that no letter takes the address of another page."""
_REFERENCE = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")
"""What compose accepts as a reference. It names a page, so ".." and look-alike letters are not allowed."""
_PACK = re.compile(r"[a-z][a-z0-9-]*")
"""A pack's id names its folder under the packs, and cannot name a folder elsewhere."""


class SealNotProven(EveryfamilyError):
    """A seal is not valid, not under its own reference, or from another partnership, so nothing in it is published."""

    code = "EF340"


class TwoLettersOfOneTerm(EveryfamilyError):
    """Two letters to everybody have the same printed address, and only one can be read there."""

    code = "EF351"


class NoSealedLetter(EveryfamilyError):
    """There is no sealed letter to make the site from."""

    code = "EF341"


@dataclass(frozen=True, slots=True)
class Recording:
    """A letter read aloud in one language."""

    language: str
    seconds: int
    faults: tuple[tuple[str, str], ...]
    """What stops it from being offered to families, each with what to do."""
    place: SourceLocation | None

    @property
    def length(self) -> str:
        """Minutes and seconds, "4:05"."""
        return f"{self.seconds // 60}:{self.seconds % 60:02}"


@dataclass(frozen=True, slots=True)
class SealedLetter:
    """A letter with its seal, the address of its page, and the files that families may download."""

    letter: Letter
    seal: Seal
    term: str
    """Its page is under this, "spring-2027": the end of the printed address."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Name ("en/letter.pdf") to bytes: each as it was sealed, and recordings."""
    history: LetterHistory = field(default_factory=LetterHistory)
    notice: WithdrawalNotice | None = None
    """Published next to the seal of a letter that was withdrawn."""
    keys: SignatoryKeys | None = None
    """The signed list that has the keys of those who approved it, if one is published with the seals."""
    recordings: Mapping[str, Recording] = field(default_factory=dict)
    """By language. The sound itself is among the files, "en/letter.mp3"."""

    @property
    def withdrawn(self) -> bool:
        """Whether families should no longer use it."""
        return self.history.withdrawn

    @property
    def is_correction(self) -> bool:
        """Whether it is only for those who had a wrong letter. It is never this term's letter to everybody."""
        return self.history.is_correction

    @property
    def for_everyone(self) -> bool:
        """Whether it went to every family: not a correction, not withdrawn, and for every year group."""
        return not (self.is_correction or self.withdrawn or self.letter.from_year)

    @property
    def reference(self) -> str:
        """As printed."""
        return self.letter.reference

    @property
    def fingerprint(self) -> str:
        """In the form that people compare."""
        return fingerprint(self.seal.digest)

    def approvals(self) -> list[tuple[str, str, str, datetime]]:
        """Name, title, organisation and time of each approval, in the order in which the signatories are printed."""
        at = {one.signatory: datetime.fromisoformat(one.approved_at) for one in self.seal.approvals}
        return [(who.name, who.title, who.organisation, at[who.id]) for who in self.letter.signatories]


def read_sealed_letters(
    seals: Path,
    folders: Iterable[Path],
    partnership: Partnership,
    *,
    sealing_key: str | None = None,
    withdrawn: Collection[str] = (),
) -> tuple[SealedLetter, ...]:
    """Read every seal in `seals` with its withdrawal notice, and the letters' folders, newest letter first.

    `sealing_key` is the partnership's public key if somebody knows it. Without it, all seals must have the same key.
    `withdrawn` are references for which there is no notice. If the signed list of signatories' keys is among the seals,
    every letter must have been approved with keys in it. Raises NoSealedLetter, SealNotProven, TwoLettersOfOneTerm,
    LetterFolderNotReadable, SealNotReadable, KeyListNotReadable, NoticeNotReadable, NoticeNotProven or RecordNotProven.
    """
    keys = key_list_beside(seals)
    given = {file.name: read_seal(file) for file in sorted(seals.glob("*.json"))}
    found = _proven_all(given, partnership, sealing_key, keys)
    for reference in withdrawn:
        if reference not in found:
            raise SealNotProven(
                f'No seal here has the withdrawn reference "{reference}".', "Correct the reference."
            )
    for folder in folders:
        record = read_record(folder)
        one = found.get(str(record.get("reference")))
        if one is None or digest_of(record) != one.seal.digest:
            raise SealNotProven(
                "The folder's letter has no seal in the seals.",
                "Give the folder of a letter whose seal is published.",
                SourceLocation(folder.name),
            )
        found[one.reference] = _with_files(one, read_artefacts(folder, one.seal.record))
    if not found:
        raise NoSealedLetter(
            "There is no sealed letter to make a site from.",
            "Seal a letter and put its seal there under its reference, as in ES-2703-K7R4.json.",
            SourceLocation(seals.name),
        )
    days: dict[str, date | None] = dict.fromkeys(withdrawn)
    return _in_order(found, notices_about(seals, [one.seal for one in found.values()]), days)


def prove_letters(
    seals: Mapping[str, Seal],
    partnership: Partnership,
    *,
    files: Mapping[str, Mapping[str, bytes]],
    withdrawn: Mapping[str, date],
    notices: Mapping[str, WithdrawalNotice],
    sealing_key: str | None = None,
    keys: SignatoryKeys | None = None,
) -> tuple[SealedLetter, ...]:
    """The same for letters that are in no folder: their seals, their `files` (name -> bytes), the days on which some
    were withdrawn and the notices that say so, each by reference. Raises NoSealedLetter, SealNotProven,
    TwoLettersOfOneTerm or RecordNotProven.
    """
    named = {f"{reference}.json": seal for reference, seal in seals.items()}
    found = _proven_all(named, partnership, sealing_key, keys)
    if not found:
        raise NoSealedLetter("There is no sealed letter to make a site from.", "Seal a letter first.")
    for reference, one in found.items():
        found[reference] = _with_files(one, files.get(reference, {}))
    return _in_order(found, notices, dict(withdrawn))


def _proven_all(
    seals: Mapping[str, Seal], partnership: Partnership, sealing_key: str | None, keys: SignatoryKeys | None
) -> dict[str, SealedLetter]:
    """Each letter by its reference; `seals` are by the names of their files."""
    found: dict[str, SealedLetter] = {}
    for name, seal in seals.items():
        letter = _proven(seal, name, partnership, sealing_key, keys)
        sealing_key = sealing_key or seal.sealing_key
        found[letter.reference] = SealedLetter(letter, seal, _term_of(letter), keys=keys)
    return found


def _in_order(
    found: Mapping[str, SealedLetter], notices: Mapping[str, WithdrawalNotice], days: Mapping[str, date | None]
) -> tuple[SealedLetter, ...]:
    """With their histories, newest first. Raises TwoLettersOfOneTerm."""
    told = _with_histories(found, notices, days)
    letters = tuple(sorted(told, key=lambda one: (one.letter.dated, one.reference), reverse=True))
    _check_terms(letters)
    return letters


def _with_histories(
    found: Mapping[str, SealedLetter], notices: Mapping[str, WithdrawalNotice], days: Mapping[str, date | None]
) -> Iterator[SealedLetter]:
    days = dict(days) | {reference: notice.withdrawn_on for reference, notice in notices.items()}
    histories = letter_histories({reference: one.letter.follows for reference, one in found.items()}, days)
    for reference, one in found.items():
        yield replace(one, history=histories[reference], notice=notices.get(reference))


def _proven(
    seal: Seal, name: str, partnership: Partnership, sealing_key: str | None, keys: SignatoryKeys | None
) -> Letter:
    faults = problems(seal, sealing_key=sealing_key)
    if not faults and keys is not None:
        faults = keys.faults_of(seal)
    letter = letter_in(seal.record) if not faults else None
    if letter is not None and name != f"{letter.reference}.json":
        faults = [f"The seal is not under its own reference: name the file {letter.reference}.json."]
    if letter is not None and not _REFERENCE.fullmatch(letter.reference):
        faults = ["The seal's reference has other marks than capitals, digits and hyphens."]
    if letter is not None and (letter.partnership, letter.site) != (partnership.name, partnership.site):
        faults = ["The letter is from another partnership, or for another address of the site."]
    if letter is not None and not _TERM.fullmatch(_term_of(letter)):
        faults = ["The letter's address is not that of a term on this site."]
    if letter is not None and not (_PACK.fullmatch(letter.pack) and "en" in letter.texts and _has_days(seal)):
        faults = ["The letter has no English, no pack, or no days of its seal and approvals that can be read."]
    if faults or letter is None:
        raise SealNotProven(
            faults[0],
            "Remove this seal, or get it again from the person who sealed it.",
            SourceLocation(name),
        )
    return letter


def _has_days(seal: Seal) -> bool:
    try:
        for words in (seal.sealed_at, *(one.approved_at for one in seal.approvals)):
            datetime.fromisoformat(words)
    except ValueError:
        return False
    return True


def _check_terms(letters: Iterable[SealedLetter]) -> None:
    standing: dict[str, str] = {}
    for one in letters:
        if (
            not one.withdrawn
            and not one.is_correction
            and standing.setdefault(one.term, one.reference) != one.reference
        ):
            raise TwoLettersOfOneTerm(
                f"{standing[one.term]} and {one.reference} are printed with the same address.",
                "If one was withdrawn, publish the withdrawal."
                " What takes its place says so when it is composed as its replacement.",
                SourceLocation(f"{one.reference}.json"),
            )


def _term_of(letter: Letter) -> str:
    return letter.page.removeprefix(f"{letter.site}/")


def _with_files(one: SealedLetter, given: Mapping[str, bytes]) -> SealedLetter:
    sealed = one.seal.record["artefacts"]
    files = {}
    for name, data in given.items():
        if hashlib.sha256(data).hexdigest() != sealed.get(name):
            raise SealNotProven(
                "A file is not the one that was sealed.", "Take the letter's folder again.", SourceLocation(name)
            )
        if name.removeprefix(PRIMARY_FOLDER).count("/") == 1 and name.rpartition("/")[2] in DOWNLOADS:
            files[name] = data
    return replace(one, files=files)
