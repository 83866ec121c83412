"""What keeps a site from families: each reason by a case, and none for a site that is ready."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from everyfamily.core.errors import SourceLocation
from everyfamily.core.keys.approval_keys import ApprovalKey
from everyfamily.core.letter.letters import Letter
from everyfamily.core.packs.overridden_words import Overridden
from everyfamily.core.packs.packs import Pack
from everyfamily.core.packs.site_pack import SitePack
from everyfamily.core.packs.site_text import NOT_YET, SiteText, site_digest
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.core.text.passages import Passage
from everyfamily.parentsite import furniture as furniture_module
from everyfamily.parentsite import readiness
from everyfamily.parentsite.furniture import Furniture, furniture_of
from everyfamily.parentsite.hindrance import Hindrance
from everyfamily.parentsite.named_outside import NAMED
from everyfamily.parentsite.readiness import (
    FURNITURE,
    NO_TOPIC,
    OWN_WORDS,
    PROMISE,
    REVIEW,
    ROUTE,
    SIGNATORY,
    STALE,
    UNCHECKED,
    UNKNOWN_ROUTE,
    good_until,
    hindrances,
    untranslated,
)
from everyfamily.parentsite.site import Site
from tests.factories.demonstration import DATED, demo_pack, demo_partnership, routed
from tests.factories.sealed import DRAFTS, SEALING, letter_of_term, on_site, read_by_somebody, site, site_pack

pytestmark = pytest.mark.slow

Change = Callable[[Passage], Passage]


def rewritten(text: SiteText, passage_id: str, change: Change) -> SiteText:
    """The text with one passage changed."""

    def of(one: Passage | None) -> Passage | None:
        return change(one) if one is not None and one.id == f"site/{passage_id}" else one

    assert any(one.id == f"site/{passage_id}" for one in text.passages())
    sections = tuple(
        replace(section, heading=of(section.heading), passages=tuple(of(one) or one for one in section.passages))
        for section in text.sections
    )
    made = replace(text, sections=sections)
    # As reading it would: the English says its own digest.
    return replace(made, english_digest=site_digest(made)) if text.language == "en" else made


def pages(passage_id: str, change: Change, tag: str = "en") -> SitePack:
    """The general pages with one passage changed in one language."""
    texts = dict(site_pack().texts)
    texts[tag] = rewritten(texts[tag], passage_id, change)
    return replace(site_pack(), texts=texts)


def packs(passage_id: str, change: Change, tag: str = "en") -> Mapping[str, Pack]:
    """The topic's pack with one passage of its pages changed."""
    texts = dict(demo_pack().site)
    texts[tag] = rewritten(texts[tag], passage_id, change)
    return {demo_pack().id: replace(demo_pack(), site=texts)}


def words(text: str) -> Change:
    return lambda one: replace(one, text=text)


def translated(tag: str = "ur", **fields: Any) -> Site:
    """The site in English and one language, whose texts somebody has read; `fields` change both its texts."""
    checked = read_by_somebody(site_pack().texts), read_by_somebody(demo_pack().site)
    for texts in checked:
        texts[tag] = replace(texts[tag], **fields)
    return site(
        languages=("en", tag),
        pages=replace(site_pack(), texts=checked[0]),
        packs={demo_pack().id: replace(demo_pack(), site=checked[1])},
    )


