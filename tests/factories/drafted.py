"""A letter that is being written in the tables: settings whose signatories have keys, and the keys that approve and
seal."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from everyfamily.core.actors import Actor, ActorKind
from everyfamily.core.agreement.approvals import Approval, approve
from everyfamily.core.agreement.seals import digest_of
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.keys.signing import SigningKey
from tests.factories.demonstration import DATED, PARTNERSHIP, REFERENCE

NOW = datetime(2027, 3, 1, 10, 0, tzinfo=LONDON)
AUTHOR = Actor(ActorKind.PERSON, "Robin Example", account=11, role="author")
OTHER = Actor(ActorKind.PERSON, "Sam Example", account=12, role="author")
TOPIC, TERM = "child-sexual-exploitation", "spring-2027"
PASSPHRASE = b"copper lantern river"


@cache
def keys() -> dict[str, SigningKey]:
    """The keys of the two signatories of the demonstration."""
    return {"childrens-services": SigningKey.new(), "police": SigningKey.new()}


@cache
def sealing_key() -> SigningKey:
    """The partnership's sealing key."""
    return SigningKey.new()


@dataclass(frozen=True)
class Place:
    """Where the settings and the sealing key of a test are."""

    partnership: Path
    key: Path
    passphrase: Path

    def rewrite(self, old: str, new: str) -> None:
        """Change the settings, on their line."""
        text = self.partnership.read_text(encoding="utf-8")
        assert old in text, "the settings do not have this"
        self.partnership.write_text(text.replace(old, new, 1), encoding="utf-8")


@contextmanager
def with_keys(folder: Path) -> Iterator[Place]:
    """Settings in force whose signatories have keys, and a sealing key for the worker."""
    from django.test import override_settings

    made = Place(folder / "partnership.toml", folder / "sealing.pem", folder / "sealing.txt")
    text = PARTNERSHIP.read_text(encoding="utf-8")
    for name, key in keys().items():
        found = re.compile(rf'(id = "{name}"\n(?:.+\n)*?)# public_key = "…"')
        text = found.sub(rf'\g<1>public_key = "{key.public_key}"', text, count=1)
    made.partnership.write_text(text, encoding="utf-8")
    for drawing in PARTNERSHIP.parent.glob("*.svg"):
        shutil.copy(drawing, folder)
    made.key.write_bytes(sealing_key().to_pem(PASSPHRASE))
    made.passphrase.write_bytes(PASSPHRASE + b"\n")
    with override_settings(
        EVERYFAMILY_PARTNERSHIP=str(made.partnership),
        EVERYFAMILY_SEALING_KEY_FILE=str(made.key),
        EVERYFAMILY_SEALING_PASSPHRASE_FILE=str(made.passphrase),
    ):
        yield made


def begun(**values: Any) -> int:
    """A draft of the demonstration's letter."""
    from everyfamily.letters.actions.drafts import begin

    return begin(TOPIC, TERM, DATED, **{"reference": REFERENCE, "by": AUTHOR, "now": NOW} | values)


def saved(draft_id: int, section: str, changes: dict[str, str], **values: Any) -> Any:
    """An author saves a section, with the words of all its other passages as they are."""
    from everyfamily.letters.actions.passages import save_passages
    from everyfamily.letters.draft_queries.drafts import draft
    from everyfamily.letters.draft_queries.words import section_now

    facts = draft(draft_id)
    assert facts is not None
    there = section_now(facts, "en", section)
    assert there is not None
    words = {one.id: one.words for one in there.passages if one.pack} | changes
    given: dict[str, Any] = {"seen": there.seen, "by": AUTHOR, "now": NOW} | values
    return save_passages(draft_id, "en", section, words, **given)


def with_a_comma(draft_id: int) -> dict[str, str]:
    """What to save in the section "talk" for one comma more."""
    from everyfamily.letters.draft_queries.drafts import draft
    from everyfamily.letters.draft_queries.words import section_now

    facts = draft(draft_id)
    assert facts is not None
    there = section_now(facts, "en", "talk")
    assert there is not None
    one = next(one for one in there.passages if one.pack and "/" in one.id and " or " in one.words)
    return {one.id: one.words.replace(" or ", ", or ", 1)}


def asked(draft_id: int, **values: Any) -> int:
    """An author asks for approval; the version's id. No worker has frozen it yet."""
    from everyfamily.mailings.edges.letter_jobs import ask_approval

    return ask_approval(draft_id, **{"by": AUTHOR, "now": NOW} | values)


def frozen_now(draft_id: int) -> int:
    """The same, and a worker has frozen it."""
    from everyfamily.letters.actions.freezing import freeze
    from everyfamily.letters.draft_queries.frozen import frozen

    frozen_id = asked(draft_id)
    freeze(frozen_id, lambda: NOW)
    version = frozen(frozen_id)
    assert version is not None
    assert version.is_done, version.progress
    return frozen_id


def approval_of(frozen_id: int, signatory: str, now: datetime = NOW) -> Approval:
    """A signatory's approval of a frozen version, by their key file."""
    from everyfamily.letters.draft_queries.frozen import record_of_frozen

    record = record_of_frozen(frozen_id)
    return approve(
        reference=record["reference"],
        digest=digest_of(record),
        signatory=signatory,
        key=keys()[signatory],
        now=now,
    )


def approved(frozen_id: int, *signatories: str) -> None:
    """These signatories approve it, or all of them."""
    from everyfamily.letters.actions.approving import receive_approval

    for number, name in enumerate(signatories or sorted(keys())):
        by = Actor(ActorKind.PERSON, f"Signatory {name}", account=21 + number, role="signatory", body=name)
        receive_approval(frozen_id, approval_of(frozen_id, name), by=by, now=NOW)
