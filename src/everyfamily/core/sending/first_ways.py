"""By which way a school's children are written to first, before anything was sent. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from everyfamily.core.sending.fallback import Channel, Policy, in_order_of_wish


class First(StrEnum):
    """What comes first for a child, in the order in which a page shows it."""

    EMAIL = "Email"
    TEXT = "Text"
    POST = "Post"
    PUPIL_POST = "Paper, by you"
    UNDECIDED = "Waits for a decision"
    NO_WAY = "No way that works yet"
    NOBODY = "Nobody may have it"


_OF: dict[Channel, First] = {
    Channel.EMAIL: First.EMAIL,
    Channel.TEXT: First.TEXT,
    Channel.POST: First.POST,
    Channel.PUPIL_POST: First.PUPIL_POST,
}


@dataclass(frozen=True, slots=True)
class AdultOf:
    """One adult of one child on the roll."""

    child: int
    may_have_it: bool
    undecided: bool
    prefers: str
    """What the adult asked for: "email", "text", "paper" or blank."""
    ways: tuple[str, ...]
    """Channels that work and that nobody shares who may not have the letter."""


def first_ways(
    children: Collection[int], adults: Iterable[AdultOf], policy: Policy, used: Collection[Channel]
) -> dict[First, int]:
    """How many of the children are written to first by which way. The numbers add up to the children.

    A child with several adults counts where the first of them is written to, by the school's order.
    """
    policy = replace(policy, order=tuple(channel for channel in policy.order if channel in used))
    ranks = {_OF[channel]: rank for rank, channel in enumerate(policy.order)}
    for last in (First.UNDECIDED, First.NO_WAY, First.NOBODY):
        ranks[last] = len(ranks)
    found = dict.fromkeys(children, First.NOBODY)
    for adult in adults:
        first = _first(adult, policy)
        if adult.child in found and ranks[first] < ranks[found[adult.child]]:
            found[adult.child] = first
    counted = list(found.values())
    return {first: counted.count(first) for first in First}


def _first(adult: AdultOf, policy: Policy) -> First:
    if adult.undecided:
        return First.UNDECIDED
    if not adult.may_have_it:
        return First.NOBODY
    order = in_order_of_wish(policy, adult.prefers).order
    return next((_OF[channel] for channel in order if channel in adult.ways), First.NO_WAY)
