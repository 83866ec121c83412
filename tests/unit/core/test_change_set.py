"""The rules of a file as a change set, each as a table."""

from __future__ import annotations

import itertools

import pytest

from everyfamily.core.adults.change_set import more_careful_of, old_value_goes, settle, strictness, too_few_match
from everyfamily.core.rolls.model.roll_rows import (
    DOUBT,
    GONE,
    IN_CARE,
    NOT_READABLE,
    NOT_SAID,
    RESTRICTION_REASONS,
    RESTRICTIONS,
)
from tests.factories.each import each

SAID = [
    *((restriction, "") for restriction in RESTRICTIONS),
    *(("unknown", reason) for reason in (NOT_SAID, NOT_READABLE, DOUBT, GONE)),
    ("hold", IN_CARE),
]


@pytest.mark.parametrize(
    ("in_file", "matching", "on_roll", "held"),
    [
        (100, 100, 100, False),
        (100, 70, 100, False),
        (100, 69, 100, True),
        (100, 0, 100, True),
        (100, 0, 0, False),  # the first file of a school
        (4, 0, 100, False),  # too few to say
        (5, 3, 100, True),
        (5, 4, 100, False),
        (10, 10, 400, False),  # many leavers are only proposed
    ],
)
def test_a_file_is_held_when_fewer_than_seven_in_ten_of_its_children_are_on_the_roll(
    in_file: int, matching: int, on_roll: int, held: bool
) -> None:
    assert too_few_match(in_file=in_file, matching=matching, on_roll=on_roll) is held


@each(
    "known, reviewed, said, after",
    [
        # Nobody has looked: a file only closes.
        (("none", ""), False, ("none", ""), ("none", "", False)),
        (("none", ""), False, ("unknown", NOT_SAID), ("unknown", NOT_SAID, False)),
        (("none", ""), False, ("hold", ""), ("hold", "", False)),
        (("none", ""), False, ("hold", IN_CARE), ("hold", IN_CARE, False)),
        (("hold", ""), False, ("none", ""), ("hold", "", False)),
        (("do not send", ""), False, ("unknown", NOT_SAID), ("do not send", "", False)),
        (("unknown", NOT_SAID), False, ("none", ""), ("unknown", NOT_SAID, False)),
        # The lead's word for the whole roll must not lift what was worse than silence.
        (("unknown", NOT_SAID), False, ("unknown", NOT_READABLE), ("unknown", NOT_READABLE, False)),
        (("unknown", DOUBT), False, ("unknown", NOT_SAID), ("unknown", DOUBT, False)),
        (("hold", IN_CARE), False, ("hold", ""), ("hold", "", False)),
        # Gone from one file, and in the next: whoever took them out may have had a reason.
        (("unknown", GONE), False, ("none", ""), ("unknown", GONE, False)),
        (("unknown", GONE), False, ("unknown", NOT_SAID), ("unknown", GONE, False)),
        (("unknown", GONE), False, ("hold", ""), ("hold", "", False)),
        # A person decided about the link.
        (("none", ""), True, ("none", ""), ("none", "", True)),
        (("none", ""), True, ("unknown", NOT_SAID), ("none", "", True)),
        (("none", ""), True, ("unknown", ""), ("none", "", True)),
        (("none", ""), True, ("unknown", DOUBT), ("none", "", True)),
        (("none", ""), True, ("hold", IN_CARE), ("none", "", True)),
        (("none", DOUBT), True, ("unknown", DOUBT), ("none", DOUBT, True)),
        (("none", GONE), True, ("unknown", GONE), ("none", GONE, True)),
        (("none", NOT_READABLE), True, ("unknown", NOT_READABLE), ("none", NOT_READABLE, True)),
        (("hold", ""), True, ("hold", ""), ("hold", "", True)),
        (("do not send", ""), True, ("hold", ""), ("do not send", "", True)),
        # What the person did not see closes it again.
        (("none", ""), True, ("unknown", NOT_READABLE), ("unknown", NOT_READABLE, False)),
        (("none", ""), True, ("unknown", GONE), ("unknown", GONE, False)),
        (("none", ""), True, ("hold", ""), ("hold", "", False)),
        (("none", ""), True, ("do not send", ""), ("do not send", "", False)),
        (("hold", ""), True, ("do not send", ""), ("do not send", "", False)),
        (("none", DOUBT), True, ("hold", IN_CARE), ("hold", IN_CARE, False)),
        (("none", GONE), True, ("none", ""), ("none", "", True)),
        (("none", NOT_READABLE), True, ("unknown", NOT_SAID), ("none", "", True)),
        (("none", NOT_READABLE), True, ("unknown", GONE), ("unknown", GONE, False)),
        (("hold", GONE), True, ("unknown", NOT_SAID), ("hold", "", True)),
        # An attestation is about silence only.
        (("none", NOT_SAID), True, ("unknown", NOT_SAID), ("none", NOT_SAID, True)),
        (("none", NOT_SAID), True, ("unknown", DOUBT), ("unknown", DOUBT, False)),
        (("none", NOT_SAID), True, ("hold", IN_CARE), ("hold", IN_CARE, False)),
    ],
)
def test_a_link_after_a_file(
    known: tuple[str, str], reviewed: bool, said: tuple[str, str], after: tuple[str, str, bool]
) -> None:
    assert settle(known, reviewed=reviewed, said=said) == after


def test_no_file_opens_a_link_and_the_same_file_again_changes_nothing() -> None:
    reasons = [(r, reason) for r in RESTRICTIONS for reason in RESTRICTION_REASONS]
    for known, said, reviewed in itertools.product(reasons, SAID, (True, False)):
        restriction, reason, still = settle(known, reviewed=reviewed, said=said)
        assert strictness(restriction) >= strictness(known[0])
        assert not (still and not reviewed)
        again = settle((restriction, reason), reviewed=still, said=said)
        assert again == (restriction, reason, still)


def test_a_file_that_says_hold_or_do_not_send_always_counts() -> None:
    for known, restriction in itertools.product(SAID, ("hold", "do not send")):
        after, _, _ = settle(known, reviewed=True, said=(restriction, ""))
        assert strictness(after) >= strictness(restriction)


def test_the_more_careful_of_two_does_not_depend_on_their_order() -> None:
    for one, other in itertools.product(SAID, SAID):
        assert more_careful_of(one, other) == more_careful_of(other, one)
    assert more_careful_of(("unknown", NOT_SAID), ("none", "")) == ("unknown", NOT_SAID)
    assert more_careful_of(("unknown", NOT_SAID), ("unknown", DOUBT)) == ("unknown", DOUBT)


@pytest.mark.parametrize(
    ("channel", "readable", "silent", "goes"),
    [
        ("post", True, False, True),
        ("post", False, False, True),  # no letter to a doubtful old address
        ("post", True, True, True),  # the newest file has no addresses at all
        ("email", True, False, True),  # another address, or none, stands in the file
        ("email", False, False, False),  # a slip in the new one
        ("email", True, True, False),  # no such column
        ("text", True, False, True),
        ("text", False, False, False),
        ("text", True, True, False),
    ],
)
def test_what_happens_to_a_value_that_the_newest_file_does_not_repeat(
    channel: str, readable: bool, silent: bool, goes: bool
) -> None:
    assert old_value_goes(channel, readable=readable, silent=silent) is goes
