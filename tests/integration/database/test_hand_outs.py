"""The school's word on copies that children took home: by list or by class, once, and for its own copies only."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from everyfamily.core.accounting.coverage import Outcome
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.sending.fallback import AttemptStatus
from everyfamily.mailings.messages.hand_out_lists import CAME_BACK, HANDED_OVER, NOT_HANDED_OVER, Word
from tests.factories.city import NOW, City, address, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN, OTHER = 900001, 900002
TODAY = NOW.date()
NEXT_DAY = NOW + timedelta(days=1)
ORDER = ["pupil post", "post"]


def children(*ids: str, group: str = "4B", home: bool = False) -> list[dict[str, str]]:
    where = address(1) if home else {}
    return [adult(one, f"Ana Ferris {one}", CLASS=group, **where) for one in ids]


def handed_out(city: City, *rows: Mapping[str, str], urn: int = URN) -> None:
    """A school whose classes have their copies."""
    city.school(urn, rows, order=ORDER)
    if not city.mailing:
        city.open()
    city.send()


def the_list(city: City, urn: int = URN, day: str = "2027-03-02") -> Path:
    return city.folder / "outbox" / "print" / "pupil-post" / f"ES-2703-K7R4_{urn}" / day / "hand-out-list.csv"


def fill_in(city: City, words: Mapping[str, Sequence[str]], urn: int = URN) -> Path:
    """The school's list with (handed_over, handed_over_on) of some children filled in, as the office saves it."""
    rows = list(csv.DictReader(io.StringIO(the_list(city, urn).read_text())))
    for row in rows:
        said = [*words.get(row["pupil_id"], ()), "", ""]
        row["handed_over"], row["handed_over_on"] = said[0], said[1]
    file = city.folder / f"filled-in-{urn}.csv"
    with file.open("w", newline="", encoding="utf-8-sig") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return file


def record(city: City, words: Sequence[Word], *, urn: int = URN, now: datetime = NEXT_DAY):  # type: ignore[no-untyped-def]
    from everyfamily.mailings.actions.paper.hand_outs import record_hand_outs

    return record_hand_outs(city.schools[urn], words, by=Actor.typed("School office"), now=now, file="list.csv")


def read(file: Path) -> list[Word]:
    from everyfamily.mailings.messages.hand_out_lists import read_hand_out_list

    return read_hand_out_list(file.read_bytes(), file=file.name)


def by_class(city: City, group: str, *, on: date = TODAY, without: Sequence[str] = ()) -> list[Word]:
    from everyfamily.mailings.actions.paper.hand_outs import words_for_class

    return words_for_class(city.schools[URN], group=group, on=on, without=without, now=NEXT_DAY)


def waiting(city: City, urn: int = URN) -> dict[str, int]:
    from everyfamily.mailings.actions.paper.hand_outs import hand_outs_waiting

    return {one.group: one.copies for one in hand_outs_waiting(city.schools[urn], now=NEXT_DAY)}


def tasks(city: City, urn: int = URN) -> list[tuple[str, bool]]:
    from everyfamily.mailings.models import PersonTask
    from everyfamily.people.database.tenancy import tenant

    with tenant(city.schools[urn]):
        found = PersonTask.objects.filter(kind="hand-out")
        return [(task.owner, task.closed_at is None) for task in found]


def test_a_filled_in_list_is_the_schools_word(city: City) -> None:
    handed_out(city, *children("P1", "P2", "P3", "P4", home=True))
    file = fill_in(city, {"P1": ["yes", "2027-03-02"], "P2": ["No"], "P3": ["returned"]})
    done = record(city, read(file))
    assert (done.handed_over, done.not_handed_over, done.came_back, done.before) == (1, 1, 1, 0)
    city.send(NEXT_DAY)
    outcomes = city.coverage(NEXT_DAY).total.outcomes
    assert outcomes == {Outcome.REACHED: 1, Outcome.ON_ITS_WAY: 3}
    posted = sorted(line["address"][0] for line in city.outbox() if line["channel"] == "post")  # type: ignore[index]
    assert posted == ["Ana Ferris P2", "Ana Ferris P3"], "the next way follows a no and a return"
    assert waiting(city) == {"4B": 1}


def test_the_same_list_twice_counts_once(city: City) -> None:
    from everyfamily.audit.models import AuditEvent
    from everyfamily.people.database.tenancy import tenant

    handed_out(city, *children("P1", "P2"))
    words = read(fill_in(city, {"P1": ["yes"], "P2": ["no"]}))
    record(city, words)
    again = record(city, words)
    assert (again.handed_over, again.not_handed_over, again.before) == (0, 0, 2)
    with tenant(city.schools[URN]):
        [event] = AuditEvent.objects.filter(action="record hand-outs")
        assert (event.actor, event.detail) == ("School office", {"handed over": 1, "not handed over": 1})


