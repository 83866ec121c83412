"""Which carrier carries what in this installation, from the settings. Recording is the default."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from django.conf import settings

from everyfamily.channels.base import Carrier
from everyfamily.channels.email.django_mail import DjangoMail
from everyfamily.channels.post.print_folder import PrintFolder
from everyfamily.channels.testing import Faults, RecordingChannel
from everyfamily.core.fallback import Channel
from everyfamily.embedded.folders import default_home


def outbox() -> Path:
    """The folder that the recording carrier and the print folder write to (mode 0700).

    EVERYFAMILY_OUTBOX, else `outbox` in the folder where everyfamily keeps its data.
    """
    return Path(settings.EVERYFAMILY_OUTBOX or default_home(os.environ) / "outbox")


@cache
def carriers() -> dict[Channel, Carrier]:
    """A carrier for each channel that is carried; one set for each process, so that connections and files are kept.

    Where real mail goes out there is no carrier for texts yet: the recording one would play "delivered" for texts that
    nobody was sent.
    """
    paper = PrintFolder(outbox() / "print")
    if settings.EVERYFAMILY_CHANNELS == "smtp":
        return {
            Channel.EMAIL: DjangoMail(sender=settings.EVERYFAMILY_SENDER),
            Channel.POST: paper,
            Channel.PUPIL_POST: paper,
        }
    recording = RecordingChannel(
        outbox(), seed=settings.EVERYFAMILY_SEED, faults=Faults(**settings.EVERYFAMILY_FAULTS), paper=paper
    )
    return dict.fromkeys(Channel, recording)


def close_carriers() -> None:
    """Close this process's carriers; the next call of `carriers` makes new ones from the settings."""
    for carrier in set(carriers().values()):
        carrier.close()
    carriers.cache_clear()
