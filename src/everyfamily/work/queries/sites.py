"""The parent site as it was made last, and as families see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from everyfamily.core.work import WorkState
from everyfamily.work.models import SiteBuild


@dataclass(frozen=True, slots=True)
class Hindering:
    """One reason why the site is not for families yet."""

    code: str
    fact: str
    fix: str
    place: str
    language: str


@dataclass(frozen=True, slots=True)
class SiteMade:
    """One making of the site."""

    id: int
    state: WorkState
    for_families: bool
    """It was to be published, and not only looked at."""
    languages: tuple[str, ...]
    letters: tuple[str, ...]
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    done: int
    of: int
    made_of: str
    hindrances: tuple[Hindering, ...]
    pages: int
    good_until: date | None
    published_at: datetime | None
    failed_code: str
    failed_fact: str

    @property
    def is_over(self) -> bool:
        """Nothing more becomes of it."""
        return self.ended_at is not None


@dataclass(frozen=True, slots=True)
class SitesMade:
    """The newest making, the newest that was for families, and the one that families see."""

    newest: SiteMade | None = None
    asked: SiteMade | None = None
    published: SiteMade | None = None

    @property
    def is_stuck(self) -> bool:
        """The newest that was to be published was not, so families see an older one."""
        one = self.asked
        if one is None or not one.is_over or one.state is WorkState.CANCELLED:
            return False
        return self.published is not None and one.published_at is None


def sites_made() -> SitesMade:
    """All three, in one question."""
    newest = SiteBuild.objects.order_by("-pk").values("pk")
    asked, published = newest.filter(is_for_families=True), newest.filter(published_at__isnull=False)
    wanted = Q(pk__in=newest[:1]) | Q(pk__in=asked[:1]) | Q(pk__in=published[:1])
    rows = [_made(row) for row in SiteBuild.objects.filter(wanted).order_by("-pk")]
    return SitesMade(
        next(iter(rows), None),
        next((one for one in rows if one.for_families), None),
        next((one for one in rows if one.published_at is not None), None),
    )


def has_published_site() -> bool:
    """Whether families could ever see a site."""
    return SiteBuild.objects.filter(published_at__isnull=False).exists()


def site_made(work_id: int) -> SiteMade:
    """One making."""
    return _made(SiteBuild.objects.get(pk=work_id))


def _made(row: SiteBuild) -> SiteMade:
    return SiteMade(
        row.pk,
        WorkState(row.state),
        row.is_for_families,
        tuple(row.languages),
        tuple(row.letters),
        row.asked_by,
        row.asked_at,
        row.ended_at,
        row.done,
        row.of,
        row.made_of,
        tuple(Hindering(**one) for one in row.hindrances),
        row.pages,
        row.good_until,
        row.published_at,
        row.failed_code,
        row.failed_fact,
    )
