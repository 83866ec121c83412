"""A small city in the database, made by the real actions: schools, rolls, a sealed letter, an open mailing."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from everyfamily.core.actors import Actor
from everyfamily.core.agreement.seals import Seal
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.keys.approval_keys import ApprovalKey
from everyfamily.core.keys.signing import SigningKey
from everyfamily.core.rolls.model.roll_rows import COLUMNS

NOW = datetime(2027, 3, 2, 9, 0, tzinfo=LONDON)
REFERENCE = "ES-2703-K7R4"

MOST_ROUNDS = 200
"""Looks at each school at one moment: a fault must fail a test, not keep it for ever."""

Row = Mapping[str, str]


def adult(pupil: str, name: str, **columns: str) -> dict[str, str]:
    """A row of the roll template: an entitled adult without contact values, unless given."""
    row = {
        "PUPIL_ID": pupil,
        "YEAR_GROUP": "7",
        "CLASS": "7B",
        "ADULT_NAME": name,
        "RELATIONSHIP": "mother",
        "PARENTAL_RESPONSIBILITY": "yes",
        "HAS_CARE": "yes",
        "RESTRICTION": "none",
        "OBJECTS": "no",
    }
    return row | columns


def address(number: int) -> dict[str, str]:
    """Columns of a postal address in an invented street."""
    return {"ADDRESS_1": f"{number} Lantern Row", "ADDRESS_2": "Eastmere", "POSTCODE": "EM4 7QX"}


def roll_csv(urn: int, rows: Sequence[Row]) -> bytes:
    """The roll template as bytes."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({"SCHOOL_URN": str(urn), **row} for row in rows)
    return out.getvalue().encode()


@cache
def sealed_letter(
    reference: str = REFERENCE, *, from_year: int = 0, two_versions: bool = False
) -> tuple[Seal, dict[str, bytes], str]:
    """The demo's letter, composed, approved and sealed: the seal, its artefacts, the public sealing key.

    With `two_versions`, families of children below Year 7 get it with other words in its title and its first change.
    """
    from everyfamily.core.agreement.approvals import approve
    from everyfamily.core.agreement.seals import digest_of, seal
    from everyfamily.letters.files.record import GUIDE, GUIDE_PAGE, letter_of
    from everyfamily.rendering.kit_guide import render_kit_guide, render_kit_guide_page

    record, artefacts, keys, sealing = _composed(REFERENCE if two_versions else reference, two_versions)
    if two_versions:
        # Rendered once. Another letter differs in its record only, and so cannot be sent.
        record = json.loads(json.dumps(record).replace(REFERENCE, reference))
    if from_year:
        record = {**record, "letter": {**record["letter"], "from_year": from_year}}
        letter = letter_of(record)
        # All else is rendered once for every year, because only the guide says for whom the letter is.
        guide = {GUIDE: render_kit_guide(letter).encode(), GUIDE_PAGE: render_kit_guide_page(letter).encode()}
        digests = {name: hashlib.sha256(data).hexdigest() for name, data in guide.items()}
        record, artefacts = {**record, "artefacts": record["artefacts"] | digests}, artefacts | guide
    digest = digest_of(record)
    approvals = [
        approve(reference=reference, digest=digest, signatory=name, key=key, now=NOW)
        for name, key in keys.items()
    ]
    return seal(record, approvals, key=sealing, now=NOW), artefacts, sealing.public_key


@cache
def _composed(
    reference: str, two_versions: bool
) -> tuple[dict[str, Any], dict[str, bytes], dict[str, SigningKey], SigningKey]:
    """The demo's letter as a record with its artefacts, the signatories' keys and the sealing key."""
    from everyfamily.cli.console.packs_folder import packs_folder
    from everyfamily.core.letter.compose import compose
    from everyfamily.core.packs.packs import load_pack
    from everyfamily.core.partnership.partnership import load_partnership
    from everyfamily.letters.files.artefacts import check_letter, record_of, render_artefacts
    from tests.factories.two_versions import two_version_pack

    file = Path(__file__).parents[2] / "src/everyfamily_demo/data/partnership.toml"
    partnership = load_partnership(file)
    keys = {who.id: SigningKey.new() for who in partnership.signatories}
    letter = compose(
        two_version_pack() if two_versions else load_pack(packs_folder() / "child-sexual-exploitation"),
        partnership,
        term="spring-2027",
        dated=NOW.date(),
        reference=reference,
    )
    letter = dataclasses.replace(
        letter,
        signatories=tuple(
            dataclasses.replace(who, keys=(ApprovalKey.of_file(keys[who.id].public_key),))
            for who in letter.signatories
        ),
    )
    artefacts = render_artefacts(letter)
    report = check_letter(letter, today=NOW.date(), artefacts=artefacts)
    record = json.loads(json.dumps(record_of(letter, artefacts, report)))
    return record, artefacts, keys, SigningKey.new()


