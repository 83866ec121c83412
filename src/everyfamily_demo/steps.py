"""The demo's steps, each with a sentence and some seconds: compose, check, agree, import, reach, account.

Imported only once Django is set up on the demo's own database (workspace.open_database).
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import connections
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from everyfamily.checks.run.codes import RULES
from everyfamily.cli.accounts.account import write_coverage
from everyfamily.cli.accounts.summary import Step
from everyfamily.cli.console.packs_folder import packs_folder
from everyfamily.core.accounting.coverage import Return
from everyfamily.core.actors import Actor
from everyfamily.core.agreement.approvals import approve
from everyfamily.core.agreement.seals import Seal, digest_of, fingerprint, seal
from everyfamily.core.calendar.sending_days import FrontDoor
from everyfamily.core.calendar.wave_plan import WavePlan
from everyfamily.core.files.json_text import read_json
from everyfamily.core.keys.signing import SigningKey
from everyfamily.core.letter.compose import compose
from everyfamily.core.packs.packs import load_pack
from everyfamily.core.partnership.partnership import load_partnership
from everyfamily.core.schools.official_figures import OfficialFigure
from everyfamily.core.sending.fallback import Channel
from everyfamily.letters.actions.sealed_letters import record_sealed_letter
from everyfamily.letters.files.artefacts import check_letter, record_of, render_artefacts
from everyfamily.letters.files.folder import read_artefacts, write_approval, write_letter_folder, write_seal
from everyfamily.letters.files.record import letter_of
from everyfamily.letters.files.send_kit import kit_of, write_kit
from everyfamily.mailings.actions.planning.opening import open_mailing
from everyfamily.mailings.queries.wave_plan import plan_by_partnership
from everyfamily.parentsite.export import export_site
from everyfamily.parentsite.readiness import hindrances
from everyfamily.parentsite.reading import read_site
from everyfamily.parentsite.sealed import read_sealed_letters
from everyfamily.people.actions.schools.schools import NewSchool, add_schools
from everyfamily.people.edges.roll_imports import import_roll
from everyfamily.people.queries import open_schools, school_sizes
from everyfamily.rendering.other_languages import render_other_languages
from everyfamily.reports.accounts import account_for
from everyfamily.reports.queries import CityCoverage, city_coverage
from everyfamily_demo.clock import set_simulated
from everyfamily_demo.listed import COUNTED_ON, listed_children
from everyfamily_demo.returns import return_counts
from everyfamily_demo.rolls import write_rolls
from everyfamily_demo.schools import DemoSchool
from everyfamily_demo.simulation import OPENS, REPORT, Simulation, workers
from everyfamily_demo.workspace import BEGINS, Workspace, demo_partnership

_DEMO = Actor.typed("demo")
TERM = "spring-2027"
REFERENCE = "ES-2703-K7R4"
WORKERS = 2
TERM_ENDS = date(2027, 3, 25)
"""Last day of the demo's spring term (its partnership file)."""
CALLS_PER_1000 = 3
_RETURN_DUE, _RETURN_LATE = timedelta(days=10), timedelta(days=17)
"""After the first wave."""


@dataclass(slots=True)
class DemoRun:
    """What a run has made so far."""

    workspace: Workspace
    console: Console
    steps: list[Step] = field(default_factory=list)
    paths: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[Callable[[str], None]]:
        """Time a step. The block gets a function that takes its sentence."""
        began = time.monotonic()
        sentences: list[str] = []
        yield sentences.append
        self.steps.append(Step(name, sentences[-1], time.monotonic() - began))
        if self.console.is_terminal:
            self.console.print(f"[bold]{name:<10}[/] {sentences[-1]}", highlight=False)

    @contextmanager
    def bar(self, words: str) -> Iterator[Callable[[str, float], None]]:
        """Show progress, or nothing if the output is not a terminal."""
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[now]}"))
        with Progress(
            *columns, console=self.console, transient=True, disable=not self.console.is_terminal
        ) as bar:
            task = bar.add_task(words, total=1.0, now="")
            yield lambda now, share: bar.update(task, completed=share, now=now)


