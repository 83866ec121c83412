"""Which pages a site has: no two at one address, none that names a topic, and each letter where it was printed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from everyfamily.core.packs.site_text import PLACES
from everyfamily.parentsite.sealed import SealedLetter
from everyfamily.parentsite.site import GENERAL_PAGES, TOPIC_PAGES, Page, Site, choices_of, pages_of
from tests.factories.demonstration import REFERENCE, demo_pack, demo_partnership
from tests.factories.sealed import another_topic, letter_of_term, on_site, site

OTHER = "harmful-groups-online"


def spring(*, withdrawn: bool = False) -> SealedLetter:
    return on_site(withdrawn=withdrawn)


def autumn(pack: str = demo_pack().id, *, withdrawn: bool = False) -> SealedLetter:
    letter = letter_of_term("autumn-2026", date(2026, 9, 22), "ES-2609-A1B2", pack=pack)
    return on_site(letter, withdrawn=withdrawn)


def again(*, withdrawn: bool = False) -> SealedLetter:
    """The spring term's letter, written again a week later."""
    return on_site(letter_of_term(dated=date(2027, 3, 9), reference="ES-2703-N3W2"), withdrawn=withdrawn)


def paths(made: Site) -> list[str]:
    return [page.path for page in pages_of(made)]


def page(made: Site, path: str) -> Page:
    (found,) = [one for one in pages_of(made) if one.path == path]
    return found


def topics(made: Site) -> list[tuple[str, str]]:
    return [(topic.pack.id, topic.term) for topic in made.topics]


def test_a_site_of_one_letter_has_these_pages() -> None:
    assert sorted(paths(site())) == sorted(
        [
            *("", "404", *GENERAL_PAGES, f"genuine/{REFERENCE}", "spring-2027"),
            *(f"spring-2027/{name}" for name in TOPIC_PAGES),
        ]
    )


SITES = {
    "one letter": site(),
    "two letters of one topic": site([spring(), autumn()]),
    "two topics": site([spring(), autumn(OTHER)], packs={demo_pack().id: demo_pack(), OTHER: another_topic()}),
    "no pack": site(packs={}),
    "written anew": site([again(), spring(withdrawn=True)]),
    "written anew and withdrawn too": site([again(withdrawn=True), spring(withdrawn=True), autumn()]),
    "the newer one withdrawn": site([again(withdrawn=True), spring()]),
    "withdrawn": site([spring(withdrawn=True), autumn()]),
}


@pytest.mark.parametrize("name", SITES)
def test_no_two_pages_have_one_address(name: str) -> None:
    found = paths(SITES[name])
    assert len(found) == len(set(found))


@pytest.mark.parametrize("name", SITES)
def test_every_letter_can_be_looked_up_and_every_printed_address_is_there(name: str) -> None:
    made = SITES[name]
    for one in made.letters:
        assert page(made, f"genuine/{one.reference}").letter is one
        assert page(made, one.term).letter is not None
        assert page(made, made.path_of(one)).letter is one


@pytest.mark.parametrize("name", SITES)
def test_no_address_holds_a_word_of_the_topic(name: str) -> None:
    for path in paths(SITES[name]):
        assert not any(word.casefold() in path.casefold() for word in SITES[name].topic_words), path


def test_topic_pages_stand_under_the_newest_letter_of_the_topic() -> None:
    made = SITES["two letters of one topic"]
    assert topics(made) == [(demo_pack().id, "spring-2027")]
    assert "autumn-2026/signs" not in paths(made)
    older = page(made, "autumn-2026")
    assert older.letter is made.letters[1]
    assert older.topic is not None
    assert older.topic.term == "spring-2027"


def test_each_of_two_topics_has_its_own_pages() -> None:
    made = SITES["two topics"]
    assert topics(made) == [(demo_pack().id, "spring-2027"), (OTHER, "autumn-2026")]
    found = page(made, "autumn-2026/signs")
    assert found.topic is not None
    assert (found.topic.pack.id, found.letter) == (OTHER, made.letters[1])


def test_a_letter_whose_pack_is_gone_has_its_page_and_no_topic() -> None:
    made = SITES["no pack"]
    assert made.topics == ()
    assert made.choices == 0
    assert page(made, "spring-2027") == Page("spring-2027", "letter", None, made.letters[0])
    assert not any(path.startswith("spring-2027/") for path in paths(made))


def test_a_pack_without_pages_makes_no_topic() -> None:
    assert site(packs={demo_pack().id: replace(demo_pack(), site={})}).topics == ()


def test_an_older_letter_of_a_topic_without_pages_shows_this_terms() -> None:
    made = site([spring(), autumn(OTHER)])
    older = page(made, "autumn-2026")
    assert older.topic is not None
    assert older.topic.pack.id == demo_pack().id
    assert made.topic_of(made.letters[1]) is None


def test_this_terms_letter_is_the_newest_that_stands() -> None:
    assert site([spring(), autumn()]).current.term == "spring-2027"
    assert SITES["withdrawn"].current.term == "autumn-2026"
    assert topics(SITES["withdrawn"]) == [(demo_pack().id, "autumn-2026")]


def test_a_letter_written_anew_has_the_printed_address() -> None:
    made = SITES["written anew"]
    assert page(made, "spring-2027").letter is made.letters[0]
    assert made.path_of(made.letters[0]) == "spring-2027"
    assert made.path_of(made.letters[1]) == f"genuine/{REFERENCE}"


def test_a_letter_that_stands_has_it_before_a_newer_one_that_is_withdrawn() -> None:
    made = SITES["the newer one withdrawn"]
    assert page(made, "spring-2027").letter is made.letters[1]


def test_where_both_are_withdrawn_the_newer_has_it() -> None:
    made = SITES["written anew and withdrawn too"]
    assert page(made, "spring-2027").letter is made.letters[0]


@pytest.mark.parametrize(
    ("address", "base"),
    [
        ("families.eastmere.example", ""),
        ("families.eastmere.example/", ""),
        ("eastmere.example/families", "/families"),
        ("eastmere.example/families/", "/families"),
        ("eastmere.example/children/families", "/children/families"),
    ],
)
def test_a_site_may_live_under_a_path(address: str, base: str) -> None:
    assert site(partnership=replace(demo_partnership(), site=address)).base == base


def test_words_of_every_letters_topic_are_kept_out() -> None:
    older = on_site(letter_of_term("autumn-2026", date(2026, 9, 22), "ES-2609-A1B2", topic_words=("gang", "CSE")))
    words = site([spring(), older]).topic_words
    assert words == (*demo_pack().about.topic_words, "gang")


def test_every_sign_can_be_chosen_the_grave_ones_first() -> None:
    (topic,) = site().topics
    found = choices_of(topic)
    assert list(dict.fromkeys(one.partition("/")[0] for one in found)) == ["now", *PLACES]
    assert site().choices == len(found) == len(set(found))
    signs = [topic.pack.site["en"].section(name) for name in ("now", *PLACES)]
    assert len(found) == sum(len(one.passages) for one in signs if one)


def test_only_items_can_be_chosen_and_a_place_may_be_missing() -> None:
    english = demo_pack().site["en"]
    sections = tuple(
        replace(one, passages=(replace(one.passages[0], kind="paragraph"), *one.passages[1:]))
        for one in english.sections
        if one.id != "mood"
    )
    pack = replace(demo_pack(), site={"en": replace(english, sections=sections)})
    (topic,) = site(packs={pack.id: pack}).topics
    found = choices_of(topic)
    assert "now/1" not in found
    assert "now/2" in found
    assert not any(one.startswith("mood/") for one in found)
