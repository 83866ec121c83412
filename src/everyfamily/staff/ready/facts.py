"""What the checklist looks at, read from the database and the settings of this process."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from django.conf import settings

from everyfamily.accounts.desk.counts import account_counts
from everyfamily.channels.carrier_choice import chosen
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.letters.queries import routes_now
from everyfamily.mailings.queries.health import workers
from everyfamily.partnership.queries import in_force
from everyfamily.people.keys.master_key_file import read_keys
from everyfamily.people.queries import school_standings, schools_attested
from everyfamily.reports.readiness import Facts
from everyfamily.staff.doors.secrets_of_factors import require_sign_in_key


def facts_here(now: datetime) -> Facts:
    """Everything at this moment, in as many reads for one school as for all."""
    accounts, schools = account_counts(), school_standings()
    ours = [school for school in schools if school.sends == "us"]
    attested = schools_attested()
    partnership, fault = _settings(now)
    return Facts(
        administrators=accounts.administrators,
        coordinators=accounts.coordinators,
        accounts=accounts.accounts,
        without_second_factor=accounts.without_factor,
        partnership=partnership,
        settings_fault=fault,
        ways=_ways(),
        sender=settings.EVERYFAMILY_SENDER,
        reads_replies=bool(settings.EVERYFAMILY_REPLIES["mailbox"]),
        workers=workers().alive,
        schools=len(schools),
        sending_for=len(ours),
        leads_named=sum(school.lead for school in schools),
        mailboxes_known=sum(school.mailbox for school in schools),
        rolls_in=sum(school.roll_imported_at is not None for school in ours),
        attested=sum(school.urn in attested for school in ours),
        master_key=_works(lambda: read_keys(os.environ)),
        marker_elsewhere=settings.EVERYFAMILY_MARKER is not None,
        is_simulated=settings.EVERYFAMILY_CLOCK != "system",
        sign_in_key=_works(require_sign_in_key),
        base_url=settings.EVERYFAMILY_BASE_URL,
        is_rehearsal=bool(settings.EVERYFAMILY_REHEARSAL),
        has_stand_ins=bool(settings.EVERYFAMILY_STAND_INS),
    )


def _settings(now: datetime) -> tuple[Partnership | None, str]:
    try:
        found = in_force()
    except EveryfamilyError as problem:
        return None, f"{problem.fact} {problem.fix}"
    if found is None:
        return None, ""
    return replace(found.partnership, routes=routes_now(found.partnership.routes, now)), ""


def _ways() -> Mapping[str, str] | None:
    try:
        ways = chosen(settings.EVERYFAMILY_CHANNELS, settings.EVERYFAMILY_CARRIERS_NAMED)
    except EveryfamilyError:
        return None
    return {str(channel): way for channel, way in ways.items()}


def _works(read: Callable[[], object]) -> bool:
    try:
        read()
    except (EveryfamilyError, OSError):
        return False
    return True