def make_letter(run: DemoRun) -> tuple[Seal, str]:
    """compose, check, agree: the sealed letter, and the partnership's public sealing key."""
    workspace = run.workspace
    with run.step("compose") as say:
        partnership, keys, sealing = demo_partnership(workspace)
        pack = load_pack(packs_folder() / "child-sexual-exploitation")
        letter = compose(pack, partnership, term=TERM, dated=OPENS.date(), reference=REFERENCE)
        artefacts = render_artefacts(letter)
        say("1 letter in English: print, large print, Word, email, text message, web page")
    folder = workspace.folder / "letter"
    with run.step("check") as say:
        report = check_letter(letter, today=OPENS.date(), artefacts=artefacts)
        write_letter_folder(folder, record_of(letter, artefacts, report), artefacts)
        counts = report.counts
        say(
            f"{len(RULES)} rules, {counts['error']} errors, {counts['warning']} warnings, {counts['advice']} advice"
        )
    with run.step("agree") as say:
        sealed = _agree(read_json((folder / "record.json").read_bytes()), keys, sealing)
        for approval in sealed.approvals:
            write_approval(folder, approval)
        write_seal(folder, sealed)
        (workspace.seals / f"{REFERENCE}.json").write_text(sealed.to_json(), encoding="utf-8")
        say(f"council and police approved fingerprint {fingerprint(sealed.digest)}; sealed")
    # Nobody has read the drafts of the small set, so they are in a page to look at and not in the letter.
    previewed = compose(pack, partnership, term=TERM, dated=OPENS.date(), reference=REFERENCE, drafts=True)
    languages = workspace.folder / "other-languages.html"
    languages.write_text(render_other_languages(previewed), encoding="utf-8")
    run.paths["languages"] = str(languages)
    shutil.copy(folder / "files" / "en" / "letter.pdf", workspace.folder / "letter.pdf")
    run.paths["letter"] = str(workspace.folder / "letter.pdf")
    run.paths["seal"] = str(workspace.seals / f"{REFERENCE}.json")
    return sealed, sealing.public_key


def _agree(record: dict[str, object], keys: dict[str, SigningKey], sealing: SigningKey) -> Seal:
    digest = digest_of(record)
    at = OPENS - timedelta(days=4)
    approvals = [
        approve(reference=REFERENCE, digest=digest, signatory=name, key=key, now=at + timedelta(hours=number))
        for number, (name, key) in enumerate(keys.items())
    ]
    return seal(record, approvals, key=sealing, now=at + timedelta(days=1))


def import_city(
    run: DemoRun, schools: Sequence[DemoSchool], *, now: datetime = BEGINS, counted_on: date = COUNTED_ON
) -> None:
    """Schools, and the rolls of those that we send for, through the real importer. The official lists are of
    `counted_on`."""
    with run.step("import") as say, run.bar("import") as bar:
        set_simulated(now)
        listed = listed_children(schools, run.workspace.seed, counted_on)
        add_schools([_new_school(school, listed.get(school.urn), now) for school in schools], by=_DEMO, now=now)
        folder = run.workspace.folder / "rolls"
        rolls = write_rolls(folder, schools, run.workspace.seed)
        children = adults = bad_rows = bad_values = 0
        for number, (urn, file) in enumerate(rolls.items(), start=1):
            report = import_roll(file, urn=int(urn), by=_DEMO, now=now)
            children += report.children
            adults += report.adults
            bad_rows += sum(problem.whole_row for problem in report.set_aside)
            bad_values += sum(not problem.whole_row for problem in report.set_aside)
            bar(f"{number} of {len(rolls)} rolls", number / len(rolls))
        counts = f"{len(schools)} schools, {children:,} children, {adults:,} adults"
        say(f"{counts}; {bad_rows} rows and {bad_values} values set aside")
        with connections["owner"].cursor() as cursor:
            # The city was imported within seconds. A real one comes over weeks, and the server updates its statistics
            # by itself.
            cursor.execute("ANALYZE")
    run.paths["rolls"] = str(folder)


def _new_school(school: DemoSchool, listed: OfficialFigure | None, now: datetime) -> NewSchool:
    policy: dict[str, object] = {}
    if school.paper_for_all:
        policy["order"] = [Channel.POST.value, Channel.PUPIL_POST.value]
    elif int(school.urn) % 4 == 0:
        # Some schools do not follow a text with paper by themselves, so their families are told by text.
        policy["paper_after_text"] = False
    return NewSchool(
        urn=int(school.urn),
        name=school.name,
        kind=school.kind,
        phase=school.phase,
        sends=school.sends,
        roll_expected=listed.children if listed else None,
        roll_expected_on=listed.as_of if listed else None,
        roll_source=listed.source if listed else "",
        dfe_number=school.dfe_number,
        lead_role=school.lead,
        mailbox=school.mailbox,
        phone=school.phone,
        phone_checked_at=now if school.phone_checked else None,
        phone_checked_by=_DEMO.text if school.phone_checked else None,
        channel_policy=policy,
        demonstration=True,
    )


