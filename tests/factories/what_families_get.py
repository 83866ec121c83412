"""Everything that families, schools and reporters can get today, made by the functions that the product makes it with,
and whether a number is in it."""

from __future__ import annotations

import html
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf

from everyfamily.core.invented import digits_of
from everyfamily.rendering.page_pictures import page_words
from tests.factories.city import NOW, REFERENCE, City

if TYPE_CHECKING:
    from django.test import Client

type Files = dict[str, bytes]
"""Name -> bytes. The first part of a name says what it is."""

OF_THE_SEALED = ("kit/", "sent/", "told/", "aloud/", "site/seals/", "preview/seals/")
"""What is made of the sealed record only."""
SHOWS_THE_SEALED = re.compile(rf"(site|preview)/(\w+/)?(spring-2027|genuine/{REFERENCE})/index\.html")
"""Pages with the sealed words in them."""


@dataclass
class Families:
    """Makes all of it, as often as somebody asks."""

    city: City
    author: Client
    """Somebody who may publish the site."""
    draft: int
    """A letter that is being written, and is not sealed."""
    folder: Path
    languages: Sequence[str] = ("ur",)
    """Beside English: of the preview of the site. Nobody has read them yet, so families do not get them."""
    small_sets: bool = False
    """Also the draft's small sets that nobody has read."""
    _replies: int = 0

    def get(self) -> Files:
        """All of it as it is now. The site is published again, as if its author had pressed the button."""
        return self.site() | self.preview() | self.letter() | self.of_sealed() | self.answer()

    def site(self) -> Files:
        """The site for families, published from its page by a worker."""
        from everyfamily.work.queries.sites import sites_made

        self._made("publish")
        newest = sites_made().newest
        assert newest is not None and newest.published_at is not None, newest
        return self.published()

    def published(self) -> Files:
        """The site for families as it is, made by nobody again."""
        return _files(self.folder / "site" / "public", "site/")

    def preview(self) -> Files:
        """The site in other languages, as its author can look at it."""
        self._made("preview", *self.languages)
        return _files(self.folder / "site-preview" / "public", "preview/")

    def letter(self) -> Files:
        """Every file of the letter as it would be frozen now: in print, for email and texts, for the kit, the press and
        the staff; and its words to be read aloud."""
        from everyfamily.letters.draft_queries.drafts import draft
        from everyfamily.letters.draft_queries.words import letter_of_draft, partnership_now
        from everyfamily.letters.files.artefacts import render_artefacts
        from everyfamily.parentsite.recordings import words_to_read

        facts = draft(self.draft)
        assert facts is not None
        letter = letter_of_draft(facts, partnership_now(NOW), drafts=self.small_sets)
        files = {f"draft/{name}": data for name, data in render_artefacts(letter).items()}
        return files | {"draft/aloud.txt": words_to_read(letter, "en").encode()}

    def of_sealed(self) -> Files:
        """The kit of the sealed letter, its messages as they are sent, the briefing of a school, its words to read."""
        from everyfamily.core.sending.fallback import Channel
        from everyfamily.letters.queries import kit_of_letter, sealed_letter, sealed_letter_by_id
        from everyfamily.mailings.actions.telling.school_notices import _briefing
        from everyfamily.mailings.messages.as_sent import message_as_sent, pdf_of
        from everyfamily.people.database.tenancy import tenant
        from everyfamily.people.queries import school_by_id

        [school_id] = self.city.schools.values()
        found = sealed_letter(REFERENCE)
        assert found is not None
        letter, school, kit = sealed_letter_by_id(found.id), school_by_id(school_id), kit_of_letter(found.id)
        assert letter is not None and kit is not None
        files = {f"kit/{name}": data for name, data in kit.items()}
        # Paper that a child takes home is the same as by post.
        for channel in (Channel.EMAIL, Channel.TEXT, Channel.POST):
            body = message_as_sent(letter, school, channel, "en", "standard")
            files[f"sent/{channel}.txt"] = body.text.encode()
            if body.html:
                files[f"sent/{channel}.html"] = body.html.encode()
            if paper := pdf_of(body):
                files[f"sent/{channel}.pdf"] = paper
        with tenant(school_id):
            briefing = _briefing(self.city.mailing, school_id, school.name)
        assert briefing is not None
        files["told/briefing.txt"] = briefing.text.encode()
        words = self.author.get(f"/site/recordings/{REFERENCE}/en/words/", secure=True)
        assert words.status_code == 200
        return files | {"aloud/en.txt": words.content}

    def answer(self) -> Files:
        """The automatic answer to a reply that came in."""
        from tests.integration.database.test_replies import MINUTE, Recorded, looking, writes

        mailbox = self.folder / "replies"
        for part in ("tmp", "new", "cur"):
            (mailbox / part).mkdir(parents=True, exist_ok=True)
        self._replies += 1
        writes(mailbox, f"somebody{self._replies}@example.org", number=self._replies)
        post = Recorded()
        assert looking(mailbox, post).look(NOW + 2 * MINUTE) == 1
        return {"answer/reply.txt": f"{post.given[0].subject}\n{post.given[0].text}".encode()}

    def _made(self, do: str, *languages: str) -> None:
        from tests.integration.database.test_site_pages import ask, works

        assert ask(self.author, do, *languages).status_code == 302
        works()


def _files(folder: Path, before: str) -> Files:
    files = (one for one in sorted(folder.rglob("*")) if one.is_file() and one.suffix != ".gz")
    return {f"{before}{one.relative_to(folder)}": one.read_bytes() for one in files}


def that_say(files: Mapping[str, bytes], value: str) -> set[str]:
    """The names of those files that have a number in them, however it is written, or an address."""
    wanted = _wanted(value)
    return {name for name, data in files.items() if any(wanted.search(one) for one in _said(name, data))}


def is_download(name: str) -> bool:
    """Whether it is a file of the sealed letter that families may download, or its recording."""
    return name.startswith(("site/files/", "preview/files/"))


def _wanted(value: str) -> re.Pattern[str]:
    digits = digits_of(value)
    if len(digits) < 9 or re.search("[a-z]", value):
        return re.compile(re.escape(value), re.IGNORECASE)
    # Of +44, (0), spaces, hyphens and marks that nobody sees only the digits count.
    return re.compile(r"[\W_]{0,9}".join(digits.lstrip("0")))


def _said(name: str, data: bytes) -> Iterator[str]:
    """All that a reader, a link or a screen reader has of a file."""
    if name.endswith(".pdf"):
        yield from map(_plain, page_words(data))
        with pikepdf.open(io.BytesIO(data)) as document:
            for page in document.pages:
                for mark in page.get("/Annots", []):
                    yield str(mark.get("/A", {}).get("/URI", ""))
    elif name.endswith(".docx"):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for part in packed.namelist():
                yield from _of_marked(packed.read(part).decode(errors="replace"))
    elif not name.endswith((".mp3", ".woff2", ".png")):
        yield from _of_marked(data.decode())


def _of_marked(text: str) -> Iterator[str]:
    yield _plain(text)
    yield _plain(html.unescape(re.sub(r"<[^>]*>", "", text)))


def _plain(text: str) -> str:
    """With the digits of any alphabet as 0 to 9."""
    return "".join(
        str(unicodedata.digit(one)) if unicodedata.digit(one, None) is not None else one
        for one in unicodedata.normalize("NFKC", text)
    )
