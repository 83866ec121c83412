"""A mailing that is paused says so where a person looks, and goes on by their word alone."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

from everyfamily.cli.main import main
from tests.factories.city import REFERENCE, City, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]


def command(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


@pytest.fixture
def paused(city: City) -> City:
    from everyfamily.mailings.actions.standing import pause

    city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    city.open()
    pause(city.mailing, 'The route "front-door" is dead: check it.')
    return city


def test_coverage_says_that_a_mailing_is_paused_and_why(paused: City) -> None:
    said = command("coverage", "--reference", REFERENCE).output
    assert 'paused and sends nothing. The route "front-door" is dead: check it.' in said
    assert f"everyfamily resume --reference {REFERENCE}" in said


def test_a_paused_mailing_goes_on_by_a_persons_word_and_sends(paused: City) -> None:
    from everyfamily.audit.models import AuditEvent

    assert "goes on" in command("resume", "--reference", REFERENCE, "--by", "Pat Example").output
    paused.send()
    assert [line["to"] for line in paused.outbox()] == ["ana@example.org"]
    assert AuditEvent.objects.get(action="resume mailing").actor == "Pat Example"
    assert "paused" not in command("coverage", "--reference", REFERENCE).output


def test_a_mailing_that_is_not_paused_is_left_as_it_is(paused: City) -> None:
    command("resume", "--reference", REFERENCE, "--by", "Pat Example")
    again = command("resume", "--reference", REFERENCE, "--by", "Pat Example")
    assert (again.exit_code, "Nothing to do" in again.output) == (0, True)
