"""When a route is answered: as the partnership's file says it, and grouped as people read it."""

from __future__ import annotations

import re
from datetime import time

import pytest

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.toml_files import parse_toml
from everyfamily.core.partnership.partnership import Partnership, build_partnership
from everyfamily.core.partnership.partnership_file import PartnershipFile
from everyfamily.core.partnership.route_hours import DAY, RouteHours, Span
from everyfamily.core.text.dates import time_in_words
from tests.factories.demonstration import PARTNERSHIP, demo_partnership
from tests.factories.each import each

TEXT = PARTNERSHIP.read_text(encoding="utf-8")
DRAWINGS = {path.name: path.read_text(encoding="utf-8") for path in PARTNERSHIP.parent.glob("*.svg")}
BEGINS_LATE = "a stretch of its hours ends before it begins"
OVERLAP = "two stretches of one day overlap"
_ADULTS = re.search(r'label = "the NSPCC Helpline"\n.*?(hours = [^\n]*\nopen = \[.*?\n\]\n)', TEXT, re.DOTALL)
assert _ADULTS is not None
ADULTS = _ADULTS[1]


def read(old: str, new: str) -> Partnership:
    assert TEXT.count(old) == 1
    model, places = parse_toml(PartnershipFile, TEXT.replace(old, new), "partnership.toml")
    return build_partnership(model, DRAWINGS, places)


def opened(toml: str) -> RouteHours | None:
    """When the NSPCC's line is answered, with these lines in its table, and words that give the same times."""
    words = "at " + ", ".join(
        time_in_words(time.fromisoformat(found))
        for found in re.findall(r"(?:opens|until) = (\d\d:\d\d:\d\d)", toml)
    )
    return read(ADULTS, f'hours = "{words}"\n{toml}\n').openings.get("adults")


def refusal(toml: str) -> str:
    with pytest.raises(EveryfamilyError) as caught:
        opened(toml)
    return caught.value.fact


@each(
    "spans, faults",
    [
        ([], []),
        ([Span(0, 540, 1020)], []),
        ([Span(0, 0, DAY)], []),
        ([Span(0, 0, 1)], []),
        ([Span(0, 540, 540)], [BEGINS_LATE]),
        ([Span(0, 1020, 540)], [BEGINS_LATE]),
        ([Span(0, -1, 540)], [BEGINS_LATE]),
        ([Span(0, 540, DAY + 1)], [BEGINS_LATE]),
        ([Span(0, 540, 720), Span(0, 720, 1020)], []),
        ([Span(0, 540, 721), Span(0, 720, 1020)], [OVERLAP]),
        ([Span(0, 720, 1020), Span(0, 540, 721)], [OVERLAP]),
        ([Span(0, 540, 1020), Span(0, 540, 1020)], [OVERLAP]),
        ([Span(0, 540, 1020), Span(1, 540, 1020)], []),
        ([Span(0, 540, DAY), Span(1, 0, 540)], []),
        ([Span(0, 600, 540), Span(1, 0, 60), Span(1, 30, 90)], [BEGINS_LATE, OVERLAP]),
    ],
)
def test_what_cannot_be_is_said(spans: list[Span], faults: list[str]) -> None:
    assert RouteHours(tuple(spans)).faults() == faults


def test_no_hours_means_at_any_time() -> None:
    assert RouteHours().always
    assert RouteHours().by_days() == []
    assert not RouteHours((Span(0, 0, DAY),)).always


@pytest.mark.parametrize(
    ("spans", "grouped"),
    [
        ([Span(2, 540, 1020)], [([2], [(540, 1020)])]),
        ([Span(day, 540, 1020) for day in (4, 2, 3, 0, 1)], [([0, 1, 2, 3, 4], [(540, 1020)])]),
        ([Span(0, 540, 1020), Span(2, 540, 1020)], [([0], [(540, 1020)]), ([2], [(540, 1020)])]),
        ([Span(0, 540, 1020), Span(1, 540, 960)], [([0], [(540, 1020)]), ([1], [(540, 960)])]),
        (
            [Span(5, 780, 1020), Span(6, 540, 720), Span(6, 780, 1020), Span(5, 540, 720)],
            [([5, 6], [(540, 720), (780, 1020)])],
        ),
        # Sunday and Monday are at the two ends of a week, and are not joined.
        ([Span(6, 540, 1020), Span(0, 540, 1020)], [([0], [(540, 1020)]), ([6], [(540, 1020)])]),
    ],
)
def test_days_with_the_same_hours_stand_together(spans: list[Span], grouped: object) -> None:
    assert RouteHours(tuple(spans)).by_days() == grouped


