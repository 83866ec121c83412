"""Automatic answers on a real mail server: nothing can come back to one, and no answer can follow it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from everyfamily.channels.email.answers import Answer, RecordedAnswers
from everyfamily.channels.email.django_mail import DjangoMail
from everyfamily.channels.email.replies import reply_in
from everyfamily.channels.errors import CarrierBroken, CarrierRefused, NoAnswer
from everyfamily.core.sending.fallback import AttemptStatus
from tests.contract.mail_server import HANG_UP
from tests.contract.rigs import NOW, SENDER, SmtpRig

REFERENCE = "6f1d2c3a-8f54-4a7e-9c1b-2f0e5d6a7b8c"


def answer(to: str = "ana@example.org", **more: object) -> Answer:
    words = ("Eastmere families", "replies@eastmere.example", "Automatic answer", ".Ring 999.\n.\n")
    return Answer(REFERENCE, to, "en", *words, **more)  # type: ignore[arg-type]


def carrier_of(rig: SmtpRig) -> DjangoMail:
    assert isinstance(rig.carrier, DjangoMail)
    return rig.carrier


def test_it_leaves_with_the_null_sender_and_says_that_it_is_automatic(smtp: SmtpRig) -> None:
    given = answer(in_reply_to="<2@mail.example.org>", thread=("<1@mail.example.org>",))
    assert carrier_of(smtp).answer(given, NOW).status is AttemptStatus.ACCEPTED
    [taken] = smtp.server.script.taken
    assert (taken.sender, taken.to) == ("<>", "ana@example.org")
    assert taken.mail["Auto-Submitted"] == "auto-replied"
    assert taken.mail["References"] == "<1@mail.example.org> <2@mail.example.org>"
    assert taken.mail["Message-ID"] == f"<{REFERENCE}@eastmere.example>"
    assert taken.mail.get_content().replace("\r\n", "\n") == ".Ring 999.\n.\n"
    assert reply_in(taken.raw, ours=frozenset()) is None


def test_an_answer_to_a_message_without_an_id_names_none(smtp: SmtpRig) -> None:
    carrier_of(smtp).answer(answer(), NOW)
    [taken] = smtp.server.script.taken
    assert taken.mail["In-Reply-To"] is None
    assert taken.mail["References"] is None


@pytest.mark.parametrize(
    ("said", "meaning"),
    [("450 4.2.0 later", CarrierRefused), ("550 5.7.1 not you", CarrierBroken), (HANG_UP, CarrierRefused)],
)
def test_a_refusal_is_the_carriers_own(smtp: SmtpRig, said: str, meaning: type[Exception]) -> None:
    smtp.server.script.recipient["ana"] = said
    with pytest.raises(meaning):
        carrier_of(smtp).answer(answer(), NOW)


def test_silence_after_the_answer_was_given_is_no_answer(smtp: SmtpRig) -> None:
    smtp.server.script.letter["ana"] = HANG_UP
    with pytest.raises(NoAnswer):
        carrier_of(smtp).answer(answer(), NOW)


@pytest.mark.parametrize(
    ("to", "status"), [("zoë@example.org", "permanent-failure"), ("gone@example.org", "permanent-failure")]
)
def test_an_address_that_is_none_fails_by_itself(smtp: SmtpRig, to: str, status: str) -> None:
    smtp.server.script.recipient["gone"] = "550 5.1.1 no such user"
    assert carrier_of(smtp).answer(answer(to), NOW).status.value == status


def test_letters_and_answers_share_one_connection(smtp: SmtpRig) -> None:
    smtp.carrier.send([smtp.message(1)], NOW)
    carrier_of(smtp).answer(answer(), NOW)
    smtp.carrier.send([smtp.message(2)], NOW)
    assert smtp.server.script.connections == 1
    assert [one.sender for one in smtp.server.script.taken] == [SENDER, "<>", SENDER]


def test_a_backend_that_has_no_envelope_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    backend = "django.core.mail.backends.locmem.EmailBackend"
    monkeypatch.setattr(settings, "MAILERS", {"default": {"BACKEND": backend}})
    with pytest.raises(CarrierBroken, match="null sender"):
        DjangoMail(sender=SENDER).answer(answer(), NOW)


def test_in_a_rehearsal_nothing_personal_is_written(tmp_path: Path) -> None:
    post = RecordedAnswers(tmp_path / "outbox")
    for _ in range(2):
        assert post.answer(answer(), NOW).status is AttemptStatus.ACCEPTED
    post.close()
    file = tmp_path / "outbox" / "answers.log"
    assert len(file.read_text().splitlines()) == 2
    assert "ana" not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
