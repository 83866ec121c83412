"""A school year of the demonstration: five letters, rolls that change, one letter withdrawn and corrected.

One city, one database and one set of keys serve the whole year. Imported only once Django is set up on the demo's own
database.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from everyfamily.core.accounting.coverage import Outcome, Return
from everyfamily.core.actors import Actor
from everyfamily.core.keys.signing import SigningKey
from everyfamily.core.letter.letters import Letter
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.core.text.counts import of
from everyfamily.mailings.actions.ending.closing import close_mailing
from everyfamily.mailings.actions.ending.withdrawing import Withdrawn, withdraw
from everyfamily.mailings.actions.planning.starting import ToSend, start_correction, start_in_waves
from everyfamily.people.queries import open_schools, school_sizes
from everyfamily.reports.accounts import account_for
from everyfamily.reports.joiners import JoinersAccount, joiners_accounts
from everyfamily.reports.queries import CityCoverage, city_coverage
from everyfamily_demo.clock import set_simulated
from everyfamily_demo.recording import ReceiptBox
from everyfamily_demo.schools import DemoSchool
from everyfamily_demo.sealing import seal_letter
from everyfamily_demo.simulation import Simulation, workers
from everyfamily_demo.steps import CALLS_PER_1000, WORKERS, DemoRun, import_city, returns_of_schools
from everyfamily_demo.workspace import demo_partnership
from everyfamily_demo.year_half_terms import begin_for_joiners, change_rolls, ring
from everyfamily_demo.year_letters import NEW_LINE, OLD_LINE, YEAR, YearLetter, make, partnership_on
from everyfamily_demo.year_rolls import RollChange

BEGINS = datetime(2026, 9, 7, 9, 0, tzinfo=YEAR[0].opens.tzinfo)
"""Monday 7 September 2026: schools and rolls are imported."""
LAST_ROLL = datetime(2027, 6, 7, 9, 0, tzinfo=YEAR[0].opens.tzinfo)
"""Monday 7 June 2027, after the last half-term holiday."""
ENDS = datetime(2027, 7, 21, 9, 0, tzinfo=YEAR[0].opens.tzinfo)
"""The last school day of the year."""
_COUNTED_ON = date(2026, 5, 21)
_DEMO = Actor.typed("demo")
_AGREED, _SEALED = timedelta(days=5), timedelta(days=4)
"""Before the first wave."""
_REPORTED, _CLOSED, _NEXT_ROLL = timedelta(days=20, hours=21), timedelta(days=30), timedelta(days=8)
"""Until the report and the close, after the first wave; and of a half-term's roll before it."""
_RUNG_AGAIN = timedelta(days=15)
"""After a first wave, or after the last rolls."""
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


def messages_of(city: CityCoverage) -> int:
    """How many messages were given to carriers."""
    return sum(sum(statuses.values()) for statuses in city.messages.values())


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
    joiners: list[JoinersAccount] = field(default_factory=list)
    """What families of new children got at each half-term."""
    rolls: dict[str, RollChange] = field(default_factory=dict)
    """What each half-term changed, by its name."""


def play_year(run: DemoRun, schools: Sequence[DemoSchool]) -> Year:
    """Play the year from September to July: roll by roll and letter by letter."""
    _, keys, sealing = demo_partnership(run.workspace)
    import_city(run, schools, now=BEGINS, counted_on=_COUNTED_ON)
    box = ReceiptBox(run.workspace.outbox, seed=run.workspace.seed)
    with workers(WORKERS, run.workspace.folder / "workers.log") as running:
        year = Year(run, schools, keys, sealing, running, box)
        for one in YEAR:
            if one.after_roll:
                with run.step(one.after_roll) as say:
                    say(_change_rolls(year, one.after_roll, one.opens - _NEXT_ROLL))
            with run.step(f"{one.opens:%B}") as say, run.bar(one.words) as bar:
                played = _play(year, one, lambda at, share: bar(f"{at:%a %d %B, %H:%M}", share))
                year.played.append(played)
                say(_sentence(played))
        with run.step("June") as say:
            say(_change_rolls(year, "June", LAST_ROLL) + _play_last_joiners(year))
    return year


def _play_last_joiners(year: Year) -> str:
    """The last half-term has no letter of its own, but the letters so far for those who are new."""
    partnership = _partnership(year, LAST_ROLL, NEW_LINE)
    going = begin_for_joiners(partnership, LAST_ROLL)
    simulation = _simulation(year, going, LAST_ROLL, returns={})
    simulation.play(LAST_ROLL + _RUNG_AGAIN)
    ring(partnership, LAST_ROLL + _RUNG_AGAIN)
    simulation.play(ENDS)
    _close(year, going, ENDS)
    return f"; {of(len(going), 'letter')} of the year for their families"


def _change_rolls(year: Year, name: str, now: datetime) -> str:
    workspace = year.run.workspace
    half_term = len(year.rolls) + 1
    change = year.rolls[name] = change_rolls(workspace.folder / "rolls", half_term, seed=workspace.seed, now=now)
    return f"new rolls: {change.left:,} children left, {change.joined:,} joined, {change.moved:,} new mailboxes"