@pytest.fixture
def furniture(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lets a test change the short words of a language, as if somebody had edited its catalogue.

    Whoever is their checker read them as they are, unless the test names another `checked_digest`.
    """

    def change(**fields: Any) -> None:
        def of(tag: str) -> Furniture:
            if tag == "en":
                return furniture_of(tag)
            changed = replace(furniture_of(tag), **fields)
            return changed if "checked_digest" in fields else replace(changed, checked_digest=changed.own_digest)

        monkeypatch.setattr(readiness, "furniture_of", of)

    assert readiness.furniture_of is furniture_module.furniture_of
    change(checker="C. Person")
    return change


def codes(made: Site) -> list[str]:
    return [one.code for one in hindrances(made)]


def only(made: Site) -> Hindrance:
    found = hindrances(made)
    assert len(found) == 1, found
    assert found[0].fact.endswith(".")
    assert re.search(r"(\.|: [0-9a-f]{16})$", found[0].fix), found[
        0
    ].fix  # a digest to be copied ends without a stop
    return found[0]


def test_a_site_in_english_is_ready() -> None:
    assert hindrances(site()) == []


def test_every_code_is_its_own() -> None:
    every = [ROUTE, UNCHECKED, STALE, PROMISE, FURNITURE, NAMED, REVIEW, UNKNOWN_ROUTE, NO_TOPIC, SIGNATORY]
    assert len(set(every)) == len(every)


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"expires_on": DATED - timedelta(days=1)}, "was checked too long ago"),
        ({"expires_on": None}, "was checked too long ago"),
        ({"checked_on": None, "checked_by": None}, "was checked by nobody"),
        ({"checked_on": DATED + timedelta(days=1)}, "has a check that is dated after today"),
    ],
)
@pytest.mark.parametrize("route_id", ["local", "online", "survivors"])
def test_a_route_that_may_not_be_printed_keeps_the_site_back(
    route_id: str, fields: dict[str, Any], state: str
) -> None:
    partnership = routed(route_id, **fields)
    found = only(site(partnership=partnership))
    assert (found.code, found.fact) == (ROUTE, f'The route "{route_id}" {state}.')
    assert found.place == SourceLocation("partnership.toml", partnership.route(route_id).line)
    assert found.language is None


def test_a_dead_route_keeps_nothing_back_for_the_pages_have_it_no_more() -> None:
    dead = site(partnership=routed("local", dead_since=DATED, expires_on=DATED - timedelta(days=1)))
    assert hindrances(dead) == []
    assert good_until(dead) == good_until(site(partnership=routed("local")))


@pytest.mark.parametrize("fields", [{"dead_since": DATED + timedelta(days=1)}, {"expires_on": DATED}])
def test_a_route_that_is_good_today_does_not(fields: dict[str, Any]) -> None:
    assert hindrances(site(partnership=routed("local", **fields))) == []


def test_the_schools_row_is_each_schools_own() -> None:
    assert hindrances(site(partnership=routed("school", checked_on=None, checked_by=None))) == []


def test_every_route_that_is_not_good_is_said_at_once() -> None:
    late = site(today=date(2027, 6, 1))
    rung = [route for route in demo_partnership().routes if route.id != "school"]
    assert [code for code in codes(late) if code == ROUTE] == [ROUTE] * len(rung)


def test_a_route_that_the_register_lacks_is_named_where_a_page_needs_it() -> None:
    found = hindrances(site(partnership=routed("police")))
    assert {one.code for one in found} == {UNKNOWN_ROUTE}
    assert all('"((route police))"' in one.fact or '"((route police name))"' in one.fact for one in found)
    assert {one.place.file for one in found if one.place} <= {
        "parent-site/pages.en.md",
        "child-sexual-exploitation/site.en.md",
    }
    assert all(one.place is not None and one.place.line > 1 for one in found)


def test_a_route_may_be_named_only_where_it_has_a_name() -> None:
    made = site(pages=pages("large/1", words("Call ((route careline name)).")))
    assert only(made).fact.startswith('A page needs "((route careline name))"')
    assert hindrances(site(pages=pages("large/1", words("Call ((route survivors name)).")))) == []


def test_the_schools_number_cannot_stand_on_a_page() -> None:
    made = site(pages=pages("large/1", words("Call ((route school)).")))
    assert only(made).code == UNKNOWN_ROUTE


@pytest.mark.usefixtures("furniture")
def test_a_route_that_only_a_translation_names_is_told_of_that_language() -> None:
    made = translated()
    texts = dict(made.pages.texts)
    texts["ur"] = rewritten(texts["ur"], "large/1", words("((route careline))"))
    made = replace(made, pages=replace(made.pages, texts=texts))
    found = only(made)
    assert (found.code, found.language) == (UNKNOWN_ROUTE, "ur")
    assert hindrances(replace(made, languages=("en",))) == []


@pytest.mark.parametrize("promise", ["day-or-night", "interpreter", "trained-person"])
def test_a_promise_that_nobody_made_keeps_the_site_back_and_is_said_once(promise: str) -> None:
    partnership = demo_partnership()
    made = tuple(one for one in partnership.promises if one.id != promise)
    assert len(made) == len(partnership.promises) - 1
    found = only(site(partnership=replace(partnership, promises=made)))
    assert (found.code, found.fact) == (PROMISE, f'A page promises "{promise}", but nobody has agreed to it.')
    assert found.place is not None


def test_a_promise_of_an_aside_or_a_heading_counts_too() -> None:
    made = site(packs=packs("fears", lambda one: replace(one, promise="no-blame")))
    assert only(made).fact.startswith('A page promises "no-blame"')


def test_words_that_are_due_to_be_read_again_keep_the_site_back() -> None:
    due = site(pages=replace(site_pack(), review_on=DATED - timedelta(days=1)))
    found = only(due)
    assert (found.code, found.place) == (REVIEW, SourceLocation("parent-site/site.toml"))
    assert "2027-03-01" in found.fact
    assert hindrances(site(pages=replace(site_pack(), review_on=DATED))) == []


def test_a_topics_words_are_due_too() -> None:
    about = demo_pack().about.model_copy(update={"review_on": DATED - timedelta(days=1)})
    found = only(site(packs={demo_pack().id: replace(demo_pack(), about=about)}))
    assert (found.code, found.place) == (REVIEW, SourceLocation("child-sexual-exploitation/pack.toml"))


@pytest.mark.parametrize("section", ["signs", "noticed", "talk", "call", "easy"])
@pytest.mark.parametrize("heading", ["Signs of sexual abuse", "GROOMING: what to see", "Talk about cse"])
def test_a_page_whose_title_would_name_the_topic_is_refused(section: str, heading: str) -> None:
    found = only(site(packs=packs(section, words(heading))))
    assert found.code == NAMED
    assert heading in found.fact
    assert found.place is not None


@pytest.mark.parametrize("section", ["home", "help", "genuine", "unknown", "large"])
def test_a_general_page_may_not_name_it_either(section: str) -> None:
    assert only(site(pages=pages(section, words("Child sexual exploitation")))).code == NAMED


@pytest.mark.parametrize(
    ("section", "heading"),
    [("now", "Signs of sexual abuse"), ("signs", "Signs to look for in Sussex"), ("talk", "Exploits of youth")],
)
def test_a_heading_within_a_page_may_name_it_and_a_part_of_a_word_does_not(section: str, heading: str) -> None:
    assert hindrances(site(packs=packs(section, words(heading)))) == []


def test_an_address_may_not_name_the_topic() -> None:
    letter = letter_of_term(topic_words=("spring", "CSE"))
    found = hindrances(site([on_site(letter)]))
    assert {one.code for one in found} == {NAMED}
    assert 'The address "/spring-2027/signs/" names the topic.' in {one.fact for one in found}
    assert len(found) == 6


def test_the_words_of_an_older_letter_count_as_well() -> None:
    older = on_site(letter_of_term("autumn-2026", date(2026, 9, 22), "ES-2609-A1B2", topic_words=("signs",)))
    assert NAMED in codes(site([on_site(), older]))


def test_a_newest_letter_without_its_topics_pages_keeps_the_site_back() -> None:
    fact = f'The pack "{demo_pack().id}" of the newest letter is not there, or has no pages for the site.'
    for packs in ({}, {demo_pack().id: replace(demo_pack(), site={})}):
        found = only(site(packs=packs))
        assert (found.code, found.fact, found.language) == (NO_TOPIC, fact, None)
        assert "folder of packs" in found.fix


def test_an_older_or_a_withdrawn_letter_may_be_without_its_topics_pages() -> None:
    other = {"dated": date(2026, 9, 22), "reference": "ES-2609-A1B2", "pack": "harmful-groups-online"}
    assert hindrances(site([on_site(), on_site(letter_of_term("autumn-2026", **other))])) == []
    newer = other | {"dated": date(2027, 3, 9), "reference": "ES-2703-N3W2"}
    assert hindrances(site([on_site(letter_of_term(**newer), withdrawn=True), on_site()])) == []
    assert codes(site([on_site(letter_of_term("summer-2027", **newer)), on_site()])) == [NO_TOPIC]


def known_by(keys: Mapping[str, tuple[ApprovalKey, ...]]) -> Partnership:
    """The partnership with these keys in its file, by the signatory's id."""
    signatories = tuple(replace(who, keys=keys.get(who.id, ())) for who in demo_partnership().signatories)
    return replace(demo_partnership(), signatories=signatories)


def keys_of(letter: Letter) -> dict[str, tuple[ApprovalKey, ...]]:
    return {who.id: who.keys for who in letter.signatories}


def test_a_newest_letter_approved_by_others_than_the_partnerships_file_names_keeps_the_site_back() -> None:
    letter = letter_of_term()
    assert hindrances(site([on_site(letter)], partnership=known_by(keys_of(letter)))) == []
    others = keys_of(letter) | {"police": (ApprovalKey.of_file(SEALING.public_key),)}
    found = only(site([on_site(letter)], partnership=known_by(others)))
    assert (found.code, found.place) == (SIGNATORY, SourceLocation("partnership.toml"))
    assert found.fact == "Eastmere Police did not approve it with a key that is in the partnership's file."
    assert found.language is None


def test_a_key_of_one_signatory_in_the_file_asks_for_every_signatorys() -> None:
    letter = letter_of_term()
    council = {"childrens-services": keys_of(letter)["childrens-services"]}
    assert codes(site([on_site(letter)], partnership=known_by(council))) == [SIGNATORY]


def test_where_the_file_has_no_public_keys_nobody_can_be_told_from_another() -> None:
    assert hindrances(site(partnership=known_by({}))) == []


def test_who_approved_an_older_letter_is_not_asked() -> None:
    letter = letter_of_term()
    partnership, older = known_by(keys_of(letter)), on_site(letter_of_term(dated=date(2026, 9, 22)))
    own, other = keys_of(letter)["police"][0].public_key, SEALING.public_key
    record = json.loads(json.dumps(older.seal.record).replace(own, other))
    older = replace(older, term="autumn-2026", seal=replace(older.seal, record=record))
    assert hindrances(site([on_site(letter), older], partnership=partnership)) == []
    assert set(codes(site([older], partnership=partnership))) == {SIGNATORY}


@pytest.mark.usefixtures("furniture")
def test_a_language_that_everybody_has_read_is_ready() -> None:
    assert hindrances(translated()) == []


@pytest.mark.parametrize("read", [None, "0" * 16])
@pytest.mark.usefixtures("furniture")
def test_a_text_changed_after_its_checker_read_it_keeps_its_language_back(read: str | None) -> None:
    made = translated(checked_digest=read)
    found = hindrances(made)
    assert [(one.code, one.language) for one in found] == [(UNCHECKED, "ur")] * 2
    assert found[0].fact == 'The translation "ur" was changed after its checker read it.'
    assert f'checked_digest = "{made.pages.texts["ur"].own_digest}"' in found[0].fix
    assert "as checker in [site.translations.ur] of parent-site/site.toml, and write there" in found[0].fix
    assert f"as checker in [site.translations.ur] of {demo_pack().id}/pack.toml, and write there" in found[1].fix


@pytest.mark.parametrize("checker", [None, "", "everyfamily (Machine  draft)"])
@pytest.mark.usefixtures("furniture")
def test_a_text_that_no_second_person_has_read_keeps_its_language_back(checker: str | None) -> None:
    found = hindrances(translated(checker=checker))
    assert [(one.code, one.language) for one in found] == [(UNCHECKED, "ur")] * 2
    assert found[0].fact == 'The translation "ur" has been checked by no second person.'
    assert [one.place for one in found] == [
        SourceLocation("parent-site/pages.ur.md"),
        SourceLocation("child-sexual-exploitation/site.ur.md"),
    ]


@pytest.mark.usefixtures("furniture")
def test_a_text_of_another_english_keeps_its_language_back() -> None:
    found = hindrances(translated(english_digest="0" * 16))
    assert [(one.code, one.language) for one in found] == [(STALE, "ur")] * 2
    assert 'english_digest = "' in found[0].fix


@pytest.mark.usefixtures("furniture")
def test_a_word_changed_in_the_english_makes_its_translations_stale() -> None:
    made = translated()
    texts = {**made.pages.texts, "en": rewritten(made.pages.texts["en"], "large/1", words("New words."))}
    found = only(replace(made, pages=replace(made.pages, texts=texts)))
    assert (found.code, found.language) == (STALE, "ur")


@pytest.mark.usefixtures("furniture")
def test_a_language_without_a_text_of_the_topic_stands_in_english_there() -> None:
    made = translated()
    own = {tag: text for tag, text in made.packs[demo_pack().id].site.items() if tag != "ur"}
    made = replace(made, packs={demo_pack().id: replace(demo_pack(), site=own)})
    assert hindrances(made) == []


@pytest.mark.parametrize("checker", [None, "everyfamily (machine draft)"])
def test_short_words_that_no_second_person_has_read_keep_their_language_back(
    furniture: Callable[..., None], checker: str | None
) -> None:
    furniture(checker=checker)
    found = only(translated())
    assert (found.code, found.language) == (UNCHECKED, "ur")
    assert found.place == SourceLocation("src/everyfamily/parentsite/locale/ur/LC_MESSAGES/site.po")
    assert found.fact == 'No second person has checked the short words in "ur" as they are.'


@pytest.mark.parametrize("read", [None, "0" * 16, furniture_of("pl").own_digest])
def test_short_words_other_than_those_that_the_checker_read_keep_their_language_back(
    furniture: Callable[..., None], read: str | None
) -> None:
    furniture(checker="C. Person", checked_digest=read)
    found = only(translated())
    assert (found.code, found.language) == (UNCHECKED, "ur")
    assert "in its header as X-Checker" in found.fix
    assert found.fix.endswith(f"X-Checked-Digest: {furniture_of('ur').own_digest}")


def test_short_words_that_are_missing_keep_their_language_back(furniture: Callable[..., None]) -> None:
    furniture(checker="C. Person", missing=("Open now", "Menu"))
    found = only(translated())
    assert (found.code, found.language) == (FURNITURE, "ur")
    assert found.fact.startswith('2 short words have no translation in "ur", "Open now" first')


def test_what_nobody_has_read_here_is_told_of_each_language() -> None:
    found = hindrances(site(languages=("en", *DRAFTS)))
    assert [one.language for one in found] == [tag for tag in DRAFTS for _ in range(3)]
    assert {one.code for one in found} == {UNCHECKED}


def test_it_is_good_until_the_first_route_or_text_is_due() -> None:
    assert good_until(site()) == date(2027, 3, 27)
    assert good_until(site(partnership=routed("children", expires_on=date(2027, 3, 9)))) == date(2027, 3, 9)
    assert good_until(site(pages=replace(site_pack(), review_on=date(2027, 3, 5)))) == date(2027, 3, 5)
    about = demo_pack().about.model_copy(update={"review_on": date(2027, 3, 4)})
    assert good_until(site(packs={demo_pack().id: replace(demo_pack(), about=about)})) == date(2027, 3, 4)


def test_it_is_good_no_longer_than_the_sources_of_its_words() -> None:
    routes = tuple(replace(one, expires_on=date(2028, 1, 1)) for one in demo_partnership().routes)
    made = site(partnership=replace(demo_partnership(), routes=routes))
    last = good_until(made)
    assert last == min(source.review_on for source in site_pack().sources.values())
    assert last < site_pack().review_on
    assert hindrances(replace(made, today=last)) == []
    assert hindrances(replace(made, today=last + timedelta(days=1))) != []


def test_a_source_that_only_the_letter_rests_on_does_not_end_it() -> None:
    source = next(iter(demo_pack().sources.values())).model_copy(update={"review_on": DATED})
    pack = replace(demo_pack(), sources={**demo_pack().sources, "S-LETTER": source})
    assert good_until(site(packs={pack.id: pack})) == date(2027, 3, 27)


def test_the_schools_row_does_not_end_it() -> None:
    assert good_until(site(partnership=routed("school", expires_on=date(2027, 3, 3)))) == date(2027, 3, 27)


def test_nothing_keeps_it_back_on_its_last_day_and_something_does_on_the_next() -> None:
    last = good_until(site())
    assert hindrances(site(today=last)) == []
    assert hindrances(site(today=last + timedelta(days=1))) != []
    early = replace(site_pack(), review_on=date(2027, 3, 5))
    assert hindrances(site(pages=early, today=good_until(site(pages=early)))) == []
    assert codes(site(pages=early, today=date(2027, 3, 6))) == [REVIEW]


def test_passages_that_stand_in_english_are_counted() -> None:
    whole = site(languages=("en", "ur"))
    assert untranslated(whole, "ur") == 0
    one = site(pages=pages("large/1", words(NOT_YET), tag="ur"))
    assert untranslated(one, "ur") == 1
    text = site_pack().texts["ur"]
    lacking = replace(text, sections=text.sections[:-1])
    made = site(pages=replace(site_pack(), texts={**site_pack().texts, "ur": lacking}))
    assert untranslated(made, "ur") == len(text.sections[-1].passages)
    sections = [one for texts in (site_pack().texts, demo_pack().site) for one in texts["en"].sections]
    assert untranslated(whole, "cy") == sum(len(one.passages) for one in sections)
    assert untranslated(whole, "en") == 0


def test_a_heading_that_stands_in_english_is_not_counted_as_a_passage() -> None:
    assert untranslated(site(pages=pages("large", words(NOT_YET), tag="ur")), "ur") == 0
    aside = packs("fears/1", lambda one: replace(one, aside=NOT_YET), tag="ur")
    assert untranslated(site(packs=aside), "ur") == 0


def test_pages_have_the_own_words_that_their_letter_was_made_with() -> None:
    own = Overridden("1.1.0", "a" * 64, ("en now/3",))
    letters = [on_site(letter_of_term(overridden=own))]
    assert only(site(letters)).code == OWN_WORDS
    other = replace(demo_pack(), overridden=replace(own, digest="b" * 64))
    assert only(site(letters, packs={other.id: other})).code == OWN_WORDS
    same = replace(demo_pack(), overridden=own)
    assert codes(site(letters, packs={same.id: same})) == []
