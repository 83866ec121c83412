"""A letter is the pack's words, filled from the partnership, with only the personal gaps open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from everyfamily.core.calendar.year_plan import TermNotPlanned, YearPlan
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.letter.compose import PackForAnotherNation, ReferenceNotUsable, TopicNotPlanned, compose
from everyfamily.core.letter.letters import Letter
from everyfamily.core.packs.packs import Pack
from everyfamily.core.partnership.partnership import Partnership, RouteUnknown
from everyfamily.core.text.gaps import PERSONAL_GAPS
from everyfamily.core.text.placeholders import gaps_in
from tests.factories.demonstration import DATED, REFERENCE, demo_letter, demo_pack, demo_partnership


def composed(partnership: Partnership, term: str = "spring-2027", reference: str = REFERENCE) -> Letter:
    return compose(demo_pack(), partnership, term=term, dated=DATED, reference=reference)


def test_only_personal_gaps_stay_open() -> None:
    text = demo_letter().english
    for passage in [*text.passages(), *text.outside()]:
        assert set(gaps_in(f"{passage.text} {passage.aside or ''}")) <= PERSONAL_GAPS


def test_numbers_come_from_the_register() -> None:
    partnership = demo_partnership()
    routes = tuple(
        replace(route, number="112") if route.id == "emergency" else route for route in partnership.routes
    )
    letter = composed(replace(partnership, routes=routes))
    assert letter.english.section("danger").passages[0].text == "If a child is in danger now, call 112."
    assert "112" in letter.english.sms.text


def test_the_next_letter_is_told_only_when_it_is_settled() -> None:
    partnership = demo_partnership()
    closing = demo_letter().english.section("closing").passages
    assert "April 2027" in closing[1].text
    assert "harmful groups online" in closing[1].text
    last = replace(partnership, year_plan=YearPlan(partnership.year_plan.letters[:2]))
    letter = composed(last)
    assert letter.next_topic is None
    assert letter.english.section("closing").passages[1].text == "Another letter comes next term."


def test_composing_does_not_judge_routes_or_promises() -> None:
    partnership = demo_partnership()
    dead = tuple(replace(route, dead_since=date(2027, 1, 1)) for route in partnership.routes)
    letter = composed(replace(partnership, routes=dead, promises=()))
    assert letter.routes[0].dead_since == date(2027, 1, 1)
    assert letter.promises == ()


def test_the_letter_carries_only_promises_it_makes() -> None:
    partnership = demo_partnership()
    other = replace(partnership.promises[0], id="free-parking")
    letter = composed(replace(partnership, promises=(*partnership.promises, other)))
    assert "free-parking" not in {promise.id for promise in letter.promises}
    assert len(letter.promises) == 18


@pytest.mark.parametrize(
    ("from_year", "whom"),
    [
        (6, "every parent and carer of children in Year 6 or above in Eastmere"),
        (0, "every parent and carer in Eastmere"),
    ],
)
def test_reporters_hear_to_whom_the_letter_goes_and_to_nobody_else(from_year: int, whom: str) -> None:
    partnership = replace(demo_partnership(), from_year={demo_pack().id: from_year})
    press = composed(partnership).english.press
    assert press is not None
    assert f"“The same letter goes to {whom}." in press.section("say").passages[0].text


def test_card_and_apart_routes_are_told_apart() -> None:
    assert [route.id for route in demo_letter().card_routes] == list(demo_pack().about.routes.card)
    assert demo_letter().apart == ("online", "survivors")


@pytest.mark.parametrize("nation", ["Wales", "Scotland", "Northern Ireland"])
def test_a_pack_is_not_offered_to_another_nation(nation: str) -> None:
    with pytest.raises(PackForAnotherNation, match=f"not for {nation}"):
        composed(replace(demo_partnership(), nation=nation))


def test_another_terms_topic_is_refused() -> None:
    with pytest.raises(TopicNotPlanned, match="harmful-groups-online"):
        composed(demo_partnership(), term="summer-2027")


def test_a_term_outside_the_plan_is_refused() -> None:
    with pytest.raises(TermNotPlanned):
        composed(demo_partnership(), term="spring-2031")


def test_a_route_the_pack_needs_must_be_in_the_register() -> None:
    partnership = demo_partnership()
    with pytest.raises(RouteUnknown, match='no "survivors"'):
        composed(replace(partnership, routes=partnership.routes[:-1]))


@pytest.mark.parametrize("reference", ["", "es-2703", "ES 2703", "ES-2703-", "ES_2703", "ÉS-2703"])
def test_a_reference_can_be_read_out(reference: str) -> None:
    with pytest.raises(ReferenceNotUsable):
        composed(demo_partnership(), reference=reference)


def test_an_error_says_where_it_stands() -> None:
    with pytest.raises(EveryfamilyError) as caught:
        composed(demo_partnership(), term="autumn-2026")
    assert str(caught.value).startswith("partnership.toml:")


def test_the_letter_carries_the_sources_that_its_passages_name() -> None:
    pack, letter = demo_pack(), demo_letter()
    passages = [one for text in letter.texts.values() for one in (*text.passages(), *text.beside())]
    assert {key for one in passages for key in one.sources} <= {source.key for source in letter.sources}
    (ceop,) = [source for source in letter.sources if source.key == "S50"]
    assert (ceop.supports, ceop.review_on) == (pack.sources["S50"].supports, pack.sources["S50"].review_on)


def test_a_source_that_no_passage_names_stays_in_the_pack() -> None:
    pack = demo_pack()
    more = replace(pack, sources={**pack.sources, "S999": pack.sources["S50"]})
    letter = compose(more, demo_partnership(), term="spring-2027", dated=DATED, reference=REFERENCE)
    assert "S999" not in {source.key for source in letter.sources}


def test_a_letter_says_of_which_english_it_is() -> None:
    assert demo_letter().english.english_digest == demo_pack().texts["en"].english_digest


def with_checker(checker: str | None, english: str | None = None) -> Pack:
    """The demo's pack with its Polish pages read by somebody, against the English or another edition of it."""
    pack = demo_pack()
    assert pack.about.site is not None
    made = pack.about.site.translations["pl"]
    read = made.model_copy(
        update={"checker": checker, "english_digest": english or pack.site["en"].english_digest}
    )
    table = pack.about.site.model_copy(update={"translations": {"pl": read}})
    return replace(pack, about=pack.about.model_copy(update={"site": table}))


