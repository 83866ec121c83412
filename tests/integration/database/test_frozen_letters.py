"""A letter is frozen, approved and sealed from the tables: the same bytes as the command's, once.

Nothing counts that was said of other words.
"""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner

from everyfamily.cli.main import main
from everyfamily.core.actors import Actor, ActorKind
from everyfamily.core.agreement.draft_states import DraftState, WhyNotSealed, state_of, why_not_sealed
from everyfamily.core.agreement.seals import fingerprint, problems
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.work import WorkState
from everyfamily_postgres.launcher import Server
from everyfamily_postgres.roles import Role
from tests.factories.demonstration import PACK, REFERENCE
from tests.factories.drafted import (
    AUTHOR,
    NOW,
    PASSPHRASE,
    TERM,
    Place,
    approval_of,
    approved,
    asked,
    begun,
    frozen_now,
    keys,
    saved,
    sealing_key,
    with_keys,
)
from tests.integration.database.worker_processes import rows, wait_for, words, worker

pytestmark = [pytest.mark.database, pytest.mark.slow]

OURS = "misses lessons, clubs or whole days | worry or caring at home"
LONG = (
    "If something like this happened to you as a child, and nobody knew of it then, or nobody believed you, it is "
    "never too late to talk to somebody who listens."
)
REVIEWER = Actor(ActorKind.PERSON, "Rae Example", account=31, role="reviewer")


@pytest.fixture
def place(database: Server, tmp_path: Path) -> Iterator[Place]:
    """Settings whose signatories have keys."""
    with with_keys(tmp_path) as made:
        yield made


def standing(draft_id: int, *, needs_review: bool = False) -> Any:
    from everyfamily.letters.draft_queries.agreeing import how_far
    from everyfamily.letters.draft_queries.drafts import draft

    facts = draft(draft_id)
    assert facts is not None
    return how_far(facts, needs_review=needs_review).standing


def version(frozen_id: int) -> Any:
    from everyfamily.letters.draft_queries.frozen import frozen

    return frozen(frozen_id)


def refused(code: str, act: Callable[[], object]) -> None:
    with pytest.raises(EveryfamilyError) as problem:
        act()
    assert problem.value.code == code, problem.value


