"""A pack with a partnership's overrides: each named passage in other words, and every other one as it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.toml_files import TomlPlaces
from everyfamily.core.packs.overridden_words import Overridden
from everyfamily.core.packs.override_plan import Plan, planned
from everyfamily.core.packs.overrides import Overrides
from everyfamily.core.packs.pack_sections import PackIncomplete
from everyfamily.core.packs.packs import Pack
from everyfamily.core.packs.parity import check_shape
from everyfamily.core.packs.short_texts import english_short
from everyfamily.core.packs.site_files import SiteTranslation, translated_by
from everyfamily.core.packs.site_text import SiteText, site_digest
from everyfamily.core.packs.translations import english_digest
from everyfamily.core.text.passages import KitText, LetterText, Passage, Section


def override_faults(pack: Pack, overrides: Overrides, places: TomlPlaces) -> list[EveryfamilyError]:
    """Everything that keeps these overrides from being applied to the pack. Empty if `with_overrides` takes them."""
    return planned(pack, overrides, places).faults


def with_overrides(pack: Pack, overrides: Overrides, places: TomlPlaces) -> Pack:
    """The pack with the overrides. Without any it is the pack itself.

    Its translations are of the old English until a table of the overrides says that somebody looked again. A page's
    section with a passage that its translation does not have is shown in English.

    Raises OverridesNotUsable, OverrideStale, PackTextMalformed or PackIncomplete: the first of `override_faults`.
    """
    plan = planned(pack, overrides, places)
    for fault in plan.faults:
        raise fault
    if overrides.is_empty:
        return pack
    texts = {language: _with(text, language, plan) for language, text in pack.texts.items()}
    primary = {language: _with(text, language, plan) for language, text in pack.primary.items()}
    digest = english_digest(texts["en"], primary.get("en"))
    site = {language: _with(text, language, plan) for language, text in pack.site.items()}
    return replace(
        pack,
        about=_about(pack, overrides),
        texts=_letters(texts, overrides, digest),
        primary=_letters(primary, overrides, digest),
        site=_pages(site, overrides.site),
        short=_short(pack, texts["en"], primary.get("en"), overrides),
        sources={**pack.sources, **overrides.sources},
        overridden=Overridden(
            overrides.version,
            overrides.digest,
            tuple(f"{language} {one.id}" for (language, _), one in plan.all()),
        ),
    )


def _with[Text: (LetterText, KitText, SiteText)](text: Text, language: str, plan: Plan) -> Text:
    """The text with what is planned for its language, whatever texts it has beside it."""
    parts: dict[str, Any] = {}
    for one in fields(text):
        value = getattr(text, one.name)
        if isinstance(value, Passage):
            parts[one.name] = plan.changed.get((language, value.id), value)
        elif isinstance(value, KitText):
            parts[one.name] = _with(value, language, plan)
        elif isinstance(value, tuple) and any(isinstance(part, Section) for part in value):
            parts[one.name] = tuple(_section(part, language, plan) for part in value)
    return replace(text, **parts)


def _section(section: Section, language: str, plan: Plan) -> Section:
    heading = section.heading
    passages: list[Passage] = []
    if heading is not None:
        passages += plan.added.get((language, heading.id), [])
        heading = plan.changed.get((language, heading.id), heading)
    for one in section.passages:
        passages.append(plan.changed.get((language, one.id), one))
        passages += plan.added.get((language, one.id), [])
    return Section(section.id, heading, tuple(passages))


def _about(pack: Pack, overrides: Overrides) -> Any:
    """pack.toml with the overrides' own tables of translations."""
    kept: dict[str, Any] = {
        "translations": {**pack.about.translations, **overrides.translations},
        "short": {**pack.about.short, **overrides.short},
    }
    if pack.about.site is not None:
        tables = {**pack.about.site.translations, **overrides.site}
        kept["site"] = pack.about.site.model_copy(update={"translations": tables})
    return pack.about.model_copy(update=kept)


def _letters(texts: Mapping[str, LetterText], overrides: Overrides, digest: str) -> dict[str, LetterText]:
    made: dict[str, LetterText] = {}
    for language, text in texts.items():
        table = overrides.translations.get(language)
        if language == "en":
            text = replace(text, english_digest=digest)
        elif table is not None:
            text = replace(
                text, translator=table.translator, checker=table.checker, english_digest=table.english_digest
            )
        made[language] = text
    return made


def _pages(site: Mapping[str, SiteText], tables: Mapping[str, SiteTranslation]) -> dict[str, SiteText]:
    if "en" not in site:
        return dict(site)
    english = replace(site["en"], english_digest=site_digest(site["en"]))
    return {
        language: english if language == "en" else _translated(text, english, tables.get(language))
        for language, text in site.items()
    }


def _translated(text: SiteText, english: SiteText, table: SiteTranslation | None) -> SiteText:
    fitting = tuple(one for one in text.sections if _fits(replace(text, sections=(one,)), english))
    text = replace(text, sections=fitting)
    return replace(text, own_digest=site_digest(text)) if table is None else translated_by(text, table)


def _fits(text: SiteText, english: SiteText) -> bool:
    try:
        check_shape(text, english)
    except PackIncomplete:
        return False
    return True


def _short(
    pack: Pack, letter: LetterText, primary: LetterText | None, overrides: Overrides
) -> dict[str, SiteText]:
    """The small set, whose English is the letter's. One that no longer has the passages of it is left out."""
    english = english_short(letter, pack.about.routes.card, primary)
    others = {
        language: text for language, text in pack.short.items() if language != "en" and _fits(text, english)
    }
    return {"en": english} | {
        language: _translated(text, english, overrides.short.get(language)) for language, text in others.items()
    }
