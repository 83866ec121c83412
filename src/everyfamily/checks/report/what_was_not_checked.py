"""Which rules a run skipped, and why, in words for the person who asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from everyfamily.checks.model.context import Need
from everyfamily.checks.run.checked import Checked
from everyfamily.checks.run.codes import FAMILIES

_OURS_ONLY = "only a letter made with everyfamily can be checked for this"
_REASONS = (
    (Need.HARM, "only letters about harm to children are checked for this; --about-harm checks it as one"),
    (Need.WHOLE, "the parent site's pages are no letter, and only a whole letter is checked for this"),
    (Need.LETTER, _OURS_ONLY),
    (Need.OURS, _OURS_ONLY),
    (Need.SMS, _OURS_ONLY),
    (Need.PRINT, _OURS_ONLY),
    (Need.WAIVERS, _OURS_ONLY),
    (Need.REGISTER, "needs the register of numbers you keep; give it with --partnership FILE"),
    (Need.ENGLISH, "the word lists and counts know only English"),
)
"""What a skipped rule lacks, in words for the person who asked. The first that applies is used."""


def what_was_not_checked(checked: Sequence[Checked]) -> Iterator[str]:
    """One line for each reason, for all documents together: how many checks, and their families."""
    reasons: dict[str, set[str]] = {}
    for one in checked:
        for skipped in one.report.skipped:
            reason = next((words for need, words in _REASONS if need in skipped.reason), skipped.reason)
            reasons.setdefault(reason, set()).add(skipped.code)
    for reason, codes in reasons.items():
        families = Counter(FAMILIES[code[:2]][0] for code in sorted(codes))
        yield f"{', '.join(f'{number} of {name}' for name, number in families.items())}: {reason}."
