"""The small set in every language on one page, for a school's office, and for whoever reads the drafts."""

from __future__ import annotations

from dataclasses import asdict

from everyfamily.core.calendar.letter_versions import Version
from everyfamily.core.letter.letters import Letter
from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.rendering.html import environment, link, linked
from everyfamily.rendering.labels import labels_for
from everyfamily.rendering.short_view import short_views
from everyfamily.rendering.sms import render_sms

_WHAT = (
    "Each has what matters most in the letter: its title, what to do in danger, who to call, and a text message. "
    "Copy from here for a family who reads that language, with the letter in English. The numbers are the letter's."
)


def render_other_languages(letter: Letter) -> str:
    """Return the page, with drafts marked if the letter was made with drafts: such a letter cannot be approved.

    Of a letter in two versions it has both titles, which are all that differs.
    """
    opening = [_WHAT]
    if letter.demonstration:
        opening.append(labels_for("en").demonstration_line.format(letter.area))
    gaps = PersonalGaps()
    younger = {one.tag: one.title for one in short_views(letter.in_version(Version.PRIMARY), gaps)}
    sets = []
    for one in short_views(letter, gaps):
        message = render_sms(letter, one.tag, gaps)
        sets.append(
            {
                **asdict(one),
                "primary_title": younger.get(one.tag) if letter.primary else None,
                "draft": not letter.short[one.tag].is_reviewed,
                "message": message.text,
                "fragments": message.fragments,
            }
        )
    return (
        environment()
        .get_template("other_languages.html")
        .render(
            names=[letter.in_version(version).english.title.text for version in letter.versions],
            opening=opening,
            short=sets,
            page=letter.page,
            say=lambda text: linked(letter, text),
            link=link,
        )
    )
