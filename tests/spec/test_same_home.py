"""Two homes are what their table says, whichever of the two is closed."""

from __future__ import annotations

from everyfamily.core.contacts.same_home import Home, home_of
from tests.factories.each import each
from tests.spec.tables import table

TABLE = table("same_home")
ROWS = [
    (row["home"], spelling, are) for are, rows in TABLE.items() for row in rows for spelling in row["spellings"]
]


def lines(address: str) -> list[str]:
    """An address of the table as its lines, the postcode last."""
    return [part.strip() for part in address.split("|")]


def are_what(one: Home, other: Home) -> str:
    """What two homes are, in the table's words."""
    return "same" if one.is_home_of(other) else "perhaps" if one.may_be_home_of(other) else "another"


@each("shut, other, are", ROWS)
def test_two_homes_are_what_the_table_says(shut: str, other: str, are: str) -> None:
    one, two = home_of(lines(shut)), home_of(lines(other))
    assert are_what(one, two) == are == are_what(two, one)


@each("row", TABLE["same"])
def test_spellings_of_one_home_are_closed_for_one_another(row: dict[str, list[str]]) -> None:
    """Two spellings that are one home to a person are closed, whichever of them is the closed one."""
    homes = [home_of(lines(address)) for address in row["spellings"]]
    assert all(are_what(one, two) != "another" for one in homes for two in homes)
