"""A letter read aloud: put in on its page, on the site within a minute, and taken away again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories.city import NOW, REFERENCE, City
from tests.factories.school_pages import words_of
from tests.factories.sounds import silence
from tests.integration.database.test_site_pages import PAT, ask, follows, get, works
from tests.integration.database.test_site_pages import tom as tom

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]

PAGE = f"/site/recordings/{REFERENCE}/en/"


def put_in(client: Client, sound: bytes, words: str, **fields: str) -> Any:
    form = {"read_by": "A. Reader", "heard_by": "B. Listener", "words": words} | fields
    return client.post(PAGE, form | {"sound": SimpleUploadedFile("letter.mp3", sound, "audio/mpeg")}, secure=True)


def test_an_author_puts_a_recording_in_and_takes_it_away(tom: Client, city: City, tmp_path: Path) -> None:
    from everyfamily.letters.site_queries import letter_to_read
    from everyfamily.mailings.actions.ending.withdrawing import withdraw
    from everyfamily.parentsite.recordings import usual_minutes, words_digest

    letter = letter_to_read(REFERENCE)
    assert letter is not None
    words, sound = words_digest(letter, "en"), silence(usual_minutes(letter, "en") * 60)
    public = tmp_path / "site" / "public"
    ask(tom, "publish")
    works()
    assert "English" in get(tom, "/site/recordings/")
    assert f'value="{words}"' in tom.get(PAGE, secure=True).content.decode()
    read = tom.get(f"{PAGE}words/", secure=True)
    assert (read.status_code, "0151" in read.content.decode()) == (200, True)

    for given, said in (
        (put_in(tom, b"RIFF", words), "It is no MP3 file"),
        (put_in(tom, sound, words, heard_by="a.  reader"), "give their name and the file again"),
        (put_in(tom, sound, "0" * 16), "Take the words to read from this page"),
        (put_in(tom, silence(60), words), "words a minute"),
        (put_in(tom, sound, words, read_by=""), "The name of the person who read"),
        (tom.post(PAGE, {"read_by": "A. Reader", "words": words}, secure=True), "There is no file yet."),
    ):
        assert (given.status_code, said in words_of(given)) == (422, True), said
    assert 'value="A. Reader"' in given.content.decode(), "what was typed is kept"
    assert tom.get(f"{PAGE}sound/", secure=True).status_code == 404

    # Pressed twice, it is there once.
    assert [put_in(tom, sound, words).status_code for _ in range(2)] == [302, 302]
    assert "The recording is in." in get(tom, PAGE)
    assert "Read by A. Reader" in get(tom, PAGE)
    heard = tom.get(f"{PAGE}sound/", secure=True)
    assert (heard.content, heard["Content-Type"]) == (sound, "audio/mpeg")
    assert (follows(), follows()) == (True, False)
    assert (public / "files" / REFERENCE / "en" / "letter.mp3").read_bytes() == sound
    assert "<audio" in (public / "spring-2027" / "index.html").read_text(encoding="utf-8")

    assert tom.post(PAGE, {"do": "take away"}, secure=True).status_code == 302
    assert follows()
    assert not (public / "files" / REFERENCE / "en" / "letter.mp3").exists()
    withdraw(REFERENCE, why="a wrong number", by=PAT, now=NOW)
    assert tom.get(PAGE, secure=True).status_code == 404
    assert put_in(tom, sound, words).status_code == 404
    assert REFERENCE not in get(tom, "/site/recordings/")
