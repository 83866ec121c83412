"""Tests in every combination of some values: all in `make nightly`, and as few in `make test` as meet each value."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import product
from typing import Any

import pytest


def crossed(rare: Collection[Any] = (), /, **values: Sequence[Any]) -> pytest.MarkDecorator:
    """Parametrize by the names given. In `make test` stay as many combinations as the longest list has values.

    The shorter lists move on by one each time they begin again, so that two lists of even length do not march in step.
    Values that are `rare` are met in `make nightly`.
    """
    common = [[at for at, one in enumerate(of) if one not in rare] for of in values.values()]
    longest = max(map(len, common))
    stays = {tuple(of[_place(at, len(of), longest)] for of in common) for at in range(longest)}
    every = product(*(range(len(of)) for of in values.values()))
    return pytest.mark.parametrize(
        list(values),
        [
            pytest.param(
                *(of[at] for of, at in zip(values.values(), places, strict=True)),
                id="-".join(str(of[at]) for of, at in zip(values.values(), places, strict=True)),
                marks=() if places in stays else pytest.mark.nightly,
            )
            for places in every
        ],
    )


def _place(at: int, length: int, longest: int) -> int:
    return at if length == longest else (at + at // length) % length
