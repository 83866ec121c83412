"""The plan in force with all that the pages of the plan need of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from django.conf import settings

from everyfamily.core.calendar.academic_year import AcademicYear
from everyfamily.core.calendar.bank_holidays import bank_holidays
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.calendar.year_plan import PlannedLetter, YearPlan
from everyfamily.core.calendar.year_work import Step, YearWork, year_work
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.packs.packs_folder import PackInBrief, packs_folder, packs_in_brief
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.core.partnership.plan_edits import Wanted, digest_of
from everyfamily.letters.draft_queries.drafts import drafts
from everyfamily.mailings.queries.year_done import year_done
from everyfamily.partnership.queries import InForce, in_force


@dataclass(frozen=True, slots=True)
class PlanNow:
    """The plan of the settings in force, today."""

    found: InForce
    packs: dict[str, PackInBrief] | None
    """By topic; None where this program finds no packs."""
    now: datetime

    @classmethod
    def read(cls, now: datetime) -> Self | None:
        """None without settings, or with settings that cannot be read."""
        try:
            found = in_force()
        except (EveryfamilyError, OSError):
            return None
        try:
            packs = packs_in_brief(packs_folder(settings.EVERYFAMILY_PACKS))
        except EveryfamilyError:
            packs = None
        return None if found is None else cls(found, packs, now)

    @property
    def partnership(self) -> Partnership:
        """The settings that it is part of."""
        return self.found.partnership

    @property
    def plan(self) -> YearPlan:
        """The plan itself."""
        return self.partnership.year_plan

    @property
    def today(self) -> date:
        """The day in England."""
        return self.now.astimezone(LONDON).date()

    @property
    def seen(self) -> str:
        """What a form carries, so that a change meanwhile is noticed."""
        return digest_of(self.plan)

    def at(self, address: str) -> PlannedLetter | None:
        """The letter with this address ("spring-2027-2")."""
        return next((one for one in self.plan.letters if one.address == address), None)

    def says(self, wanted: Wanted) -> PlannedLetter | None:
        """The letter that is as somebody wants it already."""
        return next((one for one in self.plan.letters if Wanted.of(one) == wanted), None)

    def works(self, year: AcademicYear) -> list[YearWork]:
        """The steps of each letter of a year."""
        sending = self.partnership.sending
        return year_work(self.plan, year, sending.times, sending.calendar(self.plan.terms, bank_holidays()))

    def in_use(self, planned: PlannedLetter) -> set[str]:
        """Addresses of the letters of its year that somebody has begun: a step is done, or it is being written."""
        works = self.works(planned.term.academic_year)
        keys = year_done(works, self.now).keys
        done = {one.planned.address for one in works if one.step is not Step.RING and one.key in keys}
        return done | self.written()

    def written(self) -> set[str]:
        """Addresses of the letters of which the words are being written, or have been written, here."""
        begun = {(one.term, one.pack_id) for one in drafts() if one.ended_at is None}
        return {one.address for one in self.plan.letters if (one.term.id, one.topic) in begun}

    def title_of(self, topic: str) -> str:
        """The title of its pack, or the topic itself."""
        pack = (self.packs or {}).get(topic)
        return pack.title if pack is not None else topic
