"""The printed letter: two pages, in Notify's areas, the same words in the same order, the same bytes."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageDraw

from everyfamily.core.calendar.letter_versions import Version
from everyfamily.core.letter.compose import compose
from everyfamily.core.letter.letters import Letter
from everyfamily.core.packs.packs import load_pack
from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.documents.compared.tagged_pdf import (
    text_in_structure_order,
    words_by_page,
    words_in_structure_order,
)
from everyfamily.rendering.briefing import render_briefing
from everyfamily.rendering.large_print import render_large_print
from everyfamily.rendering.pdf import LetterTooLong, page_count, render_bundle, render_letter
from everyfamily.rendering.print_data import (
    AddressTooLong,
    BundleTooLarge,
    LetterheadDoesNotFit,
    RouteNotPrintable,
)
from everyfamily.rendering.view import printed_view
from everyfamily.rendering.words import print_lines, print_words
from tests.factories.demonstration import (
    DATED,
    HARBOUR,
    LETTERS,
    REFERENCE,
    ROOT,
    demo_letter,
    letter_of,
    planned_for,
)

SEVEN_LINES = (
    "The parent or carer",
    "Flat 12B, The Old Harbour Master’s House",
    "117-121 Upper Lantern Row East",
    "Little Eastmere",
    "Eastmere",
    "Mereshire",
    "EM4 7QX",
)
COPIES = {
    "no gap filled": PersonalGaps(),
    "gaps open": PersonalGaps.open(),
    "a family": HARBOUR,
    "seven lines": PersonalGaps(SEVEN_LINES, "The Saint Bartholomew and All Angels Academy of Eastmere", None),
}
# GOV.UK Notify's areas, mm from the top left: x0, y0, x1, y1.
FIRST_PAGE = [(15, 5, 125, 30), (24.6, 39.5, 120, 66.3), (125, 5, 195, 95), (15, 95, 195, 292)]
SECOND_PAGE = [(15, 5, 195, 292)]


def pages(pdf: bytes, dpi: int = 100) -> list[Image.Image]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=dpi / 72).to_pil().convert("L") for page in document]


@pytest.mark.parametrize("name", list(COPIES))
def test_its_words_in_structure_order_are_the_letters_words(name: str) -> None:
    gaps = COPIES[name]
    assert words_in_structure_order(render_letter(demo_letter(), "en", gaps)) == print_words(
        demo_letter(), "en", gaps
    )


def ink_outside(pdf: bytes) -> list[tuple[int, tuple[int, int, int, int]]]:
    """Page and bounding box (pixels at 100 dpi) of ink outside Notify's areas."""
    scale = 100 / 25.4
    found = []
    for number, page in enumerate(pages(pdf)):
        ink = page.point(lambda value: 255 if value < 200 else 0)
        draw = ImageDraw.Draw(ink)
        for area in SECOND_PAGE if number else FIRST_PAGE:
            draw.rectangle([round(edge * scale) for edge in area], fill=0)
        if box := ink.getbbox():
            found.append((number, box))
    return found


@pytest.mark.parametrize("name", list(COPIES))
def test_no_ink_falls_outside_notifys_areas(name: str) -> None:
    assert ink_outside(render_letter(demo_letter(), "en", COPIES[name])) == []


def test_ink_outside_would_be_seen() -> None:
    pdf = render_letter(demo_letter(), "en", HARBOUR)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.pages[0].contents_add(b"q 0 0 1 rg 10 10 20 20 re f Q")
        out = io.BytesIO()
        document.save(out)
    assert [number for number, _ in ink_outside(out.getvalue())] == [0]


def test_the_same_letter_gives_the_same_bytes() -> None:
    assert render_letter(demo_letter(), "en", HARBOUR) == render_letter(demo_letter(), "en", HARBOUR)


