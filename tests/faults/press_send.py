"""One of two people who press send at once: `python -m tests.faults.press_send FILE`.

Says "ready", waits for a line, seals the letter of FILE (a pickle) into the records and opens its mailing, as
`everyfamily send` does; then prints one JSON line: the mailing, or the code of the refusal.
"""

from __future__ import annotations

import json
import pickle
import sys
from datetime import timedelta
from pathlib import Path

from everyfamily.core.actors import Actor
from tests.factories.city import NOW, REFERENCE


def main(file: Path) -> None:
    """Wait, and press."""
    from everyfamily.config.start import prepare
    from everyfamily.core.errors import EveryfamilyError

    prepare(migrate=False)
    from everyfamily.letters.actions.sealed_letters import record_sealed_letter
    from everyfamily.mailings.actions.planning.opening import open_mailing
    from everyfamily.people.queries import open_schools

    seal, artefacts, key = pickle.loads(file.read_bytes())
    waves = {school.id: (1, NOW) for school in open_schools()}
    print("ready", flush=True)
    sys.stdin.readline()
    try:
        record_sealed_letter(seal, artefacts, sealing_key=key, by=Actor.typed("test"), now=NOW)
        opened = open_mailing(
            reference=REFERENCE,
            term="spring term 2027",
            waves=waves,
            closes_at=NOW + timedelta(days=42),
            reply_mailbox="letters@eastmere.example",
            reply_owner="Family letters team",
            by=Actor.typed("test"),
            now=NOW,
        )
    except EveryfamilyError as refused:
        print(json.dumps({"refused": refused.code}), flush=True)
    except Exception as problem:
        print(json.dumps({"broke": type(problem).__name__}), flush=True)
    else:
        print(json.dumps({"mailing": opened.id}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
