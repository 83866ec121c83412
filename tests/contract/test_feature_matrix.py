"""The pages on carriers say what the code does."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from everyfamily.channels.base import Carrier
from everyfamily.channels.email.django_mail import DjangoMail
from everyfamily.channels.notify.account import NotifyAccount
from everyfamily.channels.notify.carrier import Notify
from everyfamily.channels.post.print_folder import PrintFolder
from everyfamily.core.sending.fallback import QUIET, Channel
from everyfamily_demo.recording import RecordingChannel
from tests.contract.notify_service import KEY
from tests.contract.rigs import ProviderRig
from tests.contract.test_smtp import RECIPIENT

FOLDER = Path(__file__).parents[2] / "docs" / "channels"
ROWS = list(csv.DictReader((FOLDER / "feature-matrix.csv").read_text(encoding="utf-8").splitlines()))


@pytest.fixture
def shipped(tmp_path: Path, anymail: ProviderRig, mailer: Callable[[int], None]) -> dict[str, Carrier]:
    """The carriers as `mailings/installation/carriers.py` makes them."""
    mailer(25)
    paper = PrintFolder(tmp_path / "print")
    return {
        "recording": RecordingChannel(tmp_path, seed=7, paper=paper),
        "smtp": DjangoMail(sender="letters@eastmere.example"),
        "anymail": anymail.carrier,
        "print folder": paper,
        "notify": Notify(NotifyAccount(KEY)),
    }


def test_the_matrix_is_what_the_carriers_say(shipped: dict[str, Carrier]) -> None:
    said = {
        (name, str(channel)): (
            "none" if not carrier.has_receipts else "played" if name == "recording" else "yes",
            str(carrier.batch_of(channel)),
            "yes" if carrier.answers_for(channel) else "no",
        )
        for name, carrier in shipped.items()
        for channel in carrier.channels
    }
    written = {
        (row["carrier"], row["channel"]): (
            row["receipts"],
            row["messages a call"],
            row["can be asked by reference"],
        )
        for row in ROWS
    }
    assert written == said
    assert len(ROWS) == len(written)


def test_every_carrier_has_a_page_and_every_page_a_carrier() -> None:
    pages = {row["page"] for row in ROWS}
    assert pages == {path.name for path in FOLDER.glob("*.md")} - {"unknown.md"}


def test_the_rule_on_unknown_waits_as_long_as_the_program() -> None:
    page = (FOLDER / "unknown.md").read_text(encoding="utf-8")
    assert QUIET[Channel.EMAIL] == QUIET[Channel.TEXT] == timedelta(hours=72)
    assert "| email (SMTP) | no | 72 hours |" in page
    assert "| email (anymail) | no | 72 hours |" in page
    assert "| text | no | 72 hours |" in page
    assert QUIET[Channel.POST] == QUIET[Channel.PUPIL_POST] == timedelta(days=14)
    assert "the wait would be 14 days" in page


def test_the_page_on_smtp_names_every_code_that_marks_an_address() -> None:
    page = (FOLDER / "smtp.md").read_text(encoding="utf-8")
    [line] = [line for line in page.splitlines() if "permanent-failure" in line]
    for answer, meaning in RECIPIENT.items():
        code = next((part for part in answer.split() if part.count(".") == 2), answer.split()[0])
        assert (code in line) == (meaning == "permanent-failure"), answer


def test_the_pace_of_every_carrier_can_be_set(shipped: dict[str, Carrier]) -> None:
    import django

    django.setup()
    from everyfamily.mailings.actions.guards.pace import PROVIDERS

    assert {carrier.name for carrier in shipped.values()} <= set(PROVIDERS)


def test_the_page_on_bounces_names_every_code_that_marks_an_address() -> None:
    from everyfamily.channels.email.failure_words import NO_SUCH_ADDRESS

    page = (FOLDER.parent / "howto" / "read-bounces-and-replies.md").read_text(encoding="utf-8")
    [line] = [line for line in page.splitlines() if "permanent-failure" in line]
    assert set(re.findall(r"5\.\d+\.\d+", line)) == NO_SUCH_ADDRESS


def test_the_page_on_anymail_names_every_provider_that_cannot_be_told_not_to_track() -> None:
    from anymail.backends import brevo, mailtrap, postmark, scaleway
    from anymail.backends.base import BasePayload

    page = (FOLDER / "anymail.md").read_text(encoding="utf-8")

    def is_told(payload: type) -> bool:
        return (
            vars(payload).get("set_track_opens", BasePayload.set_track_opens) is not BasePayload.set_track_opens
        )

    assert is_told(postmark.PostmarkPayload)
    for name, payload in (
        ("Brevo", brevo.BrevoPayload),
        ("Mailtrap", mailtrap.MailtrapPayload),
        ("Scaleway", scaleway.ScalewayPayload),
    ):
        assert not is_told(payload)
        assert name in page
