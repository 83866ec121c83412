"""A school year of the demonstration: five letters, rolls that change, one letter withdrawn and corrected.

One city, one database and one set of keys serve the whole year. Imported only once Django is set up on the demo's own
database.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from everyfamily.core.accounting.coverage import Outcome
from everyfamily.core.actors import Actor
from everyfamily.core.keys.signing import SigningKey
from everyfamily.core.letter.letters import Letter
from everyfamily.mailings.actions.ending.closing import close_mailing
from everyfamily.mailings.actions.ending.withdrawing import Withdrawn, withdraw
from everyfamily.mailings.actions.planning.starting import ToSend, start_correction, start_in_waves
from everyfamily.people.actions.keeping.leavers import confirm_leavers
from everyfamily.people.edges.roll_imports import import_roll
from everyfamily.people.queries import open_schools
from everyfamily.reports.accounts import account_for
from everyfamily.reports.queries import CityCoverage, city_coverage
from everyfamily_demo.clock import set_simulated
from everyfamily_demo.recording import ReceiptBox
from everyfamily_demo.schools import DemoSchool
from everyfamily_demo.sealing import seal_letter
from everyfamily_demo.simulation import Simulation, workers
from everyfamily_demo.steps import WORKERS, DemoRun, import_city, returns_of_schools
from everyfamily_demo.workspace import demo_partnership
from everyfamily_demo.year_letters import NEW_LINE, OLD_LINE, YEAR, YearLetter, make, partnership_on
from everyfamily_demo.year_rolls import RollChange, next_roll

BEGINS = datetime(2026, 9, 7, 9, 0, tzinfo=YEAR[0].opens.tzinfo)
"""Monday 7 September 2026: schools and rolls are imported."""
_COUNTED_ON = date(2026, 5, 21)
_DEMO = Actor.typed("demo")
_AGREED, _SEALED = timedelta(days=5), timedelta(days=4)
"""Before the first wave."""
_REPORTED, _CLOSED, _NEXT_ROLL = timedelta(days=20, hours=21), timedelta(days=30), timedelta(days=8)
"""Until the report and the close, after the first wave; and of a half-term's roll before it."""
_WITHDRAWN, _CORRECTED = timedelta(hours=6), timedelta(hours=7, minutes=30)
"""After the first wave of the letter that turns out to be wrong."""
_SCHOOLS_A_DAY = 6
_HELD = "the lead of a school never attested"


@dataclass(frozen=True, slots=True)
class Played:
    """One letter of the year, and what came of it."""

    letter: YearLetter
    reference: str
    """Of the letter that counts: the replacement, if the first was withdrawn."""
    city: CityCoverage
    """Each child on the roll on the day of the report."""
    withdrawn: Withdrawn | None = None
    corrected: CityCoverage | None = None
    """Children of those who had the wrong letter, by what the correction did."""


@dataclass(slots=True)
class Year:
    """What the year made so far."""

    run: DemoRun
    schools: Sequence[DemoSchool]
    keys: Mapping[str, SigningKey]
    sealing: SigningKey
    running: list[subprocess.Popen[bytes]]
    box: ReceiptBox
    played: list[Played] = field(default_factory=list)
    rolls: dict[str, RollChange] = field(default_factory=dict)
    """What each half-term changed, by its name."""
    children: int = 0
    """On roll in September, of the schools that we send for."""


def play_year(run: DemoRun, schools: Sequence[DemoSchool], letters: Sequence[YearLetter] = YEAR) -> Year:
    """Play the year from September on: roll by roll and letter by letter."""
    _, keys, sealing = demo_partnership(run.workspace)
    import_city(run, schools, now=BEGINS, counted_on=_COUNTED_ON)
    box = ReceiptBox(run.workspace.outbox, seed=run.workspace.seed)
    with workers(WORKERS, run.workspace.folder / "workers.log") as running:
        year = Year(run, schools, keys, sealing, running, box)
        for one in letters:
            if one.after_roll:
                with run.step(one.after_roll) as say:
                    _change_rolls(year, one, say)
            with run.step(f"{one.opens:%B}") as say, run.bar(one.words) as bar:
                played = _play(year, one, lambda at, share: bar(f"{at:%a %d %B, %H:%M}", share))
                year.played.append(played)
                say(_sentence(played))
    return year


def _sentence(played: Played) -> str:
    total = played.city.total
    reached = total.outcomes[Outcome.REACHED]
    again = f"; withdrawn, corrected for {played.corrected.total.children:,}" if played.corrected else ""
    return f"{played.letter.words}: {reached:,} of {total.children:,} reached{again}"


def _change_rolls(year: Year, before: YearLetter, say: Callable[[str], None]) -> None:
    """The schools' files of the new half-term go in, and their offices say who has left."""
    now = before.opens - _NEXT_ROLL
    set_simulated(now)
    half_term = len(year.rolls) + 1
    folder = year.run.workspace.folder / "rolls"
    ids = {school.urn: school.id for school in open_schools()}
    change = RollChange()
    for file in sorted(folder.glob("roll-??????.csv")):
        urn = int(file.stem.removeprefix("roll-"))
        change += next_roll(
            file, file, half_term=half_term, families_before=change.joined, seed=year.run.workspace.seed
        )
        import_roll(file, urn=urn, by=_DEMO, now=now)
        confirm_leavers(ids[urn], pupils=None, by=_DEMO, on=now.date(), now=now)
    year.rolls[before.after_roll] = change
    say(f"new rolls: {change.left:,} children left, {change.joined:,} joined, {change.moved:,} new mailboxes")


