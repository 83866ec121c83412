"""Jobs of the work engine for the account; it finds them by the settings' import paths."""

from __future__ import annotations

from django.conf import settings
from procrastinate.contrib.django import app

from everyfamily.mailings.edges.patience import AGAIN
from everyfamily.mailings.edges.tasks import SWEEPS
from everyfamily.mailings.installation import clock
from everyfamily.mailings.queries.accounts import account_of_day, mailings_to_account_for
from everyfamily.reports.accounts import account_day, write_account


# Cron is UTC's, the day is London's: so it looks often and writes once, also on a day whose 06:00 no worker saw.
@app.periodic(cron="*/5 * * * *")
@app.task(name="write_accounts", queue=SWEEPS, queueing_lock="write_accounts", retry=AGAIN)
def write_accounts(timestamp: int) -> None:
    """Write the day's account of every mailing that has none yet.

    Under a simulated clock whoever moves the clock does this, so that a run can be repeated.
    """
    if settings.EVERYFAMILY_CLOCK == "database":
        return
    now = clock.now()
    for mailing_id in mailings_to_account_for(now):
        if account_of_day(mailing_id, account_day(now)) is None:
            write_account(mailing_id, now)