def test_a_child_who_was_away_gets_it_later_and_then_counts(city: City) -> None:
    handed_out(city, *children("P1"))
    record(city, read(fill_in(city, {"P1": ["no"]})))
    record(city, read(fill_in(city, {"P1": ["yes"]})))
    city.send(NEXT_DAY)
    assert city.coverage(NEXT_DAY).total.outcomes == {Outcome.REACHED: 1}


def test_a_copy_that_comes_back_is_reached_no_longer(city: City) -> None:
    handed_out(city, *children("P1"))
    record(city, read(fill_in(city, {"P1": ["yes"]})))
    record(city, read(fill_in(city, {"P1": ["came back"]})))
    city.send(NEXT_DAY)
    assert city.coverage(NEXT_DAY).total.outcomes == {Outcome.NOT_REACHED: 1}


def test_two_adults_of_one_child_share_its_copy(city: City) -> None:
    handed_out(city, adult("P1", "Ana Ferris", CLASS="4B"), adult("P1", "Ben Ferris", CLASS="4B"))
    record(city, by_class(city, "4B"))
    city.send(NEXT_DAY)
    assert city.coverage(NEXT_DAY).total.every_adult == 1


def test_a_class_is_said_in_one_go_but_for_some(city: City) -> None:
    handed_out(city, *children("P1", "P2", "P3", home=True), *children("Q1", group="5C"))
    done = record(city, by_class(city, "4b", without=["P2"]))
    assert (done.handed_over, done.not_handed_over) == (2, 1)
    city.send(NEXT_DAY)
    assert [line["address"][0] for line in city.outbox() if line["channel"] == "post"] == ["Ana Ferris P2"]  # type: ignore[index]
    assert waiting(city) == {"5C": 1}


@pytest.mark.parametrize("without", [["Q1"], ["P1", "nobody"]])
def test_a_child_of_another_class_is_refused_without_saying_who(city: City, without: list[str]) -> None:
    handed_out(city, *children("P1", "P2"), *children("Q1", group="5C"))
    with pytest.raises(EveryfamilyError) as caught:
        by_class(city, "4B", without=without)
    assert caught.value.code == "EF654"
    assert not any(one in str(caught.value) for one in ("Q1", "nobody", "P1"))
    assert waiting(city) == {"4B": 2, "5C": 1}


def test_a_class_without_copies_is_refused(city: City) -> None:
    handed_out(city, *children("P1"))
    for group, on in (("9Z", NOW.date()), ("4B", TODAY - timedelta(days=1))):
        with pytest.raises(EveryfamilyError, match="No copy"):
            by_class(city, group, on=on)


def test_copies_of_another_school_and_unknown_ones_are_refused_and_nothing_goes_in(city: City) -> None:
    city.school(OTHER, children("Z1"), order=ORDER)
    handed_out(city, *children("P1"))
    theirs = read(fill_in(city, {"Z1": ["yes"]}, OTHER))
    mine = read(fill_in(city, {"P1": ["yes"]}))
    unknown = Word(7, "00000000-0000-4000-8000-000000000000", HANDED_OVER)
    for bad in (theirs[0], unknown):
        with pytest.raises(EveryfamilyError) as caught:
            record(city, [*mine, bad])
        assert caught.value.code == "EF652"
        assert str(caught.value).startswith(f"list.csv:{bad.line}: ")
    assert waiting(city) == {"4B": 1}
    assert waiting(city, OTHER) == {"4B": 1}


def test_only_copies_by_the_child_are_meant(city: City) -> None:
    """A letter by post has a reference too; the school has no word on it."""
    city.school(URN, [adult("P1", "Ana Ferris", HAS_CARE="no", **address(1))])
    city.open()
    city.send()
    [posted] = city.outbox()
    with pytest.raises(EveryfamilyError, match="was given no copy"):
        record(city, [Word(2, str(posted["reference"]), HANDED_OVER)])


@pytest.mark.parametrize("on", [TODAY - timedelta(days=1), NEXT_DAY.date() + timedelta(days=1)])
def test_a_day_that_cannot_be_is_refused(city: City, on: date) -> None:
    handed_out(city, *children("P1"))
    [word] = by_class(city, "4B")
    with pytest.raises(EveryfamilyError) as caught:
        record(city, [Word(3, word.reference, HANDED_OVER, on)])
    assert caught.value.code == "EF653"
    assert waiting(city) == {"4B": 1}


