"""A topic may have one more page, on a matter that needs a page of its own: all of it, or none."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from everyfamily.core.packs.pack_faults import faults_of
from everyfamily.core.packs.pack_sections import PackIncomplete
from everyfamily.core.packs.packs import load_pack, parse_pack
from everyfamily.core.packs.site_text import FURTHER_SECTIONS
from everyfamily.parentsite.named_outside import NAMED
from everyfamily.parentsite.readiness import hindrances
from everyfamily.parentsite.site import Site, pages_of
from tests.factories.demonstration import ROOT, letter_of
from tests.factories.each import each
from tests.factories.sealed import letter_of_term, on_site, rendered, site

PACK = ROOT / "packs/summer"


@cache
def summer() -> Site:
    letter = replace(letter_of("summer"), signatories=letter_of_term().signatories)
    return site([on_site(letter)], packs={"summer": load_pack(PACK)})


def test_it_is_one_more_page_of_the_topic_and_nothing_stops_it() -> None:
    assert "spring-2027/further" in [page.path for page in pages_of(summer())]
    assert "spring-2027/further" not in [page.path for page in pages_of(site())]
    assert hindrances(summer()) == []


def test_it_is_reached_from_the_letter_the_signs_and_the_call_and_says_who_to_ring() -> None:
    pages = rendered(summer())
    for page in ("", "signs/", "call/"):
        assert 'href="/spring-2027/further/"' in pages[f"spring-2027/{page}index.html"], page
    further = pages["spring-2027/further/index.html"]
    assert "<title>A trip abroad" in further
    for number in ("999", "01514960120", "02070080151", "08005999247", "08000283550", "08001111"):
        assert f'href="tel:{number}"' in further, number
    assert "further" not in "".join(rendered(site()))


def test_its_title_may_not_name_the_topic() -> None:
    made = summer()
    letters = [replace(one, letter=replace(one.letter, topic_words=("trip abroad",))) for one in made.letters]
    assert NAMED in [one.code for one in hindrances(replace(made, letters=tuple(letters)))]


@each("section", list(FURTHER_SECTIONS))
def test_half_of_it_is_refused_with_what_is_missing(section: str) -> None:
    files = {path.name: path.read_bytes() for path in PACK.iterdir()}
    before, _, rest = files["site.en.md"].decode().partition(f"{{#{section}}}")
    heading, after = before.rfind("\n## "), rest.find("\n## ")
    files["site.en.md"] = (before[:heading] + (rest[after:] if after >= 0 else "\n")).encode()
    with pytest.raises(PackIncomplete) as refused:
        parse_pack(files, "summer")
    assert f'The section "{section}" is missing' in refused.value.fact
    assert f'"{section}" is missing' in " ".join(one.fact for one in faults_of(files, "summer"))