def test_the_whole_way_has_the_digest_of_the_command_and_the_command_verifies_it(
    place: Place, tmp_path: Path
) -> None:
    from everyfamily.audit.models import AuditEvent
    from everyfamily.letters.actions.freezing import freeze
    from everyfamily.letters.actions.reviewing import ask_for_change, say_reviewed
    from everyfamily.letters.actions.sealing import seal_asked
    from everyfamily.letters.actions.waivers import propose_waiver
    from everyfamily.letters.draft_queries.agreeing import (
        drafts_in_brief,
        folder_of,
        sealing_of,
        waivers_file,
        waivers_of_draft,
    )
    from everyfamily.letters.draft_queries.drafts import draft
    from everyfamily.letters.draft_queries.frozen import files_of, report_of
    from everyfamily.letters.draft_queries.words import overrides_of
    from everyfamily.letters.models import Letter
    from everyfamily.letters.queries import sealed_letter
    from everyfamily.mailings.edges.letter_jobs import ask_seal

    draft_id = begun()
    saved(draft_id, "changes", {"changes/2": OURS}, why="Clubs see it first here.")
    saved(draft_id, "past", {"past/1": LONG})

    def waive(code: str, reason: str, now: datetime = NOW) -> int:
        return propose_waiver(
            draft_id, code, "past/1", reason=reason, ends_on=date(2027, 4, 1), by=AUTHOR, now=now
        )

    failed = asked(draft_id)
    freeze(failed, lambda: NOW)
    assert version(failed).progress.failed_code == "EF309", "a warning that nobody accepted"
    refused("EF512", lambda: waive("TR001", "An error cannot be accepted."))
    refused("EF512", lambda: waive("RD001", "  "))
    refused("EF512", lambda: waive("RD001", "Half past midnight here.", datetime(2027, 4, 1, 23, 30, tzinfo=UTC)))
    waive("RD001", "Our survivors' group asked for these words.")
    refused("EF512", lambda: waive("RD001", "Twice."))
    frozen_id = frozen_now(draft_id)
    assert asked(draft_id) == frozen_id, "who asks twice for the same words gets the same version"
    assert state_of(standing(draft_id)) is DraftState.ASKED
    # The same by the command, from the file of overrides that a page gives.
    facts = draft(draft_id)
    assert facts is not None
    (tmp_path / "overrides.toml").write_text(overrides_of(facts), encoding="utf-8")
    asking = ["compose", str(PACK), "--partnership", str(place.partnership), "--term", TERM]
    asking += ["--dated", "2027-03-02", "--reference", REFERENCE, "--json"]
    (tmp_path / "waivers.toml").write_text(
        waivers_file(waivers_of_draft(draft_id), ("childrens-services", "police")), encoding="utf-8"
    )
    asking += ["--waivers", str(tmp_path / "waivers.toml")]
    asking += ["--overrides", str(tmp_path / "overrides.toml"), "--out", str(tmp_path / "letter")]
    said = CliRunner().invoke(main, asking)
    assert json.loads(said.output)["digest"] == version(frozen_id).digest
    assert [one.name for one in files_of(frozen_id)] == sorted(json.loads(said.output)["files"])
    assert report_of(frozen_id) == json.loads((tmp_path / "letter" / "record.json").read_text())["findings"]

    approved(frozen_id, "police")
    assert standing(draft_id).missing == {"childrens-services"}
    refused("EF513", lambda: ask_seal(frozen_id, needs_review=False, by=AUTHOR, now=NOW))
    approved(frozen_id)
    assert state_of(standing(draft_id)) is DraftState.APPROVED
    ask_for_change(frozen_id, "Say Monday.", by=REVIEWER, now=NOW)
    assert set(why_not_sealed(standing(draft_id, needs_review=True))) == {
        WhyNotSealed.NOT_REVIEWED,
        WhyNotSealed.CHANGE_ASKED,
    }
    refused("EF513", lambda: ask_seal(frozen_id, needs_review=True, by=AUTHOR, now=NOW))
    say_reviewed(frozen_id, by=REVIEWER, now=NOW)
    sealing_id = ask_seal(frozen_id, needs_review=True, by=AUTHOR, now=NOW)
    assert sealing_id is not None
    assert ask_seal(frozen_id, needs_review=True, by=AUTHOR, now=NOW) is None, "pressed twice"
    seal_asked(sealing_id, lambda: NOW)
    seal_asked(sealing_id, lambda: NOW + timedelta(hours=1))
    done = sealing_of(frozen_id)
    assert done is not None
    assert done.state is WorkState.DONE
    assert (sealed_letter(REFERENCE) or pytest.fail("not sealed")).digest == version(frozen_id).digest
    assert AuditEvent.objects.filter(action="seal letter").values_list("actor_account", flat=True).get() == 11
    made = folder_of(version(frozen_id)).seal
    assert made is not None
    assert problems(made, sealing_key=sealing_key().public_key) == []
    (brief,) = drafts_in_brief()
    assert brief.state is DraftState.SEALED
    refused("EF333", lambda: saved(draft_id, "past", {"past/1": "A later word."}))
    assert Letter.objects.count() == 1


