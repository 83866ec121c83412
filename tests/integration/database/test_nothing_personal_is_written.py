"""Marked values go in by every format, good rows and bad; then everything that was written anywhere is searched.

Only the outbox and the print folders may hold them, and what a person asked to see. Searched are: what every command
printed, every file below the data folder, the home, the temporary folder and the working folder (PostgreSQL's own
tables, logs and write-ahead log among them), and every row of every table, read past row security.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from everyfamily.core.actors import Actor
from everyfamily_postgres.launcher import Server
from tests.factories.city import NOW, REFERENCE, City, roll_csv

pytestmark = [pytest.mark.database, pytest.mark.slow]

MARKS = (
    *("zephyrine", "quillfeather"),  # adults' names
    "childmarkus",  # children's names
    *("zq.mark", "quibblemail"),  # addresses of inboxes, good and bad
    *("7700900731", "7700 900731", "7700900732", "7700 900732", "quibblephone"),
    *("marlinspike", "ze3 9wx", "ze39wx", "quibblecode"),  # addresses and postcodes
    *("pmarkq", "t341499926991"),  # the school's own ids
    *("freetextmark", "headingmark"),
)
CLASS = "classmarkus"
"""Stands in the clear on the pupil's row until it is purged, and nowhere else."""
FILE = "filemarkus"
"""For a file's name: its person may see it again, and nothing keeps it."""

GOOD = {
    "ADULT_NAME": "Zephyrine Quillfeather",
    "RELATIONSHIP": "mother",
    "PARENTAL_RESPONSIBILITY": "yes",
    "HAS_CARE": "yes",
    "RESTRICTION": "none",
    "EMAIL": "zq.mark1@example.org",
    "MOBILE": "07700 900731",
    "ADDRESS_1": "77 Marlinspike Row",
    "ADDRESS_2": "Eastmere",
    "POSTCODE": "ZE3 9WX",
    "CLASS": CLASS,
}


def good(number: int, **columns: str) -> dict[str, str]:
    return {
        **GOOD,
        "PUPIL_ID": f"PMARKQ{number}",
        "ADULT_NAME": f"Zephyrine Quillfeather{'abcdefghij'[number]}",
        **columns,
    }


ROWS = [
    good(1),
    good(2, EMAIL="zq.mark2@example.org", MOBILE="07700 900732"),
    good(3, EMAIL="", MOBILE="", ADDRESS_1="33 Marlinspike Row"),
    good(4, EMAIL="", MOBILE="", ADDRESS_1="", POSTCODE=""),
    good(5, EMAIL="zq.mark5@example.org", MOBILE="", RESTRICTION="hold", ADDRESS_1="5 Marlinspike Row"),
    # Each of these has something that cannot be read.
    good(6, EMAIL="quibblemail@@example.org", MOBILE="07700 900731 quibblephone"),
    good(6, POSTCODE="quibblecode", RESTRICTION="freetextmark", RELATIONSHIP="freetextmark"),
    good(6, PARENTAL_RESPONSIBILITY="freetextmark", HAS_CARE="freetextmark", OBJECTS="freetextmark"),
    good(7, LANGUAGE="freetextmark", FORMAT="freetextmark", CHANNEL="freetextmark", PRIORITY="freetextmark"),
    good(7, ADULT_NAME=""),
    good(8, PUPIL_ID=""),
    good(8, SCHOOL_URN="900009"),
    good(8, ADULT_NAME="=HYPERLINK(quillfeather)", EMAIL="=zq.mark8@example.org"),
]