def test_nothing_in_the_file_says_when_it_was_made() -> None:
    with pikepdf.open(io.BytesIO(render_letter(demo_letter(), "en", HARBOUR))) as document:
        assert "/CreationDate" not in document.docinfo
        assert "/ModDate" not in document.docinfo


def test_the_letter_takes_two_a4_pages() -> None:
    with pikepdf.open(io.BytesIO(render_letter(demo_letter(), "en", HARBOUR))) as document:
        assert [[round(float(edge)) for edge in page.mediabox] for page in document.pages] == [
            [0, 0, 595, 842]
        ] * 2
    assert page_count(demo_letter(), "en") == 2


def test_every_letter_of_a_bundle_opens_a_fresh_sheet() -> None:
    copies = [PersonalGaps((f"{number} Lantern Row", "EM4 7QX"), "Harbour School") for number in (1, 2, 3)]
    found = words_by_page(render_bundle(demo_letter(), "en", copies))
    assert len(found) == 6
    for number, words in enumerate(found[::2], start=1):
        assert f"{number} Lantern Row" in " ".join(words)
    for gaps, first, second in zip(copies, found[::2], found[1::2], strict=True):
        assert first + second == print_words(demo_letter(), "en", gaps)


def test_a_bundle_is_packed_and_a_single_letter_is_as_it_was_sealed() -> None:
    copies = [PersonalGaps((f"{number} Lantern Row", "EM4 7QX"), "Harbour School") for number in (1, 2, 3)]
    bundle, single = render_bundle(demo_letter(), "en", copies), render_letter(demo_letter(), "en", copies[0])
    assert b"/ObjStm" in bundle
    assert b"/ObjStm" not in single
    assert len(bundle) < 1.5 * len(single)
    assert bundle == render_bundle(demo_letter(), "en", copies)


def test_the_printed_view_is_made_once_for_a_letter_and_a_language() -> None:
    letter = demo_letter()
    assert printed_view(letter, "en") is printed_view(letter, "en")
    assert printed_view(replace(letter), "en") is not printed_view(letter, "en")


def test_fonts_are_embedded() -> None:
    with pikepdf.open(io.BytesIO(render_letter(demo_letter(), "en", HARBOUR))) as document:
        names = {str(font.BaseFont) for page in document.pages for font in page.Resources.Font.values()}
        for page in document.pages:
            for font in page.Resources.Font.values():
                descriptor = font.DescendantFonts[0].FontDescriptor
                assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
    assert all("Source" in name for name in names)


def test_an_unchecked_school_number_gives_the_number_a_family_has() -> None:
    lines = print_lines(demo_letter(), "en", PersonalGaps())
    assert lines[lines.index("Your child’s school") + 1] == "on the number you already have"
    assert "((school number))" in text_in_structure_order(render_letter(demo_letter(), "en", PersonalGaps.open()))


def test_the_demonstration_says_so() -> None:
    line = "Demonstration: Eastmere and everyone named here are invented."
    assert line in text_in_structure_order(render_letter(demo_letter(), "en", HARBOUR))
    real = replace(demo_letter(), demonstration=False)
    assert "Demonstration" not in text_in_structure_order(render_letter(real, "en", HARBOUR))


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"dead_since": date(2027, 2, 1)}, "dead"),
        ({"expires_on": date(2027, 3, 1)}, "expired"),
        ({"checked_on": None}, "unverified"),
        ({"checked_by": None}, "unverified"),
    ],
)
def test_a_route_that_does_not_answer_is_not_printed(change: dict[str, object], state: str) -> None:
    letter = demo_letter()
    routes = tuple(replace(route, **change) if route.id == "local" else route for route in letter.routes)  # type: ignore[arg-type]
    with pytest.raises(RouteNotPrintable, match=f'On 2027-03-02: the route "local" is {state}') as caught:
        render_letter(replace(letter, routes=routes), "en", HARBOUR)
    assert caught.value.place is not None
    assert caught.value.place.line == letter.routes[1].line


