"""Jobs for the parent site, which the work engine finds through the settings' import paths."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from procrastinate.contrib.django import app

from everyfamily.core.actors import Actor
from everyfamily.mailings.edges.patience import AGAIN
from everyfamily.mailings.edges.screens import FOR_SCREENS, SCREENS
from everyfamily.mailings.installation import clock
from everyfamily.parentsite.export import SiteNotWritten
from everyfamily.staff.site.inputs import mark_now
from everyfamily.staff.site.making import make
from everyfamily.work.actions.doing import INTERRUPTED
from everyfamily.work.actions.sites import ask_for_site, make_site
from everyfamily.work.queries.sites import SiteMade, sites_made

AFTER = timedelta(minutes=10)
"""A site that could not be written is tried again so long after it."""
_BY = Actor.worker("everyfamily, because something changed")


@app.task(name="make_site", **FOR_SCREENS)
def make_the_site(work_id: int) -> None:
    """Somebody wants a preview, or the site published."""
    make_site(work_id, make, clock.now)


def ask(
    *, languages: Sequence[str], letters: Sequence[str], for_families: bool, by: Actor, now: datetime
) -> bool:
    """Queue the making of a site, unless one is waiting or under way. Returns whether it was queued."""
    return ask_for_site(
        lambda number: make_the_site.defer(work_id=number),
        languages=languages,
        letters=letters,
        for_families=for_families,
        by=by,
        now=now,
    )


def _is_to_be_tried_again(asked: SiteMade, now: datetime) -> bool:
    """The disk was full, the folder could not be written to, or workers were killed: a dead number may still be on the
    pages."""
    is_passing = asked.failed_code in (SiteNotWritten.code, INTERRUPTED)
    return is_passing and asked.ended_at is not None and asked.ended_at + AFTER <= now


@app.periodic(cron="* * * * *")
@app.task(name="follow_site", queue=SCREENS, queueing_lock="follow_site", retry=AGAIN)
def follow_site(timestamp: int) -> None:
    """Every minute, however a route, the settings or a withdrawal changed: publish again what families see."""
    publish_again_if_changed(clock.now())


def publish_again_if_changed(now: datetime) -> bool:
    """Publish the same letters in the same languages again, if anything else on their pages has changed since the site
    was last to be published. Returns whether it was asked for."""
    sites = sites_made()
    published, asked, newest = sites.published, sites.asked, sites.newest
    if settings.EVERYFAMILY_SITE_FOLDER is None or published is None or asked is None or newest is None:
        return False
    if not newest.is_over or (asked.made_of == mark_now(asked.letters) and not _is_to_be_tried_again(asked, now)):
        return False
    return ask(languages=published.languages, letters=published.letters, for_families=True, by=_BY, now=now)
