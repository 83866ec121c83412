"""A second letter, of the summer term, whose first wave has just begun. It leaves work for every role.

Only a demonstration that goes on to serve its pages makes it. The figures of the first letter are not touched.
"""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from everyfamily.cli.console.packs_folder import packs_folder
from everyfamily.core.actors import Actor
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.keys.signing import SigningKey
from everyfamily.core.letter.compose import compose
from everyfamily.core.packs.packs import load_pack
from everyfamily.core.partnership.partnership import Partnership, load_partnership
from everyfamily.letters.actions.sealed_letters import record_sealed_letter
from everyfamily.mailings.actions.planning.opening import open_mailing
from everyfamily.mailings.edges.tasks import begin_school, queue_what_is_due
from everyfamily.mailings.queries.mailings import waves_due
from everyfamily.mailings.queries.wave_plan import plan_by_partnership
from everyfamily.people.actions.schools.schools import attest_school
from everyfamily_demo.clock import set_simulated
from everyfamily_demo.sealing import seal_letter
from everyfamily_demo.workspace import PASSPHRASE, Workspace

TERM = "summer-2027"
REFERENCE = "ES-2704-M5T2"
OPENS = datetime(2027, 4, 27, 9, 0, tzinfo=LONDON)
"""Tuesday 27 April 2027, 9am: the first wave."""
NOW = OPENS + timedelta(minutes=40)
_LOOKS_EVERY = 5
"""Seconds. A worker of an installation looks every minute."""
_LATER = timedelta(days=56)
"""From the checks of the spring letter's routes to those of this one."""
_DEMO = Actor.typed("demo")
_DATED = re.compile(r"^((?:checked|expires)_on = )(\d{4}-\d\d-\d\d)$", re.MULTILINE)


def open_second_letter(workspace: Workspace, attesting: Sequence[int]) -> int:
    """Make, agree and seal it, open its mailing, and begin the wave of the schools that attested, all but every third
    of those in `attesting`. Returns the mailing's id. A worker does the rest."""
    partnership = _partnership(workspace.folder / "partnership" / "partnership.toml")
    letter = compose(
        load_pack(packs_folder() / "child-sexual-exploitation"),
        partnership,
        term=TERM,
        dated=OPENS.date(),
        reference=REFERENCE,
    )
    keys = {one.id: _key(workspace, one.id) for one in partnership.signatories}
    sealing = _key(workspace, "sealing")
    begins = OPENS - timedelta(days=4)
    set_simulated(begins)
    approved_at = OPENS - timedelta(days=5)
    sealed, artefacts = seal_letter(letter, keys, sealing, approved_at=approved_at, sealed_at=begins)
    record_sealed_letter(sealed, artefacts, sealing_key=sealing.public_key, by=_DEMO, now=begins)
    plan = plan_by_partnership(partnership, opens_at=OPENS, schools_a_day=6)
    mailing = open_mailing(
        reference=REFERENCE,
        term=TERM,
        waves=plan.at(),
        closes_at=OPENS + timedelta(days=42),
        reply_mailbox=letter.reply_mailbox,
        reply_owner=letter.reply_owner,
        by=_DEMO,
        now=begins,
        sending=plan.times(),
        own_days=plan.own_days(),
    )
    for number, school in enumerate(sorted(attesting)):
        if number % 3:
            attest_school(school, by=Actor.typed("school lead"), now=OPENS - timedelta(hours=16))
    set_simulated(NOW)
    for school in waves_due(mailing.id, NOW):
        begin_school.defer(mailing_id=mailing.id, school_id=school)
    return mailing.id


def let_time_pass(since: float) -> None:
    """Move the simulated clock on, second by second, from NOW, and let what is due be done, such as the letters of a
    school whose lead has attested. `since` is when NOW was, in seconds of this machine's own clock that never goes
    back. Does not return."""
    for seconds in itertools.count():
        now = NOW + timedelta(seconds=int(time.monotonic() - since))
        set_simulated(now)
        if seconds % _LOOKS_EVERY == 0:
            queue_what_is_due(now)
        time.sleep(1)


def _partnership(file: Path) -> Partnership:
    """The partnership of the summer: every route was rung again, and the topic is that of the spring."""
    text = _DATED.sub(lambda found: f"{found[1]}{date.fromisoformat(found[2]) + _LATER}", file.read_text("utf-8"))
    text = text.replace('"harmful-groups-online"', '"child-sexual-exploitation"')
    text = text.replace('"harmful groups online"', '"child sexual exploitation"')
    file.write_text(text, encoding="utf-8")
    return load_partnership(file)


def _key(workspace: Workspace, name: str) -> SigningKey:
    return SigningKey.from_pem((workspace.keys / f"{name}.pem").read_bytes(), PASSPHRASE)