def test_the_file_says_any_time() -> None:
    assert demo_partnership().openings["emergency"] == RouteHours()


def test_the_file_says_days_and_hours() -> None:
    opening = demo_partnership().openings["survivors"]
    assert opening == RouteHours(tuple(Span(day, 600, 1260) for day in range(6)), bank_holidays=False)


def test_a_file_that_does_not_say_leaves_it_open() -> None:
    assert "school" not in demo_partnership().openings
    assert opened("") is None


@pytest.mark.parametrize(
    ("toml", "spans"),
    [
        ('open = [{ days = ["Monday"], opens = 09:00:00, until = 17:30:00 }]', [Span(0, 540, 1050)]),
        ('open = [{ days = ["Sunday"], opens = 18:00:00, until = 00:00:00 }]', [Span(6, 1080, DAY)]),
        ('open = [{ days = ["Sunday"], opens = 00:00:00, until = 00:00:00 }]', [Span(6, 0, DAY)]),
        (
            'open = [{ days = ["Friday", "Monday"], opens = 09:00:00, until = 12:00:00 },'
            ' { days = ["Monday"], opens = 13:00:00, until = 17:00:00 }]',
            [Span(0, 540, 720), Span(0, 780, 1020), Span(4, 540, 720)],
        ),
        ('[[routes.open]]\ndays = ["Tuesday"]\nopens = 09:00:00\nuntil = 10:00:00', None),
    ],
)
def test_hours_are_read_as_the_file_gives_them(toml: str, spans: list[Span] | None) -> None:
    if spans is None:  # a table of its own ends the row of the route, so it stands at the end of the row
        row = 'label = "the NSPCC Helpline"\n'
        bare = TEXT.replace(ADULTS, 'hours = "Tuesday, 9am to 10am"\n')
        end = bare.index("[[routes]]", bare.index(row))
        text = f"{bare[:end]}{toml}\n\n{bare[end:]}"
        model, places = parse_toml(PartnershipFile, text, "partnership.toml")
        assert build_partnership(model, DRAWINGS, places).openings["adults"] == RouteHours((Span(1, 540, 600),))
        return
    assert opened(toml) == RouteHours(tuple(spans))


@pytest.mark.parametrize(
    ("toml", "fact"),
    [
        ('open = "always"', '"routes.4.open'),
        ("open = []", '"routes.4.open'),
        ("open = [{ days = [], opens = 09:00:00, until = 17:00:00 }]", '"routes.4.open'),
        ('open = [{ days = ["Mon"], opens = 09:00:00, until = 17:00:00 }]', '"routes.4.open'),
        ('open = [{ days = ["Monday"], opens = "9am", until = 17:00:00 }]', '"routes.4.open'),
        ('open = [{ days = ["Monday"], opens = 17:00:00, until = 09:00:00 }]', BEGINS_LATE),
        ('open = [{ days = ["Monday", "Monday"], opens = 09:00:00, until = 17:00:00 }]', OVERLAP),
    ],
)
def test_hours_that_cannot_be_are_refused(toml: str, fact: str) -> None:
    assert fact in refusal(toml)


OFFICE = RouteHours(tuple(Span(day, 540, 1050) for day in range(5)))


