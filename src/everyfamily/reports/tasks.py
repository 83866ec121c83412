"""Jobs of the work engine for the account, which finds them through the settings' import paths."""

from __future__ import annotations

from django.conf import settings
from procrastinate.contrib.django import app

from everyfamily.mailings.edges.patience import AGAIN
from everyfamily.mailings.edges.tasks import SWEEPS
from everyfamily.mailings.installation import clock
from everyfamily.mailings.queries.accounts import account_of_day, mailings_to_account_for
from everyfamily.reports.accounts import account_day, write_account


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
