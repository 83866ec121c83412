"""Somebody who asks for pages that are not theirs is in the log, is counted, and health says so when they pile up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from everyfamily.core.permissions import Right, Role
from everyfamily_postgres.launcher import Server
from everyfamily_postgres.roles import Role as DatabaseRole
from tests.factories.doors import PASSWORD, Person, a_client, open_doors, with_app
from tests.factories.signed_in import signed_in

pytestmark = [pytest.mark.database, pytest.mark.slow]

GOOD = "All is well. Workers alive: 0. Mailings open: 0.\n"


@pytest.fixture(autouse=True)
def _doors(database: Server, tmp_path: Path) -> Iterator[None]:
    with open_doors(tmp_path):
        yield


def health(*words: str) -> Result:
    from everyfamily.cli.main import main

    return CliRunner().invoke(main, ["health", *words])


def kept() -> list[tuple[int, str, int]]:
    from everyfamily.accounts.models import Refusal

    return list(Refusal.objects.order_by("account", "what").values_list("account", "what", "times"))


def asks(client: Person, path: str, times: int = 1) -> set[int]:
    return {client.get(path, secure=True).status_code for _ in range(times)}


def test_a_page_without_its_right_and_one_of_another_school_are_said_and_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    author = signed_in(Role.AUTHOR)
    assert asks(author, "/people/", 2) == {403}
    assert asks(author, "/schools/900001/roll/", 3) == {404}
    assert f"event=page-refused right=see-people account={author.account}" in caplog.text
    assert f"event=school-not-theirs account={author.account} school=900001" in caplog.text
    assert kept() == [(author.account, "another-school", 3), (author.account, "see-people", 2)]


def test_an_address_with_thousands_of_digits_is_not_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    assert asks(signed_in(Role.AUTHOR), f"/schools/{'7' * 3000}/roll/") == {404}
    assert "school=?" in caplog.text
    assert "777" not in caplog.text


def test_only_the_guard_shows_the_page_for_somebody_without_a_right() -> None:
    """What a view shows by itself would not be counted."""
    import everyfamily.staff

    staff = Path(everyfamily.staff.__path__[0])
    shown = [one.relative_to(staff).as_posix() for one in staff.rglob("*.py") if "not_yours" in one.read_text()]
    assert shown == ["access.py"]


def test_pages_that_are_not_refused_write_nothing(caplog: pytest.LogCaptureFixture) -> None:
    administrator = signed_in(Role.ADMINISTRATOR)
    assert asks(administrator, "/people/") | asks(administrator, "/") | asks(administrator, "/me/") == {200}
    assert asks(a_client(), "/people/") == {302}
    assert kept() == []
    assert "event=" not in caplog.text


@pytest.mark.parametrize(
    ("path", "most", "said"),
    [
        ("/people/", 50, "51 pages without the right, and for 0 of schools"),
        ("/schools/900001/roll/", 10, "0 pages without the right, and for 11 of schools"),
    ],
)
def test_health_says_when_they_pile_up(path: str, most: int, said: str) -> None:
    from allauth.mfa.models import Authenticator

    author, other = signed_in(Role.AUTHOR), signed_in(Role.DELEGATE)
    # Their secrets are invented, and open with no key, which health says too.
    Authenticator.objects.update(data={})
    asks(author, path, most)
    asks(other, path, most)
    assert (health().exit_code, health().output) == (0, GOOD)
    asks(author, path)
    found = health()
    assert found.exit_code == 1
    assert f"Account {author.account} asked on " in found.output
    assert said in found.output
    assert f"Account {other.account} " not in found.output
    rows = json.loads(health("--json").output)
    assert rows["is_good"] is False
    assert [(one["account"], one["day"]) for one in rows["trying_doors"]] == [
        (author.account, date.today().isoformat())
    ]


def test_the_counts_of_two_days_ago_alarm_nobody_and_go_after_thirty() -> None:
    from everyfamily.accounts.actions.refusals import forget_refusals, page_refused

    now = datetime.now(UTC)
    for days in (2, 29, 40):
        for _ in range(60):
            page_refused(1, Right.SEE_PEOPLE, now - timedelta(days=days))
    assert health().output == GOOD
    assert forget_refusals(now) == 1
    assert len(kept()) == 2


def test_refused_passwords_and_codes_carry_the_accounts_number(caplog: pytest.LogCaptureFixture) -> None:
    with_app("Tom Rydal")
    caplog.clear()
    for address in ("tom@example.org", "Tom@Example.org", "nobody@example.org"):
        a_client().post("/sign-in/", {"login": address, "password": "wrong wrong wrong"}, secure=True)
    lines = [line for line in caplog.text.splitlines() if "event=sign-in-refused" in line]
    assert [" account=1" in line for line in lines] == [True, True, False]
    client = a_client()
    client.post("/sign-in/", {"login": "tom@example.org", "password": PASSWORD}, secure=True)
    client.post("/sign-in/code/", {"code": "000000"}, secure=True)
    assert "event=sign-in-code-refused account=1" in caplog.text
    assert "example.org" not in caplog.text


def test_the_planner_reads_no_counts(database: Server) -> None:
    import psycopg

    with (
        psycopg.connect(database.dsn(DatabaseRole.PLANNER)) as planner,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        planner.execute("SELECT * FROM accounts_refusal")
