"""Once a letter is withdrawn, the site says of each of the three letters what it is, and what is right now."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest

from everyfamily.core.letter.compose import compose
from everyfamily.core.letter.letters import Followed
from everyfamily.letters.files.withdrawal_notices import publish_withdrawal
from everyfamily.parentsite.export import export_site
from everyfamily.parentsite.furniture import furniture_of
from everyfamily.parentsite.readiness import hindrances
from everyfamily.parentsite.sealed import SealedLetter, TwoLettersOfOneTerm, read_sealed_letters
from everyfamily.parentsite.site import Site
from tests.factories.demonstration import demo_pack, demo_partnership, routed
from tests.factories.sealed import SEALING, letter_of_term, rendered, seal_letter, site

WRONG, RIGHT, WHOLE = "ES-2703-K7R4", "ES-2703-C0R2", "ES-2703-N3W5"
AT = datetime(2027, 3, 8, 10, 30, tzinfo=UTC)
ANEW = date(2027, 3, 8)
DEAD = "0151\u00a0496\u00a00120"
NOW = routed("local", number="0151 496 0121")
WITHDRAWN = "We withdrew this letter on 8 March 2027. Please do not use it."


def published(place: Path, kinds: Sequence[str]) -> tuple[SealedLetter, ...]:
    """The wrong letter, withdrawn by a notice, and what follows it so far."""
    seal_letter(letter_of_term()).publish(place)
    folders: list[Path] = []
    routes = tuple(
        replace(one, number="0151 496 0121") if one.id == "local" else one for one in letter_of_term().routes
    )
    for reference, kind in ((RIGHT, "correction"), (WHOLE, "replacement")):
        if kind in kinds:
            follows = Followed(WRONG, kind)  # type: ignore[arg-type]
            texts = compose(demo_pack(), NOW, term="spring-2027", dated=ANEW, reference=reference).texts
            letter = letter_of_term(dated=ANEW, reference=reference, follows=follows, routes=routes, texts=texts)
            sealed = seal_letter(letter)
            sealed.publish(place)
            folders.append(place.with_name(f"{place.name}-{reference}"))
            sealed.write(folders[-1])
    publish_withdrawal(place, WRONG, key=SEALING, withdrawn_at=AT)
    return read_sealed_letters(place, folders, demo_partnership())


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("seals")


@cache
def made(place: Path, *kinds: str) -> Site:
    folder = place / "-".join(("with", *kinds))
    return site(published(folder, kinds), languages=("en", "ur"), partnership=NOW, today=ANEW)


@cache
def pages(place: Path, *kinds: str) -> dict[str, str]:
    return rendered(made(place, *kinds))


def words(html: str) -> str:
    """What a person reads on the page."""
    main = html.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


def called(html: str) -> set[str]:
    return set(re.findall(r'href="tel:(\d+)"', html))


BOTH = ("correction", "replacement")


@pytest.mark.slow
def test_all_three_are_published_under_their_one_address(place: Path) -> None:
    assert hindrances(replace(made(place, *BOTH), languages=("en",))) == []


@pytest.mark.slow
def test_the_printed_address_shows_the_replacement_as_this_terms_letter(place: Path) -> None:
    html = pages(place, *BOTH)["spring-2027/index.html"]
    assert re.findall(r'<span class="ref">.*?<bdi dir="ltr">(.*?)</bdi>', html) == [WHOLE]
    assert "Sent to every parent and carer." in words(html)
    home = pages(place, *BOTH)["index.html"]
    assert 'href="/spring-2027/"' in home
    assert "withdrawn" not in words(home)


def test_whoever_comes_there_from_the_withdrawn_letter_is_told_and_gets_the_right_number(place: Path) -> None:
    html = pages(place, *BOTH)["spring-2027/index.html"]
    said = words(html)
    assert f"Is your letter’s reference {WRONG}? We withdrew that letter." in said
    assert "Do not use the numbers in it. These are right:" in said
    right = said.partition("These are right:")[2]
    assert right.index("0151 496 0121") < right.index("Why we wrote again")
    assert f'href="/genuine/{RIGHT}/">Why we wrote again' in html
    assert "01514960121" in called(html)
    assert DEAD not in html


def test_the_page_of_the_correction_says_why_we_wrote_again_and_not_that_it_is_withdrawn(place: Path) -> None:
    html = pages(place, *BOTH)[f"genuine/{RIGHT}/index.html"]
    assert f"We wrote to you again because our letter of 2 March 2027, reference {WRONG}, was wrong." in words(
        html
    )
    assert "withdr" not in words(html)
    assert "01514960121" in called(html)


def test_the_page_of_the_withdrawn_letter_says_so_first_and_what_is_right_now(place: Path) -> None:
    html = pages(place, *BOTH)[f"genuine/{WRONG}/index.html"]
    said = words(html)
    assert said.index(WITHDRAWN) < said.index("If a child is in danger now")
    assert f"The letter that takes its place: {WHOLE}" in said
    assert f"Families who had it get this letter from us: {RIGHT}" in said
    assert "01514960121" in called(html)


@pytest.mark.slow
@pytest.mark.parametrize("kinds", [(), ("correction",), BOTH])
def test_a_number_that_a_letter_was_withdrawn_for_stands_on_no_page(place: Path, kinds: tuple[str, ...]) -> None:
    """A scared reader calls the number that is there, crossed out or not."""
    found = pages(place, *kinds)
    assert [path for path, html in found.items() if DEAD in html or "01514960120" in html] == []
    assert "(number taken out)" in words(found[f"genuine/{WRONG}/index.html"])
    assert furniture_of("ur").say("number taken out") in found[f"ur/genuine/{WRONG}/index.html"]


def test_before_anything_follows_it_the_printed_address_says_that_it_is_withdrawn_and_whom_to_call(
    place: Path,
) -> None:
    html = pages(place)["spring-2027/index.html"]
    assert WITHDRAWN in words(html)
    assert {"999", "01514960121"} <= called(html)
    assert "This letter was withdrawn. Please do not use it." in words(pages(place)["index.html"])
    # The pages about what to look for are of today, and stay where the letter printed them.
    assert "spring-2027/signs/index.html" in pages(place)


def test_a_correction_alone_stands_at_the_printed_address_until_a_replacement_is_there(place: Path) -> None:
    said = words(pages(place, "correction")["spring-2027/index.html"])
    assert f"We wrote to you again because our letter of 2 March 2027, reference {WRONG}, was wrong." in said
    assert "Sent to every parent and carer." not in said


def test_the_lists_name_each_for_what_it_is(place: Path) -> None:
    for path in ("letters/index.html", "genuine/index.html"):
        html = pages(place, *BOTH)[path]
        rows = {
            reference: re.sub(r"<[^>]*>", " ", row)
            for row in re.findall(r"<li.*?</li>", html, re.DOTALL)
            for reference in (WRONG, RIGHT, WHOLE)
            if reference in row
        }
        assert {
            name: [word for word in ("Withdrawn", "Correction") if word in row] for name, row in rows.items()
        } == {
            WRONG: ["Withdrawn"],
            RIGHT: ["Correction"],
            WHOLE: [],
        }, path


@pytest.mark.slow
def test_the_notice_is_published_beside_the_seals(place: Path, tmp_path: Path) -> None:
    export_site(replace(made(place, *BOTH), languages=("en",)), tmp_path / "out")
    notice = tmp_path / "out/public/seals/withdrawn" / f"{WRONG}.json"
    assert notice.read_text(encoding="utf-8") == (
        place / f"with-{'-'.join(BOTH)}" / "withdrawn" / f"{WRONG}.json"
    ).read_text(encoding="utf-8")


def test_two_letters_to_everybody_at_one_address_are_still_refused(tmp_path: Path) -> None:
    published(tmp_path, BOTH)
    seal_letter(letter_of_term(dated=ANEW, reference="ES-2703-XXXX")).publish(tmp_path)
    with pytest.raises(TwoLettersOfOneTerm):
        read_sealed_letters(tmp_path, (), demo_partnership())
