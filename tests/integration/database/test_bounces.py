"""A letter that a mail server accepted and that came back: read from the mailbox, and the next way follows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from everyfamily.core.accounting.coverage import Outcome
from tests.contract.mail_server import MailServer
from tests.factories.city import NOW, City, address, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]

CORPUS = Path(__file__).parents[2] / "fuzz" / "corpus" / "bounces"
INVENTED = "6f1d2c3a-8f54-4a7e-9c1b-2f0e5d6a7b8c"
SCHOOL = 900001
MINUTE = timedelta(minutes=1)


@pytest.fixture
def server() -> Iterator[MailServer]:
    server = MailServer().start()
    yield server
    server.stop()


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    for part in ("tmp", "new", "cur"):
        (tmp_path / "bounces" / part).mkdir(parents=True)
    return tmp_path / "bounces"


@pytest.fixture
def sent(city: City, server: MailServer, maildir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[City]:
    """Two families with an email and a postal address each; the server has accepted both emails."""
    from django.conf import settings

    from everyfamily.mailings.installation.carriers import carriers, close_carriers

    options = {"host": "127.0.0.1", "port": server.port, "timeout": 5}
    backend = "django.core.mail.backends.smtp.EmailBackend"
    monkeypatch.setattr(settings, "MAILERS", {"default": {"BACKEND": backend, "OPTIONS": options}})
    monkeypatch.setattr(settings, "EVERYFAMILY_CHANNELS", "smtp")
    bounces = {"to": "bounces@letters.example.org", "mailbox": f"maildir:{maildir}", "password": ""}
    monkeypatch.setattr(settings, "EVERYFAMILY_BOUNCES", bounces)
    carriers.cache_clear()
    rows = [
        adult(f"P{number}", f"{name} Testing", EMAIL=f"{name.lower()}@example.org", **address(number))
        for number, name in ((1, "Ana"), (2, "Bea"))
    ]
    city.school(SCHOOL, rows)
    city.open()
    city.send()
    assert sorted(one.to for one in server.script.taken) == ["ana@example.org", "bea@example.org"]
    yield city
    close_carriers()


def comes_back(maildir: Path, server: MailServer, to: str, name: str, at: datetime = NOW + MINUTE) -> None:
    """The bounce of one letter, sent to the envelope's own sender."""
    [taken] = [one for one in server.script.taken if one.to == to]
    reference = taken.sender.partition("+")[2].partition("@")[0]
    assert taken.sender == f"bounces+{reference}@letters.example.org"
    file = maildir / "new" / f"{len(list((maildir / 'new').iterdir()))}.{name}"
    file.write_bytes((CORPUS / f"{name}.eml").read_bytes().replace(INVENTED.encode(), reference.encode()))
    os.utime(file, (at.timestamp(), at.timestamp()))


def take_in(now: datetime) -> None:
    from everyfamily.mailings.edges.tasks import take_in_receipts

    take_in_receipts(now)


def attempts() -> dict[str, list[tuple[str, str]]]:
    """Channel and status of each adult's attempts in order, by email address."""
    from everyfamily.mailings.models import Attempt
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.keys.school_keys import open_vault
    from everyfamily.people.models import ContactPoint, School

    school = School.objects.get(urn=SCHOOL)
    with tenant(school.pk):
        vault = open_vault(school.pk, now=NOW)
        emails = {
            point.parent_id: vault.decrypt("contact", point.pk, bytes(point.value))
            for point in ContactPoint.objects.filter(channel="email")
        }
        found: dict[str, list[tuple[str, str]]] = {}
        for attempt in Attempt.objects.select_related("delivery").order_by("id"):
            found.setdefault(emails[attempt.delivery.parent_id], []).append((attempt.channel, attempt.status))
    return found