def test_routes_are_judged_on_the_day_of_printing() -> None:
    with pytest.raises(RouteNotPrintable, match=r"On 2027-03-28: the route .local. is expired"):
        render_letter(demo_letter(), "en", HARBOUR, on=date(2027, 3, 28))


@pytest.mark.parametrize("lines", [("x",) * 8, ("Lantern Row " * 12,) * 5, ("W" * 300,)])
def test_an_address_that_leaves_the_window_is_refused_by_its_place(lines: tuple[str, ...]) -> None:
    with pytest.raises(AddressTooLong) as caught:
        render_bundle(demo_letter(), "en", [HARBOUR, PersonalGaps(lines)])
    assert caught.value.index == 1
    assert "Lantern" not in str(caught.value)


def longer(letter: Letter) -> Letter:
    text = letter.english
    sections = tuple(
        replace(section, passages=section.passages * 4) if section.id == "call" else section
        for section in text.sections
    )
    return replace(letter, texts={"en": replace(text, sections=sections)})


def test_a_third_page_is_counted_and_refused() -> None:
    letter = longer(demo_letter())
    assert page_count(letter, "en") == 3
    with pytest.raises(LetterTooLong):
        render_letter(letter, "en", HARBOUR)


@pytest.mark.parametrize("number", [0, 101])
def test_a_bundle_holds_one_to_a_hundred(number: int) -> None:
    with pytest.raises(BundleTooLarge):
        render_bundle(demo_letter(), "en", [HARBOUR] * number)


def test_text_is_never_read_as_markup() -> None:
    gaps = PersonalGaps(("#panic[x] *bold* $x$ \\ <a> @b", "EM4 7QX"), 'St #1 [Upper] "School"', "0151 496 0160")
    assert words_in_structure_order(render_letter(demo_letter(), "en", gaps)) == print_words(
        demo_letter(), "en", gaps
    )


def with_health(letter: Letter) -> Letter:
    """The letter as three bodies write and sign it."""
    body = replace(
        letter.bodies[0],
        id="health",
        kind="health",
        name="Eastmere Health",
        name_lines=("Eastmere Integrated", "Care Board"),
    )
    who = replace(
        letter.signatories[0],
        id="nurse",
        name="Oluwaseun Featherstone",
        organisation="Eastmere Integrated Care Board",
        title="Executive Director of Nursing",
    )
    return replace(letter, bodies=(*letter.bodies, body), signatories=(*letter.signatories, who))


def test_three_bodies_fit_as_well_as_two() -> None:
    letter = with_health(demo_letter())
    pdf = render_letter(letter, "en", HARBOUR)
    assert words_in_structure_order(pdf) == print_words(letter, "en", HARBOUR)
    assert ink_outside(pdf) == []


def test_names_too_long_for_the_letterhead_are_refused() -> None:
    letter = demo_letter()
    long = replace(letter.bodies[1], name_lines=("Eastmere and Mereshire Constabulary", "and Harbour Police"))
    with pytest.raises(LetterheadDoesNotFit):
        render_letter(replace(letter, bodies=(letter.bodies[0], long)), "en", HARBOUR)


def test_a_text_a_little_too_long_makes_a_third_page_and_never_prints_over_another() -> None:
    letter = demo_letter()
    text = letter.english
    closing = text.section("closing")
    for lines in range(1, 8):
        passages = (*closing.passages, *(closing.passages[-1],) * lines)
        sections = tuple(
            replace(section, passages=passages) if section.id == "closing" else section
            for section in text.sections
        )
        changed = replace(letter, texts={"en": replace(text, sections=sections)})
        if page_count(changed, "en") > 2:
            break
    else:
        pytest.fail("seven more lines still fit, so something is printed over")


def test_lines_that_would_run_into_the_letter_are_refused() -> None:
    gaps = replace(HARBOUR, school="The School of Saint Bartholomew and All Angels " * 6)
    with pytest.raises(LetterheadDoesNotFit, match="copy 1"):
        render_letter(demo_letter(), "en", gaps)


