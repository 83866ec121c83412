"""Tests in every combination of some values: all in `make nightly`, and as few in `make test` as meet each value."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import pytest


def crossed(**values: Sequence[Any]) -> pytest.MarkDecorator:
    """Parametrize by the names given. In `make test` stay as many combinations as the longest list has values.

    The shorter lists move on by one each time they begin again, so that two lists of even length do not march in step.
    """
    longest = max(len(of) for of in values.values())
    stays = {tuple(_place(at, len(of), longest) for of in values.values()) for at in range(longest)}
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