def sheet(header: Sequence[str], lines: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([header, *lines])
    return text.getvalue().encode()


def sims() -> bytes:
    header = (
        "UPN,Forename,Surname,DOB,Year,Reg,Contact Priority,Contact Title,Contact Forename,Contact Surname,"
        "Relationship,Parental Responsibility,Court Order,Correspondence,Contact Primary Email,Contact Mobile,"
        "Contact Home Telephone,Contact Address Block,Contact Postcode,First Language,Notes headingmark"
    )
    child = [
        "T341499926991",
        "Childmarkus",
        "Quillfeather",
        "02/11/2013",
        "Year 8",
        CLASS,
        "1",
        "Ms",
        "Zephyrine",
    ]
    home = ["77 Marlinspike Row\nEastmere", "ZE3 9WX", "freetextmark", "freetextmark"]
    fine = [*child, "Quillfeather", "Mother", "T", "F", "T", "zq.mark1@example.org", "07700 900731", "", *home]
    bad = [*child, "", "freetextmark", "?", "?", "?", "quibblemail", "quibblephone", "quibblephone", *home]
    return sheet(next(csv.reader([header])), [fine, bad])


def ctf(urn: int) -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<CTfile><Header><DocumentName>Common Transfer File</DocumentName><CTFversion>25.0</CTFversion>
<DateTime>2026-09-21T09:15:00</DateTime><DocumentQualifier>full</DocumentQualifier>
<SourceSchool><LEA>341</LEA><Estab>4999</Estab><URN>{urn}</URN><SchoolName>Quayfield</SchoolName></SourceSchool></Header>
<CTFpupilData><Pupil><UPN>T341499926991</UPN><Surname>Quillfeather</Surname><Forename>Childmarkus</Forename>
<DOB>2013-11-02</DOB><BasicDetails><NCyearActual>8</NCyearActual></BasicDetails><Contacts><Contact><Order>1</Order>
<Surname>Quillfeather</Surname><Forename>Zephyrine</Forename><Relationship>freetextmark</Relationship>
<Responsibility>true</Responsibility><Phones><Phone><PhoneNo>07700 900731</PhoneNo><TelephoneType>M</TelephoneType>
</Phone></Phones><Email>quibblemail</Email></Contact></Contacts></Pupil></CTFpupilData></CTfile>""".encode()


def oneroster(urn: int) -> bytes:
    files = {
        "manifest.csv": "propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\n"
        "file.orgs,bulk\nfile.users,bulk\n",
        "orgs.csv": "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n"
        f"o1,,,Quayfield,school,{urn},\n",
        "users.csv": "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,"
        "familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password\n"
        "pmarkq1,,,true,o1,student,pmarkq1,,Childmarkus,Quillfeather,,T341499926991,,,,a1,8,\n"
        "a1,,,true,o1,parent,pmarkq2,,Zephyrine,Quillfeather,,,quibblemail,quibblephone,,pmarkq1,,freetextmark\n",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, text in files.items():
            made.writestr(name, text)
    return out.getvalue()


def workbook() -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    rows = list(csv.reader(io.StringIO(roll_csv(900005, ROWS).decode())))
    for row in rows:
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


SABOTAGE = """
import json, os, sys
from pathlib import Path
met = Path(os.environ["FAULT_FILE"])
from everyfamily.core.keys.vault import MailingHash, Vault
from everyfamily_demo.recording import RecordingChannel
def meets(fault, of, name, breaks):
    does = getattr(of, name)
    def broken(*words, **more):
        if met.read_text() == fault:
            breaks(*words, **more)
        return does(*words, **more)
    setattr(of, name, broken)
def encrypt(self, table, row, value, *more):
    raise ValueError(f"cannot take {value}")
meets("encrypt", Vault, "encrypt", encrypt)
def submit(self, messages, now):
    raise RuntimeError(f"cannot reach {messages[0].contact_value} of Zephyrine Quillfeather")
meets("carrier", RecordingChannel, "submit", submit)
def of(self, channel, value):
    raise LookupError("no hash for Zephyrine Quillfeather, zq.mark1@example.org, 07700 900731")
meets("job", MailingHash, "of", of)
from everyfamily.cli.main import main
if sys.argv[1:]:
    main(sys.argv[1:])
from click.testing import CliRunner
for line in sys.stdin:
    words, typed = json.loads(line)
    done = CliRunner().invoke(main, words, input=typed)
    print(json.dumps([done.exit_code, done.output]), flush=True)
"""
"""The program with faults, of which the file FAULT_FILE names the one that is met now. Without words it reads commands
from its standard input, one a line, and answers what each printed."""


@dataclass
class Program:
    """The real program in separate processes; keeps what each printed.

    Each command and each worker is a process of its own if it is run `whole`. Otherwise there is one process for all
    commands and one worker, because a start takes longer than what is done then.
    """

    folder: Path
    whole: bool = False
    said: list[tuple[str, str]] = field(default_factory=list)
    _processes: dict[str, subprocess.Popen[str]] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        plain = {name: value for name, value in os.environ.items() if name != "EVERYFAMILY_DEBUG"}
        return plain | {
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            "EVERYFAMILY_OUTBOX": str(self.folder / "outbox"),
            "EVERYFAMILY_CLOCK": "database",
            "EVERYFAMILY_STALLED_SECONDS": "3",
            "EVERYFAMILY_FAULTS": "refuse=0.4,silent=0.3",
            "FAULT_FILE": str(self.folder / "fault"),
        }

    def run(self, *words: str, fault: str = "", ends: int = 0, stdin: str = "") -> str:
        """Run a command to its end; returns what it printed."""
        self.meet(fault)
        code, text = (self._in_its_own_process if self.whole else self._in_the_one_process)(words, stdin)
        self.said.append((" ".join(words[:2]), text.replace(str(self.folder), "")))
        assert code == ends, text
        return text

    def _in_its_own_process(self, words: Sequence[str], stdin: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-c", SABOTAGE, *words],
            env=self.environment,
            cwd=self.folder / "cwd",
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def _in_the_one_process(self, words: Sequence[str], stdin: str) -> tuple[int, str]:
        one = self._process("commands")
        assert one.stdin is not None and one.stdout is not None
        one.stdin.write(json.dumps([words, stdin]) + "\n")
        one.stdin.flush()
        code, text = json.loads(one.stdout.readline())
        return code, text

    def meet(self, fault: str) -> None:
        """From now on this fault is met, or with "" none."""
        (self.folder / "fault").write_text(fault)

    def work(self, until: Callable[[], object]) -> None:
        """Let a worker work until something is the case."""
        process = self._process("worker", "worker")
        end = time.monotonic() + 90
        while not until():
            assert time.monotonic() < end, self._log("worker").read_text()
            assert process.poll() is None, self._log("worker").read_text()
            time.sleep(0.05)
        if self.whole:
            self.end()

    def end(self) -> None:
        """End what still runs. What it logged was said too."""
        while self._processes:
            name, process = self._processes.popitem()
            process.terminate()
            process.communicate(timeout=240)
            self.said.append((name, self._log(name).read_text()))

    def _process(self, name: str, *words: str) -> subprocess.Popen[str]:
        if name not in self._processes:
            with self._log(name).open("ab") as log:
                self._processes[name] = subprocess.Popen(
                    [sys.executable, "-c", SABOTAGE, *words],
                    env=self.environment,
                    cwd=self.folder / "cwd",
                    stdin=subprocess.PIPE,
                    stdout=log if words else subprocess.PIPE,
                    stderr=log,
                    text=True,
                )
        return self._processes[name]

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"


@pytest.fixture
def program(city: City) -> Iterator[Program]:
    for name in ("home", "tmp", "cwd", "in"):
        (city.folder / name).mkdir()
    made = Program(city.folder)
    yield made
    made.end()


def superuser(server: Server) -> psycopg.Connection:
    password = json.loads(server.folders.passwords.read_text())["postgres"]
    return psycopg.connect(
        make_conninfo(host=str(server.socket_dir), dbname=server.database, user="postgres", password=password),
        autocommit=True,
    )


def disguises(mark: str) -> Iterator[bytes]:
    """A mark in the forms in which it may appear: plain, in hexadecimal, in base64 at each of its three places."""
    for spelling in {mark, mark.upper(), mark.title()}:
        plain = spelling.encode()
        yield plain.lower()
        yield plain.hex().encode()
        for shift in range(3):
            encoded = base64.b64encode(b"\0" * shift + plain)
            # The first and last characters also hold bits of what is next to it.
            yield encoded[(0, 2, 3)[shift] : -(4 if len(plain) + shift & 3 else 1)].lower()


def found_in(data: bytes, marks: Sequence[str]) -> list[str]:
    low = data.lower()
    return [mark for mark in marks if any(form in low for form in disguises(mark) if len(form) >= 6)]


def rows_with(server: Server, marks: Sequence[str]) -> dict[str, list[str]]:
    """Table -> marks that stand in a row of it, read past row security."""
    found = {}
    with superuser(server) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        ).fetchall()
        for (table,) in tables:
            rows = connection.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table)))
            text = "\n".join(row[0] for row in rows).encode()
            if marked := found_in(text, marks):
                found[table] = marked
    return found


def files_with(folders: Sequence[Path], marks: Sequence[str], *, since: float = 0) -> dict[str, list[str]]:
    """File -> marks that stand in it. `grep` says which files to look into: there are some hundred megabytes.

    `since`: seconds since 1970. In a database of many tests most files were not written to after that.
    """
    forms = {form for mark in marks for form in disguises(mark) if len(form) >= 6}
    newer = [str(path) for folder in folders for path in folder.rglob("*") if _is_file_written(path, since)]
    done = subprocess.run(
        ["grep", "-laiF", "-f", "-", "/dev/null", *newer],
        input=b"\n".join(sorted(forms)),
        env=os.environ | {"LC_ALL": "C"},
        capture_output=True,
        check=False,
    )
    # 2: a file went while it was being looked for.
    assert done.returncode in (0, 1) or b"No such file" in done.stderr, done.stderr
    paths = [Path(os.fsdecode(name)) for name in done.stdout.splitlines()]
    return {str(path): marked for path in paths if (marked := found_in(path.read_bytes(), marks))}


def _is_file_written(path: Path, since: float) -> bool:
    """A file that was written to after `since`; one that has gone meanwhile is none."""
    with suppress(FileNotFoundError):
        return path.is_file() and path.stat().st_mtime >= since
    return False


def test_the_search_finds_a_mark_in_every_disguise() -> None:
    mark = b"Quillfeather"
    for beside in (b"", b"a", b"ab", b"abc"):
        for form in (beside + mark, (beside + mark).hex().encode(), base64.b64encode(beside + mark + beside)):
            assert found_in(b"xx " + form + b" yy", MARKS) == ["quillfeather"]
    assert found_in(b"nothing of the kind, 7700 900", MARKS) == []


def test_the_search_finds_it_in_any_file(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    for name, data in (
        ("a", b"\0\1 QUILLFEATHER \0"),
        ("below/b", base64.b64encode(b"x Quillfeather")),
        ("c", b"no"),
    ):
        (tmp_path / name).write_bytes(data)
    assert {Path(name).name for name in files_with([tmp_path], MARKS)} == {"a", "b"}


def import_every_format(city: City, program: Program, *, whole: bool) -> None:
    """The roll template and a table of another system; when `whole`, every other format, and each four times."""
    files = {
        900001: ("roll.csv", roll_csv(900001, ROWS)),
        900002: ("sims.csv", sims()),
        900003: ("ctf.xml", ctf(900003)),
        900004: ("roster.zip", oneroster(900004)),
        900005: ("book.xlsx", workbook()),
    }
    for urn, (name, data) in files.items() if whole else ((900001, files[900001]),):
        city.school(urn, attests=False)
        file = city.folder / "in" / f"{FILE}-{name}"
        file.write_bytes(data)
        roll = ("import", "roll", str(file), "--school", str(urn), "--by", "office")
        program.run(*roll, fault="encrypt", ends=2)
        report = json.loads(program.run(*roll, "--json"))
        assert report["accepted"] and report["adults"], name
        if whole:
            program.run(*roll, "--dry-run")
            program.run(*roll)


def import_what_is_held_refused_or_breaks(city: City, program: Program, server: Server, *, whole: bool) -> None:
    """A roll that is held and one that the database refuses; when `whole`, each that cannot be read."""

    def roll(name: str, data: bytes, urn: int, ends: int, *more: str) -> str:
        file = city.folder / "in" / f"{FILE}-{name}"
        file.write_bytes(data)
        return program.run("import", "roll", str(file), "--school", str(urn), *more, ends=ends)

    strangers = [good(n, PUPIL_ID=f"PMARKQ9{n}") for n in range(1, 9)]
    roll("held.csv", roll_csv(900001, strangers), 900001, 1)
    if whole:
        roll("held.csv", roll_csv(900001, strangers), 900001, 1, "--json")
        import_what_cannot_be_read(city, roll)
    refuse_in_the_database(city, roll, server)


def import_what_cannot_be_read(city: City, roll: Callable[..., str]) -> None:
    whole = roll_csv(900001, ROWS)
    roll("no header.csv", whole.partition(b"\r\n")[2], 900001, 2)
    roll("headings.csv", whole.replace(b"LANGUAGE", b"Headingmark Quillfeather", 1), 900001, 2)
    roll("cut.csv", whole[:-30] + b'"Zephyrine', 900001, 2)
    roll("other.csv", roll_csv(900009, [good(1)]).replace(b"900001", b"900009"), 900001, 2)
    roll("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"Zephyrine Quillfeather" * 40, 900005, 2)
    roll("cut.xlsx", workbook()[:-200], 900005, 2)
    roll("bad.xml", ctf(900003)[:-40], 900003, 2)
    roll("cut.zip", oneroster(900004)[:-30], 900004, 2)
    roll("text.csv", b"Zephyrine Quillfeather\r\nzq.mark1@example.org, 07700 900731", 900001, 2)
    (city.folder / "in" / "map.json").write_text('{"Zephyrine Quillfeather": "PUPIL_ID"}')
    roll("mapped.csv", whole, 900001, 2, "--map", str(city.folder / "in" / "map.json"))


def refuse_in_the_database(city: City, roll: Callable[..., str], server: Server) -> None:
    """The database itself refuses, and quotes what it was given."""
    with superuser(server) as connection:
        connection.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'refused %', NEW.class_name USING DETAIL = NEW.class_name; END $$; "
            "CREATE TRIGGER refuses BEFORE INSERT ON people_pupil FOR EACH ROW EXECUTE FUNCTION refuse()"
        )
        try:
            city.school(900006, attests=False)
            roll("refused.csv", roll_csv(900006, [good(1)]), 900006, 2)
        finally:
            connection.execute("DROP FUNCTION refuse CASCADE")


def jobs_left() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')")
        return int(cursor.fetchone()[0])


def send_with_failures(city: City, program: Program) -> None:
    from everyfamily.core.sending.fallback import Channel
    from everyfamily.mailings.actions.sending.pausing import resume_mailing
    from everyfamily.mailings.actions.sending.unknowns import Unknowns
    from everyfamily.mailings.edges.tasks import begin_school, queue_look
    from everyfamily.mailings.models import Mailing

    for urn, school in city.schools.items():
        program.run("attest", "--school", str(urn), "--by", "lead", "--restrictions-checked")
        attest_at_the_simulated_hour(school)
    city.open()
    for school in city.schools.values():
        begin_school.defer(mailing_id=city.mailing, school_id=school)
    program.meet("job")
    program.work(lambda: failed_jobs() > 0 and not jobs_left())

    def look_again(fault: str) -> None:
        program.meet(fault)
        resume_mailing(
            city.mailing, by=Actor.typed("office"), now=NOW, unknown={Channel.EMAIL: Unknowns.NEXT_WAY}
        )
        for school in city.schools.values():
            queue_look(city.mailing, school)

    look_again("carrier")
    program.work(lambda: Mailing.objects.get().state == "paused")
    look_again("")
    program.work(lambda: not jobs_left() and city.outbox())
    program.end()


def attest_at_the_simulated_hour(school: int) -> None:
    from everyfamily.people.actions.schools.schools import attest_school

    attest_school(school, by=Actor.typed("lead"), now=NOW)


def failed_jobs() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
        return int(cursor.fetchone()[0])


def hear_bounces(city: City) -> None:
    from everyfamily.channels.events import DeliveryEvent
    from everyfamily.core.sending.fallback import AttemptStatus
    from everyfamily.mailings.actions.sending.receipts import record_receipts

    bounce = (
        "550 5.1.1 <zq.mark1@example.org> Zephyrine Quillfeather, 77 Marlinspike Row, +44 7700 900731: unknown"
    )
    events = [
        DeliveryEvent(str(line["reference"]), AttemptStatus.PERMANENT_FAILURE, NOW, bounce)
        for line in city.outbox()
    ]
    assert record_receipts(events, NOW) > 0


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.nightly)])
def test_nothing_personal_is_written_where_it_does_not_belong(
    city: City, program: Program, database: Server, whole: bool
) -> None:
    program.whole = whole
    began = time.time() - 2
    import_every_format(city, program, whole=whole)
    import_what_is_held_refused_or_breaks(city, program, database, whole=whole)
    send_with_failures(city, program)
    hear_bounces(city)
    out = city.folder / "cwd"
    program.run("coverage", "--html", str(out / "page.html"), "--csv", str(out / "table.csv"), "--json")
    if whole:
        program.run("coverage")
    found = json.loads(program.run("find-adult", "--school", "900001", "--json", stdin="zq.mark1@example.org\n"))
    program.run("find-adult", "--school", "900001", stdin="quibblemail@ zq.mark\n", ends=2)
    program.run("forget-adult", "--school", "900001", "--adult", str(found[0]["adult"]), "--by", "lead")
    city.send()
    everything = (*MARKS, CLASS, FILE)

    # The values really went in, and out: the search can find what there is to find.
    # (Of one school every email may be among those that the carrier did not answer for: then paper went.)
    assert {"zephyrine", "marlinspike"} | ({"zq.mark"} if whole else set()) <= set(
        found_in(b"".join(p.read_bytes() for p in (city.folder / "outbox").rglob("*.jsonl")), MARKS)
    )
    with superuser(database) as connection:
        connection.execute("CHECKPOINT")
        (values,) = connection.execute(
            "SELECT count(*) FROM people_contactpoint WHERE value IS NOT NULL"
        ).fetchone()
    assert values > 5
    assert rows_with(database, everything) == {"people_pupil": [CLASS]}
    assert files_with([city.folder / name for name in ("home", "tmp", "cwd")], everything) == {}
    assert files_with([database.home], MARKS, since=began) == {}
    assert files_with([database.folders.log], everything) == {}

    program.run("close", "--reference", REFERENCE, "--although", "this is only a test", "--by", "office")
    with superuser(database) as connection:
        connection.execute("UPDATE people_school SET keep_days = 0")
    if whole:
        program.run("purge", "--dry-run")
    assert json.loads(program.run("purge", "--json"))["contact_values"] > 3
    program.end()
    assert rows_with(database, everything) == {}
    assert files_with([city.folder / "outbox"], everything) == {}
    assert files_with([city.folder / name for name in ("home", "tmp", "cwd")], everything) == {}
    assert files_with([database.home], MARKS, since=began) == {}

    printed = {what: found_in(text.encode(), (*MARKS, CLASS)) for what, text in program.said}
    assert {what: marks for what, marks in printed.items() if marks} == {}
    # Each fault was met, and said without its words.
    said = "\n".join(text for _, text in program.said)
    for name in (
        "EF001",
        "ValueError",
        "job_error",
        "LookupError",
        "A call to a carrier failed with RuntimeError",
    ):
        assert name in said, name
    assert len(program.said) > (40 if whole else 10)
