"""What fills the gaps of the site's texts comes from the partnership's file, and only numbers that are everybody's."""

from __future__ import annotations

from dataclasses import replace

from everyfamily.core.partnership.site_gaps import gap_texts, partners_of
from tests.factories.demonstration import demo_partnership
from tests.factories.letters import make_route


def test_each_gap_has_the_words_of_the_partnerships_file() -> None:
    texts = gap_texts(demo_partnership())
    enquiries = demo_partnership().enquiries
    assert texts["area"] == "Eastmere"
    assert texts["mailbox"] == "letters@eastmere.example"
    assert texts["enquiries number"] == enquiries.number
    assert texts["enquiries hours"] == enquiries.hours
    assert texts["route local"] == "0151 496 0120"
    assert texts["route online"] == "ceop.police.uk/Safety-Centre"
    assert texts["route children name"] == "Childline"
    assert partners_of(demo_partnership()) == ["Eastmere City Council", "Eastmere Police"]


def test_a_route_of_a_longer_name_is_found_as_a_text_spells_it() -> None:
    routes = (make_route(id="young-people", number="0800 1111", label="Childline"),)
    texts = gap_texts(replace(demo_partnership(), routes=routes))
    assert (texts["route young people"], texts["route young people name"]) == ("0800 1111", "Childline")


def test_the_schools_number_is_each_familys_and_has_only_its_name() -> None:
    texts = gap_texts(demo_partnership())
    assert "route school" not in texts
    assert texts["route school name"] == "your child’s school"
    nowhere = gap_texts(replace(demo_partnership(), routes=(make_route(number=""),)))
    assert "route local" not in nowhere
