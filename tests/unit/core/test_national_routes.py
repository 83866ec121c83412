"""The routes that a new area begins with are those of the worked example, which people look after."""

from __future__ import annotations

import pytest

from everyfamily.core.partnership.national_routes import national_routes
from everyfamily.core.partnership.new_area import NationalRoute
from everyfamily.core.partnership.partnership import load_partnership
from tests.repo.files import ROOT

EXAMPLE = load_partnership(ROOT / "src/everyfamily_demo/data/partnership.toml")


@pytest.mark.parametrize("route", national_routes(), ids=lambda route: route.id)
def test_a_route_that_is_the_same_everywhere_is_the_examples(route: NationalRoute) -> None:
    [same] = [one for one in EXAMPLE.routes if one.id == route.id]
    assert (same.need, same.label, same.hours, same.number, same.url, same.form) == (
        route.need,
        route.label,
        route.hours,
        route.number,
        route.url,
        route.form,
    )
