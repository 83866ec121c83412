"""A term of one letter in a small city, as people type it and as the database holds it: a-term.md, word for word.

So `make check` knows the rules that are SQL, at the cost of one server and a few seconds. `make snapshots` writes the
page again; read each change of it before you commit it.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

from everyfamily.core.calendar.sending_window import LONDON
from tests.factories import city as cities
from tests.factories.city import City, sealed_letter
from tests.factories.national_list import establishment, national_csv
from tests.factories.official import as_file, census_lines
from tests.integration.conftest import city, database, database_server

# Django and the server's start cost more than a tenth of a second, and are worth it: it stays in `make check`.
pytestmark = pytest.mark.xdist_group("a-term")
__all__ = ["city", "database", "database_server"]

HERE = Path(__file__).parent
ROLLS = HERE / "a_term"
DEMO = HERE.parents[1] / "src/everyfamily_demo/data"
REWRITE = os.environ.get("EVERYFAMILY_SNAPSHOTS") == "rewrite"
TYPED, PLAYED = "    $ everyfamily ", "    % "
STATES = """
SELECT p.id, d.state, d.restored, d.next_look_at, t.channel, t.status, t.reason, l.status, l.tries
FROM people_parent p
LEFT JOIN mailings_delivery d ON d.school_id = p.school_id AND d.parent_id = p.id AND d.mailing_id = %s
LEFT JOIN mailings_attempt t ON t.school_id = d.school_id AND t.delivery_id = d.id
LEFT JOIN mailings_ledgerentry l ON l.id = t.ledger_id
WHERE p.school_id = %s ORDER BY p.id, t.id
"""


class Term:
    """The city, the time on its clocks, and what was said last."""

    def __init__(self, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
        self.city = city
        self.now = datetime.now(UTC)
        self._patch = monkeypatch
        self._sent: Counter[str] = Counter()
        self._key = ""

    def is_at(self, moment: datetime) -> None:
        """Move both clocks: that of the workers and that of the person who types."""
        from everyfamily_demo.clock import set_simulated

        self.now = moment
        set_simulated(moment)

    def types(self, line: str) -> str:
        """Run a command in this process; returns what it printed, and its exit code if that is not 0."""
        from everyfamily.cli.commands import COMMANDS
        from everyfamily.cli.main import main

        line, _, answer = line.partition(" < ")
        words = [
            word.replace("ROLLS", str(ROLLS)).replace("FOLDER", str(self.city.folder)).replace("KEY", self._key)
            for word in shlex.split(line)
        ]
        import_module(f"everyfamily.cli.{COMMANDS[words[0]].defined.partition(':')[0]}")
        for module in [one for name, one in sys.modules.items() if name.startswith("everyfamily.cli.")]:
            self._tells_the_time_to(module)
        done = CliRunner().invoke(main, words, input=answer, env={"COLUMNS": "100"})
        said = re.sub("[0-9a-f]{64}", "DIGEST", done.output)
        said = said.replace(str(ROLLS), "ROLLS").replace(str(self.city.folder), "FOLDER")
        return said + (f"[exit {done.exit_code}]\n" if done.exit_code else "")

    def _tells_the_time_to(self, module: ModuleType) -> None:
        if getattr(module, "datetime", None) is datetime:
            self._patch.setattr(module, "datetime", _clock(self))

    def plays(self, line: str) -> str:
        """What is not typed: the workers' work, what carriers say, and a look into the tables."""
        word, *rest = shlex.split(line)
        return "".join(getattr(self, f"_{word}")(*rest) or "")

    def _school(self, urn: str, *settings: str) -> None:
        policy = dict(one.split("=") for one in settings)
        self.city.school(int(urn), sends=policy.pop("sends", "us"), attests=False, **policy)

    def _opens(self) -> None:
        self.city.open()
        self.is_at(self.now)

    def _letter(self) -> None:
        """The sealed letter as it travels, and the partnership's file."""
        from everyfamily.letters.files.folder import write_seal

        seal, artefacts, self._key = _sealed()
        for name, data in artefacts.items():
            file = self.city.folder / "letter/files" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        write_seal(self.city.folder / "letter", seal)
        shutil.copytree(DEMO, self.city.folder / "partnership")

    def _lists(self, area: str, *urns: str) -> None:
        """A national list of schools of an area: FOLDER/national.csv."""
        rows = [establishment(at, urn=urn, area=area) for at, urn in enumerate(urns, start=7001)]
        (self.city.folder / "national.csv").write_bytes(national_csv(rows))

    def _counts(self, *figures: str) -> None:
        """A school census, as the department publishes it: FOLDER/census.csv."""
        each = [one.split("=") for one in figures]
        lines = census_lines([(urn, f"341{urn[-4:]}", f"School {urn}", number) for urn, number in each])
        (self.city.folder / "census.csv").write_text(as_file(lines), encoding="utf-8")

    def _replies(self, who: str, to: str = "") -> str:
        """Somebody writes to the mailbox of the letters. Returns what the answer did, and which were sent so far."""
        from everyfamily.channels.email.answers import RecordedAnswers
        from everyfamily.channels.email.replies import Reply
        from everyfamily.mailings.actions.replies.answering import answer_reply
        from everyfamily.mailings.queries.replies import reply_mailboxes

        known = [one["reference"] for one in self.city.outbox() if one["to"] == to]
        thread = tuple(f"<{reference}@eastmere.example>" for reference in known)
        reply = Reply(who, who, reply_mailboxes(), f"{who} {to}", "", thread)
        post = RecordedAnswers(self.city.folder / "replies")
        done = answer_reply(reply, self.now, post, "eastmere.example", self.now)
        log = self.city.folder / "replies/answers.log"
        sent = re.findall(r'"language": "(\w+)"', log.read_text()) if log.exists() else []
        return f"{done.status or 'no answer'}; in all: {', '.join(sent) or 'none'}\n"

    def _reads(self, name: str) -> str:
        return (self.city.folder / name).read_text(encoding="utf-8-sig")

    def _works(self) -> str:
        """The workers do all there is to do now; returns what the carriers were given."""
        from everyfamily.mailings.actions.ending.withdrawing import wind_down_withdrawn
        from everyfamily.mailings.actions.planning.planning import close_tasks_decided_since
        from everyfamily.mailings.edges.tasks import settle, take_in_receipts
        from everyfamily.mailings.queries.mailings import decided_since

        settle()
        take_in_receipts(self.now)
        wind_down_withdrawn(self.now)
        for mailing, school in decided_since():
            close_tasks_decided_since(mailing, school, self.now)
        self.city.send(self.now)
        sent = Counter(
            f"{one['channel']} to {one['to'] or ', '.join(one['address'])}\n" for one in self.city.outbox()
        )
        new, self._sent = sent - self._sent, sent
        return "".join(sorted(new.elements())) or "nothing\n"

    def _sweeps(self) -> Iterator[str]:
        """The jobs of every minute, hour and night, twice: under the simulated clock, where none does anything, and as
        under the real one. Yields the jobs that were queued."""
        from django.conf import settings
        from django.db import connection

        from everyfamily.mailings.edges import tasks
        from everyfamily.mailings.installation import clock
        from everyfamily.reports.tasks import write_accounts

        jobs = (
            *(
                tasks.keep_going,
                tasks.ask_carriers,
                tasks.answer_replies,
                tasks.remind_of_returns,
                write_accounts,
            ),
            *(tasks.tell_schools_of_withdrawals, tasks.ask_for_hand_outs, tasks.purge),
        )
        for name in ("database", "real"):
            with self._patch.context() as patch, connection.cursor() as cursor:
                patch.setattr(settings, "EVERYFAMILY_CLOCK", name)
                patch.setattr(clock, "now", lambda: self.now)
                for job in jobs:
                    job(0)
                cursor.execute("SELECT task_name, args FROM procrastinate_jobs ORDER BY id")
                queued = [f"{task} {args}" for task, args in cursor.fetchall()]
                cursor.execute("DELETE FROM procrastinate_jobs")
            yield f"{name}: {', '.join(queued) or 'nothing queued'}\n"

    def _claims(self, urn: str, value: str) -> str:
        """Whether a worker that has read its page would still get the message to this address, were it not sent yet."""
        from django.db import transaction

        from everyfamily.channels.base import Body, Message
        from everyfamily.core.sending.fallback import Channel
        from everyfamily.mailings.actions.sending.claiming import Claim, Ready, record_and_claim
        from everyfamily.mailings.models import LedgerEntry
        from everyfamily.people.queries import decisions_of

        school = self.city.schools[int(urn)]
        [reference] = [one["reference"] for one in self.city.outbox() if one["to"] == value]
        entry = LedgerEntry.objects.filter(reference=reference)
        message = Message(
            Channel.EMAIL, str(reference), Body("key", "en", "Sender", "reply@example.org"), to=value
        )
        claim = Claim(self.city.mailing, school, decisions_of(school), "test", self.now)
        with transaction.atomic():
            entry.update(status="created")
            mine = record_and_claim(claim, [], [], [Ready(entry.get().pk, message)])
            transaction.set_rollback(True)
        return "may go\n" if mine else "may not go\n"

    def _hears(self, status: str, *values: str) -> str:
        sent = {one["to"] or "\n".join(one["address"]) for one in self.city.outbox()}
        known = {value.replace("|", "\n") for value in values} & sent
        heard = self.city.hear([(value, status) for value in sorted(known)], self.now)
        return f"{heard} of {len(values)} moved\n"

    def _files(self, urn: str, *numbers: str) -> str:
        """A school's numbers come in by its link."""
        from django.test import Client

        from everyfamily.mailings.installation.return_tokens import address_of
        from everyfamily.mailings.queries.returns import return_standings

        code = next(one.code for one in return_standings(self.city.mailing) if one.urn == int(urn))
        assert code is not None
        filled = dict(one.split("=") for one in numbers)
        page = Client(headers={"host": "127.0.0.1"}).post(address_of("", code), filled)
        return f"answered with {page.status_code}\n"

    def _dies(self, value: str) -> None:
        """A worker dies after a carrier took the message to this address, and before it wrote that down."""
        from everyfamily.mailings.models import LedgerEntry

        [reference] = [one["reference"] for one in self.city.outbox() if one["to"] == value]
        LedgerEntry.objects.filter(reference=reference).update(status="sending", worker="a worker that is dead")

    def _shows(self, urn: str) -> str:
        """Each adult of a school, and what was tried."""
        from django.db import connection

        from everyfamily.people.database.tenancy import tenant
        from everyfamily.people.keys.school_keys import open_vault
        from everyfamily.people.models import Parent

        school = self.city.schools[int(urn)]
        with tenant(school), connection.cursor() as cursor:
            cursor.execute(STATES, [self.city.mailing, school])
            rows = cursor.fetchall()
            vault = open_vault(school, now=self.now)
            kept = {one.pk: bytes(one.name) for one in Parent.objects.filter(name__isnull=False)}
            names = {who: vault.decrypt("parent", who, name) for who, name in kept.items()}
        return "".join(f"{names.get(who, 'purged')}: {_in_words(rest)}\n" for who, *rest in rows)


