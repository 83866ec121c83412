"""What a rule is: a permanent code, a weight, a page for people (rule_pages.py), and one pure function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Finding, Severity
from everyfamily.checks.model.rule_pages import Page, written_page
from everyfamily.checks.text.pieces import Piece

Scope = Literal["text", "pack", "letter", "rendered", "mailing"]
"""What a rule reads. "text": words anywhere, in a letter or on a page of the parent site. "letter": a letter as a
whole, what it must contain, its card and its register, which a page does not have. "rendered": files."""

PAGES = "docs/checks"
MESSAGE_LIMIT = 140
"""Longest message, in characters: two lines of a terminal, so that the whole clause can be quoted."""
MOST_FINDINGS = 1000
"""Findings from one rule in one run. Nobody reads more, and a hostile document cannot fill the machine with them."""


@dataclass(frozen=True, slots=True)
class Hit:
    """What a check function returns: words of a piece, the fact, and what to do.

    `start` and `end` are offsets of the piece's own text. `passage` is given only if the finding is about something
    else than the piece it points at, such as the whole print. `fix` replaces exactly the words, and is given only if
    that is always safe: never if a fact, a number's digits or a meaning could change.
    """

    piece: Piece
    start: int
    end: int
    message: str
    hint: str
    passage: str | None = None
    fix: str | None = None
    severity: Severity | None = None
    """Its severity in a letter from outside, if that is less or more than the rule says."""


CheckFunction = Callable[[CheckContext], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `name` is the fault and reads well after "allow".

    `needs` says what the context must provide; without it the rule is skipped, and the report says so.
    `only_about_harm`: a school's letter about a trip or its uniform is not checked for it. `outside` is its severity in
    a letter from outside, if that is different. `gives_way`: it does not report words that another rule of its family
    has found. `made_page` is the page of a rule that is a row of a list.
    """

    code: str
    name: str
    severity: Severity
    scope: Scope
    check: CheckFunction
    needs: frozenset[Need] = frozenset()
    only_about_harm: bool = False
    outside: Severity | None = None
    gives_way: bool = False
    made_page: Page | None = None

    @property
    def page(self) -> Page:
        """What people read about it. A run needs none of it."""
        return self.made_page or written_page(self.name)

    @property
    def url(self) -> str:
        """Address of the rule's page, from the top of the repository."""
        return f"{PAGES}/{self.code}.md"

    @property
    def all_needs(self) -> frozenset[Need]:
        """What the context must provide: its own needs, and those that follow from what it reads."""
        about = {Need.HARM} if self.only_about_harm else set()
        whole_letter = set() if self.scope == "text" else {Need.WHOLE}
        return self.needs | about | whole_letter

    def findings(self, context: CheckContext) -> Iterator[Finding]:
        """Run the rule, up to MOST_FINDINGS. The caller has made sure that its needs are met."""
        severity = self.severity if context.is_ours or self.outside is None else self.outside
        for hit in islice(self.check(context), MOST_FINDINGS):
            yield Finding(
                code=self.code,
                name=self.name,
                severity=severity if context.is_ours else hit.severity or severity,
                place=hit.piece.place_of(hit.start),
                text=hit.piece.text,
                span=(hit.start, hit.end),
                message=hit.message,
                hint=hit.hint,
                url=self.url,
                passage=hit.passage or hit.piece.passage,
                language=hit.piece.language,
                fix=hit.fix,
            )


def whole(
    piece: Piece, message: str, hint: str, passage: str | None = None, severity: Severity | None = None
) -> Hit:
    """A hit on a piece as a whole."""
    return Hit(piece, 0, len(piece.text), message, hint, passage, severity=severity)


def clip(words: str, limit: int = 32) -> str:
    """Words on one line, cut to `limit` characters, for use in a message."""
    line = " ".join(words[: 4 * limit].split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