@pytest.mark.parametrize(
    ("checker", "english", "demonstration", "languages"),
    [
        ("A. Reader", None, False, ("pl",)),
        (None, None, False, ()),
        ("everyfamily (machine draft)", None, False, ()),
        ("A. Reader", "0" * 16, False, ()),
        (None, "0" * 16, True, ("pl",)),
    ],
)
def test_a_letter_names_a_language_only_if_its_pages_are_published(
    checker: str | None, english: str | None, demonstration: bool, languages: tuple[str, ...]
) -> None:
    partnership = replace(demo_partnership(), demonstration=demonstration)
    pack = with_checker(checker, english)
    letter = compose(pack, partnership, term="spring-2027", dated=DATED, reference=REFERENCE)
    assert letter.languages == languages


def test_a_further_letter_of_a_term_has_its_own_address_and_name() -> None:
    partnership = demo_partnership()
    spring = partnership.year_plan.of("spring-2027")
    other = replace(spring, topic="criminal-exploitation", send_week=date(2027, 1, 19))
    plan = YearPlan((other, replace(spring, number=2)))
    letter = composed(replace(partnership, year_plan=plan))
    assert letter.page == "families.eastmere.example/spring-2027-2"
    assert letter.term == "spring term 2027, second letter"
    assert letter.next_topic is None
    assert composed(partnership).page == "families.eastmere.example/spring-2027"
