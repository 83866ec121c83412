"""Opens a mailing of today on the embedded database, as commands would: `python -m tests.factories.open_today FOLDER`.

Two schools with eight families each, by email. The letter's numbers were checked yesterday.
"""

from __future__ import annotations

import re
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from everyfamily.core.actors import Actor

URNS = (900001, 900002)
FAMILIES = 8


def _checked_lately(text: str, today: date) -> str:
    yesterday, month = today - timedelta(days=1), today + timedelta(days=30)
    text = re.sub(r"(checked_on|agreed_on) = \d{4}-\d\d-\d\d", rf"\1 = {yesterday}", text)
    return re.sub(r"expires_on = \d{4}-\d\d-\d\d", f"expires_on = {month}", text)


def main(folder: Path) -> None:
    """Schools, rolls, a sealed letter, an open mailing; the system's own clock."""
    from everyfamily.config.start import prepare

    prepare()
    import shutil

    from everyfamily.core.partnership import partnership
    from everyfamily.letters.actions.sealed_letters import record_sealed_letter
    from everyfamily.mailings.actions.planning.opening import open_mailing
    from everyfamily.people.actions.schools.schools import attest_school
    from tests.factories import city as factory

    now = datetime.now(UTC)
    load = partnership.load_partnership

    def load_lately(file: Path) -> object:
        with tempfile.TemporaryDirectory() as place:
            shutil.copytree(file.parent, place, dirs_exist_ok=True)
            copy = Path(place) / file.name
            copy.write_text(_checked_lately(file.read_text(), now.date()))
            return load(copy)

    partnership.load_partnership = load_lately  # type: ignore[assignment]
    factory.NOW = now
    city = factory.City(folder)
    for urn in URNS:
        rows = [
            factory.adult(f"P{number}", f"Ana Ferris{number}", EMAIL=f"ana{number}@s{urn}.example", HAS_CARE="no")
            for number in range(FAMILIES)
        ]
        city.school(urn, order=["email"], attests=False)
        city.import_rows(urn, rows, now)
        attest_school(city.schools[urn], by=Actor.typed("lead"), now=now)
    seal, artefacts, key = factory.sealed_letter()
    record_sealed_letter(seal, artefacts, sealing_key=key, by=Actor.typed("test"), now=now)
    # One school begins at once, the other a little later.
    waves = {city.schools[urn]: (number, now + timedelta(seconds=number)) for number, urn in enumerate(URNS)}
    open_mailing(
        reference=factory.REFERENCE,
        term="spring term 2027",
        waves=waves,
        closes_at=now + timedelta(days=42),
        reply_mailbox="letters@eastmere.example",
        reply_owner="Family letters team",
        by=Actor.typed("test"),
        now=now,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
