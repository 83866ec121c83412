"""Story: a letter asks for a bank card. Is it ours? A father types its reference, and looks at what we have sent."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from everyfamily.core.agreement.seals import Seal, fingerprint, problems
from everyfamily.rendering.labels import labels_for
from tests.factories.crossed import crossed
from tests.journeys.parent_site_visits import (
    BY_NIGHT,
    DESKTOP,
    DEVICES,
    PHONE,
    Device,
    Exported,
    address,
    reading,
    say,
)
from tests.journeys.site_servers import Served

pytest_plugins = ["tests.journeys.parent_site"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]

FORGED = "ES-2703-XXXX"
NOT_OURS = (
    "We have not sent a letter with this reference. Do not use its numbers or links. Call the school on a number"
    " you already have."
)
OURS = "We have sent a letter with this reference. Now compare its words and numbers:"


def words_of(*texts: str | None) -> Counter[str]:
    """Words, without what a line's end or a gap's spaces make of them."""
    return Counter(word for text in texts if text for word in re.findall(r"[\w’'-]+", text))


def sealed_words(one: Exported) -> Counter[str]:
    """Every word of the sealed letter that a web page shows: passages, the card's routes, ways to write, who signed."""
    letter, labels = one.letter.letter, labels_for("en")
    texts: list[str | None] = []
    for section in letter.texts["en"].sections:
        heading = section.heading
        texts.append(heading.text if heading else None)
        for passage in section.passages:
            if passage.stands_in("web"):
                texts += [passage.text, passage.aside]
                if passage.aside and heading:
                    texts.append(heading.aside)
    texts = [text and text.replace("((school number))", labels.own_number) for text in texts]
    texts = [text and text.replace("((school))", labels.school) for text in texts]
    for route in letter.card_routes:
        school = route.number is not None and not route.number[0].isdigit()
        texts += (
            [route.need, labels.own_number] if school else [route.need, route.number or route.url, route.hours]
        )
    written = [route for route in letter.card_routes if route.text or route.email]
    texts += [labels.rather_write] if written else []
    for route in written:
        texts += [route.need.partition(",")[0], route.text and labels.text_to.format(route.text), route.email]
    for who in letter.signatories:
        texts += [who.name, who.title, who.organisation]
    return words_of(letter.texts["en"].title.text, labels.our_reference, letter.reference, "2 March 2027", *texts)


@crossed(BY_NIGHT, device=DEVICES, language=["en", "ur"])
def test_a_genuine_reference_leads_to_what_was_approved(
    firm_browser: Browser, served: Served, exported: Exported, device: Device, language: str
) -> None:
    reference = exported.letter.reference
    with reading(firm_browser, served, device) as visit:
        page = visit.page
        page.goto(address(language, "genuine"))
        page.get_by_role("link", name=reference, exact=True).first.click()
        expect(page).to_have_url(served.url + address(language, f"genuine/{reference}"))
        expect(page.get_by_role("heading", level=1)).to_have_text(reference)
        facts = page.get_by_role("main").locator("dl").inner_text().replace("\xa0", " ")
        assert fingerprint(exported.letter.seal.digest) in facts
        assert ("2 March 2027" if language == "en" else "2 مارچ 2027") in facts
        for who in exported.letter.letter.signatories:
            assert who.name in facts
            assert who.organisation in facts
        expect(
            page.get_by_text(
                say(
                    language,
                    "Still unsure? Call the school on a number you already have. Do not use a number from the letter.",
                )
            )
        ).to_be_visible()
        # The full text, word for word, and nothing that was not sealed.
        text = page.get_by_role("article")
        assert text.count() == 1
        assert text.evaluate("it => it.closest('[lang]').lang + getComputedStyle(it).direction") == "enltr"
        assert words_of(text.inner_text()) == sealed_words(exported)


@crossed(device=[PHONE, DESKTOP._replace(script=False)], language=["en", "ur"])
def test_a_forged_reference_is_not_there_and_the_page_says_whom_to_ring(
    firm_browser: Browser, behind_nginx: Served, exported: Exported, device: Device, language: str
) -> None:
    advice = exported.site.pages.texts[language].section("unknown")
    assert advice is not None
    with reading(firm_browser, behind_nginx, device) as visit:
        page = visit.page
        answer = page.goto(address(language, f"genuine/{FORGED}"))
        assert answer is not None
        assert answer.status == 404
        assert page.locator("html").get_attribute("lang") == language
        said = page.get_by_role("main").inner_text().replace("\xa0", " ")
        plain = [one.text for one in advice.passages if "((" not in one.text]
        assert [text for text in plain if text not in said] == []
        if language == "en":
            assert "Call the school on a number you already have." in said
        assert FORGED not in page.get_by_role("main").inner_text()


def type_reference(page: Page, language: str, words: str) -> str:
    """What the page answers."""
    page.get_by_label(say(language, "Type the reference from your letter")).fill(words)
    return answer_of(page)


