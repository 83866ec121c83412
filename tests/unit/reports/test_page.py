"""coverage.html: its figures, what it must not hold, and whether it can be read."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import date, datetime
from html.parser import HTMLParser
from importlib.resources import files

import pytest

from everyfamily.core.accounting.coverage import NEXT, Outcome, Reason
from everyfamily.core.accounting.disclosure import disclose
from everyfamily.core.accounting.published import OF_SCHOOLS
from everyfamily.reports.cards import Task
from everyfamily.reports.page import coverage_page
from everyfamily.reports.queries import CityCoverage
from everyfamily.reports.wording import LONDON
from tests.factories.coverage import city, coverage, full_city, school, small_city
from tests.factories.each import each

_VOID = {"meta", "link", "br", "hr", "img", "input"}


def _page(whole: CityCoverage | None = None, **other: object) -> str:
    asked = {
        "area": "Eastmere Safeguarding Children Partnership",
        "letter_title": "What every family can do",
        "term": "spring term 2027",
        "next_update": datetime(2027, 3, 24, 6, tzinfo=LONDON),
        "demonstration": True,
        "term_ends": date(2027, 3, 25),
    }
    exact = bool(other.pop("exact", True))
    return coverage_page(disclose(whole or small_city(), exact=exact), **(asked | other))  # type: ignore[arg-type]


class _Tags(HTMLParser):
    """Opens and closes every element; collects names and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.ids += [value for name, value in attrs if name == "id" and value]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _text(page: str) -> str:
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


@pytest.mark.parametrize("whole", [small_city(), full_city(), city()], ids=["small", "full", "empty"])
def test_the_page_is_well_formed_and_has_no_script_and_no_style_attribute(whole: CityCoverage) -> None:
    tags = _Tags()
    tags.feed(_page(whole))
    assert tags.open == []
    assert len(tags.ids) == len(set(tags.ids))
    assert not tags.names & {"script", "link", "img", "iframe", "form"}
    assert not {name for name in tags.attributes if name == "style" or name.startswith("on")}


def test_its_policy_allows_its_own_style_and_nothing_else() -> None:
    page = _page()
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'" in page
    assert not re.search(r"https?://", page)


def test_the_sentence_is_the_heading() -> None:
    total = small_city().total
    heading = re.search(r"<h1>(.*?)</h1>", _page(), re.DOTALL)
    assert heading is not None
    assert _text(heading[1]).strip() == (
        f"{total.outcomes[Outcome.REACHED]:,} of {total.children:,} children have at least one adult with the whole "
        f"letter, confirmed. {total.outcomes[Outcome.NOT_REACHED]:,} are not reached, and each has a reason."
    )


def test_figures_in_the_page_are_the_city_s() -> None:
    page, total = _page(), small_city().total
    parts = re.search(r'<ul class="parts">(.*?)</ul>', page, re.DOTALL)
    assert parts is not None
    words = _text(parts[1])
    for name, outcome in (("Reached", Outcome.REACHED), ("Accepted", Outcome.ACCEPTED)):
        assert f"{name} {total.outcomes[outcome]:,} " in words
    assert f"On roll {total.children:,} " in words
    assert all(f"{total.outcomes[outcome]:,}" in page for outcome in Outcome)


def test_the_drawing_says_the_same_as_the_list() -> None:
    total = small_city().total
    label = re.search(r'role="img" aria-label="([^"]+)"', _page())
    assert label is not None
    assert [int(n.replace(",", "")) for n in re.findall(r"\d[\d,]*", label[1])] == [
        total.children,
        *(total.outcomes[outcome] for outcome in Outcome),
    ]


def test_the_bar_keeps_its_true_scale() -> None:
    page, total = _page(), small_city().total
    solid = re.search(r'<rect class="f-reached" x="0.0" y="0.0" width="([\d.]+)" height="44.0"/>', page)
    assert solid is not None
    assert float(solid[1]) / 1080 == pytest.approx(total.outcomes[Outcome.REACHED] / total.children, abs=0.001)


def test_no_school_s_line_holds_a_reason_about_people() -> None:
    page = _page()
    schools = page[page.index('id="h-schools"') : page.index('class="rules"')]
    for reason, action in NEXT.items():
        if reason not in OF_SCHOOLS:
            assert action.why not in schools.replace("’", "'")


def test_no_school_s_exact_figure_is_in_its_line() -> None:
    page = _page()
    for part in small_city().schools:
        line = re.search(rf"<tr[^>]*><th[^>]*>{re.escape(part.name)}<.*?</tr>", page, re.DOTALL)
        if line is None:
            continue
        numbers = {int(n.replace(",", "")) for n in re.findall(r"\d[\d,]*", _text(line[0]))} - {
            80,
            90,
            94,
            89,
            95,
        }
        assert all(number % 10 == 0 for number in numbers), part.name


def test_lists_of_unknown_length_are_named() -> None:
    assert "Children placed outside Eastmere, no list yet. Their number is not known." in _text(_page())


def test_late_and_held_schools_stand_first_with_who_to_ring() -> None:
    words = _text(_page())
    today = words[words.index("Needs attention today") : words.index("Why ")]
    assert "1 school has not filed its return About 60 children." in today
    assert "1 school is held: its lead has not attested" in today
    assert today.count("Today") == 2


def test_a_quiet_day_says_so() -> None:
    quiet = city(*(school(f"Quiet {at}", coverage(300, 20), school_id=at) for at in range(5)))
    assert "Nothing waits for you today. The next figures come on Wednesday 24 March 2027, 06:00." in _text(
        _page(quiet)
    )


