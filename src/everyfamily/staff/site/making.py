"""A worker makes the parent site: checks it, writes a preview, and publishes it if nothing hinders it.

Whatever hinders it, no page that families see keeps a number that is dead.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from django.conf import settings

from everyfamily.core.errors import EveryfamilyError
from everyfamily.mailings.installation import clock
from everyfamily.parentsite.export import export_site
from everyfamily.parentsite.hindrance import Hindrance
from everyfamily.parentsite.readiness import good_until, hindrances
from everyfamily.parentsite.taking_out import take_out
from everyfamily.staff.site.inputs import dead_now, mark_now, read_inputs, site_of
from everyfamily.work.actions.doing import Turn
from everyfamily.work.queries.sites import site_made

STEPS = 4
MOST_HINDRANCES = 100
"""That a row keeps. Whoever mends a hundred makes the site again."""
PREVIEW_AT = "/site/preview"
"""Where the pages show the preview."""


class NoSiteFolder(EveryfamilyError):
    """Nobody has said where the parent site is written."""

    code = "EF375"


def preview_folder() -> Path | None:
    """Where the preview is written: next to the site. None if nobody has said where the site is."""
    folder = settings.EVERYFAMILY_SITE_FOLDER
    return folder.with_name(f"{folder.name}-preview") if folder is not None else None


def make(turn: Turn) -> None:
    """Make the site that a row asks for. What hinders it, and what it was made of, are in the row afterwards."""
    asked, folder, preview = site_made(turn.id), settings.EVERYFAMILY_SITE_FOLDER, preview_folder()
    if folder is None or preview is None:
        raise NoSiteFolder(
            "Nobody has said where the parent site is written.",
            "The person who looks after the server sets EVERYFAMILY_SITE_FOLDER.",
        )
    now = clock.now()
    turn.reached(0, STEPS, made_of=mark_now(asked.letters))
    # First, because anything may keep the new site from families or from being made.
    take_out(dead_now(now), folder, still_wanted=lambda: turn.reached(0, STEPS))
    try:
        inputs = read_inputs(asked.letters, now)
        site = site_of(inputs, asked.languages)
        turn.reached(1, STEPS)
        found = hindrances(site)
    except (EveryfamilyError, OSError) as problem:
        turn.reached(STEPS, STEPS, hindrances=[_row(one) for one in _as_hindrances(problem)])
        return
    turn.reached(2, STEPS, hindrances=[_row(one) for one in found[:MOST_HINDRANCES]], good_until=good_until(site))
    looked_at = export_site(replace(site, preview=True, shown_at=PREVIEW_AT), preview)
    turn.reached(3, STEPS, pages=looked_at.pages)
    if asked.for_families and not found:
        # A worker that stood still must not put its older site over the one that another made meanwhile.
        published = export_site(site, folder, still_wanted=lambda: turn.reached(3, STEPS))
        turn.reached(STEPS, STEPS, pages=published.pages, published_at=now)
    else:
        turn.reached(STEPS, STEPS)


def _as_hindrances(problem: EveryfamilyError | OSError) -> Iterable[Hindrance]:
    """What keeps a site from being made at all, as a reason like the others."""
    if isinstance(problem, EveryfamilyError):
        yield Hindrance(problem.code, problem.fact, problem.fix, problem.place)
    else:
        yield Hindrance("EF374", "The settings cannot be read.", "Put the partnership’s file in force again.")


def _row(one: Hindrance) -> dict[str, str]:
    return {
        "code": one.code,
        "fact": one.fact,
        "fix": one.fix,
        "place": str(one.place or ""),
        "language": one.language or "",
    }