def answer_of(page: Page) -> str:
    """What is under the field."""
    return page.get_by_role("status").inner_text().replace("\xa0", " ").strip()


@crossed(device=[PHONE, DESKTOP], language=["en", "ur"])
def test_a_reference_is_compared_on_the_device(
    firm_browser: Browser, served: Served, exported: Exported, device: Device, language: str
) -> None:
    reference = exported.letter.reference
    with reading(firm_browser, served, device) as visit:
        page = visit.page
        visit.opens(address(language, "genuine"))
        asked = len(visit.asked)
        assert type_reference(page, language, "ES-2") == ""
        for forged in (FORGED, FORGED.lower(), " es 2703 xxxx ", f"{reference}1"):
            assert type_reference(page, language, forged) == say(language, NOT_OURS)
            assert page.get_by_role("status").get_by_role("link").count() == 0
        # What is not yet whole is no forgery, until she says that it is whole.
        assert type_reference(page, language, reference[:-1]) == ""
        field = page.get_by_label(say(language, "Type the reference from your letter"))
        field.press("Enter")
        assert answer_of(page) == say(language, NOT_OURS)
        # As people type it, with the digits of their own keyboard, and a letter for a nought.
        for genuine in (
            reference,
            reference.lower(),
            " es 2703 k7r4 ",
            "ES2703K7R4",
            "ES-۲۷۰۳-K7R4",
            "es-27o3-k7r4",
        ):
            assert type_reference(page, language, genuine).startswith(say(language, OURS))
        # Enter does nothing but what was done already: the address stays as it was.
        field.press("Enter")
        assert page.url == served.url + address(language, "genuine")
        assert len(visit.asked) == asked
        page.get_by_role("status").get_by_role("link", name=reference).click()
        expect(page).to_have_url(served.url + address(language, f"genuine/{reference}"))
        assert visit.said == []


MALFORMED = "my letter"


@crossed(words=[FORGED, "ES-2703-K7R4", MALFORMED], height=[844, 420], language=["en", "ur"])
def test_the_answer_can_be_seen_where_it_was_asked(
    firm_browser: Browser, served: Served, words: str, height: int, language: str
) -> None:
    """Not behind the bar at the phone's foot, and not below the edge: somebody who sees nothing takes it for a yes."""
    with reading(firm_browser, served, PHONE._replace(width=390, height=height)) as visit:
        page = visit.page
        page.goto(address(language, "genuine"))
        field = page.get_by_label(say(language, "Type the reference from your letter"))
        # As low as the page can have it: right over the bar.
        field.evaluate(
            """it => scrollTo(0, scrollY + it.getBoundingClientRect().bottom
              - document.querySelector('.bar').getBoundingClientRect().top)"""
        )
        field.focus()
        page.keyboard.type(words)
        if words == MALFORMED:
            assert answer_of(page) == ""
            page.keyboard.press("Enter")
        assert answer_of(page).startswith(say(language, OURS if words == "ES-2703-K7R4" else NOT_OURS))
        answer, bar = page.get_by_role("status").bounding_box(), page.locator(".bar").bounding_box()
        assert answer is not None
        assert bar is not None
        assert answer["y"] >= 0
        assert answer["y"] + answer["height"] <= bar["y"]
        # Nothing covers any of it.
        assert page.get_by_role("status").evaluate(
            """it => { var box = it.getBoundingClientRect();
              return [box.top + 2, box.bottom - 2].every(y => [box.left + 4, (box.left + box.right) / 2, box.right - 4]
                .every(x => it.contains(document.elementFromPoint(x, y)))) }"""
        )


def test_without_javascript_there_is_no_field_that_would_do_nothing(
    firm_browser: Browser, served: Served
) -> None:
    with reading(firm_browser, served, PHONE._replace(script=False)) as visit:
        visit.page.goto(address("en", "genuine"))
        assert visit.page.get_by_role("textbox").count() == 0
        expect(visit.page.get_by_role("heading", name="Letters we have sent")).to_be_visible()


def test_the_published_seal_is_good_and_says_so_to_who_checks(
    firm_browser: Browser, served: Served, exported: Exported
) -> None:
    reference = exported.letter.reference
    with reading(firm_browser, served) as visit:
        page = visit.page
        page.goto(address("en", f"genuine/{reference}"))
        page.get_by_text("For people who check with a computer").click()
        where = page.get_by_role("link", name="The seal as a file").get_attribute("href")
        assert where == f"/seals/{reference}.json"
        fetched = visit.context.request.get(where)
        assert fetched.headers["content-type"] == "application/json"
        seal = Seal.from_json(fetched.body())
    assert problems(seal, sealing_key=exported.sealing_key) == []
    assert seal.record["reference"] == reference
    # It could be found false: with one word changed it is.
    changed = dict(seal.record, letter=dict(seal.record["letter"], area="Westmere"))
    assert problems(replace(seal, record=changed), sealing_key=exported.sealing_key) != []
