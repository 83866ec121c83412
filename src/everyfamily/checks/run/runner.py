"""Runs a set of rules over a context and says whether the letter may be approved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Finding, Severity
from everyfamily.checks.model.rule import Rule
from everyfamily.checks.model.waivers import Waived, Waiver, apply_waivers
from everyfamily.checks.run.codes import RULE_SET_VERSION, RULES
from everyfamily.core.errors import EveryfamilyError, ParagraphLocation

_SEVERITIES = tuple(Severity)
_WORDS = 200
"""From this length, in characters, a finding is about a passage, and not about its words."""


class UnknownRule(EveryfamilyError):
    """A code or name that belongs to no rule, and does not begin a rule's code."""

    code = "EF701"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A rule that could not run, and what it lacked."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a run found.

    `findings` are those that remain, sorted by place. `waived` are warnings that a valid waiver covers. `skipped` are
    rules whose needs the context does not meet. `left_out` are codes that were not selected, or were ignored. The seal
    records `rule_set_version`.
    """

    findings: tuple[Finding, ...]
    waived: tuple[Waived, ...]
    skipped: tuple[Skipped, ...]
    left_out: tuple[str, ...]
    rule_set_version: str = RULE_SET_VERSION

    @property
    def counts(self) -> Mapping[str, int]:
        """How many remaining findings there are of each severity, most serious first, including zeros."""
        return {str(s): sum(f.severity is s for f in self.findings) for s in Severity}

    @property
    def is_complete(self) -> bool:
        """Whether every rule ran."""
        return not self.skipped and not self.left_out

    @property
    def stops_approval(self) -> bool:
        """Whether the letter must not be approved: an error, an unwaived warning, or a rule that did not run.

        If something is not known, the letter is held: a letter whose pages nobody counted is not known to be good.
        """
        return not self.is_complete or self.has_faults

    @property
    def has_faults(self) -> bool:
        """Whether there is an error or an unwaived warning. Only advice is not a fault."""
        return any(finding.severity is not Severity.ADVICE for finding in self.findings)


def run(
    context: CheckContext,
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    waivers: Sequence[Waiver] = (),
    rules: Mapping[str, Rule] = RULES,
    others: Sequence[CheckContext] = (),
) -> CheckReport:
    """Run the rules over a context, and over `others`, which are of the same letter in its other version. What is found
    in both, such as in a number that both print, is one finding.

    `select` and `ignore` take codes ("HM103"), beginnings of codes ("HM") and names ("long-sentence"). An empty
    `select` means every rule, and `ignore` wins. Raises UnknownRule for one that matches nothing.
    """
    chosen = _chosen(rules, select, ignore)
    skipped: list[Skipped] = []
    of_words = [r for r in chosen if Need.WAIVERS not in r.needs]
    found = _run_all(of_words, context, skipped)
    for other in others:
        found += [one for one in _run_all(of_words, other, []) if one not in found]
    codes = {rule.code for rule in chosen}
    ran = codes - {s.code for s in skipped}
    standing, waived, uses = apply_waivers(
        found,
        [waiver for waiver in waivers if waiver.code in ran or waiver.code not in rules],
        signatories=context.signatories,
        today=context.today,
        severity_of=lambda code: rules[code].severity if code in rules else None,
    )
    with_waivers = replace(context, waiver_uses=uses)
    about_waivers = _run_all([r for r in chosen if Need.WAIVERS in r.needs], with_waivers, skipped)
    return CheckReport(
        findings=tuple(sorted([*standing, *about_waivers], key=_reading_order)),
        waived=waived,
        skipped=tuple(skipped),
        left_out=tuple(code for code in rules if code not in codes),
    )


def _run_all(rules: Sequence[Rule], context: CheckContext, skipped: list[Skipped]) -> list[Finding]:
    found: list[Finding] = []
    provided = context.provides
    for rule in rules:
        missing = sorted(rule.all_needs - provided)
        if missing:
            skipped.append(Skipped(rule.code, f"needs {' and '.join(missing)}"))
        else:
            found.extend(rule.findings(context))
    return _without_doubles(found, {rule.code for rule in rules if rule.gives_way})


def _without_doubles(found: Sequence[Finding], giving_way: Set[str]) -> list[Finding]:
    """The findings, without those of a rule that gives way if another of its family found the same words."""
    taken: dict[tuple[int, str], set[int]] = {}
    for finding in found:
        start, end = finding.span
        is_of_words = not finding.name.startswith("missing-") and end - start < _WORDS
        is_heavy = finding.severity is not Severity.ADVICE or "HM101" <= finding.code < "HM171"
        if finding.code not in giving_way and is_heavy and is_of_words:
            taken.setdefault((id(finding.text), finding.code[:2]), set()).update(range(start, end))
    kept = [
        finding
        for finding in found
        if finding.code not in giving_way
        or taken.get((id(finding.text), finding.code[:2]), set()).isdisjoint(range(*finding.span))
    ]
    return _without_parts(kept, giving_way)


def _without_parts(found: Sequence[Finding], giving_way: Set[str]) -> list[Finding]:
    """The findings, without those whose words are part of what another such rule reports with the same or more
    weight."""
    wide: dict[int, list[Finding]] = {}
    left_out: set[int] = set()
    loudest = sorted(found, key=lambda one: (_SEVERITIES.index(one.severity), one.span[0] - one.span[1]))
    for finding in (one for one in loudest if one.code in giving_way):
        others = wide.setdefault(id(finding.text), [])
        start, end = finding.span
        if any(one.code != finding.code and one.span[0] <= start and end <= one.span[1] for one in others):
            left_out.add(id(finding))
        else:
            others.append(finding)
    return [finding for finding in found if id(finding) not in left_out]


def _chosen(rules: Mapping[str, Rule], select: Sequence[str], ignore: Sequence[str]) -> list[Rule]:
    for wanted in (*select, *ignore):
        if not any(_fits(rule, wanted) for rule in rules.values()):
            raise UnknownRule(
                f"No rule has the code or name “{wanted[:40]}”.",
                "Use a code from the list of rules.",
            )
    return [
        rule
        for rule in rules.values()
        if (not select or any(_fits(rule, wanted) for wanted in select))
        and not any(_fits(rule, unwanted) for unwanted in ignore)
    ]


def _fits(rule: Rule, wanted: str) -> bool:
    code = wanted.strip().upper()
    return bool(code) and (rule.code.startswith(code) or rule.name == wanted.strip().lower())


def _reading_order(finding: Finding) -> tuple[str, int, int, int, str, str]:
    place = finding.place
    page = place.page or 0 if isinstance(place, ParagraphLocation) else 0
    return place.file, page, place.line, place.column, finding.code, finding.language
