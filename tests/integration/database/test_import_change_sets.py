"""A file of mostly unknown children waits; a dry run writes nothing; two at once, or a kill, leave no half."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from tests.factories.city import NOW, City, adult, roll_csv

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN = 900001
ROWS = [adult(f"P{number}", f"Ana Ferris{number}", EMAIL=f"ana{number}@example.org") for number in range(10)]
OTHERS = [row | {"PUPIL_ID": f"Q{at}"} for at, row in enumerate(ROWS)]


def everything(city: City) -> dict[str, list[tuple[object, ...]]]:
    """Every row that an import may write, whole, the audit trail with it."""
    from django.apps import apps

    from everyfamily.people.database.tenancy import tenant

    tables = ("SchoolKey", "Pupil", "Parent", "Care", "ContactPoint", "RollImport", "RollTask", "RollMapping")
    with tenant(city.schools[URN]):
        found = {
            name: list(apps.get_model("people", name).objects.order_by("id").values_list()) for name in tables
        }
        found["audit"] = list(apps.get_model("audit", "AuditEvent").objects.order_by("id").values_list())
        return found


def write(city: City, rows: list[dict[str, str]], name: str = "roll.csv") -> Path:
    file = city.folder / name
    file.write_bytes(roll_csv(URN, rows))
    return file


def test_a_dry_run_does_the_whole_work_and_writes_nothing(city: City) -> None:
    from everyfamily.people.edges.roll_imports import import_roll

    city.school(URN)
    empty = everything(city)
    would = import_roll(write(city, ROWS), urn=URN, by=Actor.typed("test"), now=NOW, dry_run=True)
    assert everything(city) == empty, "not even a key"
    did = import_roll(write(city, ROWS), urn=URN, by=Actor.typed("test"), now=NOW)
    assert (would.joined, would.adults, would.tasks) == (did.joined, did.adults, did.tasks) == (10, 10, {})
    before = everything(city)
    for rows in ([*ROWS[:8], adult("P8", "Bo Marsh", RESTRICTION="hold")], OTHERS):
        would = import_roll(write(city, rows), urn=URN, by=Actor.typed("test"), now=NOW, dry_run=True)
        assert would.dry_run
        assert would.held is (rows is OTHERS)
        assert everything(city) == before


def test_a_file_few_of_whose_children_are_on_the_roll_is_held_until_a_named_person_says(city: City) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.edges.roll_imports import import_roll
    from everyfamily.people.models import RollTask

    city.school(URN)
    city.import_rows(URN, ROWS)
    before = everything(city)
    file = write(city, [*ROWS[:6], *OTHERS[:4]])
    with pytest.raises(EveryfamilyError) as raised:
        import_roll(file, urn=URN, by=Actor.typed("Pat Example"), now=NOW, although_few_match=True)
    assert raised.value.code == "EF232"
    assert everything(city) == before
    held = import_roll(file, urn=URN, by=Actor.typed("test"), now=NOW)
    assert (held.held, held.children, held.joined) == (True, 10, 0)
    again = import_roll(file, urn=URN, by=Actor.typed("test"), now=NOW)
    assert again.held
    after = everything(city)
    unchanged = {"SchoolKey", "Pupil", "Parent", "Care", "ContactPoint"}
    assert {name: after[name] for name in unchanged} == {name: before[name] for name in unchanged}
    with tenant(city.schools[URN]):
        assert RollTask.objects.get(closed_at=None).kind == "file held"
    went_in = import_roll(file, urn=URN, by=Actor.typed("Pat Example"), now=NOW, although_few_match=True)
    assert (went_in.held, went_in.joined, went_in.left_proposed) == (False, 4, 4)
    with tenant(city.schools[URN]):
        assert RollTask.objects.get(kind="file held").closed_by == "roll"
    *_, event = everything(city)["audit"]
    assert "Pat Example" in event
    assert {"although few match": True}.items() <= event[-1].items()  # type: ignore[union-attr]


def test_a_child_of_a_later_file_is_no_longer_proposed_as_left(city: City) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Pupil

    city.school(URN)
    city.import_rows(URN, ROWS)
    assert city.import_rows(URN, ROWS[:8]).left_proposed == 2
    first = NOW + timedelta(days=1)
    assert city.import_rows(URN, ROWS[:9], now=first).left_proposed == 1
    with tenant(city.schools[URN]):
        assert Pupil.objects.get(leaving_proposed_at__isnull=False).leaving_proposed_at == NOW
    assert city.import_rows(URN, ROWS).left_proposed == 0
    with tenant(city.schools[URN]):
        assert not Pupil.objects.filter(leaving_proposed_at__isnull=False).exists()


def test_a_child_who_has_died_is_not_proposed_as_left(city: City) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Pupil

    city.school(URN)
    city.import_rows(URN, ROWS)
    with tenant(city.schools[URN]):
        Pupil.objects.filter(pk__in=Pupil.objects.order_by("id").values("pk")[9:]).update(
            died_known_at=NOW, died_known_by="lead"
        )
    assert city.import_rows(URN, ROWS[:9]).left_proposed == 0


def test_of_two_files_at_once_the_second_is_told_and_nothing_is_half_done(city: City) -> None:
    from django.db import connection

    from everyfamily.people.actions.roll_lock import lock_roll
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.edges.roll_imports import import_roll

    city.school(URN)
    file = write(city, ROWS)
    locked, done = threading.Event(), threading.Event()

    def hold() -> None:
        with tenant(city.schools[URN]):
            lock_roll(city.schools[URN])
            locked.set()
            done.wait(20)
        connection.close()

    other = threading.Thread(target=hold)
    other.start()
    try:
        assert locked.wait(20)
        before = everything(city)
        with pytest.raises(EveryfamilyError) as raised:
            import_roll(file, urn=URN, by=Actor.typed("test"), now=NOW)
        assert raised.value.code == "EF231"
        assert everything(city) == before
    finally:
        done.set()
        other.join()
    assert import_roll(file, urn=URN, by=Actor.typed("test"), now=NOW).joined == 10


KILLED = """
import os, sys
from datetime import datetime
from pathlib import Path
from everyfamily.config.start import prepare
prepare(migrate=False)
from everyfamily.core.actors import Actor
from everyfamily.people.actions.rolls import rolls
from everyfamily.people.edges.roll_imports import import_roll
whole = rolls.settle_tasks