def _in_words(row: list[object]) -> str:
    state, restored, look, *tried = row
    if state is None:
        return "no delivery"
    look_at = f", look {look.astimezone(LONDON):%d %b %H:%M}" if isinstance(look, datetime) else ""
    words = [str(one) for one in tried if one not in (None, "")]
    return f"{state}{f' ({restored})' if restored else ''}{look_at}{'; ' if words else ''}{', '.join(words)}"


def _clock(term: Term) -> type[datetime]:
    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):  # type: ignore[no-untyped-def]
            return term.now.astimezone(tz)

    return Clock


@pytest.fixture
def term(city: City, monkeypatch: pytest.MonkeyPatch) -> Iterator[Term]:
    """The empty city."""
    from django.conf import settings

    render_nothing(monkeypatch)
    monkeypatch.setattr(settings, "SECRET_KEY", "a key that only this test knows, and long enough")
    yield Term(city, monkeypatch)


def render_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prints and checks of the letter take longer than the term, and are tested elsewhere."""
    from everyfamily.checks.run.runner import CheckReport
    from everyfamily.letters.files import artefacts
    from everyfamily.mailings.messages import bin_sheets

    piles = "{0}: {1.group} {1.copies}".format
    monkeypatch.setattr(
        bin_sheets,
        "render_bin_sheet",
        lambda letter, school, of, made_on: "\n".join(piles(school, one) for one in of).encode(),
    )
    for name in ("render_letter", "render_large_print", "render_word", "render_briefing", "render_press_lines"):
        monkeypatch.setattr(artefacts, name, lambda *words: b"not rendered here")
    monkeypatch.setattr(artefacts, "check_letter", lambda *words, **options: CheckReport((), (), (), ()))
    monkeypatch.setattr(cities, "sealed_letter", _sealed)
    monkeypatch.setattr(cities, "_composed", _composed)


# The same without what other tests remember, and without leaving them files that were not rendered.
_sealed = cache(sealed_letter.__wrapped__)
_composed = cache(cities._composed.__wrapped__)


@pytest.mark.parametrize("name", ["a-term", "the-worst-day"])
def test_it_goes_as_the_page_says(term: Term, name: str) -> None:
    file = HERE / f"{name}.md"
    page = file.read_text(encoding="utf-8")
    found = "".join(_lines_of(term, page))
    if REWRITE:
        file.write_text(found, encoding="utf-8")
    assert found.splitlines() == page.splitlines()


def _lines_of(term: Term, page: str) -> Iterator[str]:
    for line in page.splitlines(keepends=True):
        if line.startswith("## "):
            term.is_at(datetime.fromisoformat(line[3:19]).replace(tzinfo=LONDON))
        is_output = line.startswith("    ") and not line.startswith((TYPED, PLAYED))
        if is_output:
            continue
        yield line
        said = ""
        if line.startswith(TYPED):
            said = term.types(line.removeprefix(TYPED))
        elif line.startswith(PLAYED):
            said = term.plays(line.removeprefix(PLAYED))
        yield "".join(f"    {one}".rstrip() + "\n" for one in said.splitlines() if one.strip())