def _partnership(year: Year, at: datetime, line: str) -> Partnership:
    """Its front door takes a day's calls from about a third of the city, so that a letter has several waves."""
    calls = -(-sum(school.families for school in school_sizes()) * CALLS_PER_1000 // 2900)
    return partnership_on(year.run.workspace, at.date(), line=line, calls_a_day=max(1, calls))


def _sentence(played: Played) -> str:
    total = played.city.total
    reached = total.outcomes[Outcome.REACHED]
    words = f"{played.letter.words}: {reached:,} of {total.children:,} reached"
    if played.corrected is None:
        return words
    return f"{words}. Withdrawn after its first wave, and {of(messages_of(played.corrected), 'correction')} sent"


def _play(year: Year, one: YearLetter, progress: Callable[[datetime, float], None]) -> Played:
    line = NEW_LINE if any(earlier.corrected_as for earlier in YEAR[: YEAR.index(one)]) else OLD_LINE
    partnership = _partnership(year, one.opens, line)
    letter = make(one, partnership, dated=one.opens.date(), reference=one.reference)
    begins = one.opens - _SEALED
    going: list[int] = []
    simulation = None
    if one.after_roll:
        rolls_at = one.opens - _NEXT_ROLL
        going = begin_for_joiners(partnership, rolls_at)
        simulation = _simulation(year, going, rolls_at, returns=_returns(year, one, letter.from_year))
        simulation.play(begins)
    sent = _agree(year, letter, one.opens - _AGREED, begins)
    opened, _ = start_in_waves(
        sent,
        partnership=partnership,
        opens_at=one.opens,
        schools_a_day=_SCHOOLS_A_DAY,
        by=_DEMO,
        now=begins,
    )
    if simulation is None:
        simulation = _simulation(year, [opened.id], one.opens, returns=_returns(year, one, letter.from_year))
    simulation.go_on_with([*going, opened.id])
    if one.corrected_as is not None:
        return _play_wrong(year, one, letter, simulation, [*going, opened.id], progress)
    _play_on(simulation, one, partnership, progress)
    report_at = one.opens + _REPORTED
    played = Played(one, one.reference, _accounted(opened.id, report_at))
    simulation.play(one.opens + _CLOSED)
    _close(year, [*going, opened.id], one.opens + _CLOSED)
    return played


def _play_on(
    simulation: Simulation,
    one: YearLetter,
    partnership: Partnership,
    progress: Callable[[datetime, float], None],
) -> None:
    """Until the report. Local numbers count for 30 days, so they are rung again in between."""
    simulation.play(one.opens + _RUNG_AGAIN, progress)
    ring(partnership, one.opens + _RUNG_AGAIN)
    simulation.play(one.opens + _REPORTED, progress)


def _play_wrong(
    year: Year,
    one: YearLetter,
    wrong: Letter,
    simulation: Simulation,
    going: Sequence[int],
    progress: Callable[[datetime, float], None],
) -> Played:
    """Its first wave goes out with a number that no longer answers. Who had it gets the correction, and everybody
    else the right letter. The earlier letters, which have that number too, go to nobody any more."""
    assert one.corrected_as is not None
    correction, replacement = one.corrected_as
    withdrawn_at, corrected_at = one.opens + _WITHDRAWN, one.opens + _CORRECTED
    simulation.play(withdrawn_at, progress)
    why = "the number of the children's team no longer answers"
    withdrawn = withdraw(one.reference, why=why, by=_DEMO, now=withdrawn_at)
    *for_joiners, mailing_id = going
    _close(year, for_joiners, withdrawn_at)
    partnership = _partnership(year, one.opens, NEW_LINE)
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
    _play_on(simulation, one, partnership, progress)
    report_at = one.opens + _REPORTED
    played = Played(
        one,
        replacement,
        _accounted(replaced.id, report_at),
        withdrawn,
        _accounted(corrected.id, report_at),
    )
    simulation.play(one.opens + _CLOSED)
    _close(year, [corrected.id, replaced.id, mailing_id], one.opens + _CLOSED)
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


def _returns(year: Year, one: YearLetter, from_year: int) -> dict[int, tuple[datetime, Return]]:
    return returns_of_schools(year.schools, _ids(), year.run.workspace.seed, one.opens, from_year)


def _ids() -> dict[int, int]:
    return {school.urn: school.id for school in open_schools()}


def _simulation(
    year: Year, mailings: Sequence[int], opens: datetime, *, returns: Mapping[int, tuple[datetime, Return]]
) -> Simulation:
    """Plays these mailings from `opens` on."""
    workspace, ids = year.run.workspace, _ids()
    return Simulation(
        mailings,
        outbox=workspace.outbox,
        seed=workspace.seed,
        returns=returns,
        attesting=[ids[int(school.urn)] for school in year.schools if school.attests],
        running=year.running,
        log=workspace.folder / "workers.log",
        opens=opens,
        box=year.box,
    )


def _close(year: Year, mailings: Sequence[int], now: datetime) -> None:
    """Each mailing's key is destroyed. What still waits for a person is said. Those for late joiners are accounted
    for."""
    year.joiners += joiners_accounts(now, mailings)
    for mailing_id in mailings:
        close_mailing(mailing_id, by=_DEMO, now=now, although=_HELD)
