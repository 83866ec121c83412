"""What people see outside a page names no topic: its address, its tab and the browser's history."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from everyfamily.core.packs.site_text import SiteText
from everyfamily.parentsite.hindrance import Hindrance
from everyfamily.parentsite.site import FURTHER, GENERAL_PAGES, TOPIC_PAGES, Site, pages_of

NAMED = "EF347"


def texts_of(site: Site) -> Iterator[tuple[str, Mapping[str, SiteText]]]:
    """The general pages and each topic's, by the folder of the pack: their texts by language."""
    yield "parent-site", site.pages.texts
    for topic in site.topics:
        yield topic.pack.id, topic.pack.site


def named_outside(site: Site) -> Iterator[Hindrance]:
    """A tab, the history and a shared link show these, so none may name the topic."""
    words = [re.compile(rf"\b{re.escape(word)}\b", re.IGNORECASE) for word in site.topic_words]
    for page in pages_of(site):
        if any(word.search(page.path.replace("-", " ").replace("/", " ")) for word in words):
            yield Hindrance(NAMED, f'The address "/{page.path}/" names the topic.', "Choose a neutral one.")
    for _, texts in texts_of(site):
        for section in texts["en"].sections:
            heading = section.heading
            if heading is not None and section.id in _TITLES and any(word.search(heading.text) for word in words):
                yield Hindrance(
                    NAMED,
                    f'"{heading.text}" would be shown in a browser\'s tab and history, and names the topic.',
                    "Write a neutral heading.",
                    heading.place,
                )


_TITLES = frozenset({*TOPIC_PAGES, FURTHER, *GENERAL_PAGES, "home", "unknown"})
"""Sections with a heading that becomes a page's title."""
