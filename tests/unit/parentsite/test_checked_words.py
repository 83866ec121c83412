"""What the linter holds against the site's English words, as `site` refuses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import cast

import pytest

from everyfamily.core.agreement.seals import Seal
from everyfamily.core.packs.packs import Pack, load_pack
from everyfamily.core.packs.site_pack import SitePack, load_site_pack
from everyfamily.core.packs.site_text import SiteText
from everyfamily.core.partnership.partnership import load_partnership
from everyfamily.core.text.passages import Passage
from everyfamily.parentsite.checked_words import site_findings
from everyfamily.parentsite.sealed import SealedLetter
from everyfamily.parentsite.site import Site
from tests.factories.demonstration import PARTNERSHIP, ROOT
from tests.factories.letters import make_letter

TODAY = date(2027, 3, 2)
PACK = load_pack(ROOT / "packs/child-sexual-exploitation")
PAGES = load_site_pack(ROOT / "packs/parent-site")


def with_words(
    texts: Mapping[str, SiteText], language: str, section: str, words: str, **more: object
) -> dict[str, SiteText]:
    """The texts with other words in the first passage of a section."""

    def change(passage: Passage) -> Passage:
        return replace(passage, text=words, aside=None, **more)  # type: ignore[arg-type]

    text = texts[language]
    sections = tuple(
        replace(one, passages=(change(one.passages[0]), *one.passages[1:])) if one.id == section else one
        for one in text.sections
    )
    return {**texts, language: replace(text, sections=sections)}


def site_with(*, pack: Pack = PACK, pages: SitePack = PAGES) -> Site:
    letter = replace(make_letter(), pack=pack.id)
    sealed = SealedLetter(letter, cast(Seal, None), term="spring-2027")  # its words need no seal
    return Site(
        partnership=load_partnership(PARTNERSHIP),
        pages=pages,
        packs={pack.id: pack},
        letters=(sealed,),
        languages=("en",),
        today=TODAY,
    )


def test_our_own_english_has_none() -> None:
    assert site_findings(site_with(), TODAY) == ()


@pytest.mark.parametrize("where", ["topic", "general"])
def test_blaming_words_are_found_at_file_and_line(where: str) -> None:
    words = "They are putting themselves at risk."
    if where == "topic":
        site = site_with(pack=replace(PACK, site=with_words(PACK.site, "en", "signs", words)))
        file = "child-sexual-exploitation/site.en.md"
    else:
        site = site_with(pages=replace(PAGES, texts=with_words(PAGES.texts, "en", "home", words)))
        file = "parent-site/pages.en.md"
    (found,) = site_findings(site, TODAY)
    assert (found.code, found.place.file, found.place.line, found.place.column) == ("HM103", file, 5, 10)
    assert found.message
    assert found.hint


def test_a_warning_counts_and_advice_does_not() -> None:
    warned = with_words(PAGES.texts, "en", "home", f"A {' '.join(['word'] * 26)}.")
    assert [one.code for one in site_findings(site_with(pages=replace(PAGES, texts=warned)), TODAY)] == ["RD001"]
    advised = with_words(PAGES.texts, "en", "home", "We wrote this on 2/3/2027.")
    assert site_findings(site_with(pages=replace(PAGES, texts=advised)), TODAY) == ()


def test_what_readiness_says_itself_is_not_said_twice() -> None:
    """A promise that nobody agreed to, and a route that the register lacks."""
    promised = with_words(PAGES.texts, "en", "home", "Call us on ((route nowhere)).", promise="a-call-back")
    assert site_findings(site_with(pages=replace(PAGES, texts=promised)), TODAY) == ()


def test_a_note_to_self_is_found() -> None:
    noted = with_words(PAGES.texts, "en", "home", "Call us TODO.")
    assert [one.code for one in site_findings(site_with(pages=replace(PAGES, texts=noted)), TODAY)] == ["EV001"]


def test_translations_are_left_to_their_second_reader() -> None:
    polish = with_words(PAGES.texts, "pl", "home", "Call us TODO on 0151 496 0999.")
    assert site_findings(site_with(pages=replace(PAGES, texts=polish)), TODAY) == ()
