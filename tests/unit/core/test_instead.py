"""Whom a family can turn to while a line is dead."""

from __future__ import annotations

from dataclasses import replace

from everyfamily.core.partnership.instead import instead_of
from tests.factories.demonstration import demo_partnership
from tests.factories.each import each


@each(
    "dead, others_gone, used",
    [
        ("local", (), "police"),
        ("local", ("police",), "adults"),
        ("police", (), "local"),
        ("adults", (), "local"),
        ("children", (), "local"),
        ("children", ("local", "police"), "adults"),
        ("online", (), "police"),
        ("survivors", ("police",), "local"),
        ("emergency", (), "police"),
        ("a line of this area", (), "local"),
        ("local", ("police", "adults"), None),
    ],
)
def test_another_line_takes_what_a_dead_one_took(
    dead: str, others_gone: tuple[str, ...], used: str | None
) -> None:
    good = [one for one in demo_partnership().routes if one.id not in (dead, *others_gone)]
    found = instead_of(dead, good)
    assert (found.id if found is not None else None) == used


def test_no_family_is_sent_to_a_number_that_differs_by_school() -> None:
    of_school = [replace(one, number="((school number))") for one in demo_partnership().routes]
    assert instead_of("local", of_school) is None