def test_a_crash_after_the_audit_event_leaves_a_word_that_can_be_given_again(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.mailings.actions.paper import hand_outs

    class Died(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Died

    handed_out(city, *children("P1"))
    words = by_class(city, "4B")
    with monkeypatch.context() as patch, pytest.raises(Died):
        patch.setattr(hand_outs, "record_receipts", die)
        record(city, words)
    assert waiting(city) == {"4B": 1}
    assert record(city, words).handed_over == 1
    assert waiting(city) == {}


def test_the_lead_is_asked_after_five_school_days_and_no_longer_when_the_word_comes(city: City) -> None:
    from everyfamily.mailings.actions.paper.hand_outs import ask_leads

    handed_out(city, *children("P1", "P2"))
    # Tuesday 2 March: five school days are over with Tuesday 9 March.
    ask_leads(NOW + timedelta(days=7))
    assert tasks(city) == []
    for _ in range(2):
        ask_leads(NOW + timedelta(days=8))
        assert tasks(city) == [("Designated safeguarding lead", True)]
    later = NOW + timedelta(days=8, hours=1)
    [first, second] = by_class(city, "4B")
    record(city, [first], now=later)
    assert tasks(city) == [("Designated safeguarding lead", True)]
    record(city, [second], now=later)
    assert tasks(city) == [("Designated safeguarding lead", False)]


def test_days_without_school_do_not_count(city: City) -> None:
    from everyfamily.mailings.actions.paper.hand_outs import ask_leads
    from everyfamily.mailings.models import Mailing

    handed_out(city, *children("P1"))
    closed = [f"2027-03-{day:02}" for day in (3, 4, 5)]
    term = {"season": "spring", "opens_on": "2027-01-05", "closes_on": "2027-03-25"}
    term |= {"half_term_from": "2027-02-15", "half_term_to": "2027-02-19"}
    sending = {"days": [0, 1, 2], "opens": "09:00", "closes": "12:00", "first_days": 2, "last_days": 5}
    sending |= {"terms": [term], "schools_closed": closed, "lines_shut": []}
    Mailing.objects.update(sending=sending)
    ask_leads(NOW + timedelta(days=12))
    assert tasks(city) == []
    ask_leads(NOW + timedelta(days=13))
    assert tasks(city) == [("Designated safeguarding lead", True)]


def test_a_task_is_closed_when_the_mailing_no_longer_waits(city: City) -> None:
    from everyfamily.mailings.actions.paper.hand_outs import ask_leads

    handed_out(city, *children("P1"))
    late = NOW + timedelta(days=9)
    ask_leads(late)
    word = by_class(city, "4B")[0]
    city.hear([("P1", AttemptStatus.DELIVERED)], late)
    ask_leads(late)
    assert tasks(city) == [("Designated safeguarding lead", False)]
    assert record(city, [word], now=late).before == 1


# ---- the command -----------------------------------------------------------------------------------------------


def run(*words: str) -> Result:
    from everyfamily.cli.main import main

    return CliRunner().invoke(main, ["hand-outs", *words])


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command's clock stands at the day after the hand-out."""
    from everyfamily.cli.mailings import hand_out_commands

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return NEXT_DAY

    monkeypatch.setattr(hand_out_commands, "datetime", Clock)


@pytest.mark.usefixtures("today")
def test_the_commands_show_what_waits_and_record_it(city: City) -> None:
    handed_out(city, *children("P1", "P2"), *children("Q1", group="5C"))
    school = ("--school", str(URN))
    shown = run("list", *school).output
    assert "ES-2703-K7R4, class 4B: 2 copies, since 2 March 2027" in shown
    assert "P1" not in shown
    assert "child P1" in run("list", *school, "--class", "4B").output
    assert '"copies": 1' in run("list", *school, "--class", "5C", "--json").output
    file = fill_in(city, {"P1": ["yes"]})
    done = run("record", str(file), *school, "--by", "School office")
    assert done.output.startswith("Recorded: 1 copy handed over, 0 not handed over, 0 came back.")
    done = run("record", *school, "--class", "4B", "--on", "2027-03-03", "--except", "P2", "--by", "Office")
    assert "0 copies handed over, 1 not handed over" in done.output
    done = run("record", *school, "--class", "5C", "--by", "Office", "--json")
    assert done.output.strip() == '{"handed_over": 1, "not_handed_over": 0, "came_back": 0, "before": 0}'
    assert "No copy is waiting" in run("list", *school).output
    assert "recorded before" in run("record", str(file), *school, "--by", "School office").output


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(
    ("words", "code"),
    [((), "EF656"), (("{file}", "--class", "4B"), "EF656"), (("{file}", "--except", "P1"), "EF656")],
)
def test_a_command_that_says_two_things_or_none_is_refused(city: City, words: tuple[str, ...], code: str) -> None:
    handed_out(city, *children("P1"))
    file = str(the_list(city))
    done = run("record", *(word.format(file=file) for word in words), "--school", str(URN), "--by", "Office")
    assert code in done.output
    assert done.exit_code == 2


def test_a_list_nobody_filled_in_says_nothing(city: City) -> None:
    handed_out(city, *children("P1"))
    assert read(the_list(city)) == []
    assert NOT_HANDED_OVER is not CAME_BACK
