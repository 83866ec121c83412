"""How far each translation of a pack is: a draft, made of older English, or read by a second person in these words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from everyfamily.core.packs.packs import Pack
from everyfamily.core.packs.short_texts import english_of
from everyfamily.core.packs.site_text import SiteText
from everyfamily.core.packs.translations import is_second_person
from everyfamily.core.text.passages import LetterText


@dataclass(frozen=True, slots=True)
class TranslationState:
    """One text in one language. The digests are what its table in `pack.toml` has to say today."""

    part: str
    """ "letter", "site", "short" or "pages"."""
    language: str
    translator: str
    checker: str | None
    stale: bool
    """Made of other English words than the present ones."""
    checked: bool
    """Somebody other than the translator read exactly these words."""
    english_digest: str
    own_digest: str | None
    """None for a letter, whose table has no checked_digest."""

    @property
    def words(self) -> str:
        """What that means, in a few words."""
        if self.stale:
            return "made of other English words than the present ones"
        if self.checked:
            return f"read by {self.checker}"
        if self.checker is None:
            return "a draft: nobody has checked it"
        return f"{self.checker} has not read it in these words"


def states_of(pack: Pack) -> list[TranslationState]:
    """Every translation in the pack, by part and language."""
    return [*_letters(pack.texts), *states_of_texts("site", pack.site), *states_of_texts("short", pack.short)]


def states_of_texts(part: str, texts: Mapping[str, SiteText]) -> Iterator[TranslationState]:
    """Those of one set of texts that is checked by digests, without the English."""
    for language, text in texts.items():
        if text.translator is not None:
            english = english_of(text, texts["en"]).english_digest or ""
            stale = text.english_digest != english
            yield TranslationState(
                *(
                    part,
                    language,
                    text.translator,
                    text.checker,
                    stale,
                    text.is_reviewed,
                    english,
                    text.own_digest,
                )
            )


def _letters(texts: Mapping[str, LetterText]) -> Iterator[TranslationState]:
    english = texts["en"].english_digest or ""
    for language, text in texts.items():
        if text.translator is not None:
            checked = is_second_person(text.checker, text.translator)
            stale = text.english_digest != english
            yield TranslationState(
                "letter", language, text.translator, text.checker, stale, checked, english, None
            )
