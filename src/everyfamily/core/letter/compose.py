"""Compose: the words of a pack, filled in for one partnership and one term.

Composing does not judge. A check finds a dead route or a promise that nobody agreed to, and print refuses it. Only what
cannot make a letter at all is refused here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import ClassVar

from everyfamily.core.calendar.academic_year import TermId
from everyfamily.core.calendar.letter_versions import Version
from everyfamily.core.calendar.year_plan import PlannedLetter
from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.letter.gap_values import gap_values
from everyfamily.core.letter.letters import CitedSource, Followed, Letter
from everyfamily.core.packs.packs import Pack
from everyfamily.core.packs.short_texts import english_of, english_short, in_version, is_current
from everyfamily.core.packs.site_text import SiteText, site_digest
from everyfamily.core.packs.translations import is_second_person
from everyfamily.core.packs.unwritten import refuse_unwritten
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.core.text.dates import month_in_words
from everyfamily.core.text.passages import KitText, LetterText, Passage, Section
from everyfamily.core.text.placeholders import fill, gaps_in


class PackForAnotherNation(EveryfamilyError):
    """The pack's law, services and guidance are for another nation."""

    code: ClassVar[str] = "EF150"


class TopicNotPlanned(EveryfamilyError):
    """The year plan has another topic, or none, for this term."""

    code: ClassVar[str] = "EF151"


class ReferenceNotUsable(EveryfamilyError):
    """The reference could not be read out on the phone, or a family could not type it."""

    code: ClassVar[str] = "EF152"


def compose(
    pack: Pack,
    partnership: Partnership,
    *,
    term: TermId,
    dated: date,
    reference: str,
    follows: Followed | None = None,
    drafts: bool = False,
) -> Letter:
    """Return the letter of `term`, with only the personal gaps open. `follows` is the withdrawn letter before it.
    With `drafts`, the small sets that nobody has read are in it, for a preview: such a letter cannot be approved.

    Raises PackNotWritten, PackForAnotherNation, TermNotPlanned, TopicNotPlanned, RouteUnknown or ReferenceNotUsable.
    """
    refuse_unwritten(pack)
    _check_nation(pack, partnership)
    _check_reference(reference)
    planned = partnership.year_plan.of(term, pack.id)
    if planned.topic != pack.id:
        raise TopicNotPlanned(
            f'The year plan has "{planned.topic or "no topic"}" for the {planned.term.name}, not "{pack.id}".',
            "Compose the pack that is planned, or agree a new plan first.",
            SourceLocation(partnership.file, planned.line),
        )
    following = partnership.year_plan.next_after(planned)
    routes = tuple(partnership.route(name) for name in (*pack.about.routes.card, *pack.about.routes.apart))
    page = f"{partnership.site}/{planned.address}"
    from_year = partnership.from_year.get(pack.id, pack.about.from_year)
    pack = _in_needed_versions(pack, from_year)
    values = gap_values(
        routes,
        bodies=partnership.bodies,
        area=partnership.area,
        site=partnership.site,
        page=page,
        reference=reference,
        dated=dated,
        mailbox=partnership.reply_mailbox,
        from_year=from_year,
    )
    conditions = {"no next topic"}
    if following is not None and following.about is not None:
        conditions = {"next topic"}
        values["next topic"] = following.about
        values["next month"] = month_in_words(following.send_week or following.term.opens_on)

    def filled(texts: Mapping[str, LetterText]) -> dict[str, LetterText]:
        return {language: _filled_text(text, values, conditions) for language, text in texts.items()}

    used = {
        promise
        for text in pack.letter_texts()
        for passage in (*text.passages(), *text.beside())
        for promise in passage.promises
    }
    return Letter(
        reference=reference,
        topic=pack.id,
        topic_words=pack.about.topic_words,
        term=planned.term_words,
        dated=dated,
        review_on=pack.about.review_on,
        pack=pack.id,
        pack_version=pack.about.version,
        pack_digest=pack.digest,
        partnership=partnership.name,
        area=partnership.area,
        site=partnership.site,
        page=page,
        sender_name=partnership.sender_name,
        reply_mailbox=partnership.reply_mailbox,
        reply_owner=partnership.reply_owner,
        next_topic=_about(following),
        bodies=partnership.bodies,
        signatories=partnership.signatories,
        enquiries=partnership.enquiries,
        from_lines=(partnership.name, *partnership.address),
        routes=routes,
        promises=tuple(promise for promise in partnership.promises if promise.id in used),
        texts=filled(pack.texts),
        apart=pack.about.routes.apart,
        demonstration=partnership.demonstration,
        partnership_file=partnership.file,
        sources=_cited(pack),
        languages=_languages(pack, partnership),
        short=_short(pack, Version.SECONDARY, values, conditions, drafts=drafts),
        follows=follows,
        overridden=pack.overridden,
        from_year=from_year,
        secondary_from=pack.about.secondary_from if pack.primary else None,
        primary=filled(pack.primary),
        short_primary=_short(pack, Version.PRIMARY, values, conditions, drafts=drafts) if pack.primary else {},
    )


def _in_needed_versions(pack: Pack, from_year: int) -> Pack:
    """The pack without its primary version if no family that the letter goes to would get it, because the partnership
    begins with the year of the other one."""
    secondary_from = pack.about.secondary_from
    return pack if secondary_from is None or from_year < secondary_from else replace(pack, primary={})


