"""A third letter, which its author has written and sent for approval: it leaves work for the people who read, review,
approve and seal.

Only a demonstration that goes on to serve its pages makes it. A worker freezes it.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from django.conf import settings

from everyfamily.accounts.queries import people
from everyfamily.core.actors import Actor, ActorKind
from everyfamily.core.permissions import Role
from everyfamily.letters.actions.drafts import begin
from everyfamily.letters.actions.passages import save_passages
from everyfamily.letters.actions.reviewing import leave_note
from everyfamily.letters.draft_queries.drafts import known_draft
from everyfamily.letters.draft_queries.words import section_now
from everyfamily.mailings.edges.letter_jobs import ask_approval
from everyfamily_demo.second_letter import TERM
from everyfamily_demo.sign_ins import PEOPLE
from everyfamily_demo.workspace import PASSPHRASE, Workspace

REFERENCE = "ES-2705-W3H7"
TOPIC = "harmful-groups-online"
DATED = date(2027, 5, 11)
"""Two weeks after the letter before it."""
PLANNED = f"""
[[terms.letters]]
topic = "{TOPIC}"
about = "harmful groups online"
send_week = {DATED}
"""
SECTION, PASSAGE = "talk", "talk/1"
OURS = "Pick a calm time: on a walk, or on the bus home. Ask, then listen."
WHY = "Many families here have no car."


def sealing_settings(workspace: Workspace) -> dict[str, str]:
    """What the worker of the demonstration needs to seal a letter. Its pages are served without it."""
    passphrase = workspace.keys / "sealing.passphrase"
    passphrase.touch(mode=0o600)
    passphrase.write_bytes(PASSPHRASE)
    return {
        "EVERYFAMILY_SEALING_KEY_FILE": str(workspace.keys / "sealing.pem"),
        "EVERYFAMILY_SEALING_PASSPHRASE_FILE": str(passphrase),
    }


def plan_third_letter(file: Path) -> None:
    """Put it into the plan, as the second letter of the term that the file has last."""
    with file.open("a", encoding="utf-8") as out:
        out.write(PLANNED)


def ask_for_third_letter(workspace: Workspace, now: datetime) -> int:
    """Write it and queue its freezing; the draft's id. The accounts of the demonstration are there already."""
    file = workspace.folder / "partnership" / "partnership.toml"
    plan_third_letter(file)
    settings.EVERYFAMILY_PARTNERSHIP = str(file)
    author = _person(Role.AUTHOR)
    draft_id = begin(TOPIC, TERM, DATED, reference=REFERENCE, by=author, now=now)
    there = section_now(known_draft(REFERENCE), "en", SECTION)
    if there is None:
        raise LookupError("the pack has no such section")
    words = {one.id: one.words for one in there.passages} | {PASSAGE: OURS}
    save_passages(draft_id, "en", SECTION, words, why=WHY, seen=there.seen, by=author, now=now)
    leave_note(
        draft_id, "Can nobody overhear them on the bus?", passage=PASSAGE, by=_person(Role.DELEGATE), now=now
    )
    ask_approval(draft_id, by=author, now=now)
    return draft_id


def _person(role: Role) -> Actor:
    account = next(one.id for one in people() if one.name == PEOPLE[role])
    return Actor(ActorKind.PERSON, PEOPLE[role], account=account, role=role.value)
