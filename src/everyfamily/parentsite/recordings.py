"""A letter read aloud by a person: a sound file that a partnership makes and this program checks. It makes no voice.

In a folder: `ES-2703-K7R4.en.mp3`, and beside it `ES-2703-K7R4.en.toml`, which says who read, who listened with the
words in their hand, and the digest of the words that were read. A site offers it only while those are the letter's.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from pydantic import Field
from tinytag import TinyTag, TinyTagException

from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.files.text_files import read_text
from everyfamily.core.files.toml_files import StrictModel, parse_toml
from everyfamily.core.letter.letters import Letter
from everyfamily.core.packs.translations import is_second_person
from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.parentsite.sealed import AUDIO, Recording, SealedLetter
from everyfamily.rendering.plain_text import plain_text
from everyfamily.rendering.view import view_of

SLOWEST, USUAL, FASTEST = 90, 140, 200
"""Words a minute of somebody who reads a letter aloud, with room for languages of long and of short words."""
MOST_BYTES = 8_000_000
"""Ten minutes of a clear voice in one channel are 4 MB."""


class RecordingNotReadable(EveryfamilyError):
    """A file in the folder of recordings is no sound file, too large, without its words, or of no letter here."""

    code = "EF359"


class RecordingFile(StrictModel):
    """What is said about a recording: two people, and the words that were read."""

    read_by: Annotated[str, Field(min_length=1)]
    heard_by: str | None = None
    """A second person, who listened to all of it with the words in their hand."""
    words_digest: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


def words_to_read(letter: Letter, language: str) -> str:
    """The letter's words in one language as its page has them, for the person who reads them aloud."""
    return plain_text(view_of(letter, language, "web", PersonalGaps()))


def words_digest(letter: Letter, language: str) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of these words."""
    return hashlib.sha256(words_to_read(letter, language).encode()).hexdigest()[:16]


def usual_minutes(letter: Letter, language: str) -> int:
    """About how long it takes to read them, in whole minutes."""
    return max(1, round(len(words_to_read(letter, language).split()) / USUAL))


def with_recordings(letters: Iterable[SealedLetter], folder: Path | None) -> tuple[SealedLetter, ...]:
    """The letters, each with its recordings in the folder (None: there are none).

    Raises RecordingNotReadable, TextFileUnreadable or TomlNotValid.
    """
    known = {one.reference: one for one in letters}
    for file in sorted(folder.glob("*.mp3")) if folder is not None else ():
        reference, _, language = file.stem.partition(".")
        one = known.get(reference)
        if one is None or language not in one.letter.texts:
            raise RecordingNotReadable(
                "It is a recording of no letter that is sealed here in that language.",
                'Name it like "ES-2703-K7R4.en.mp3".',
                SourceLocation(file.name),
            )
        data = file.read_bytes() if file.stat().st_size <= MOST_BYTES else b""
        require_sound(data, SourceLocation(file.name))
        beside = file.with_suffix(".toml")
        about, _ = parse_toml(RecordingFile, read_text(beside, beside.name), beside.name)
        known[reference] = with_recording(one, language, data, about, SourceLocation(beside.name))
    return tuple(known.values())


def with_recording(
    one: SealedLetter, language: str, data: bytes, about: RecordingFile, place: SourceLocation | None = None
) -> SealedLetter:
    """The letter with a recording of its words in a language. `place` is where what is said about it is written."""
    faults = faults_of(one.letter, language, data, about)
    recording = Recording(language, _seconds(data), faults, place)
    return replace(
        one,
        files={**one.files, f"{language}/{AUDIO}": data},
        recordings={**one.recordings, language: recording},
    )


def require_sound(data: bytes, place: SourceLocation | None = None) -> None:
    """Raise RecordingNotReadable unless this is an MP3 file that is not too large."""
    if len(data) > MOST_BYTES or not _seconds(data):
        raise RecordingNotReadable(
            f"It is no MP3 file, or larger than {MOST_BYTES // 1_000_000} MB.",
            "Save it as MP3 with one channel and 48 kbit/s.",
            place,
        )


def faults_of(
    letter: Letter, language: str, data: bytes, about: RecordingFile, *, by_form: bool = False
) -> tuple[tuple[str, str], ...]:
    """What keeps a recording from families, each as a fact and what to do: in the file beside it, or in a form."""
    return tuple(_faults(letter, language, _seconds(data), about, by_form=by_form))


def _faults(
    letter: Letter, language: str, seconds: int, about: RecordingFile, *, by_form: bool
) -> Iterable[tuple[str, str]]:
    if about.words_digest != (now := words_digest(letter, language)):
        yield (
            "The recording was made of other words than the letter has.",
            "Take the words to read from this page, and read the letter again."
            if by_form
            else f'Read the letter again, and write words_digest = "{now}".',
        )
    if not is_second_person(about.heard_by, about.read_by):
        yield (
            "No second person has listened to the recording.",
            "Ask somebody to listen to all of it with the words in their hand, and "
            + ("give their name and the file again." if by_form else "name them as heard_by."),
        )
    pace = len(words_to_read(letter, language).split()) * 60 / seconds
    if not SLOWEST <= pace <= FASTEST:
        yield (
            f"The recording is {seconds // 60}:{seconds % 60:02} long, which is {pace:.0f} words a minute.",
            f"Listen to it: a part is missing, or twice in it. People read {SLOWEST} to {FASTEST} words a minute.",
        )


def _seconds(data: bytes) -> int:
    """How long it is. 0 if it is no sound."""
    if not (data.startswith(b"ID3") or data[:1] == b"\xff"):
        return 0
    try:
        return round(TinyTag.get("letter.mp3", file_obj=io.BytesIO(data), tags=False).duration or 0)
    except TinyTagException:
        return 0
