"""A rehearsal writes to the people of a list and to nobody else, whatever the rolls hold and however it is started."""

from __future__ import annotations

from pathlib import Path

import pytest

from everyfamily.channels.rehearsal import RehearsalListNotRight, read_rehearsal
from everyfamily.core.calendar.sending_window import REHEARSAL
from everyfamily.core.errors import EveryfamilyError
from tests.factories.city import NOW, City, address, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN = 900001
AT_NIGHT = NOW.replace(hour=22)


@pytest.fixture
def staff(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The coordinator's list, named in the settings."""
    from django.conf import settings

    file = tmp_path / "staff.txt"
    file.write_text("Ana.Ferris@Example.org   # me\n07700 900123\n")
    monkeypatch.setattr(settings, "EVERYFAMILY_REHEARSAL", str(file))
    return file


def state_of(city: City) -> tuple[str, str]:
    from everyfamily.mailings.models import Mailing

    mailing = Mailing.objects.get(pk=city.mailing)
    return mailing.state, mailing.paused_reason


def test_staff_on_the_list_get_it_at_any_hour(city: City, staff: Path) -> None:
    city.school(
        URN,
        [
            adult("P1", "Ana Ferris", EMAIL="ana.ferris@example.org"),
            adult("P2", "Bo Ferris", MOBILE="07700900123"),
        ],
    )
    city.open(sending=REHEARSAL)
    city.send(AT_NIGHT)
    assert {line["to"] for line in city.outbox()} == {"ana.ferris@example.org", "+447700900123"}
    assert state_of(city)[0] == "open"


def test_a_parent_on_a_roll_pauses_it_before_anything_goes_to_them(city: City, staff: Path) -> None:
    city.school(
        URN,
        [adult("P1", "Cai Ferris", EMAIL="parent@example.org"), adult("P2", "Bo Ferris", MOBILE="07700900123")],
    )
    city.open(sending=REHEARSAL)
    city.send()
    assert "parent@example.org" not in {line["to"] for line in city.outbox()}
    state, why = state_of(city)
    assert state == "paused"
    assert "rehearsal" in why
    assert "parent@" not in why


@pytest.mark.parametrize(("lines", "printed"), [("", False), ("paper\n", True)])
def test_paper_is_printed_only_where_the_list_says_so(city: City, staff: Path, lines: str, printed: bool) -> None:
    staff.write_text(staff.read_text() + lines)
    city.school(URN, [adult("P1", "Ana Ferris", **address(1))], order=["post"])
    city.open(sending=REHEARSAL)
    city.send()
    assert bool(city.outbox()) is printed
    assert state_of(city)[0] == ("open" if printed else "paused")


def test_a_worker_without_the_list_sends_nothing(city: City) -> None:
    city.school(URN, [adult("P1", "Ana Ferris", EMAIL="ana.ferris@example.org")])
    city.open(sending=REHEARSAL)
    city.send()
    assert city.outbox() == []
    assert state_of(city)[0] == "paused"


def test_a_list_that_cannot_be_read_lets_nothing_out(city: City, staff: Path) -> None:
    from everyfamily.mailings.installation.carriers import carriers

    staff.unlink()
    with pytest.raises(EveryfamilyError):
        carriers()
    staff.write_text("ana at home\n")
    with pytest.raises(RehearsalListNotRight):
        read_rehearsal(staff)


def test_a_rehearsal_without_a_list_is_refused(city: City, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from everyfamily.cli.main import main

    done = CliRunner().invoke(main, ["rehearse", str(tmp_path), "--sealing-key", "x"])
    assert (done.exit_code, "EF964" in done.output) == (2, True)


def test_a_rehearsal_without_a_school_is_refused_and_opens_nothing(
    city: City, staff: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner
    from django.conf import settings

    from everyfamily.cli.main import main

    monkeypatch.setattr(settings, "EVERYFAMILY_REHEARSAL", str(staff))
    done = CliRunner().invoke(main, ["rehearse", str(tmp_path), "--sealing-key", "x"])
    assert (done.exit_code, "EF965" in done.output) == (2, True), done.output


def test_whoever_writes_to_the_reply_mailbox_gets_no_answer_from_a_rehearsal(
    city: City, staff: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reply may be from anybody: the answer is written into a file, and no mail server is asked."""
    from django.conf import settings

    from everyfamily.channels.email.answers import RecordedAnswers
    from everyfamily.mailings.edges.replies import answer_post

    monkeypatch.setattr(settings, "EVERYFAMILY_CHANNELS", "smtp")
    assert isinstance(answer_post(), RecordedAnswers)


def test_paper_on_the_list_is_not_a_providers_post(staff: Path, tmp_path: Path) -> None:
    from everyfamily.mailings.installation import carriers

    assert carriers.may_print("print") and carriers.may_print("recording")
    assert not carriers.may_print("notify")