def _play(year: Year, one: YearLetter, progress: Callable[[datetime, float], None]) -> Played:
    line = NEW_LINE if any(earlier.corrected_as for earlier in YEAR[: YEAR.index(one)]) else OLD_LINE
    partnership = partnership_on(year.run.workspace, one.opens.date(), line=line)
    letter = make(one, partnership, dated=one.opens.date(), reference=one.reference)
    begins = one.opens - _SEALED
    sent = _agree(year, letter, one.opens - _AGREED, begins)
    opened, _ = start_in_waves(
        sent,
        partnership=partnership,
        opens_at=one.opens,
        schools_a_day=_SCHOOLS_A_DAY,
        by=_DEMO,
        now=begins,
    )
    simulation = _simulation(year, opened.id, one.opens)
    if one.corrected_as is not None:
        played = _play_wrong(year, one, letter, simulation, opened.id, progress)
    else:
        report_at = one.opens + _REPORTED
        simulation.play(report_at, progress)
        played = Played(one, one.reference, _accounted(opened.id, report_at))
        _close(one, simulation, [opened.id])
    return played


def _play_wrong(
    year: Year,
    one: YearLetter,
    wrong: Letter,
    simulation: Simulation,
    mailing_id: int,
    progress: Callable[[datetime, float], None],
) -> Played:
    """Its first wave goes out with a number that no longer answers. Who had it gets the correction, and everybody
    else the right letter."""
    assert one.corrected_as is not None
    correction, replacement = one.corrected_as
    withdrawn_at, corrected_at = one.opens + _WITHDRAWN, one.opens + _CORRECTED
    simulation.play(withdrawn_at, progress)
    why = "the number of the children's team no longer answers"
    withdrawn = withdraw(one.reference, why=why, by=_DEMO, now=withdrawn_at)
    partnership = partnership_on(year.run.workspace, one.opens.date(), line=NEW_LINE)
    dated = one.opens.date()
    set_simulated(corrected_at)
    right = make(one, partnership, dated=dated, reference=correction, corrects=wrong)
    corrected = start_correction(
        _agree(year, right, withdrawn_at, corrected_at), corrects=one.reference, by=_DEMO, now=corrected_at
    )
    whole = make(one, partnership, dated=dated, reference=replacement, replaces=one.reference)
    replaced, _ = start_in_waves(
        _agree(year, whole, withdrawn_at, corrected_at),
        partnership=partnership,
        opens_at=one.opens + timedelta(days=1),
        schools_a_day=_SCHOOLS_A_DAY,
        replaces=one.reference,
        by=_DEMO,
        now=corrected_at,
    )
    simulation.go_on_with([corrected.id, replaced.id])
    report_at = one.opens + _REPORTED
    simulation.play(report_at, progress)
    played = Played(
        one,
        replacement,
        _accounted(replaced.id, report_at),
        withdrawn,
        _accounted(corrected.id, report_at),
    )
    _close(one, simulation, [corrected.id, replaced.id, mailing_id])
    return played


def _accounted(mailing_id: int, at: datetime) -> CityCoverage:
    """The exact figures. What the partnership is shown of them is written, for the year's report."""
    account_for(mailing_id, at)
    return city_coverage(mailing_id, at)


def _agree(year: Year, letter: Letter, approved_at: datetime, sealed_at: datetime) -> ToSend:
    """Checked, approved by both, sealed, and its seal published."""
    set_simulated(sealed_at)
    sealed, artefacts = seal_letter(letter, year.keys, year.sealing, approved_at=approved_at, sealed_at=sealed_at)
    file = year.run.workspace.seals / f"{letter.reference}.json"
    file.write_text(sealed.to_json(), encoding="utf-8")
    return ToSend(sealed, artefacts, year.sealing.public_key)


def _simulation(year: Year, mailing_id: int, opens: datetime) -> Simulation:
    workspace = year.run.workspace
    ids = {school.urn: school.id for school in open_schools()}
    return Simulation(
        mailing_id,
        outbox=workspace.outbox,
        seed=workspace.seed,
        returns=returns_of_schools(year.schools, ids, workspace.seed, opens),
        attesting=[ids[int(school.urn)] for school in year.schools if school.attests],
        running=year.running,
        log=workspace.folder / "workers.log",
        opens=opens,
        box=year.box,
    )


def _close(one: YearLetter, simulation: Simulation, mailings: Sequence[int]) -> None:
    """Each mailing's key is destroyed. What still waits for a person is said."""
    now = one.opens + _CLOSED
    simulation.play(now)
    for mailing_id in mailings:
        close_mailing(mailing_id, by=_DEMO, now=now, although=_HELD)