def test_an_email_that_bounced_is_followed_by_paper_and_the_address_is_marked(
    sent: City, server: MailServer, maildir: Path
) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import ContactPoint, School

    comes_back(maildir, server, "ana@example.org", "exim_gone")
    take_in(NOW + 2 * MINUTE)
    sent.send(NOW + 2 * MINUTE)
    assert attempts() == {
        "ana@example.org": [("email", "permanent-failure"), ("post", "accepted")],
        "bea@example.org": [("email", "accepted")],
    }
    with tenant(School.objects.get(urn=SCHOOL).pk):
        marked = list(ContactPoint.objects.exclude(status="usable").values_list("status", "status_reason"))
    assert marked == [("permanent-failure", "bounced: the address does not exist (5.1.1)")]
    assert len(server.script.taken) == 2
    assert [len(list((maildir / f".{place}").rglob("*.exim_gone*"))) for place in ("done", "set-aside")] == [1, 0]


def test_a_full_mailbox_is_followed_by_paper_and_not_marked(
    sent: City, server: MailServer, maildir: Path
) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import ContactPoint, School

    comes_back(maildir, server, "ana@example.org", "gmail_full")
    take_in(NOW + 2 * MINUTE)
    sent.send(NOW + 2 * MINUTE)
    assert attempts()["ana@example.org"] == [("email", "temporary-failure"), ("post", "accepted")]
    with tenant(School.objects.get(urn=SCHOOL).pk):
        assert not ContactPoint.objects.exclude(status="usable").exists()


def test_an_email_that_stays_quiet_is_accepted_and_no_paper_follows(
    sent: City, server: MailServer, maildir: Path
) -> None:
    comes_back(maildir, server, "ana@example.org", "postfix_delayed")
    comes_back(maildir, server, "bea@example.org", "out_of_office")
    take_in(NOW + 2 * MINUTE)
    later = NOW + timedelta(hours=73)
    sent.send(later)
    assert {tuple(tried) for tried in attempts().values()} == {(("email", "accepted"),)}
    assert sent.coverage(later).total.outcomes == {Outcome.ACCEPTED: 2}


def test_a_bounce_after_the_quiet_takes_the_letter_back(sent: City, server: MailServer, maildir: Path) -> None:
    sent.send(NOW + timedelta(hours=73))
    comes_back(maildir, server, "ana@example.org", "postfix_gone", NOW + timedelta(hours=80))
    take_in(NOW + timedelta(hours=81))
    sent.send(NOW + timedelta(hours=81))
    assert attempts()["ana@example.org"] == [("email", "permanent-failure"), ("post", "accepted")]


def test_a_bounce_that_is_read_twice_counts_once(
    sent: City, server: MailServer, maildir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.channels.email.bounce_box import BounceBox
    from everyfamily.mailings.models import DeliveryEvent
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import School

    comes_back(maildir, server, "ana@example.org", "exim_gone")
    with monkeypatch.context() as crash:
        crash.setattr(BounceBox, "acknowledge", lambda self: None)
        take_in(NOW + 2 * MINUTE)
    assert len(list((maildir / "new").iterdir())) == 1
    take_in(NOW + 3 * MINUTE)
    assert list((maildir / "new").iterdir()) == []
    with tenant(School.objects.get(urn=SCHOOL).pk):
        assert DeliveryEvent.objects.filter(status="permanent-failure").count() == 1


def test_a_mailbox_that_is_away_stops_nothing_else(
    sent: City, server: MailServer, maildir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    comes_back(maildir, server, "ana@example.org", "exim_gone")
    (maildir / "new").rename(maildir / "away")
    take_in(NOW + 2 * MINUTE)
    assert "EF612" in caplog.text
    (maildir / "away").rename(maildir / "new")
    take_in(NOW + 3 * MINUTE)
    assert attempts()["ana@example.org"][0] == ("email", "permanent-failure")


def test_a_person_can_see_whether_the_mailboxes_can_be_read(
    sent: City, server: MailServer, maildir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner
    from django.conf import settings

    from everyfamily.cli.main import main

    comes_back(maildir, server, "ana@example.org", "exim_gone")
    said = CliRunner().invoke(main, ["mailboxes"])
    assert (said.exit_code, "bounces: 1 to read, 0 done, 0 for a person" in said.output) == (0, True), said.output
    assert "replies: not read" in said.output
    monkeypatch.setattr(settings, "EVERYFAMILY_REPLIES", {"mailbox": f"maildir:{maildir}/gone", "password": ""})
    said = CliRunner().invoke(main, ["mailboxes", "--json"])
    assert said.exit_code == 1
    assert "EF612" in said.output
