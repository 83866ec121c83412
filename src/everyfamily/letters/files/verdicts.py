"""What `everyfamily verify` says of a file or a seal, and what became of the letter since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from everyfamily.core.agreement.seals import Seal
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.letter.compare_words import Difference
from everyfamily.core.letter.letter_history import LetterHistory
from everyfamily.core.text.dates import day_in_words
from everyfamily.letters.files.withdrawal_notices import history_of


class Proof(StrEnum):
    """How much is proven."""

    GENUINE = "genuine, unchanged"
    SEALED_WORDS = "the sealed words"
    OTHER_WORDS = "not the sealed words"
    BROKEN_SEAL = "the seal is not good"
    NO_LETTER = "the sealed letter cannot be rendered"
    NO_SEAL = "no seal is known"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found, in a sentence and a few lines."""

    proof: Proof
    sentence: str
    details: tuple[str, ...] = ()
    reference: str | None = None
    difference: Difference | None = None
    history: LetterHistory | None = None
    """What happened to the letter afterwards. None if the seal is not valid."""

    @property
    def is_withdrawn(self) -> bool:
        """Whether the letter should no longer be used, even if it is genuine."""
        return self.history is not None and self.history.withdrawn

    def as_row(self) -> dict[str, object]:
        """The verdict as plain values."""
        first = self.difference
        return {
            "proof": self.proof.value,
            "reference": self.reference,
            "sentence": self.sentence,
            "details": list(self.details),
            **_history_row(self.history or LetterHistory()),
            "difference": None
            if first is None
            else {"word": first.word, "sealed": first.sealed, "found": first.found},
        }


def _history_row(history: LetterHistory) -> dict[str, object]:
    follows = history.follows
    return {
        "withdrawn": history.withdrawn,
        "withdrawn_on": history.withdrawn_on.isoformat() if history.withdrawn_on else None,
        "corrected_by": list(history.corrected_by),
        "replaced_by": list(history.replaced_by),
        "corrects": follows.reference if follows and follows.kind == "correction" else None,
        "replaces": follows.reference if follows and follows.kind == "replacement" else None,
    }


def with_history(verdict: Verdict, seal: Seal, seals: Path) -> Verdict:
    """The verdict with what happened to the letter, a withdrawal first because people read only one sentence."""
    if verdict.proof not in (Proof.GENUINE, Proof.SEALED_WORDS):
        return verdict
    try:
        history = history_of(seal, seals)
    except EveryfamilyError as problem:
        details = (f"{problem.code}: {problem.fact}", problem.fix)
        return Verdict(
            Proof.BROKEN_SEAL,
            f"The withdrawal notice of {verdict.reference} is not good.",
            details,
            verdict.reference,
        )
    said = replace(verdict, history=history, details=(*_said_of(history), *verdict.details))
    if not history.withdrawn:
        return said
    day = f" on {day_in_words(history.withdrawn_on)}" if history.withdrawn_on else ""
    sentence = f"{verdict.reference} was withdrawn{day}. Do not use it, or any number in it."
    return replace(said, sentence=sentence, details=(*said.details, f"It was ours. {verdict.sentence}"))


def _said_of(history: LetterHistory) -> Iterator[str]:
    if history.corrected_by:
        yield f"{' and '.join(history.corrected_by)} corrects it."
    if history.replaced_by:
        yield f"{' and '.join(history.replaced_by)} takes its place."
    if history.follows is not None:
        what = "It corrects" if history.is_correction else "It takes the place of"
        day = history.follows_withdrawn_on
        yield f"{what} {history.follows.reference}, which was withdrawn{f' on {day_in_words(day)}' if day else ''}."