@pytest.mark.slow
def test_bundles_do_not_pile_up_in_memory() -> None:
    code = """
from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.rendering.pdf import render_bundle
from tests.factories.demonstration import demo_letter
from pathlib import Path

def megabytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 // 1_000_000

for bundle in range(4):
    copies = [PersonalGaps((f"{bundle * 20 + copy} Lantern Row",), f"School {bundle}") for copy in range(20)]
    render_bundle(demo_letter(), "en", copies)
    if bundle == 1:
        early = megabytes()
print(megabytes() - early)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    # 110 without `forget`.
    assert int(done.stdout) < 50


@pytest.mark.parametrize("render", [render_letter, render_large_print])
def test_each_language_of_the_page_is_named_in_its_own_letters(render: Callable[..., bytes]) -> None:
    said = alternative_texts(render(demo_letter(), "en", HARBOUR))
    assert [name for name in said if name in ("Polski", "العربية", "اردو")] == ["Polski", "العربية", "اردو"]
    without = alternative_texts(render(replace(demo_letter(), languages=()), "en", HARBOUR))
    assert "Polski" not in without


def alternative_texts(pdf: bytes) -> list[str]:
    """Of the drawings, in the order of the structure."""
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, pikepdf.Array):
            for one in node:
                walk(one)
        elif isinstance(node, pikepdf.Dictionary):
            if "/Alt" in node:
                found.append(str(node.Alt))
            if "/K" in node:
                walk(node.K)

    with pikepdf.open(io.BytesIO(pdf)) as document:
        walk(document.Root.StructTreeRoot)
    return found


@pytest.mark.parametrize("pack", LETTERS)
def test_an_area_with_long_names_has_two_pages_and_no_smaller_type(pack: str) -> None:
    topic, _, version = pack.partition("/")
    partnership = planned_for(topic)
    names = ("Royal Borough of Kensington and Chelsea", "Metropolitan Police Service")
    bodies = tuple(replace(body, name=name) for body, name in zip(partnership.bodies, names, strict=True))
    # Without a year of the partnership's own, it also says from which year it is.
    long = replace(partnership, area="Kensington and Chelsea", bodies=bodies, from_year={})
    whole = compose(load_pack(ROOT / "packs" / topic), long, term="spring-2027", dated=DATED, reference=REFERENCE)
    letter = whole.in_version(Version(version)) if version else whole
    pdf = render_letter(letter, "en", HARBOUR)
    assert len(pypdfium2.PdfDocument(pdf)) == 2
    assert words_in_structure_order(pdf) == print_words(letter, "en", HARBOUR)
    assert sizes_of(pdf) == sizes_of(render_letter(letter_of(pack), "en", HARBOUR))
    briefing = whole.english.briefing
    assert briefing is not None
    if whole.primary or "above" in briefing.section("out").passages[0].text:
        render_briefing(whole, "en", briefing)  # refuses a second page


@pytest.mark.parametrize("pack", LETTERS)
def test_the_review_date_is_a_line_below_the_signatures(pack: str) -> None:
    page = pypdfium2.PdfDocument(render_letter(letter_of(pack), "en", HARBOUR))[1].get_textpage()

    def bottom_of(words: str) -> float:
        index, _ = page.search(words).get_next()
        return float(page.get_charbox(index)[1])

    title = letter_of(pack).signatories[0].title
    assert bottom_of(title.partition("’")[0]) - bottom_of("Review date") > 10


def sizes_of(pdf: bytes) -> set[float]:
    """The sizes of its characters, in points."""
    found: set[float] = set()
    for page in pypdfium2.PdfDocument(pdf):
        text = page.get_textpage()
        for n in range(text.count_chars()):
            found.add(round(pypdfium2.raw.FPDFText_GetFontSize(text, n), 1))
    return found