def stop(*args, **kwargs):
    whole(*args, **kwargs)
    print("everything but the commit is written", flush=True)
    sys.stdin.read()

rolls.settle_tasks = stop
import_roll(Path(sys.argv[1]), urn=int(sys.argv[2]), by=Actor.typed("test"), now=datetime.fromisoformat(sys.argv[3]))
"""


def test_a_process_killed_in_mid_commit_leaves_nothing_and_locks_nothing(city: City) -> None:
    from everyfamily.people.edges.roll_imports import import_roll

    city.school(URN)
    city.import_rows(URN, ROWS[:5])
    before = everything(city)
    file = write(city, ROWS[:6])
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(file), str(URN), NOW.isoformat()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline().startswith("everything but the commit")
    os.kill(process.pid, signal.SIGKILL)
    process.wait(20)
    process.stdout.close()
    process.stdin.close()
    for _ in range(100):
        try:
            report = import_roll(file, urn=URN, by=Actor.typed("test"), now=NOW, dry_run=True)
            break
        except EveryfamilyError as problem:
            assert problem.code == "EF231", "the server has not yet noticed"
            time.sleep(0.05)
    assert everything(city) == before
    assert report.joined == 1
    assert import_roll(file, urn=URN, by=Actor.typed("test"), now=NOW).joined == 1


def run(*arguments: object) -> tuple[int, str]:
    from everyfamily.cli.main import main

    done = CliRunner().invoke(main, [str(one) for one in arguments])
    return done.exit_code, done.output


def test_the_command_says_what_would_happen_what_happened_and_what_is_held(city: City) -> None:
    city.school(URN)
    file = write(city, [*ROWS[:8], ROWS[8] | {"RESTRICTION": "hold"}, ROWS[9] | {"RESTRICTION": ""}])
    code, said = run("import", "roll", file, "--school", URN, "--dry-run")
    assert code == 0
    assert "Nothing was written" in said
    assert "10 of 10 rows would go in" in said
    code, said = run("import", "roll", file, "--school", URN)
    assert (code, "10 of 10 rows went in" in said) == (0, True)
    assert "restriction (1)" in said
    code, said = run("import", "roll", write(city, OTHERS), "--school", URN)
    assert (code, "--although-few-match" in said) == (1, True)
    code, said = run("import", "roll", city.folder / "nothing.csv", "--school", URN)
    assert (code, "EF" in said) == (2, True)


def test_the_commands_json_has_the_agreed_keys_and_no_value(city: City) -> None:
    city.school(URN)
    file = write(city, [*ROWS, adult("P1", "Dee Marsh", EMAIL="dee@@example.org")])
    code, said = run("import", "roll", file, "--school", URN, "--json")
    report = json.loads(said)
    assert code == 0
    assert list(report)[:8] == [
        *("format", "rows", "accepted", "set_aside", "joined", "left_proposed", "changed", "restrictions_unknown")
    ]
    assert report["set_aside"] == [
        {"row": 12, "code": "EMAIL_NOT_VALID", "message": "This is not an email address that mail can reach."}
    ]
    assert "dee" not in said.lower()


def test_the_few_match_flag_needs_a_name(city: City) -> None:
    city.school(URN)
    code, said = run("import", "roll", write(city, ROWS), "--school", URN, "--although-few-match")
    assert code == 2
    assert "--by" in said


@pytest.mark.parametrize("kind", ["folder", "pipe", "too large"])
def test_only_a_file_of_a_sensible_size_is_read(city: City, tmp_path: Path, kind: str) -> None:
    from everyfamily.core.rolls.model.limits import FILE_BYTES
    from everyfamily.people.edges.roll_imports import import_roll

    city.school(URN)
    path = tmp_path / "what"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        with path.open("wb") as file:
            file.truncate(FILE_BYTES + 1)
    with pytest.raises(EveryfamilyError) as raised:
        import_roll(path, urn=URN, by=Actor.typed("test"), now=NOW)
    assert str(tmp_path) not in str(raised.value)


def test_a_mapping_is_kept_for_the_schools_later_files_once_one_is_in(city: City) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import RollMapping

    city.school(URN)
    own, mapping = city.folder / "own.csv", city.folder / "own.json"
    own.write_text("Nummer,Navn,Brev\n1,Ana Ferris,ana@example.org\n2,Bo Marsh,bo@example.org\n")
    mapping.write_text(json.dumps([["Nummer", 1, "PUPIL_ID"], ["Navn", 1, "ADULT_NAME"], ["Brev", 1, "EMAIL"]]))
    assert run("import", "roll", own, "--school", URN)[0] == 2, "nobody knows what these headings mean"
    with_map = ("import", "roll", own, "--school", URN, "--map", mapping, "--save-mapping")
    assert run(*with_map, "--dry-run")[0] == 0
    with tenant(city.schools[URN]):
        assert not RollMapping.objects.exists()
    assert run(*with_map)[0] == 0
    code, said = run("import", "roll", own, "--school", URN)
    assert (code, "2 of 2 rows went in" in said) == (0, True)
    mapping.write_text("{")
    assert run(*with_map)[0] == 2


def test_what_was_asked_about_an_export_is_remembered_for_the_school_and_its_layout(city: City) -> None:
    from everyfamily.core.rolls.layout.questions import answers_of
    from everyfamily.people.edges.roll_imports import answer_questions, open_questions

    city.school(URN)
    own = city.folder / "own.csv"
    own.write_text("UPN,Contact Name,Court Order,XQ\n1,Ana Ferris,F,\n2,Bo Marsh,F,R\n")
    layout, (question,) = open_questions(own, urn=URN)
    code, said = run("import", "roll", own, "--school", URN, "--dry-run")
    assert (code, "Which of these columns say who must not be written to?" in said) == (0, True)
    answer_questions(
        layout, [question], answers_of(question, [0]), urn=URN, by=Actor.typed("Pat Example"), now=NOW
    )
    assert open_questions(own, urn=URN) == (layout, ())
    code, said = run("import", "roll", own, "--school", URN)
    assert (code, "Answer once" in said, "restriction (1)" in said) == (0, False, True)
    answers = city.folder / "answers.json"
    answers.write_text(json.dumps([["XQ", 1, "-"]]))
    with_map = ("import", "roll", own, "--school", URN, "--map", answers, "--save-mapping")
    code, said = run(*with_map)
    assert (code, "Only the school’s lead" in said) == (2, True), "it was said to keep him away"
    assert run(*with_map, "--by", "Una Marsh")[0] == 0
    assert open_questions(own, urn=URN) == (layout, ())
