"""One person stops a sealed letter at once. To withdraw it for good, or to let it go on after another, takes two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from everyfamily.cli.main import main
from everyfamily.core.actors import Actor
from everyfamily.core.permissions import Role
from tests.factories.city import NOW, REFERENCE, City
from tests.factories.school_pages import words_of
from tests.factories.signed_in import signed_in
from tests.integration.database.test_letter_end_pages import (
    AGREE,
    GO_ON,
    GO_ON_AGREE,
    LET_BE,
    PAUSE,
    STOP,
    WHY,
    WITHDRAW,
    get,
    post,
    state,
    una,
    waits_for,
)

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]
__all__ = ["una"]


def told() -> list[tuple[str, int]]:
    """What people were told by email, and how many of them."""
    from collections import Counter

    from everyfamily.work.models import ToldMail

    return sorted(Counter(ToldMail.objects.values_list("about", flat=True)).items())


def letter_state() -> str:
    from everyfamily.letters.models import Letter

    return Letter.objects.values_list("state", flat=True).get(reference=REFERENCE)


def test_the_first_press_stops_it_at_once_and_withdraws_nothing(una: Client, city: City) -> None:
    ruth = signed_in(Role.SIGNATORY, "Ruth Calloway")
    assert post(una, WITHDRAW, why=WHY)["Location"] == STOP
    assert (state(), letter_state()) == ("paused", "sealed")
    city.send()
    assert city.outbox() == []
    assert told() == [("letters.withdrawal-asked", 2)]
    assert "A withdrawal waits for a second person" in get(una, STOP)
    assert "withdraw, and agree or take it back" in get(ruth, "/")
    assert "withdraw, and agree or take it back" not in get(una, "/")
    # Pressed again, it is asked for once.
    post(una, WITHDRAW, why=WHY)
    assert told() == [("letters.withdrawal-asked", 2)]
    # And the person who asked cannot agree, whatever form they send.
    refused = post(una, AGREE, asked=waits_for())
    assert (refused.status_code, "somebody else must agree" in words_of(refused)) == (409, True)
    assert letter_state() == "sealed"


def test_while_a_withdrawal_waits_nobody_lets_it_go_on(una: Client) -> None:
    post(una, WITHDRAW, why=WHY)
    refused = post(una, GO_ON)
    assert (refused.status_code, "asked for letter" in words_of(refused), state()) == (409, True, "paused")
    said = CliRunner().invoke(main, ["resume", "--reference", REFERENCE, "--by", "A B", "--agreed-by", "C D"])
    assert ("EF455" in said.output, state()) == (True, "paused")


def test_what_was_taken_back_meanwhile_is_not_agreed_to(una: Client) -> None:
    ruth = signed_in(Role.SIGNATORY, "Ruth Calloway")
    post(una, WITHDRAW, why=WHY)
    first = waits_for()
    assert post(una, LET_BE, asked=first)["Location"] == STOP
    assert (state(), waits_for()) == ("paused", "")
    assert post(ruth, AGREE, asked=first).status_code == 409
    # A new asking is another one, and what somebody saw before is not it.
    post(una, WITHDRAW, why="another reason")
    assert post(ruth, AGREE, asked=first).status_code == 409
    assert letter_state() == "sealed"
    assert post(ruth, AGREE, asked=waits_for()).status_code == 302
    assert letter_state() == "withdrawn"


def test_somebody_whose_role_ended_asks_for_nothing_any_more(una: Client) -> None:
    from everyfamily.accounts.models import Membership

    ruth = signed_in(Role.SIGNATORY, "Ruth Calloway")
    post(una, WITHDRAW, why=WHY)
    Membership.objects.filter(account__name="Una Marsh").update(ended_at=NOW, ended_by="test")
    refused = post(ruth, AGREE, asked=waits_for())
    assert (refused.status_code, "may not ask for this any more" in words_of(refused)) == (409, True)
    assert letter_state() == "sealed"


def test_two_accounts_of_one_mailbox_are_one_person(una: Client) -> None:
    from everyfamily.accounts.models import Account

    ruth = signed_in(Role.SIGNATORY, "Ruth Calloway")
    own = Account.objects.get(name="Una Marsh").email
    name, _, host = own.partition("@")
    Account.objects.filter(name="Ruth Calloway").update(email=f"{name}+second@{host}")
    post(una, WITHDRAW, why=WHY)
    refused = post(ruth, AGREE, asked=waits_for())
    assert (refused.status_code, "same mailbox" in words_of(refused)) == (409, True)
    assert letter_state() == "sealed"


def test_ones_own_pause_takes_one_person_and_anothers_two(una: Client, city: City) -> None:
    bo = signed_in(Role.COORDINATOR, "Bo Lind")
    ruth = signed_in(Role.SIGNATORY, "Ruth Calloway")
    post(una, PAUSE, why=WHY)
    assert "Somebody else stopped it, so it takes two people." in get(bo, STOP)
    assert post(bo, GO_ON)["Location"] == STOP
    assert (state(), told()) == ("paused", [("letters.go-on-asked", 3)])
    assert "Say whether 1 letter that somebody paused may go on" in get(ruth, "/")
    assert post(bo, GO_ON_AGREE, asked=waits_for()).status_code == 409
    assert post(bo, GO_ON).status_code == 302
    assert state() == "paused"
    # The second person, who may be the one who paused it.
    assert post(ruth, GO_ON_AGREE, asked=waits_for()).status_code == 302
    assert (state(), waits_for()) == ("open", "")
    city.send()
    assert len(city.outbox()) == 5
    # One's own pause, one's own end of it.
    post(una, PAUSE, why=WHY)
    assert post(una, GO_ON).status_code == 302
    assert state() == "open"


def test_a_pause_is_not_undone_by_asking_for_a_withdrawal_and_taking_it_back(una: Client) -> None:
    """Somebody's wish to withdraw counts as a stop, also if a mailing was paused before and they took it back."""
    bo = signed_in(Role.COORDINATOR, "Bo Lind")
    post(una, PAUSE, why=WHY)
    post(bo, WITHDRAW, why=WHY)
    post(una, LET_BE, asked=waits_for())
    assert post(una, GO_ON).status_code == 302
    assert (state(), waits_for() != "") == ("paused", True), "she asks, and somebody else agrees"


