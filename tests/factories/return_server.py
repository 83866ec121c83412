"""The return's page as schools meet it, in a separate process: `python -m tests.factories.return_server FOLDER`.

It fills the empty database that the environment names, as `the_server` names it for the tests of a process.

Prints one JSON line, {"base": ..., "paths": {name: path}}, then serves until its input ends.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from datetime import timedelta
from pathlib import Path

from everyfamily.core.actors import Actor
from tests.factories.beside import run_beside
from tests.factories.city import NOW, City

SCHOOLS = {
    "St Brannoc’s RC Primary": 900101,
    "Old Quay Primary": 900102,
    "Harbour Green School": 900103,
    "Beacon Hill Junior School": 900104,
    "Lantern Park School": 900105,
}


def main(folder: Path) -> None:
    """Fill the database, open the returns, serve."""
    os.environ |= {
        "EVERYFAMILY_MASTER_KEY": base64.b64encode(b"m" * 32).decode(),
        "EVERYFAMILY_SECRET_KEY": "a key that only this test knows, and long enough",
        "EVERYFAMILY_CLOCK": "database",
        "EVERYFAMILY_OUTBOX": str(folder / "outbox"),
    }
    from everyfamily.config.start import prepare

    prepare()
    _serve(_fill(folder))


def _fill(folder: Path) -> dict[str, str]:
    from everyfamily.core.accounting.coverage import Return
    from everyfamily.mailings.actions.returns.return_links import open_returns, revoke_link
    from everyfamily.mailings.actions.returns.returns import file_return
    from everyfamily.mailings.installation.return_tokens import address_of
    from everyfamily.mailings.queries.returns import return_standings
    from everyfamily.people.actions.schools.schools import NewSchool, add_schools
    from everyfamily.people.queries import school_by_urn

    city = City(folder)
    new = [
        NewSchool(
            urn=urn,
            name=name,
            kind="state primary",
            phase="Primary",
            sends="school",
            roll_expected=400,
            lead_role="Designated safeguarding lead",
            channel_policy={},
            demonstration=True,
        )
        for name, urn in SCHOOLS.items()
    ]
    add_schools(new, by=Actor.typed("test"), now=NOW)
    mailing = city.open()
    due = NOW.date() + timedelta(days=10)
    open_returns(mailing, due_on=due, close_on=due + timedelta(days=14), by=Actor.typed("test"), now=NOW)
    paths = {str(s.urn): address_of("", s.code) for s in return_standings(mailing) if s.code}
    filed = school_by_urn(900102).id
    for not_reached in (30, 14):
        counts = Return(412, 291, 18, 103 - not_reached, not_reached, False)
        file_return(mailing, filed, counts, by=Actor.link(0), now=NOW - timedelta(hours=not_reached))
    revoke_link(mailing, school_by_urn(900103).id, by=Actor.typed("test"), now=NOW)
    return paths


def _serve(paths: dict[str, str]) -> None:
    from everyfamily.config.serving import server_of
    from everyfamily.config.wsgi import application

    with run_beside(server_of(application, host="127.0.0.1", port=0)) as base:
        print(json.dumps({"base": base, "paths": paths}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