@dataclass
class City:
    """Schools by URN -> id, and the mailing's id once it is open."""

    folder: Path
    schools: dict[int, int] = field(default_factory=dict)
    mailing: int = 0

    def school(
        self,
        urn: int,
        rows: Sequence[Row] = (),
        *,
        sends: str = "us",
        attests: bool = True,
        phase: str = "Primary",
        **policy: object,
    ) -> int:
        """Add a school with its roll; returns its id."""
        from everyfamily.people.actions.schools.schools import NewSchool, add_schools
        from everyfamily.people.queries import school_by_urn

        new = NewSchool(
            urn=urn,
            name=f"Quayfield School {urn}",
            kind="state primary",
            phase=phase,
            sends=sends,
            roll_expected=len({row["PUPIL_ID"] for row in rows}) or 30,
            lead_role="Designated safeguarding lead",
            channel_policy=dict(policy),
            demonstration=True,
        )
        add_schools([new], by=Actor.typed("test"), now=NOW)
        self.schools[urn] = school_by_urn(urn).id
        if rows:
            self.import_rows(urn, rows)
        if attests and sends == "us":
            self.attest(urn)
        return self.schools[urn]

    def import_rows(self, urn: int, rows: Sequence[Row], now: datetime = NOW):  # type: ignore[no-untyped-def]
        """Import rows through a file."""
        from everyfamily.people.edges.roll_imports import import_roll

        file = self.folder / f"{urn}.csv"
        file.write_bytes(roll_csv(urn, rows))
        return import_roll(file, urn=urn, by=Actor.typed("test"), now=now)

    def attest(self, urn: int, now: datetime = NOW) -> None:
        """The lead says that the roll is right, as it is now."""
        from everyfamily.people.actions.schools.schools import attest_school

        attest_school(self.schools[urn], by=Actor.typed("lead"), now=now)

    def open(
        self,
        *,
        sending: Mapping[str, object] | None = None,
        own_days: Mapping[int, Mapping[str, object]] | None = None,
        from_year: int = 0,
        two_versions: bool = False,
    ) -> int:
        """Seal the letter and open its mailing; every school that we send for is in the first wave.

        It keeps the hours of `sending`; without it none. `from_year` is the first year group that it is offered to. In
        `two_versions` the letter parts at Year 7.
        """
        from everyfamily.letters.actions.sealed_letters import record_sealed_letter
        from everyfamily.mailings.actions.planning.opening import open_mailing
        from everyfamily.people.queries import open_schools
        from everyfamily_demo.clock import set_simulated

        set_simulated(NOW)
        seal, artefacts, key = sealed_letter(from_year=from_year, two_versions=two_versions)
        record_sealed_letter(seal, artefacts, sealing_key=key, by=Actor.typed("test"), now=NOW)
        ours = [school.id for school in open_schools() if school.sends == "us"]
        opened = open_mailing(
            reference=REFERENCE,
            term="spring term 2027",
            waves=dict.fromkeys(ours, (1, NOW)),
            closes_at=NOW + timedelta(days=42),
            reply_mailbox="letters@eastmere.example",
            reply_owner="Family letters team",
            by=Actor.typed("test"),
            now=NOW,
            sending=sending,
            own_days=own_days,
        )
        self.mailing = opened.id
        return self.mailing

    def look(self, school_id: int, now: datetime = NOW):  # type: ignore[no-untyped-def]
        """What a worker hands down while it looks at a school once."""
        from everyfamily.mailings.queries.looks import look_at

        return look_at(self.mailing, school_id, now)

    def send(self, now: datetime = NOW) -> None:
        """Begin every wave that is due and look at every school until nothing is left to do at `now`."""
        from everyfamily.mailings.actions.planning.planning import begin_wave
        from everyfamily.mailings.edges.tasks import look_at_school
        from everyfamily.mailings.queries.mailings import schools_with_work, waves_due
        from everyfamily_demo.clock import set_simulated

        set_simulated(now)
        for school_id in waves_due(self.mailing, now):
            begin_wave(self.mailing, school_id, now)
        for _ in range(MOST_ROUNDS):
            schools = schools_with_work(self.mailing, now)
            if not schools:
                return
            for school_id in schools:
                look_at_school(mailing_id=self.mailing, school_id=school_id)
        raise AssertionError(f"After {MOST_ROUNDS} looks at each school there is still something to do.")

    def hear(self, events: Sequence[tuple[str, str]], now: datetime) -> int:
        """Receipts as (contact value, status), found by the outbox's own lines."""
        from everyfamily.channels.events import DeliveryEvent
        from everyfamily.core.sending.fallback import AttemptStatus
        from everyfamily.mailings.actions.sending.receipts import record_receipts

        by_value = {line["to"] or "\n".join(line["address"]): line["reference"] for line in self.outbox()}
        return record_receipts(
            [DeliveryEvent(by_value[value], AttemptStatus(status), now) for value, status in events], now
        )

    def outbox(self) -> list[dict[str, object]]:
        """Every message that the recording carrier accepted, oldest first for each channel."""
        files = sorted((self.folder / "outbox").glob("*.jsonl"))
        return [json.loads(line) for file in files for line in file.read_text().splitlines()]

    def coverage(self, now: datetime):  # type: ignore[no-untyped-def]
        """The city's coverage."""
        from everyfamily.reports.queries import city_coverage

        return city_coverage(self.mailing, now)