def test_what_stopped_by_itself_takes_one_person(una: Client, city: City) -> None:
    from everyfamily.mailings.actions.guards.sendable import pause

    pause(city.mailing, "the carrier refuses", kind="carrier", now=NOW)
    assert post(una, GO_ON).status_code == 302
    assert state() == "open"


def test_a_letter_that_may_be_withdrawn_is_not_begun(city: City) -> None:
    from everyfamily.core.agreement.two_people import WithdrawalWaits
    from everyfamily.letters.actions.sealed_letters import record_sealed_letter
    from everyfamily.mailings.actions.ending.asking import ask_to_withdraw
    from tests.factories.city import sealed_letter

    by = Actor.typed("Pat Example")
    seal, artefacts, key = sealed_letter()
    record_sealed_letter(seal, artefacts, sealing_key=key, by=by, now=NOW)
    assert ask_to_withdraw(REFERENCE, why=WHY, by=by, now=NOW, tell_to=())
    with pytest.raises(WithdrawalWaits):
        city.open()


def test_the_command_takes_two_names(una: Client) -> None:
    words = ["withdraw", "--reference", REFERENCE, "--why", WHY, "--by", "Pat Example"]
    said = CliRunner().invoke(main, words)
    assert (said.exit_code, "is stopped" in said.output, letter_state(), state()) == (0, True, "sealed", "paused")
    said = CliRunner().invoke(main, [*words, "--agreed-by", "pat example"])
    assert ("EF454" in said.output, letter_state()) == (True, "sealed")
    said = CliRunner().invoke(main, [*words, "--agreed-by", "Bo Example"])
    assert (said.exit_code, letter_state()) == (0, "withdrawn")
    assert waits_for() == ""
