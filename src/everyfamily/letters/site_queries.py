"""Reads for the parent site: its letters, what changes on them without a new letter, and recordings."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from everyfamily.core.letter.letters import Letter as CoreLetter
from everyfamily.letters.files.record import PRIMARY_FOLDER, letter_of
from everyfamily.letters.models import Letter, LetterArtefact, LetterText, Recording, Seal
from everyfamily.letters.models import RouteCheck as RouteCheckRow


@dataclass(frozen=True, slots=True)
class ForSite:
    """A letter that was sealed, withdrawn or not, as the parent site shows it."""

    reference: str
    published: str
    """Its seal, as JSON."""
    withdrawn_at: datetime | None
    files: dict[str, bytes]


def letters_for_site(names: Iterable[str]) -> list[ForSite]:
    """Every letter that was sealed, with those of its files that have one of these names ("letter.pdf") in the folder
    of a language."""
    wanted = tuple(names)
    rows = Seal.objects.filter(letter__state__in=("sealed", "withdrawn")).order_by("letter_id")
    files: dict[int, dict[str, bytes]] = {}
    for letter_id, name in LetterArtefact.objects.order_by("letter_id", "name").values_list("letter_id", "name"):
        if name.removeprefix(PRIMARY_FOLDER).count("/") == 1 and name.endswith(
            tuple(f"/{one}" for one in wanted)
        ):
            files.setdefault(letter_id, {})[name] = b""
    for letter_id, of_letter in files.items():
        read = LetterArtefact.objects.filter(letter_id=letter_id, name__in=of_letter)
        of_letter |= {name: bytes(content) for name, content in read.values_list("name", "content")}
    values = rows.values_list("letter_id", "letter__reference", "published", "letter__withdrawn_at")
    return [
        ForSite(reference, published, withdrawn, files.get(letter_id, {}))
        for letter_id, reference, published, withdrawn in values
    ]


@dataclass(frozen=True, slots=True)
class OnSite:
    """A letter that the parent site may show."""

    reference: str
    topic: str
    term: str
    is_withdrawn: bool


def letters_on_site() -> list[OnSite]:
    """Every letter that was sealed, withdrawn or not, newest first."""
    rows = Letter.objects.filter(state__in=("sealed", "withdrawn")).order_by("-id")
    return [
        OnSite(reference, topic, term, state == "withdrawn")
        for reference, topic, term, state in rows.values_list("reference", "topic", "term", "state")
    ]


def withdrawn_among(references: Iterable[str]) -> set[str]:
    """Those of these letters that are withdrawn."""
    rows = Letter.objects.filter(reference__in=[*references], state="withdrawn")
    return set(rows.values_list("reference", flat=True))


def newest_route_check() -> int:
    """The number of the newest check that anybody made; 0 if there is none."""
    return RouteCheckRow.objects.order_by("-id").values_list("id", flat=True).first() or 0


@dataclass(frozen=True, slots=True)
class RecordingFacts:
    """A letter read aloud in one language, without the sound."""

    id: int
    reference: str
    language: str
    read_by: str
    heard_by: str
    words_digest: str
    by: str
    at: datetime


def recordings(references: Iterable[str]) -> list[RecordingFacts]:
    """Those of these letters, by letter and language."""
    rows = Recording.objects.filter(letter__reference__in=[*references]).order_by("letter_id", "language")
    fields = ("id", "letter__reference", "language", "read_by", "heard_by", "words_digest", "by", "at")
    return [RecordingFacts(*values) for values in rows.values_list(*fields)]


def sound_of(recording_id: int) -> bytes:
    """The MP3. Empty if it was taken away meanwhile."""
    return bytes(Recording.objects.filter(pk=recording_id).values_list("content", flat=True).first() or b"")


def recordings_mark(references: Iterable[str]) -> str:
    """Another one as soon as a recording of these letters comes, changes or goes."""
    parts = [f"{one.reference} {one.language} {one.at.isoformat()}" for one in recordings(references)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ToRead:
    """A letter that can be read aloud."""

    id: int
    reference: str
    term: str
    languages: tuple[str, ...]


def letters_to_read(before: int, most: int) -> list[ToRead]:
    """The newest sealed letters that are not withdrawn, and whose row number is below `before`; 0 means any."""
    rows = Letter.objects.filter(state="sealed").order_by("-id")
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows.values_list("id", "reference", "term")[:most])
    texts = LetterText.objects.filter(letter_id__in=[one[0] for one in found]).order_by("language")
    languages: dict[int, list[str]] = {}
    for letter_id, language in texts.values_list("letter_id", "language"):
        languages.setdefault(letter_id, []).append(language)
    return [ToRead(*one, tuple(languages.get(one[0], ()))) for one in found]


def letter_to_read(reference: str) -> CoreLetter | None:
    """The words of a letter that is sealed and not withdrawn."""
    letter = Letter.objects.filter(reference=reference, state="sealed").first()
    return letter_of(letter.record) if letter is not None else None
