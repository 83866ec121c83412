"""A worker process: its life sign, its settling of what others left, and the work engine's loop."""

from __future__ import annotations

from django.conf import settings
from procrastinate.contrib.django import app

from everyfamily.mailings import clock
from everyfamily.mailings.actions.ledger_keys import bind_ledger_keys
from everyfamily.mailings.actions.life_signs import life_sign
from everyfamily.mailings.actions.tripwire import watched
from everyfamily.mailings.tasks import QUEUE, SWEEPS, TRIPWIRE, WORKER, settle


def run_worker() -> None:
    """Work until told to stop (SIGTERM or SIGINT finish the job in hand first).

    Raises what the tripwire says where the database may be older than what was sent.
    """
    with life_sign(WORKER), watched(TRIPWIRE):
        bind_ledger_keys(by=WORKER, now=clock.now())
        settle()
        with app.replace_connector(app.connector.get_worker_connector()) as running:  # type: ignore[attr-defined]
            running.run_worker(
                queues=[QUEUE, SWEEPS],
                concurrency=1,
                name=WORKER,
                listen_notify=True,
                fetch_job_polling_interval=1.0,
                update_heartbeat_interval=settings.EVERYFAMILY_STALLED_SECONDS / 3,
                stalled_worker_timeout=settings.EVERYFAMILY_STALLED_SECONDS,
                install_signal_handlers=True,
                delete_jobs="successful",
            )
