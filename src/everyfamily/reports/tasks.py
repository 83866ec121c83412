"""Jobs of the work engine for the account and the audit trail, which finds them through the settings' import paths."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from procrastinate.contrib.django import app

from everyfamily.core.actors import Actor
from everyfamily.core.audit_chain import Head, read_heads, write_heads
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.text.counts import of as counted
from everyfamily.mailings.edges.patience import AGAIN
from everyfamily.mailings.edges.screens import FOR_SCREENS
from everyfamily.mailings.edges.tasks import SWEEPS
from everyfamily.mailings.installation import clock
from everyfamily.mailings.queries.accounts import account_of_day, mailings_to_account_for
from everyfamily.people.queries import every_school
from everyfamily.reports.accounts import account_day, write_account
from everyfamily.reports.audit_chains import (
    OF_THE_PARTNERSHIP,
    follow_every_chain,
    name_of_chain,
    noted_outside,
    past_the_product,
)
from everyfamily.work.actions.doing import Turn
from everyfamily.work.actions.verifying import ask_for_verification, verify
from everyfamily.work.queries.work import heads_of_last_check, looked_from


# Cron runs in UTC, and the day is London's. So the job looks often and writes once, even if no worker saw 06:00 that
# day.
@app.periodic(cron="*/5 * * * *")
@app.task(name="write_accounts", queue=SWEEPS, queueing_lock="write_accounts", retry=AGAIN)
def write_accounts(timestamp: int) -> None:
    """Write the day's account for every mailing that has none yet.

    Under a simulated clock, the code that moves the clock does this, so that a run can be repeated.
    """
    if settings.EVERYFAMILY_CLOCK == "database":
        return
    now = clock.now()
    for mailing_id in mailings_to_account_for(now):
        if account_of_day(mailing_id, account_day(now)) is None:
            write_account(mailing_id, now)


class TrailBroken(EveryfamilyError):
    """The audit trail is not as it was written."""

    code = "EF452"


@app.task(name="verify_audit", **FOR_SCREENS)
def verify_audit(verification_id: int) -> None:
    """Somebody asked whether the audit trail is as it was written."""
    verify(verification_id, _follow, clock.now)


def ask_to_verify(*, by: Actor, now: datetime) -> bool:
    """Queue a check of the whole audit trail, unless one is waiting or under way. Returns whether it was queued."""
    return ask_for_verification(lambda number: verify_audit.defer(verification_id=number), by=by, now=now)


def _follow(turn: Turn) -> None:
    """Follow every chain, and compare its end with where the last check that held found it: by the row of that check,
    and by what was noted outside the database if this machine has it. Then name what came in past the product since a
    check last said so. Raises TrailBroken."""
    noted = heads_of_last_check()
    expected = read_heads(noted, source="the last check") if noted else {}
    for name, head in noted_outside().items():
        if name not in expected or expected[name].count < head.count:
            expected[name] = head
    of = len(
        expected.keys() | {OF_THE_PARTNERSHIP, *(name_of_chain(school_id) for school_id, _ in every_school())}
    )
    heads: dict[str, Head] = {}
    broken: list[str] = []
    for followed in follow_every_chain(expected):
        heads[followed.name] = followed.chain.head
        broken += [followed.fault] if followed.fault else []
        events = sum(head.count for head in heads.values())
        turn.reached(len(heads), max(of, len(heads)), chains=len(heads), events=events, broken=broken)
    past = list(past_the_product(looked_from() or datetime.fromtimestamp(0, UTC)))
    if past:
        turn.reached(len(heads), len(heads), broken=[*broken, *past])
    if broken or past:
        facts = [f"{len(broken)} of {len(heads)} chains of the audit trail do not hold."] if broken else []
        facts += [f"{counted(len(past), 'row')} came in past everyfamily."] if past else []
        raise TrailBroken(
            " ".join(facts),
            "Keep the database as it is, and tell the person who looks after security.",
        )
    turn.reached(len(heads), len(heads), heads=write_heads(heads))
