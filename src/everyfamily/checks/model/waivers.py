"""Waivers: a warning that every signatory knows about and accepts, for a reason and until a day."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from everyfamily.checks.model.finding import Finding, Severity
from everyfamily.core.errors import SourceLocation
from everyfamily.core.text.dates import day_in_words


@dataclass(frozen=True, slots=True)
class Waiver:
    """An agreed exception for one rule in one passage.

    `agreed_by` has the ids of the signatories. It counts until `ends_on`, and on that day too. `language` None means
    every language. `place` is where the waiver itself is written.
    """

    code: str
    passage: str
    reason: str
    agreed_by: tuple[str, ...]
    ends_on: date
    language: str | None = None
    place: SourceLocation = field(default=SourceLocation("waivers.toml"))

    def covers(self, finding: Finding) -> bool:
        """Whether the waiver applies to this finding."""
        return (
            finding.code == self.code
            and finding.passage == self.passage
            and self.language in (None, finding.language)
        )


@dataclass(frozen=True, slots=True)
class WaiverUse:
    """A waiver, how many findings it covered, and why it does not count (None if it does)."""

    waiver: Waiver
    findings: int
    problem: str | None


@dataclass(frozen=True, slots=True)
class Waived:
    """A finding that a valid waiver accepts."""

    finding: Finding
    waiver: Waiver


def apply_waivers(
    findings: Sequence[Finding],
    waivers: Sequence[Waiver],
    *,
    signatories: Collection[str],
    today: date,
    severity_of: Callable[[str], Severity | None],
) -> tuple[tuple[Finding, ...], tuple[Waived, ...], tuple[WaiverUse, ...]]:
    """Split findings into those that remain and those waived, and say what happened to each waiver."""
    problems = {
        waiver: waiver_problem(waiver, signatories=signatories, today=today, severity=severity_of(waiver.code))
        for waiver in waivers
    }
    standing: list[Finding] = []
    waived: list[Waived] = []
    for finding in findings:
        good = next((w for w in waivers if problems[w] is None and w.covers(finding)), None)
        if good is None:
            standing.append(finding)
        else:
            waived.append(Waived(finding, good))
    uses = tuple(WaiverUse(w, sum(w.covers(f) for f in findings), problems[w]) for w in waivers)
    return tuple(standing), tuple(waived), uses


def waiver_problem(
    waiver: Waiver, *, signatories: Collection[str], today: date, severity: Severity | None
) -> str | None:
    """Why the waiver does not count, in under 80 characters, or None."""
    missing = sorted(set(signatories) - set(waiver.agreed_by))
    reasons = (
        (severity is None, f"No rule has the code {waiver.code[:12]}"),
        (severity is Severity.ERROR, f"{waiver.code} is an error, and errors cannot be waived"),
        (severity is Severity.ADVICE, f"{waiver.code} is advice, which needs no waiver"),
        (not waiver.reason.strip(), f"The waiver of {waiver.code} gives no reason"),
        (waiver.ends_on < today, f"The waiver of {waiver.code} ended on {day_in_words(waiver.ends_on)}"),
        (bool(missing), f"The waiver of {waiver.code} is not agreed by {', '.join(missing)}"[:79]),
        (not waiver.agreed_by, f"The waiver of {waiver.code} is agreed by nobody"),
    )
    return next((reason for applies, reason in reasons if applies), None)