def test_other_tasks_stand_beside_them() -> None:
    page = _page(tasks=[Task("A number runs out on Friday", "The 101 route.", "Check the number")])
    assert "A number runs out on Friday" in page


def test_the_reasons_add_up_to_the_children_left() -> None:
    words = _text(_page())
    total = small_city().total
    left = total.children - total.outcomes[Outcome.REACHED]
    assert f"Why {left:,} children are not counted as reached" in words
    assert f"All not counted as reached {left:,}" in words


def test_the_small_number_rules_are_printed() -> None:
    words = _text(_page())
    assert "How no child can be worked out from this page" in words
    assert "Schools with under 20 children are counted together" in words


def test_a_few_children_alone_have_no_figure_and_still_a_page() -> None:
    words = _text(_page(city(school("Tiny School", coverage(7, 2)))))
    assert "Too few children for a separate figure." in words


def test_rounded_figures_say_that_they_are() -> None:
    words = _text(_page(exact=False))
    assert "Today every figure is to the nearest 10" in words
    assert f"{small_city().total.outcomes[Outcome.REACHED]:,}" not in words


def test_a_name_cannot_become_markup() -> None:
    odd = school("<b onclick=x>School</b>", coverage(300, 20))
    page = _page(city(odd, *(school(f"Other {at}", coverage(300, 20), school_id=at) for at in range(5))))
    assert "<b onclick" not in page
    assert "&lt;b onclick=x&gt;School" in page


def test_only_the_demonstration_is_marked_as_one() -> None:
    assert _text(_page()).count("Demonstration") == 2
    assert "Demonstration" not in _text(_page(demonstration=False))


def test_every_child_reached_leaves_no_table_of_reasons() -> None:
    done = city(*(school(f"Done {at}", coverage(303 + at), school_id=at) for at in range(5)))
    words = _text(_page(done))
    assert "1,525 of 1,525 children" in words
    assert "Every child counts as reached" in words


def test_planned_schools_are_listed_apart() -> None:
    whole = small_city()
    later = school("Later School", coverage(on_its_way=210), state="planned", school_id=99)
    words = _text(_page(replace(whole, schools=(*whole.schools, later))))
    assert "Not begun: their day is set" in words


def test_a_return_to_look_at_is_named_first_and_once_among_the_schools() -> None:
    whole = small_city()
    strange = school("Strange School", coverage(300, 20), sends="school", state="return to look at", school_id=99)
    words = _text(_page(replace(whole, schools=(*whole.schools, strange))))
    assert "1 school has filed a return to look at" in words
    assert "Needs attention: 3 schools" in words
    card, listed = words.split("Strange School", 1)[0], words.split("Needs attention: 3 schools")[1]
    assert card
    assert listed.count("Strange School") == 1
    assert "90 to 94%" in listed.split("Strange School")[1].split("Return to look at")[0]


def test_a_paused_school_is_named_with_its_band_and_without_its_reason() -> None:
    whole = small_city()
    part = coverage(300, reasons={Reason.PAUSED: 20})
    words = _text(_page(replace(whole, schools=(*whole.schools, school("Still School", part, state="paused")))))
    assert "1 school is paused Nothing more goes to them until a person lets it go on. Still School" in words
    listed = words.split("Needs attention: 3 schools")[1].split("All other schools")[0]
    assert "Still School" in listed
    assert NEXT[Reason.PAUSED].why not in words, "one school's own figure"


@pytest.mark.parametrize(
    ("stopped", "said"),
    [
        (
            "paused",
            "The mailing is paused Nothing is sent until a person lets it go on. The line does not answer.",
        ),
        ("withdrawn", "The letter is withdrawn No more of it is sent."),
    ],
)
def test_a_mailing_that_is_stopped_says_so_before_all_else(stopped: str, said: str) -> None:
    whole = replace(small_city(), stopped=stopped, stopped_because="The line does not answer.")
    assert f"Needs attention today {said}" in _text(_page(whole))


# ---- Contrast, computed ----


def _palette(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})", css))


def _light(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_light(one), _light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _schemes() -> list[dict[str, str]]:
    css = (files("everyfamily.reports") / "templates" / "coverage.css").read_text(encoding="utf-8")
    light, dark = css.split("@media screen and (prefers-color-scheme: dark)", 1)
    return [_palette(light), _palette(light) | _palette(dark.split("/* head and foot */")[0])]


@each("colours", _schemes())
@each(
    "text, ground",
    [
        ("ink", "paper"),
        ("soft", "paper"),
        ("soft", "card"),
        ("soft", "foot"),
        ("clay", "paper"),
        ("clay", "sun"),
        ("teal", "paper"),
        ("on-teal", "teal"),
        ("card", "ink"),
    ],
)
def test_text_can_be_read(colours: dict[str, str], text: str, ground: str) -> None:
    assert _contrast(colours[text], colours[ground]) >= 5.5


@pytest.mark.parametrize("colours", _schemes(), ids=["light", "dark"])
@pytest.mark.parametrize("line", ["teal", "slate", "clay"])
def test_shapes_can_be_told_from_the_paper(colours: dict[str, str], line: str) -> None:
    assert _contrast(colours[line], colours["paper"]) >= 3


def test_reasons_about_people_are_the_issue_s_words() -> None:
    words = _text(_page()).replace("’", "'")
    assert NEXT[Reason.NO_CONTACT].why in words
    assert NEXT[Reason.UNDECIDED].why in words
