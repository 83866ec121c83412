"""What differs between two versions of a letter's words: by passage, and word by word inside each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from everyfamily.core.packs.pack_changes import Run, runs_between

Kind = Literal["same", "changed", "new", "gone"]


@dataclass(frozen=True, slots=True)
class PassageDifference:
    """One passage in two versions. All runs are "same", "new" or "gone" if the whole passage is."""

    id: str
    kind: Kind
    runs: tuple[Run, ...]


def passage_differences(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[PassageDifference, ...]:
    """Every passage of both, by id -> line, in the order of `after`. One that is gone comes where it was: after the
    passage that was before it."""
    return tuple(_each(before, after))


def _each(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[PassageDifference]:
    gone_after: dict[str | None, list[str]] = {}
    last: str | None = None
    for name in before:
        if name in after:
            last = name
        else:
            gone_after.setdefault(last, []).append(name)
    yield from (_gone(name, before) for name in gone_after.get(None, ()))
    for name, words in after.items():
        yield _of(name, before.get(name), words)
        yield from (_gone(one, before) for one in gone_after.get(name, ()))


def _of(name: str, was: str | None, words: str) -> PassageDifference:
    if was is None:
        return PassageDifference(name, "new", (("new", words),))
    if was == words:
        return PassageDifference(name, "same", (("same", words),))
    return PassageDifference(name, "changed", tuple(runs_between(was, words)))


def _gone(name: str, before: Mapping[str, str]) -> PassageDifference:
    return PassageDifference(name, "gone", (("gone", before[name]),))