@each(
    "hours, words, same",
    [
        (RouteHours(), "Free, any time", True),
        (RouteHours(), "Any worry, day or night", True),
        (RouteHours(), "Reports are read day and night", True),
        (RouteHours(), "24 hours", True),
        (RouteHours(), "Free, for advice", False),
        (RouteHours(), "9am to 5pm", False),
        (OFFICE, "Weekdays, 9am to 5:30pm", True),
        (OFFICE, "Weekdays, 9am to 5pm", False),
        (OFFICE, "Weekdays, 9am to 5:30pm, Saturday to 1pm", False),
        (OFFICE, "Any time", False),
        (OFFICE, "Free, for advice", False),
        (RouteHours((Span(0, 720, DAY),)), "Monday, midday to midnight", True),
        (RouteHours((Span(0, 720, DAY),)), "Monday, 12pm to 12am", True),
        (RouteHours((Span(0, 720, DAY),)), "Monday, noon to midnight", True),
    ],
)
def test_words_give_the_same_times_as_the_days_and_hours(hours: RouteHours, words: str, same: bool) -> None:
    assert hours.agrees_with(words) is same


@each(
    "hours, words",
    [
        (RouteHours(), "any time"),
        (OFFICE, "Monday to Friday, 9am to 5:30pm"),
        (
            RouteHours((Span(5, 540, 720), Span(5, 780, DAY), Span(6, 600, 720))),
            "Saturday, 9am to midday and 1pm to midnight; Sunday, 10am to midday",
        ),
    ],
)
def test_hours_are_said_in_english(hours: RouteHours, words: str) -> None:
    assert hours.in_words() == words


def test_a_file_that_says_two_different_hours_is_refused() -> None:
    with pytest.raises(EveryfamilyError) as caught:
        read(ADULTS, f"{ADULTS}".replace("8am to 10pm", "8am to 9pm"))
    assert "hours says something other than open" in caught.value.fact
    assert "Monday to Friday, 8am to 10pm; Saturday to Sunday, 9am to 6pm" in caught.value.fact


def test_each_route_of_the_example_is_answered_at_hours_that_somebody_confirmed() -> None:
    """Two have no hours that anybody could find. The summer's page says to ask them."""
    routes = demo_partnership().routes
    assert [one.id for one in routes if one.hours_confirmed_by is None] == ["marriage", "cutting"]
    checked = [(one.hours_confirmed_by, one.hours_confirmed_on) for one in routes if one.hours_confirmed_by]
    assert checked == [("demo", one.checked_on) for one in routes if one.hours_confirmed_by]


@each(
    "old, new",
    [
        ('hours_confirmed_by = "demo"\n\n[[routes]]\nid = "local"', '[[routes]]\nid = "local"'),
        ('form = "eastmere.example/child-worry"', 'form = "https://eastmere.example"'),
        ('email = "help@nspcc.org.uk"', 'email = "help"'),
        ('text = "07700 900120"', 'text = "+44 7700 900120"'),
    ],
)
def test_other_ways_and_who_confirmed_are_read_strictly(old: str, new: str) -> None:
    with pytest.raises(EveryfamilyError):
        read(old, new)


@each(
    "address, good",
    [
        ("https://www.bbc.co.uk/weather", True),
        ("https://www.metoffice.gov.uk", True),
        ("https://www.metoffice.gov.uk/", True),
        ("http://www.bbc.co.uk/weather", False),
        ("https://www.bbc.co.uk/weather?from=letter", False),
        ("https://www.bbc.co.uk/weather#x", False),
        ("javascript:alert(1)", False),
        ('https://www.bbc.co.uk/"onclick="x', False),
        ("https://user@example.org/", False),
        ("https://localhost:8000/", False),
    ],
)
def test_leaving_leads_to_a_plain_public_page(address: str, good: bool) -> None:
    line = 'leave_to = "https://www.bbc.co.uk/weather"'
    new = f"leave_to = '{address}'"
    if good:
        assert read(line, new).leave_to == address
    else:
        with pytest.raises(EveryfamilyError, match="leave_to"):
            read(line, new)


def test_leaving_leads_somewhere_where_the_file_is_silent() -> None:
    line = '[site_pages]\nleave_to = "https://www.bbc.co.uk/weather"'
    assert read(line, "").leave_to == "https://www.bbc.co.uk/weather"
