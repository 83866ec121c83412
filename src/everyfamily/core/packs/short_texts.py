"""The small set: what every language has of a letter, even if nobody has translated the whole of it.

`short.<language>.md` has the letter's title, its danger lines, the card (whose each number is, and the lines below) and
one text message. The English is taken from the letter itself. So the set has no English file. If the letter has a
primary version, the set may also have the title of that one, and can then be used in both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from everyfamily.core.calendar.letter_versions import Version
from everyfamily.core.files.toml_files import TomlPlaces
from everyfamily.core.packs.pack_sections import PackIncomplete, check_sections
from everyfamily.core.packs.pack_text import parse_body
from everyfamily.core.packs.parity import check_shape, check_unseen
from everyfamily.core.packs.site_files import SiteTranslation, translated_by
from everyfamily.core.packs.site_text import NOT_YET, SiteText, site_digest
from everyfamily.core.text.passages import LetterText, Passage, Section

SHORT_SECTIONS: Mapping[str, str] = {
    "danger": "what to do in danger, first",
    "card": "whose each number is, and the lines below the numbers",
    "message": "the text message",
}
"""Sections of `short.<language>.md`, in this order."""

PRIMARY_TITLE = "primary"
"""The section after these, with the title of the primary version as its one paragraph. A set may lack it."""

WHOSE: Mapping[str, str] = {
    "emergency": "In danger now",
    "local": "Children’s team in ((area))",
    "police": "Police, if it can wait",
    "school": "Your child’s school",
    "adults": "For any adult: ((route adults name))",
    "children": "Under 19: ((route children name))",
    "home": "Not safe at home? For women",
}
"""Whose a number on the card is, in English, as a translator reads it. Other routes go by their names. `home` does not:
its helpline has the harm in its name, and the card is on a fridge."""


def short_texts(
    text_of: Callable[[str], str],
    folder: str,
    made_by: Mapping[str, SiteTranslation],
    english: SiteText,
    places: TomlPlaces,
) -> dict[str, SiteText]:
    """Read `short.<language>.md` for each language in `made_by`, and return them with the English.

    Raises TextFileUnreadable, PackTextMalformed or PackIncomplete: each has all that the English has, and no more.
    But it may lack the title of the primary version.
    """
    texts = {"en": english}
    for language, made in made_by.items():
        if language == "en":
            raise PackIncomplete(
                "English is not a translation.", "Take the table out.", places.place(("short", "en"))
            )
        text = _read(text_of, folder, language, english)
        texts[language] = translated_by(text, made)
    return texts


def english_short(letter: LetterText, card: Sequence[str], primary: LetterText | None = None) -> SiteText:
    """The small set in English, of the letter's own passages; `card` are ids of routes in printed order. It also has
    the title of `primary`, the primary version."""
    danger, on_card = letter.section("danger"), letter.section("card")
    place = on_card.heading.place if on_card.heading else letter.title.place
    rows = [
        Passage("", "item", WHOSE.get(route, f"((route {route} name))"), place, f"((route {route}))")
        for route in card
    ]
    message = letter.sms_short or letter.sms
    sections = [
        Section("danger", None, danger.passages),
        Section("card", on_card.heading, (*rows, *on_card.passages)),
        Section("message", None, (replace(message, kind="paragraph"),)),
    ]
    if primary is not None:
        sections.append(Section(PRIMARY_TITLE, None, (replace(primary.title, kind="paragraph"),)))
    text = SiteText("en", replace(letter.title, id="short"), tuple(_renamed(one) for one in sections))
    return replace(text, english_digest=site_digest(text))


def is_current(text: SiteText, english: SiteText) -> bool:
    """True if somebody has read it, and it was made of today's English. Only then may families have it."""
    return text.is_reviewed and text.english_digest == english_of(text, english).english_digest


def english_of(text: SiteText, english: SiteText) -> SiteText:
    """The English that this translation is made of. For a small set without the title of the primary version, it has
    none either. So a set from before there was such a title is not a draft again because of it."""
    if english.section(PRIMARY_TITLE) is None or text.section(PRIMARY_TITLE) is not None:
        return english
    without = in_version(english, None)
    return replace(without, english_digest=site_digest(without))


def in_version(text: SiteText, version: Version | None) -> SiteText:
    """The small set as it is printed in this version: with the one title of it. The set of a letter in one version, or
    one without the title of the primary version, stays as it is."""
    own = text.section(PRIMARY_TITLE)
    if own is None:
        return text
    sections = tuple(one for one in text.sections if one.id != PRIMARY_TITLE)
    title = own.passages[0] if version is Version.PRIMARY else text.title
    return replace(text, title=replace(text.title, text=title.text, place=title.place), sections=sections)


def _renamed(section: Section) -> Section:
    heading = replace(section.heading, id=f"short/{section.id}") if section.heading else None
    numbered = enumerate(section.passages, start=1)
    return Section(
        section.id,
        heading,
        tuple(replace(one, id=f"short/{section.id}/{number}") for number, one in numbered),
    )


def _read(text_of: Callable[[str], str], folder: str, language: str, english: SiteText) -> SiteText:
    name = f"short.{language}.md"
    title, sections = parse_body(text_of(name), f"{folder}/{name}", part="short")
    has_primary = any(section.id == PRIMARY_TITLE for section in sections)
    required = (
        {**SHORT_SECTIONS, PRIMARY_TITLE: "the title of the primary version"} if has_primary else SHORT_SECTIONS
    )
    check_sections(title, sections, required, name)
    text = SiteText(language, title, sections)
    check_shape(text, english)
    for passage in text.passages():
        check_unseen(passage)
        if NOT_YET in (passage.text, passage.aside):
            raise PackIncomplete(
                "The passage is not translated yet.",
                "Translate it: the small set is used whole or not at all.",
                passage.place,
            )
    return replace(text, sections=tuple(map(_as_english, text.sections, english.sections)))


def _as_english(section: Section, english: Section) -> Section:
    """The section with the conditions, media, promises and sources of the English: a translator only writes words."""
    pairs = zip(section.passages, english.passages, strict=True)
    return replace(
        section,
        passages=tuple(
            replace(
                one, promise=theirs.promise, sources=theirs.sources, only=theirs.only, condition=theirs.condition
            )
            for one, theirs in pairs
        ),
    )
