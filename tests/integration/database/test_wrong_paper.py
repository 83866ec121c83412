"""A letter is withdrawn while copies of it are in schools and with a print house: each is told and counted."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from everyfamily.channels.base import Carrier, Message, Submission
from everyfamily.channels.errors import CarrierBroken, NoAnswer
from everyfamily.cli.main import main
from everyfamily.core.actors import Actor
from everyfamily.core.sending.fallback import AttemptStatus, Channel, had_it
from tests.factories.city import NOW, REFERENCE, City, address, adult
from tests.factories.kept import kept_city
from tests.integration.database.test_corrections import (
    LATER,
    RIGHT,
    WHOLE,
    adults,
    attest,
    follow,
    tasks,
    withdraw,
)

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN, OTHER, ITSELF, FILED = 900001, 900002, 900003, 900004
NEXT_DAY = NOW + timedelta(days=1)


def command(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def say(*words: str) -> str:
    done = command(*words)
    assert done.exit_code == 0, done.output
    return done.output


def withdrawal() -> str:
    return say(
        "withdraw",
        "--reference",
        REFERENCE,
        "--why",
        "the number is dead",
        "--by",
        "Pat Example",
        "--agreed-by",
        "Bo Example",
    )


def handed_over(city: City, group: str, *, without: tuple[str, ...] = (), urn: int = URN) -> None:
    from everyfamily.mailings.actions.paper.hand_outs import record_hand_outs, words_for_class

    school = city.schools[urn]
    words = words_for_class(school, group=group, on=NOW.date(), without=without, now=NEXT_DAY)
    record_hand_outs(school, words, by=Actor.typed("School office"), now=NEXT_DAY)


@kept_city
def printed(city: City) -> None:
    """Five copies for two classes of one school, two letters at a print house, and two schools that send themselves."""
    from everyfamily.people.models import School

    pupils = [("P1", "4B"), ("P2", "4B"), ("P3", "4B"), ("P4", "5C"), ("P5", "5C")]
    city.school(
        URN,
        [adult(pupil, f"Ana Ferris {pupil}", CLASS=group) for pupil, group in pupils],
        order=["pupil post"],
    )
    city.school(OTHER, [adult(f"Q{n}", f"Ben Marsh {n}", **address(n)) for n in (1, 2)], order=["post"])
    city.school(ITSELF, sends="school")
    city.school(FILED, sends="school")
    for urn in (URN, ITSELF, FILED):
        School.objects.filter(urn=urn).update(mailbox=f"office{urn}@example.org")
    city.open()
    city.send()


def test_only_what_was_handed_over_counts_as_had(printed: City) -> None:
    handed_over(printed, "4B", without=("P3",))
    said = withdrawal()
    assert "Adults who have it: post 2, handed over by schools 2." in said
    assert "Copies still in schools, not handed over as far as we know: 2." in said
    assert f"{URN}: 2 " in said


def test_the_rule_of_who_had_it_is_one_for_each_channel() -> None:
    taken = AttemptStatus.ACCEPTED
    assert [channel for channel in Channel if not had_it(channel, taken)] == [Channel.PUPIL_POST]
    assert all(had_it(channel, AttemptStatus.DELIVERED) for channel in Channel)
    assert not any(had_it(channel, AttemptStatus.RETURNED) for channel in Channel)


def test_the_families_of_copies_in_the_building_get_the_replacement_and_the_others_the_correction(
    printed: City,
) -> None:
    handed_over(printed, "4B")
    withdraw()
    right = follow(printed, "correction", RIGHT)
    right.send(LATER)
    attest(printed)
    whole = follow(printed, "replacement", WHOLE)
    whole.send(LATER)
    assert (len(adults(right)), len(adults(whole))) == (3, 2)
    assert adults(right).keys().isdisjoint(adults(whole))


def test_a_class_that_says_late_that_it_handed_them_out_is_corrected(printed: City) -> None:
    withdraw()
    right = follow(printed, "correction", RIGHT)
    right.send(LATER)
    assert len(adults(right)) == 0
    handed_over(printed, "5C")
    right.send(LATER)
    assert len(adults(right)) == 2


def test_a_school_with_copies_gets_a_task_that_stays_until_it_has_said_what_became_of_each(printed: City) -> None:
    withdrawal()
    [task] = tasks(printed, kind="bin copies")
    assert (task.closed_at, task.owner) == (None, "Designated safeguarding lead")  # type: ignore[attr-defined]
    assert tasks(printed, urn=OTHER, kind="bin copies") == []
    assert "bin them, do not hand them out" in say("tasks")
    withdrawal()
    assert len(tasks(printed, kind="bin copies")) == 1
    handed_over(printed, "4B")
    assert tasks(printed, kind="bin copies")[0].closed_at is None  # type: ignore[attr-defined]
    said = say("hand-outs", "list", "--school", str(URN))
    assert "class 5C: 2 copies" in said
    assert "WITHDRAWN: bin them" in said
    assert "2 copies binned" in say("hand-outs", "binned", "--school", str(URN), "--by", "School Office")
    assert tasks(printed, kind="bin copies")[0].closed_by == "School Office"  # type: ignore[attr-defined]
    assert "EF655" in command("hand-outs", "binned", "--school", str(URN), "--by", "School Office").output
    # The hand-out task is about letters that are to be handed out.
    assert tasks(printed, kind="hand-out") == []


def test_the_sheet_names_each_pile_and_no_child(printed: City, tmp_path: Path) -> None:
    from everyfamily.documents.compared.letter_files import read_pdf

    sheet = tmp_path / "bin.pdf"
    words = ("hand-outs", "bin-sheet", "--school", str(URN), "--reference", REFERENCE, "--out", str(sheet))
    assert "EF364" in command(*words).output, "nothing is withdrawn"
    withdrawal()
    say(*words)
    text = " ".join(read_pdf(sheet.read_bytes()).words)
    assert "Bin these 5 copies" in text
    assert REFERENCE in text
    assert "4B 3" in text
    assert "5C 2" in text
    for never in ("P1", "Ferris", "exploitation", "0151"):
        assert never not in text
    assert "EF365" in command(*words[:-1], str(tmp_path / "none" / "bin.pdf")).output


def test_a_print_house_finds_a_stop_notice_in_each_folder_and_the_letters_are_counted(printed: City) -> None:
    root = printed.folder / "outbox" / "print"
    said = withdrawal()
    assert "At the print house, unless it has gone: 2 letters in 1 folder, each with a stop notice now." in said
    [notice] = root.glob(f"post/*/{REFERENCE}_*/STOP.txt")
    assert "It holds 2 letters." in notice.read_text()
    assert notice.with_name("READ-ME.txt").read_text().startswith("STOP: this letter was withdrawn.")
    assert notice.stat().st_mode & 0o777 == 0o600
    [office] = root.glob(f"pupil-post/{REFERENCE}_{URN}/STOP.txt")
    assert "hand nothing out" in office.read_text()
    before = notice.read_bytes()
    withdrawal()
    assert notice.read_bytes() == before


def test_what_the_print_house_stopped_nobody_had(printed: City, tmp_path: Path) -> None:
    [bundle] = (printed.folder / "outbox/print/post").glob(f"*/{REFERENCE}_*/bundle-*.csv")
    words = ("stopped-in-print", str(bundle), "--reference", REFERENCE, "--by", "Print House")
    assert "EF367" in command(*words).output, "nothing is withdrawn"
    assert "post 2" in withdrawal()
    other = tmp_path / "other.csv"
    other.write_text("position,reference\n1,00000000-0000-0000-0000-000000000000\n2,x\n", encoding="utf-8")
    assert "EF367" in command(words[0], str(other), *words[2:]).output
    assert "Recorded: 2 letters not posted." in say(*words)
    assert "Recorded: 0 letters not posted." in say(*words)
    assert "post" not in withdrawal().partition("Adults who have it")[2].partition("\n")[0]
    right = follow(printed, "correction", RIGHT)
    right.send(LATER)
    assert adults(right, OTHER) == {}


def test_a_folder_that_cannot_be_written_to_does_not_keep_the_letter_from_being_withdrawn(
    printed: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.channels.post import stop_notices

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(stop_notices, "put_what_differs", full)
    assert "only your call stops the print house" in withdrawal()


class Post(Carrier):
    """A mail server: what it took, and what it does instead."""

    name = "post"
    channels = frozenset({Channel.EMAIL})
    has_receipts = False

    def __init__(self, trouble: Exception | None = None) -> None:
        self.trouble = trouble
        self.taken: list[Message] = []

    def submit(self, messages: list[Message], now: datetime) -> list[Submission]:  # type: ignore[override]
        self.taken += messages
        if self.trouble is not None:
            raise self.trouble
        return [Submission(one.reference, AttemptStatus.ACCEPTED) for one in messages]


def file_return(city: City, urn: int) -> None:
    from everyfamily.mailings.models import SchoolReturn
    from everyfamily.people.database.tenancy import tenant

    with tenant(city.schools[urn]):
        SchoolReturn.objects.create(
            school_id=city.schools[urn],
            mailing_id=city.mailing,
            on_roll=30,
            by_email=30,
            by_text=0,
            on_paper=0,
            not_reached=0,
            emails_confirmed=True,
            filed_at=NOW,
            filed_by="link 1",
        )


def test_each_school_is_told_once_by_mail_to_its_own_mailbox(printed: City) -> None:
    from everyfamily.mailings.actions.telling.school_notices import tell_schools

    file_return(printed, FILED)
    post, now = Post(), datetime.now(UTC)  # a command withdraws it, by the machine's clock
    assert tell_schools(post, now).sent == 0
    withdrawal()
    assert tell_schools(post, now).sent == 3
    assert tell_schools(post, now).sent == 0
    withdrawal()
    assert tell_schools(post, now + timedelta(hours=3)).sent == 0
    by_inbox = {one.to: one.body for one in post.taken}
    assert set(by_inbox) == {f"office{urn}@example.org" for urn in (URN, ITSELF, FILED)}
    paper, itself, filed = (by_inbox[f"office{urn}@example.org"] for urn in (URN, ITSELF, FILED))
    assert paper.subject == f"Bin the copies of the spring letter {REFERENCE}"
    assert "  4B: 3\n  5C: 2" in paper.text
    assert itself.subject == f"Stop: do not send the spring letter {REFERENCE}"
    assert "If you have not sent it, please do not" in itself.text
    assert "The return that you filed stays as it is" in filed.text
    for body in by_inbox.values():
        for never in ("exploitation", "P1", "0151", "Ferris"):
            assert never not in body.text


@pytest.mark.parametrize(
    ("trouble", "again"),
    [(CarrierBroken("The login is refused.", "Correct it."), True), (NoAnswer("It is silent.", "Wait."), False)],
)
def test_what_never_left_is_tried_again_and_what_may_have_gone_is_not(
    printed: City, trouble: Exception, again: bool
) -> None:
    from everyfamily.mailings.actions.telling.school_notices import tell_schools

    withdrawal()
    post, now = Post(trouble), datetime.now(UTC)
    tell_schools(post, now)
    assert len(post.taken) == 1, "the run stops"
    first, post.trouble = post.taken[0].to, None
    tell_schools(post, now + timedelta(minutes=5))
    assert [one.to for one in post.taken].count(first) == 1
    tell_schools(post, now + timedelta(minutes=15))
    assert [one.to for one in post.taken].count(first) == (2 if again else 1)
    assert len({one.to for one in post.taken}) == 3


def test_a_school_without_a_mailbox_is_counted_for_somebody_to_ring(printed: City) -> None:
    from everyfamily.people.models import School

    School.objects.filter(urn=ITSELF).update(mailbox="")
    withdrawal()
    assert json.loads(say("tell-schools", "--json")) == {"sent": 2, "failed": 0, "unknown": 0, "no_mailbox": 1}


def test_a_school_that_must_stop_is_written_to_for_longer_than_a_term() -> None:
    from datetime import timedelta

    from everyfamily.core.sending.staff_mail import Next, next_of
    from everyfamily.mailings.models import SchoolNotice
    from tests.factories.city import NOW

    def after(days: int, kind: str) -> Next:
        row = SchoolNotice(kind=kind, status="refused", written_at=NOW, changed_at=NOW)
        return next_of(row.facts(), NOW + timedelta(days=days))

    for kind in ("stop", "bin"):
        assert after(99, kind) is not Next.GIVE_UP
        assert after(101, kind) is Next.GIVE_UP
    assert after(8, "briefing") is Next.GIVE_UP
