"""The linter for the site's English words: a page may not say what a letter may not say.

Only English, because the word lists know no other language, and a second reader checks each translation. There is no
waiver: a page can be changed in a minute, and nobody has signed it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Finding, Severity
from everyfamily.checks.run.codes import RULES
from everyfamily.checks.run.runner import run
from everyfamily.core.packs.site_text import SiteText
from everyfamily.core.text.placeholders import gaps_in
from everyfamily.parentsite.site import Site

_SAID_ELSEWHERE = frozenset({"TR004"})
"""A promise that nobody agreed to. Readiness reports it for the whole site, once for each promise."""
_STOPPING = {
    code: rule
    for code, rule in RULES.items()
    if rule.severity is not Severity.ADVICE and code not in _SAID_ELSEWHERE
}
"""Advice is not even looked for, because an export has only a second."""


def site_findings(site: Site, today: date) -> tuple[Finding, ...]:
    """The errors and warnings in the English of the general pages and of each topic's, by file and line.

    Each has a code, a message without a full stop, a hint and a place. Advice is left out, because it stops nothing.
    """
    return tuple(finding for found in _by_text(site, today) for finding in found)


def _by_text(site: Site, today: date) -> Iterator[tuple[Finding, ...]]:
    sets = [(site.pages.texts, site.pages.sources)]
    sets += [(topic.pack.site, topic.pack.sources) for topic in site.topics]
    for texts, sources in sets:
        english = texts["en"]
        context = CheckContext.of_site(
            {"en": english},
            site.partnership,
            today=today,
            sources=sources,
            open_gaps=_gaps(english),
        )
        yield run(context, rules=_STOPPING).findings


def _gaps(text: SiteText) -> frozenset[str]:
    """Every gap in it. If one stays open, the register lacks a route, and readiness says that better."""
    return frozenset(gap for one in text.passages() for gap in gaps_in(f"{one.text} {one.aside or ''}"))
