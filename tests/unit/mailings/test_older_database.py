"""Which signs say that a database is older than what was sent from it, and which say only that nobody was working."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from everyfamily.mailings.actions.guards.older_database import (
    FRESH,
    QUIET,
    Database,
    what_changed,
    what_speaks_against,
)
from everyfamily.mailings.installation.machine import Here
from everyfamily.mailings.installation.sent_marker import HALTED, Header, Line, Marked

NOW = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
OURS, NEXT, OTHER = (uuid.UUID(int=number) for number in (1, 2, 3))
WORKING = Database(OURS, NOW, NOW, "7001 00000001 16384 17001", has_sent=True, is_open=True)
NEVER_USED = replace(WORKING, epoch=None, moved_at=None, has_sent=False, is_open=False)
HEADER = Header(OURS, NOW, WORKING.identity, has_sent=True)
HERE = Here("machine", "boot", "disk", "inodes")


def says(
    database: Database,
    header: Header | None,
    *lines: Line,
    known: Sequence[tuple[int, int]] = (),
    where: Here = HERE,
    alive: Collection[str] = (),
    simulated: bool = False,
) -> str:
    marked = None if header is None else Marked(header, lines)
    found = what_speaks_against(marked, database, dict(known), where, alive, simulated=simulated)
    return "" if found is None else found.code


OLDER, MISSING, NO_WORKERS, MOVED, COPY = "EF570", "EF571", "EF572", "EF573", "EF579"


def test_the_two_halves_agree_while_an_epoch_follows_another() -> None:
    assert says(WORKING, HEADER) == ""
    assert says(WORKING, replace(HEADER, epoch=OTHER, next=OURS)) == "", (
        "the process died after the database had it"
    )
    assert says(WORKING, replace(HEADER, next=NEXT)) == "", "or before"


def test_another_epoch_is_an_older_database_unless_the_marker_is_the_older_one() -> None:
    before, after = (replace(HEADER, epoch=OTHER, at=NOW + timedelta(seconds=by)) for by in (-1, 1))
    assert says(WORKING, before) == MISSING
    assert says(WORKING, replace(HEADER, epoch=OTHER)) == OLDER, (
        "as old as the other: nobody can say which came first"
    )
    assert says(WORKING, after) == OLDER
    assert says(WORKING, before, Line("w", 7, 1)) == OLDER, (
        "a claim that the database does not know counts for more"
    )
    assert says(WORKING, before, Line("w", 7, 1), known=[(7, 1)]) == MISSING


@pytest.mark.parametrize(
    ("tries", "known", "expected"),
    [(1, [(7, 1)], ""), (1, [(7, 2)], ""), (2, [(7, 1)], OLDER), (1, [(7, 0)], OLDER), (0, [], OLDER)],
)
def test_a_claim_is_known_if_the_database_has_counted_it(
    tries: int, known: Sequence[tuple[int, int]], expected: str
) -> None:
    nothing_yet = Line("v")
    assert says(WORKING, HEADER, nothing_yet, Line("w", 7, tries), known=known) == expected


def test_a_database_that_never_had_a_worker_beside_a_marker_that_sent_is_another_one() -> None:
    new = replace(HEADER, has_sent=False)
    assert says(NEVER_USED, HEADER) == OLDER
    assert says(NEVER_USED, new, Line("w", 7, 1), known=[(7, 1)]) == OLDER
    assert says(NEVER_USED, new, Line("w")) == ""
    assert says(NEVER_USED, None) == ""
    assert says(NEVER_USED, HEADER, simulated=True) == "", "a demonstration begins beside an older outbox"
    assert says(WORKING, replace(HEADER, epoch=OTHER), simulated=True) == OLDER


def test_a_database_that_has_sent_needs_its_marker() -> None:
    assert says(WORKING, None) == MISSING
    assert says(replace(WORKING, has_sent=False), None) == ""
    assert says(replace(WORKING, epoch=None), None) == MISSING


def test_a_database_made_again_has_moved() -> None:
    assert says(replace(WORKING, identity="7001 00000002 16384 17001"), HEADER) == MOVED
    assert what_changed("7001 1 16384 17001", "7001 1 16384 17001") == ""
    assert (
        what_changed("7001 1 16384 17001", "7001 2 16384 17009")
        == "another timeline and another table of messages"
    )
    assert (
        what_changed("7001 1 16384 17001 more", "7002 1 16384 17001")
        == "another cluster and another something else"
    )


def test_an_hour_without_workers_is_asked_about_while_a_mailing_is_open() -> None:
    quiet = replace(WORKING, now=NOW + QUIET + timedelta(seconds=1))
    assert says(quiet, HEADER) == NO_WORKERS
    assert says(replace(WORKING, now=NOW + QUIET), HEADER) == ""
    assert says(replace(quiet, is_open=False), HEADER) == ""
    assert says(quiet, HEADER, simulated=True) == ""
    assert says(replace(quiet, has_sent=False), None) == NO_WORKERS, "also before anything was sent"
    assert says(replace(quiet, moved_at=None), HEADER) == ""


PLACED = replace(HEADER, place=HERE.place)
ENDED = Line("w", ended=True, machine=HERE.machine, boot=HERE.boot, device=HERE.device)
KILLED = replace(ENDED, ended=False)
REBOOTED = replace(HERE, boot="next boot")
ELSEWHERE = Here("new machine", "its boot", "its disk", HERE.place)


def test_a_restart_of_the_worker_and_a_reboot_after_a_clean_stop_ask_nothing() -> None:
    assert says(WORKING, PLACED, ENDED) == ""
    assert says(WORKING, PLACED, KILLED) == "", "killed, and started again on the same boot"
    assert says(WORKING, PLACED, ENDED, where=REBOOTED) == ""
    assert says(WORKING, PLACED, ENDED, where=replace(REBOOTED, device="sdb")) == "", "disks have other numbers"


def test_a_machine_that_did_not_stop_cleanly_and_has_another_boot_may_have_been_put_back() -> None:
    assert says(WORKING, PLACED, ENDED, KILLED, where=REBOOTED) == COPY
    assert says(WORKING, PLACED, KILLED, where=REBOOTED, simulated=True) == COPY
    # The clock jumped while a worker ran: on its boot too, and although another worker is alive.
    halted = replace(KILLED, boot=HALTED)
    assert says(WORKING, PLACED, halted) == COPY
    assert says(WORKING, PLACED, halted, replace(ENDED, worker="v"), alive=["v"]) == COPY


def test_a_marker_that_was_copied_or_is_on_another_disk_is_asked_about() -> None:
    copied = replace(HERE, place="other inodes")
    assert says(WORKING, PLACED, ENDED, where=copied) == COPY
    assert says(WORKING, PLACED, KILLED, where=copied, alive=["w"]) == COPY
    assert says(WORKING, PLACED, ENDED, where=replace(HERE, device="sdb")) == COPY
    assert says(WORKING, HEADER, where=copied) == "", "written by an earlier version, which did not say"


def test_a_new_machine_is_an_added_one_only_while_another_works_on_the_same_server() -> None:
    assert says(WORKING, PLACED, KILLED, where=ELSEWHERE, alive=["w"]) == ""
    assert says(WORKING, PLACED, KILLED, where=ELSEWHERE) == COPY
    assert says(WORKING, PLACED, ENDED, where=ELSEWHERE) == COPY, "also after a clean stop"
    assert says(replace(WORKING, now=NOW + FRESH * 2), PLACED, KILLED, where=ELSEWHERE, alive=["w"]) == COPY
    known = replace(ENDED, worker="v", machine=ELSEWHERE.machine)
    assert says(WORKING, PLACED, ENDED, known, where=ELSEWHERE) == "", "it was here before"
    assert says(WORKING, PLACED, replace(ENDED, machine=""), where=ELSEWHERE) == "", "by an earlier version"
    assert says(WORKING, PLACED, ENDED, where=replace(ELSEWHERE, machine="")) == "", "the system does not say"


def test_the_error_says_of_when_the_database_is() -> None:
    found = what_speaks_against(Marked(replace(HEADER, epoch=OTHER), ()), WORKING, {}, HERE, (), simulated=False)
    assert "2 March 2027, 09:00 UTC" in str(found)
    never = what_speaks_against(Marked(HEADER, ()), NEVER_USED, {}, HERE, (), simulated=False)
    assert "no worker has ever used it" in str(never)
