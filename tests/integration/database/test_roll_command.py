"""`everyfamily import roll`: what the command knows of the school that a file is for."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from tests.factories.city import NOW, City, adult, roll_csv

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN = 900001
NOBODYS = "+999123456789"
"""A number under a country code that no country has, as the demo makes them."""


@pytest.mark.parametrize(("demonstration", "set_aside"), [(True, []), (False, ["PHONE_NOT_VALID"])])
def test_a_number_of_the_demo_goes_in_at_its_schools_and_is_set_aside_at_a_real_one(
    city: City, demonstration: bool, set_aside: list[str]
) -> None:
    from everyfamily.cli.main import main
    from everyfamily.people.actions import NewSchool, add_schools

    school = NewSchool(URN, "Quayfield School", "state primary", "Primary", "us", 1, demonstration=demonstration)
    add_schools([school], by="test", now=NOW)
    file = city.folder / "roll.csv"
    file.write_bytes(roll_csv(URN, [adult("P1", "Ana Ferris", EMAIL="ana@example.org", MOBILE=NOBODYS)]))
    done = CliRunner().invoke(main, ["import", "roll", str(file), "--school", str(URN), "--json"])
    assert done.exit_code == 0, done.output
    assert [row["code"] for row in json.loads(done.output)["set_aside"]] == set_aside