def reach_city(
    run: DemoRun, schools: Sequence[DemoSchool], sealed: Seal, sealing_key: str, *, kills_one: bool = False
) -> int:
    """Send for some schools, hand kits to the others, and play three weeks. Returns the mailing's id.

    With `kills_one`, a worker is killed (SIGKILL) in the middle of a wave, and another is started.
    """
    workspace = run.workspace
    letter = letter_of(sealed.record)
    with run.step("reach") as say, run.bar("reach") as bar:
        artefacts = read_artefacts(workspace.folder / "letter", sealed.record)
        record_sealed_letter(sealed, artefacts, sealing_key=sealing_key, by=_DEMO, now=BEGINS)
        ids = {school.urn: school.id for school in open_schools()}
        plan = _waves_of_three_days(workspace)
        mailing = open_mailing(
            reference=REFERENCE,
            term=letter.term,
            waves=plan.at(),
            closes_at=OPENS + timedelta(days=42),
            reply_mailbox=letter.reply_mailbox,
            reply_owner=letter.reply_owner,
            by=_DEMO,
            now=BEGINS,
            sending=plan.times(),
            own_days=plan.own_days(),
        )
        _hand_out_kits(run, sealed, artefacts)
        log = workspace.folder / "workers.log"
        with workers(WORKERS, log) as running:
            simulation = Simulation(
                [mailing.id],
                outbox=workspace.outbox,
                seed=workspace.seed,
                returns=returns_of_schools(schools, ids, workspace.seed, OPENS),
                attesting=[ids[int(school.urn)] for school in schools if school.attests],
                running=running,
                log=log,
                kills_one=kills_one,
            )
            simulation.play(REPORT, lambda moment, share: bar(f"{moment:%a %d %B, %H:%M}", share))
        filed = sum(school.returns not in (None, "missing") for school in schools)
        killed = f" (one killed in mid-wave, {simulation.left_unknown} left unknown)" if kills_one else ""
        say(f"{mailing.schools_by_us} schools by us, {WORKERS} workers{killed}; {filed} schools filed a return")
    run.paths["outbox"] = str(workspace.outbox)
    return mailing.id


def _waves_of_three_days(workspace: Workspace) -> WavePlan:
    """As the demo's partnership plans them, with a front door that can take a day's calls from a third of the city."""
    file = workspace.folder / "partnership" / "partnership.toml"
    children = sum(school.families for school in school_sizes())
    # A third, and a little room, because a school is never split.
    calls = -(-children * CALLS_PER_1000 // 2900)
    door = FrontDoor(calls_a_day=max(1, calls), calls_per_1000=CALLS_PER_1000)
    return plan_by_partnership(load_partnership(file), opens_at=OPENS, schools_a_day=1, door=door)


def returns_of_schools(
    schools: Sequence[DemoSchool], ids: dict[int, int], seed: int, opens: datetime, from_year: int = 0
) -> dict[int, tuple[datetime, Return]]:
    """School id -> when its return comes and what it says, for a letter with its first wave at `opens` that is
    offered from `from_year`."""
    found = {}
    for school in schools:
        counts = return_counts(school, seed, from_year)
        if counts is not None:
            at = opens + (_RETURN_LATE if school.returns == "filed late" else _RETURN_DUE)
            filed = Return(
                counts.on_roll,
                counts.by_email,
                counts.by_text,
                counts.on_paper,
                counts.not_reached,
                counts.emails_confirmed,
            )
            found[ids[int(school.urn)]] = (at, filed)
    return found


def _hand_out_kits(run: DemoRun, sealed: Seal, artefacts: dict[str, bytes]) -> None:
    """One send kit, the same for every school that sends for itself: the sealed files, which `verify` recognises."""
    kit, place = kit_of(sealed, artefacts), run.workspace.folder / "send-kit"
    write_kit(place, kit)
    write_kit(place.with_suffix(".zip"), kit)
    run.paths["send_kit"] = str(place)


def account_city(run: DemoRun, mailing_id: int, sealed: Seal) -> CityCoverage:
    """Every child has one outcome: the page, the table, the figures."""
    letter = letter_of(sealed.record)
    with run.step("account") as say:
        city = city_coverage(mailing_id, REPORT)
        page, table = run.workspace.folder / "coverage.html", run.workspace.folder / "coverage.csv"
        account = account_for(mailing_id, REPORT)
        write_coverage(
            account.shown, letter, page=page, table=table, term_ends=TERM_ENDS, next_update=account.next_at
        )
        total = city.total.children
        say(f"{total:,} of {total:,} children have one outcome")
    run.paths["coverage"], run.paths["csv"] = str(page), str(table)
    return city


def publish_site(run: DemoRun) -> Path:
    """The parent site of the sealed letter, as a preview, because nobody has checked its translations. Returns its web
    root."""
    workspace = run.workspace
    with run.step("publish") as say:
        partnership = load_partnership(workspace.folder / "partnership" / "partnership.toml")
        letters = read_sealed_letters(workspace.seals, [workspace.folder / "letter"], partnership)
        site = read_site(partnership, letters, packs_folder(), (), REPORT.date(), preview=True)
        found = hindrances(site)
        exported = export_site(site, workspace.folder / "site")
        unchecked = sorted({one.language for one in found if one.language})
        say(
            f"{exported.pages} pages in {len(site.languages)} languages; {len(unchecked)} of them nobody has checked, "
            "as their pages say"
        )
    run.paths["site"] = str(workspace.folder / "site" / "public")
    return workspace.folder / "site" / "public"