def _short(
    pack: Pack, version: Version, values: dict[str, str], conditions: set[str], *, drafts: bool
) -> dict[str, SiteText]:
    """The small set of a version in each language that families may have today. It says what this version says, or is
    not used. Not even a demonstration shows a draft in what is sent: nobody can approve words that nobody has read."""
    texts = pack.primary if version is Version.PRIMARY else pack.texts
    # Of the words that this letter has: a partnership may have changed a passage of the pack.
    said = english_short(texts["en"], pack.about.routes.card).english_digest
    open_gaps = {name: value for name, value in values.items() if value.startswith("((")}
    known = {name: value for name, value in values.items() if name not in open_gaps}

    def section(one: Section) -> Section:
        filled = _filled_section(one, known, conditions)
        return replace(filled, passages=tuple(_with_own_gap(passage, open_gaps) for passage in filled.passages))

    def filled(text: SiteText) -> SiteText:
        # A draft has no checker, also if somebody has read other words of it.
        checker = text.checker if counts(text) else None
        own = in_version(text, version)
        sections = tuple(map(section, own.sections))
        return replace(own, title=_filled(own.title, known), sections=sections, checker=checker)

    def fits(text: SiteText) -> bool:
        return site_digest(in_version(english_of(text, pack.short["en"]), version)) == said

    def counts(text: SiteText) -> bool:
        return fits(text) and is_current(text, pack.short["en"])

    def previewed(text: SiteText) -> bool:
        return drafts and (version is Version.SECONDARY or fits(text))

    return {
        tag: filled(text)
        for tag, text in pack.short.items()
        if tag not in texts and tag != "en" and (counts(text) or previewed(text))
    }


def _with_own_gap(passage: Passage, open_gaps: Mapping[str, str]) -> Passage:
    """A row of the card whose number only a school fills: "((route school))" is "((school number))"."""
    gaps = gaps_in(passage.aside or "")
    return replace(passage, aside=open_gaps[gaps[0]]) if gaps and gaps[0] in open_gaps else passage


def _languages(pack: Pack, partnership: Partnership) -> tuple[str, ...]:
    """Those whose pages are published: somebody has read them against today's English, or it is the demonstration,
    which shows drafts. A letter does not wait for the translations themselves."""
    if pack.about.site is None:
        return ()
    english = pack.site["en"].english_digest
    return tuple(
        tag
        for tag, made in pack.about.site.translations.items()
        if partnership.demonstration
        or (is_second_person(made.checker, made.translator) and made.english_digest == english)
    )


def _cited(pack: Pack) -> tuple[CitedSource, ...]:
    passages = (
        one for text in pack.letter_texts() for one in (*text.passages(), *text.outside(), *text.beside())
    )
    used = {key for passage in passages for key in passage.sources}
    return tuple(
        CitedSource(key, source.supports, source.address, source.status, source.review_on)
        for key, source in pack.sources.items()
        if key in used
    )


def _check_nation(pack: Pack, partnership: Partnership) -> None:
    if partnership.nation not in pack.about.nations:
        offered = ", ".join(pack.about.nations)
        raise PackForAnotherNation(
            f'The pack "{pack.id}" is written for {offered}, not for {partnership.nation}.',
            f"Use a pack written for {partnership.nation}: law, services and guidance differ.",
            pack.places.place(("nations",)),
        )


def _check_reference(reference: str) -> None:
    parts = reference.split("-")
    if not all(part.isalnum() and part.isascii() and part.isupper() | part.isdigit() for part in parts):
        raise ReferenceNotUsable(
            "The reference has other marks than capitals, digits and hyphens.", 'Use one like "ES-2703-K7R4".'
        )


def _about(following: PlannedLetter | None) -> str | None:
    return following.about if following is not None else None


def _filled_text(text: LetterText, values: dict[str, str], conditions: set[str]) -> LetterText:
    return LetterText(
        language=text.language,
        title=_filled(text.title, values),
        sections=tuple(_filled_section(section, values, conditions) for section in text.sections),
        subject=_filled(text.subject, values),
        preheader=_filled(text.preheader, values),
        sms=_filled(text.sms, values),
        sms_short=_filled(text.sms_short, values) if text.sms_short else None,
        newsletter=_filled_kit_text(text.newsletter, values, conditions),
        briefing=_filled_kit_text(text.briefing, values, conditions),
        press=_filled_kit_text(text.press, values, conditions),
        translator=text.translator,
        checker=text.checker,
        english_digest=text.english_digest,
    )


def _filled_kit_text(text: KitText | None, values: dict[str, str], conditions: set[str]) -> KitText | None:
    if text is None:
        return None
    sections = tuple(_filled_section(section, values, conditions) for section in text.sections)
    return KitText(_filled(text.title, values), sections)


def _filled_section(section: Section, values: dict[str, str], conditions: set[str]) -> Section:
    heading = _filled(section.heading, values) if section.heading else None
    return Section(section.id, heading, tuple(_standing(section, values, conditions)))


def _standing(section: Section, values: dict[str, str], conditions: set[str]) -> Iterator[Passage]:
    for passage in section.passages:
        if passage.condition is None or passage.condition in conditions:
            yield _filled(passage, values)


def _filled(passage: Passage, values: dict[str, str]) -> Passage:
    aside = fill(passage.aside, values) if passage.aside else None
    return replace(passage, text=fill(passage.text, values), aside=aside)
