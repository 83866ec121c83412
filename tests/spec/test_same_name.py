"""A person is asked about two names as their table says, whichever of them may not have the letter."""

from __future__ import annotations

from everyfamily.core.adults.same_adult import initial_agrees, plain_name
from everyfamily.core.adults.same_name import name_pairs, straight_name
from tests.factories.each import each
from tests.spec.tables import table

TABLE = table("same_name")
ROWS = [
    (row["person"], spelling, are == "asked")
    for are, rows in TABLE.items()
    for row in rows
    for spelling in row["spellings"]
]


def asked(shut: str, other: str) -> bool:
    """A person is asked whether the two are one."""
    one, two = plain_name(shut), plain_name(other)
    return bool(name_pairs(one) & name_pairs(two)) or initial_agrees(straight_name(one), straight_name(two))


@each("shut, other, are", ROWS)
def test_a_person_is_asked_about_two_names_as_the_table_says(shut: str, other: str, are: bool) -> None:
    assert asked(shut, other) is are is asked(other, shut)