def test_a_comma_voids_every_approval_for_ever_and_tells_everybody(place: Place) -> None:
    from everyfamily.letters.actions.approving import receive_approval
    from everyfamily.letters.draft_queries.agreeing import overtaken_since, told_when_overtaken

    draft_id = begun()
    was = "misses lessons or whole days | worry or caring at home"
    frozen_id = frozen_now(draft_id)
    approved(frozen_id)
    approval = approval_of(frozen_id, "police")
    saved(draft_id, "changes", {"changes/2": was.replace("lessons", "lessons,")})
    assert state_of(standing(draft_id)) is DraftState.WRITING
    assert told_when_overtaken(frozen_id) == {11, 21, 22}
    assert [one.id for one in overtaken_since(NOW - timedelta(minutes=1))] == [frozen_id]
    saved(draft_id, "changes", {"changes/2": was})
    assert version(frozen_id).overtaken_why == "words", "the old comma brings no approval back"
    by = Actor(ActorKind.PERSON, "P Example", account=22)
    refused("EF339", lambda: receive_approval(frozen_id, approval, by=by, now=NOW))
    second = frozen_now(draft_id)
    assert version(second).digest == version(frozen_id).digest, "the same words are the same bytes"
    assert standing(draft_id).approved == frozenset()
    # Also kept as a file, it comes in no second time: only the person who has the key may give another.
    refused("EF302", lambda: receive_approval(second, approval, by=by, now=NOW))
    approval = approval_of(second, "police", now=NOW + timedelta(minutes=1))
    assert receive_approval(second, approval, by=by, now=NOW)
    assert not receive_approval(second, approval, by=by, now=NOW), "sent twice"
    refused("EF302", lambda: receive_approval(second, replace(approval, digest="0" * 64), by=by, now=NOW))
    refused("EF302", lambda: receive_approval(second, replace(approval, signatory="nobody"), by=by, now=NOW))
    forged = replace(approval, signature=approval_of(second, "childrens-services").signature)
    refused("EF302", lambda: receive_approval(second, forged, by=by, now=NOW))


def test_what_the_settings_put_into_the_letter_overtakes_it_and_a_ring_does_not(place: Place) -> None:
    from everyfamily.letters.actions.approving import receive_approval
    from everyfamily.letters.actions.freezing import overtake_by_settings
    from everyfamily.letters.actions.sealed_letters import record_route_check
    from everyfamily.letters.draft_queries.frozen import letter_of_frozen

    draft_id = begun()
    frozen_id = frozen_now(draft_id)
    approved(frozen_id, "police")
    local = next(route for route in letter_of_frozen(frozen_id).routes if route.id == "local")
    record_route_check(local, is_good=True, note="", by=AUTHOR, now=NOW)
    # Lines that move, and a setting that no letter has.
    place.rewrite("# ---- The bodies that write", "# A remark.\n# ---- The bodies that write")
    assert state_of(standing(draft_id)) is DraftState.ASKED
    assert overtake_by_settings(by=Actor.worker(), now=NOW) == 0
    record_route_check(local, is_good=False, note="", by=AUTHOR, now=NOW)
    by = Actor(ActorKind.PERSON, "C Example", account=21)
    approval = approval_of(frozen_id, "childrens-services")
    refused("EF510", lambda: receive_approval(frozen_id, approval, by=by, now=NOW))
    record_route_check(local, is_good=True, note="", by=AUTHOR, now=NOW + timedelta(days=1))
    place.rewrite("Civic Hall, Market Quay", "Civic Hall, New Quay")
    assert state_of(standing(draft_id)) is DraftState.WRITING
    refused("EF339", lambda: receive_approval(frozen_id, approval, by=by, now=NOW))
    assert overtake_by_settings(by=Actor.worker(), now=NOW) == 1
    assert version(frozen_id).overtaken_why == "settings"
    assert overtake_by_settings(by=Actor.worker(), now=NOW) == 0


def test_a_letter_that_may_not_be_approved_is_not_frozen(place: Place) -> None:
    from everyfamily.letters.actions.freezing import freeze
    from everyfamily.work.queries.work import failed_work

    draft_id = begun()
    saved(draft_id, "past", {"past/1": "Ring 0151 496 0999 for help, whatever it is that happened to you."})
    frozen_id = asked(draft_id)
    freeze(frozen_id, lambda: NOW)
    found = version(frozen_id).progress
    assert (found.state, found.failed_code) == (WorkState.FAILED, "EF309")
    assert failed_work() == [], "the author sees it on the letter's page, and no administrator can mend it"
    assert state_of(standing(draft_id)) is DraftState.WRITING
    saved(draft_id, "past", {"past/1": "It is not too late to tell somebody."})
    waiting = asked(draft_id)
    saved(draft_id, "past", {"past/1": "It is never too late to tell somebody."})
    freeze(waiting, lambda: NOW)
    assert version(waiting).progress.failed_code == "EF339", "nobody renders what is overtaken already"


