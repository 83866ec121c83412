"""Rules that are rows of a list: what each row says, whichever list it is in."""

from __future__ import annotations

from dataclasses import dataclass

from everyfamily.checks.model.context import Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import CheckFunction, Rule, Scope
from everyfamily.checks.model.rule_pages import Page, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """What every row has. The head of each list explains it; what is left out is as it is here."""

    code: str
    name: str
    severity: Severity
    outside: Severity | None = None
    status: Status = "stable"
    since: str = "2026.5"
    evidence: tuple[str, ...]
    example: str
    instead: str

    def rule(
        self,
        check: CheckFunction,
        scope: Scope,
        *,
        checks: str,
        matters: str,
        suggestion: str = "",
        exceptions: str = "",
        needs: frozenset[Need] = frozenset(),
        only_about_harm: bool = True,
        gives_way: bool = False,
    ) -> Rule:
        """The row's rule, with a page made of the row."""
        instead = f"{self.instead}\n\nIn general: {suggestion}." if suggestion else self.instead
        own = (self.evidence, self.status, self.since)
        return Rule(
            self.code,
            self.name,
            self.severity,
            scope,
            check,
            needs=needs,
            only_about_harm=only_about_harm,
            outside=self.outside,
            gives_way=gives_way,
            made_page=Page(checks, matters, self.example, instead, exceptions, *own),
        )
