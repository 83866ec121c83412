"""What happened to a sealed letter: withdrawn or not, what it follows, and which letters follow it.

There is one rule for `everyfamily verify` and the parent site. A letter should no longer be used once it is withdrawn,
or once a letter that everyone approved corrects or replaces it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from everyfamily.core.letter.letters import Followed


@dataclass(frozen=True, slots=True)
class LetterHistory:
    """For one letter. References are those of other sealed letters."""

    withdrawn: bool = False
    withdrawn_on: date | None = None
    """The day in London, or None if no notice says it."""
    follows: Followed | None = None
    follows_withdrawn_on: date | None = None
    """When the letter that it follows was withdrawn, or None if no notice says it."""
    corrected_by: tuple[str, ...] = ()
    """Letters to those who had it that are valid today."""
    replaced_by: tuple[str, ...] = ()
    """Letters to everybody else that are valid today."""

    @property
    def is_correction(self) -> bool:
        """Whether the letter is only for those who had a wrong one."""
        return self.follows is not None and self.follows.kind == "correction"


def letter_histories(
    letters: Mapping[str, Followed | None], withdrawn: Mapping[str, date | None]
) -> dict[str, LetterHistory]:
    """The history of each letter. `letters` is reference -> what it follows, and `withdrawn` is reference -> the day.

    Both contain only what is proven. If a letter follows one that is not there, it still says so.
    """
    stopped = dict(withdrawn)
    for follows in letters.values():
        if follows is not None:
            stopped.setdefault(follows.reference, None)
    return {
        reference: LetterHistory(
            reference in stopped,
            stopped.get(reference),
            follows,
            stopped.get(follows.reference) if follows is not None else None,
            tuple(sorted(_after(reference, "correction", letters, stopped))),
            tuple(sorted(_after(reference, "replacement", letters, stopped))),
        )
        for reference, follows in letters.items()
    }


def _after(
    reference: str, kind: str, letters: Mapping[str, Followed | None], stopped: Mapping[str, date | None]
) -> Iterator[str]:
    """Letters of a kind that follow one, each valid today. If one was withdrawn, its followers are used."""
    seen, left = {reference}, [reference]
    while left:
        before = left.pop()
        for name, follows in letters.items():
            # The correction of a correction goes to everybody who had either.
            if follows is None or follows.reference != before or name in seen:
                continue
            seen.add(name)
            if name in stopped:
                left.append(name)
            elif follows.kind == kind:
                yield name