def test_the_database_keeps_what_is_written_said_and_frozen(place: Place) -> None:
    from django.db import DatabaseError, connection, connections, transaction

    from everyfamily.letters.actions.old_files import clear_old_files, count_old_files
    from everyfamily.letters.draft_queries.agreeing import folder_of
    from everyfamily.letters.draft_queries.frozen import record_of_frozen

    draft_id = begun()
    saved(draft_id, "changes", {"changes/2": OURS})
    frozen_id = frozen_now(draft_id)
    approved(frozen_id, "police")
    owner = connections["owner"]
    refused_by_all = (
        "UPDATE letters_draftpassage SET words = 'x'",
        "DELETE FROM letters_draftpassage",
        "UPDATE letters_receivedapproval SET signatory = 'childrens-services'",
        "DELETE FROM letters_receivedapproval",
        "UPDATE letters_frozenfile SET content = 'x'",
        "DELETE FROM letters_frozenfile",
        "UPDATE letters_frozen SET record = '{}'",
        "UPDATE letters_frozen SET state = 'working', ended_at = NULL",
        "DELETE FROM letters_frozen",
        "UPDATE letters_draft SET term = 'summer-2027'",
        f"INSERT INTO letters_frozenfile (frozen_id, name, content) VALUES ({frozen_id}, 'en/more.txt', 'x')",
    )
    for sql in refused_by_all:
        for one in (connection, owner):
            with pytest.raises(DatabaseError), transaction.atomic(using=one.alias), one.cursor() as cursor:
                cursor.execute(sql)
    assert (count_old_files(), clear_old_files(by=Actor.worker(), now=NOW)) == (0, 0)
    kept = record_of_frozen(frozen_id)
    saved(draft_id, "past", {"past/1": "It is never too late."})
    old = count_old_files()
    assert old == len(kept["artefacts"])
    assert (clear_old_files(by=Actor.worker(), now=NOW), count_old_files()) == (old, 0)
    assert record_of_frozen(frozen_id) == kept
    refused("EF623", lambda: folder_of(version(frozen_id)))
    for sql in (
        "UPDATE letters_frozen SET overtaken_at = NULL, overtaken_why = ''",
        "INSERT INTO letters_review (frozen_id, by, role, kind, words, at) "
        f"VALUES ({frozen_id}, 'x', '', 'reviewed', '', now())",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


@pytest.mark.nightly
def test_real_workers_that_are_killed_are_followed_by_one_that_finishes(
    place: Place, database: Server, tmp_path: Path
) -> None:
    """One is killed while it freezes, another while it seals: each when it writes what it has made."""
    from everyfamily.letters.draft_queries.agreeing import sealing_of
    from everyfamily.letters.models import Letter, Seal
    from everyfamily.mailings.edges.letter_jobs import ask_seal
    from everyfamily_demo.clock import set_simulated

    set_simulated(NOW)
    settings = {
        "EVERYFAMILY_PARTNERSHIP": str(place.partnership),
        "EVERYFAMILY_SEALING_KEY_FILE": str(place.key),
        "EVERYFAMILY_SEALING_PASSPHRASE_FILE": str(place.passphrase),
        "EVERYFAMILY_STALLED_SECONDS": "1",
    }

    def kill_at(table: str, begun_by_now: Callable[[], bool]) -> None:
        with psycopg.connect(database.dsn(Role.OWNER)) as holding:
            holding.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            with worker(tmp_path, "--for", "screens", **settings) as dying:
                wait_for(begun_by_now, "a worker to begin", seconds=120)
                wait_for(lambda: waits_for_lock(table), "it to write what it has made", seconds=120)
                dying.send_signal(signal.SIGKILL)
                dying.wait()
            holding.rollback()

    def waits_for_lock(table: str) -> bool:
        return bool(rows("SELECT 1 FROM pg_locks WHERE relation = %s::regclass AND NOT granted", [table]))

    frozen_id = asked(begun())
    kill_at("letters_frozenfile", lambda: version(frozen_id).progress.state is WorkState.WORKING)
    with worker(tmp_path, "--for", "screens", **settings):
        wait_for(lambda: version(frozen_id).is_done, "another to freeze it", seconds=120)
    assert rows("SELECT tries FROM letters_frozen") == [(2,)]
    approved(frozen_id)
    assert ask_seal(frozen_id, needs_review=False, by=AUTHOR, now=NOW)

    def state() -> WorkState:
        found = sealing_of(frozen_id)
        assert found is not None
        return found.state

    kill_at("letters_seal", lambda: state() is WorkState.WORKING)
    with worker(tmp_path, "--for", "screens", **settings):
        wait_for(lambda: state() is WorkState.DONE, "another to seal it", seconds=120)
    assert (Letter.objects.count(), Seal.objects.count()) == (1, 1)
    assert "EF" not in words(tmp_path)


class Killed(BaseException):
    """A worker ends here, and says nothing."""


def killed(*args: object, **values: object) -> None:
    raise Killed


def test_a_worker_that_is_killed_leaves_nothing_half_done_and_another_does_it_once(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.letters.actions import freezing, sealing
    from everyfamily.letters.models import FrozenFile, Letter, Seal
    from everyfamily.mailings.edges.letter_jobs import ask_seal

    draft_id = begun()
    frozen_id = asked(draft_id)
    for name in ("checked", "_note_frozen"):
        with monkeypatch.context() as dying, pytest.raises(Killed):
            dying.setattr(freezing, name, killed)
            freezing.freeze(frozen_id, lambda: NOW)
        assert version(frozen_id).progress.state is WorkState.WORKING
        assert (FrozenFile.objects.count(), version(frozen_id).digest) == (0, ""), name
    freezing.freeze(frozen_id, lambda: NOW)
    assert version(frozen_id).is_done
    files = FrozenFile.objects.count()
    approved(frozen_id)
    sealing_id = ask_seal(frozen_id, needs_review=False, by=AUTHOR, now=NOW)
    assert sealing_id is not None
    with monkeypatch.context() as dying, pytest.raises(Killed):
        dying.setattr(sealing.Turn, "end", killed)
        sealing.seal_asked(sealing_id, lambda: NOW)
    assert (Letter.objects.count(), Seal.objects.count()) == (0, 0), "the seal and its end are one transaction"
    sealing.seal_asked(sealing_id, lambda: NOW)
    sealing.seal_asked(sealing_id, lambda: NOW)
    assert (Letter.objects.count(), Seal.objects.count(), FrozenFile.objects.count()) == (1, 1, files)


def test_a_worker_without_the_key_seals_nothing_and_says_so(place: Place) -> None:
    from django.test import override_settings

    from everyfamily.letters.actions.sealing import seal_asked
    from everyfamily.letters.draft_queries.agreeing import sealing_of
    from everyfamily.mailings.edges.letter_jobs import ask_seal
    from everyfamily.work.queries.work import failed_work

    frozen_id = frozen_now(begun())
    approved(frozen_id)
    for values in ({"EVERYFAMILY_SEALING_KEY_FILE": ""}, {"EVERYFAMILY_SEALING_KEY_FILE": "/not/there"}):
        asked_for = ask_seal(frozen_id, needs_review=False, by=AUTHOR, now=NOW)
        assert asked_for is not None
        with override_settings(**values):
            seal_asked(asked_for, lambda: NOW)
        found = sealing_of(frozen_id)
        assert found is not None
        assert (found.state, found.failed_code) == (WorkState.FAILED, "EF514")
    assert {(one.what, one.code) for one in failed_work()} == {("sealing a letter", "EF514")}


def test_the_command_takes_the_folder_out_and_brings_an_approval_in(place: Place, tmp_path: Path) -> None:
    from everyfamily_demo.clock import set_simulated

    def command(*words: str, code: int = 0) -> str:
        said = CliRunner().invoke(main, words)
        assert said.exit_code == code, said.output
        return said.output

    set_simulated(NOW)
    assert command("letters", "list") == "No letter is being written.\n"
    draft_id = begun()
    out = tmp_path / "out"
    assert "EF515" in command("letters", "folder", REFERENCE, "--out", str(out), code=2)
    frozen_id = frozen_now(draft_id)
    assert f"{REFERENCE}, version 1, fingerprint" in command("letters", "folder", REFERENCE, "--out", str(out))
    (tmp_path / "key.pem").write_bytes(keys()["police"].to_pem(PASSPHRASE))
    key = ["--key", str(tmp_path / "key.pem"), "--passphrase-file", str(place.passphrase)]
    fingerprint_of = fingerprint(version(frozen_id).digest)
    command("approve", str(out), "--signatory", "police", *key, "--yes", "--fingerprint", fingerprint_of)
    signed = str(out / "approvals" / "police.json")
    bring = ("letters", "approval", REFERENCE, signed, "--by", "Robin Example")
    assert "is approved by police. It waits for childrens-services." in command(*bring)
    assert "This approval was here already" in command(*bring)
    assert f"{REFERENCE}  child-sexual-exploitation" in command("letters", "list")
    (row,) = json.loads(command("letters", "list", "--json"))
    assert (row["state"], row["waits_for"]) == ("asked", ["childrens-services"])
    (tmp_path / "big.json").write_bytes(b"{" + b" " * 11_000_000)
    for file, code in (("big.json", "EF307"), ("key.pem", "EF307")):
        assert code in command(
            "letters", "approval", REFERENCE, str(tmp_path / file), "--by", "Robin Example", code=2
        )


def test_whatever_changes_the_letter_overtakes_what_is_frozen_and_what_does_not_leaves_it(place: Place) -> None:
    from everyfamily.letters.actions.drafts import end_draft, set_dated
    from everyfamily.letters.actions.reviewing import leave_note, settle_note
    from everyfamily.letters.actions.waivers import end_waiver, propose_waiver
    from everyfamily.letters.draft_queries.agreeing import waivers_of_draft
    from everyfamily.letters.draft_queries.notes import open_notes

    draft_id = begun()
    by: dict[str, Any] = {"by": AUTHOR, "now": NOW}

    def waive() -> None:
        propose_waiver(draft_id, "RD001", "past/1", reason="Agreed.", ends_on=date(2027, 4, 1), **by)

    changes: list[tuple[str, Callable[[], object]]] = [
        ("", lambda: leave_note(draft_id, "Is this right?", **by)),
        ("", lambda: settle_note(open_notes(draft_id)[0].id, **by)),
        ("", lambda: set_dated(draft_id, date(2027, 3, 2), **by)),
        ("", lambda: saved(draft_id, "past", {})),
        ("", lambda: saved(draft_id, "past", {"past/1": "Ring ((the mayor))."})),
        ("words", lambda: saved(draft_id, "past", {"past/1": "It is never too late."})),
        ("waivers", waive),
        ("waivers", lambda: end_waiver(waivers_of_draft(draft_id)[0].id, **by)),
        ("date", lambda: set_dated(draft_id, date(2027, 3, 3), **by)),
        ("ended", lambda: end_draft(draft_id, **by)),
    ]
    for why, act in changes:
        frozen_id = asked(draft_id)
        assert asked(draft_id) == frozen_id
        act()
        assert version(frozen_id).overtaken_why == why
    assert not settle_note(10_000, **by)
