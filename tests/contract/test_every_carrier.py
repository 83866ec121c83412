"""What every carrier must do, whoever the provider is."""

from __future__ import annotations

import traceback
from dataclasses import replace

import pytest

from everyfamily.channels.errors import FeatureNotSupported
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.sending.fallback import AttemptStatus, Channel
from tests.contract.rigs import BODY, NOW, SECRETS, Rig, message


def test_it_takes_each_message_once_and_in_order(rig: Rig) -> None:
    sent = [rig.message(number) for number in range(1, 6)]
    for one in sent:
        rig.carrier.send([one], NOW)
    assert sorted(rig.taken()) == sorted((one.reference, one.contact_value) for one in sent)


def test_it_answers_in_the_order_of_the_messages(rig: Rig) -> None:
    full = [rig.message(number) for number in range(1, rig.carrier.batch_of(rig.channel) + 1)]
    answers = rig.carrier.send(full, NOW)
    assert [answer.reference for answer in answers] == [one.reference for one in full]
    assert {answer.status for answer in answers} == {AttemptStatus.ACCEPTED}
    assert rig.taken() == [(one.reference, one.contact_value) for one in full]


def test_it_never_says_delivered_when_called(rig: Rig) -> None:
    assert rig.carrier.send([rig.message(1)], NOW)[0].status is AttemptStatus.ACCEPTED


def test_it_refuses_a_channel_that_it_does_not_carry(rig: Rig) -> None:
    for channel in set(Channel) - rig.carrier.channels:
        with pytest.raises(FeatureNotSupported):
            rig.carrier.send([message(channel, 1)], NOW)
    assert rig.taken() == []


def test_it_refuses_more_than_its_batch(rig: Rig) -> None:
    too_many = [rig.message(number) for number in range(1, rig.carrier.batch_of(rig.channel) + 2)]
    with pytest.raises(ValueError, match="a call takes up to"):
        rig.carrier.send(too_many, NOW)
    assert rig.taken() == []


def test_it_refuses_two_bodies_in_one_call(rig: Rig) -> None:
    with pytest.raises(ValueError, match="of one channel and body"):
        rig.carrier.send([rig.message(1), rig.message(2, body=replace(BODY, key="another"))], NOW)
    assert rig.taken() == []


def test_it_can_say_what_became_of_a_reference_or_says_that_it_cannot(rig: Rig) -> None:
    sent = rig.message(1)
    rig.carrier.send([sent], NOW)
    if not any(rig.carrier.answers_for(channel) for channel in Channel):
        with pytest.raises(FeatureNotSupported):
            rig.carrier.ask(sent.reference, NOW)
    if not rig.carrier.answers_for(rig.channel):
        return
    event = rig.carrier.ask(sent.reference, NOW)
    assert event is not None
    assert (event.reference, event.status) == (sent.reference, AttemptStatus.ACCEPTED)
    assert rig.carrier.ask(rig.message(2).reference, NOW) is None


def test_a_carrier_without_receipts_reports_none(rig: Rig) -> None:
    rig.carrier.send([rig.message(1)], NOW)
    if not rig.carrier.has_receipts:
        assert rig.carrier.receipts(NOW.replace(year=2028)) == []


def test_a_refusal_holds_no_personal_data(rig: Rig) -> None:
    for channel in set(Channel) - rig.carrier.channels:
        with pytest.raises(EveryfamilyError) as caught:
            rig.carrier.send([message(channel, 1)], NOW)
        assert not any(part in "".join(traceback.format_exception(caught.value)) for part in SECRETS)
