"""A letter read aloud: offered only with the words that it has, heard by a second person, and of a likely length."""

from __future__ import annotations

from pathlib import Path

import pytest

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.toml_files import TomlNotValid
from everyfamily.parentsite.letter_pages import offered_files
from everyfamily.parentsite.promised_formats import formats_not_there
from everyfamily.parentsite.readiness import RECORDING, hindrances
from everyfamily.parentsite.recordings import (
    MOST_BYTES,
    RecordingNotReadable,
    usual_minutes,
    with_recordings,
    words_digest,
    words_to_read,
)
from everyfamily.parentsite.sealed import SealedLetter
from tests.factories.sealed import on_site, site
from tests.factories.sounds import silence
from tests.unit.parentsite.test_promised_formats import saying

REFERENCE = on_site().reference
DIGEST = words_digest(on_site().letter, "en")
ABOUT = f'read_by = "A. Reader"\nheard_by = "B. Listener"\nwords_digest = "{DIGEST}"\n'
MINUTES = usual_minutes(on_site().letter, "en")


def recorded(
    folder: Path, *, about: str = ABOUT, minutes: float = MINUTES, one: SealedLetter | None = None
) -> SealedLetter:
    """The letter with what is in the folder after this was put there."""
    (folder / f"{REFERENCE}.en.mp3").write_bytes(silence(minutes * 60))
    (folder / f"{REFERENCE}.en.toml").write_text(about, encoding="utf-8")
    return with_recordings([one or on_site()], folder)[0]


def found(one: SealedLetter) -> list[str]:
    return [hindrance.fact for hindrance in hindrances(site([one])) if hindrance.code == RECORDING]


def test_the_words_to_read_are_the_letters_own_with_no_gap_left_open() -> None:
    words = words_to_read(on_site().letter, "en")
    assert "Keeping children safe".upper() in words
    assert "0151 496 0120" in words.replace("\xa0", " ")
    assert "((" not in words


def test_a_recording_is_offered_with_its_length_and_keeps_the_promise_of_audio(tmp_path: Path) -> None:
    one = recorded(tmp_path, one=saying(["For audio, scan the code."]), about=ABOUT)
    assert formats_not_there(one) == []
    whole = recorded(tmp_path)
    assert found(whole) == []
    assert whole.recordings["en"].length == f"{MINUTES}:00"
    assert "en/letter.mp3" in offered_files(site([whole]), whole)


@pytest.mark.parametrize(
    ("about", "minutes", "fact"),
    [
        (ABOUT.replace(DIGEST, "0" * 16), MINUTES, "The recording was made of other words than the letter has."),
        (ABOUT.replace("B. Listener", "a.  reader"), MINUTES, "No second person has listened to the recording."),
        (
            ABOUT.replace('heard_by = "B. Listener"\n', ""),
            MINUTES,
            "No second person has listened to the recording.",
        ),
        (ABOUT, MINUTES / 2, "words a minute"),
        (ABOUT, MINUTES * 2, "words a minute"),
    ],
    ids=["other words", "the same person", "nobody", "half of it", "twice"],
)
def test_a_recording_that_a_family_should_not_hear_stops_the_site(
    tmp_path: Path, about: str, minutes: float, fact: str
) -> None:
    facts = found(recorded(tmp_path, about=about, minutes=minutes))
    assert len(facts) == 1
    assert fact in facts[0]


@pytest.mark.parametrize(
    "data",
    [b"", b"RIFF....WAVE", b"\xff" * 4000, b"ID3" + bytes(4000), b"<html>", silence(60) + bytes(MOST_BYTES)],
    ids=["nothing", "another format", "no frames", "only a tag", "a page", "too large"],
)
def test_what_is_no_sound_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / f"{REFERENCE}.en.mp3").write_bytes(data)
    (tmp_path / f"{REFERENCE}.en.toml").write_text(ABOUT, encoding="utf-8")
    with pytest.raises(RecordingNotReadable):
        with_recordings([on_site()], tmp_path)


@pytest.mark.parametrize("name", ["ES-0000-AAAA.en", f"{REFERENCE}.cy", REFERENCE])
def test_a_recording_of_no_letter_here_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.mp3").write_bytes(silence(60))
    with pytest.raises(RecordingNotReadable):
        with_recordings([on_site()], tmp_path)


def test_a_recording_without_its_words_or_with_others_is_refused(tmp_path: Path) -> None:
    (tmp_path / f"{REFERENCE}.en.mp3").write_bytes(silence(60))
    with pytest.raises(EveryfamilyError):
        with_recordings([on_site()], tmp_path)
    with pytest.raises(TomlNotValid):
        recorded(tmp_path, about=ABOUT + "voice = 'machine'\n")


def test_a_withdrawn_letter_is_not_read_aloud(tmp_path: Path) -> None:
    one = recorded(tmp_path, one=on_site(withdrawn=True))
    assert offered_files(site([one]), one) == {}
