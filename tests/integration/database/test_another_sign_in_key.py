"""The key for sign-in is changed, and the one before it is known: second factors go on, and are encrypted again."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from everyfamily.core.actors import Actor
from everyfamily.core.keys.secret_key import sign_in_key_in
from everyfamily_postgres.launcher import Server
from tests.factories.authenticator_app import code_of
from tests.factories.doors import (
    PASSWORD,
    a_client,
    events,
    is_in,
    open_doors,
    page_of,
    press_passkey,
    with_app,
    with_passkey,
)
from tests.factories.past import came_past

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]

BY = Actor.typed("Ines Ortega")
AGAIN = "second factors encrypted again"


@pytest.fixture(autouse=True)
def _doors(database: Server, tmp_path: Path) -> Iterator[None]:
    with open_doors(tmp_path):
        yield


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With the key that comes after the one of today."""
    from everyfamily.staff.doors.secrets_of_factors import make_key

    make_key(tmp_path / "new.key")
    return tmp_path


def changed(folder: Path, *, knows_the_old: bool = True) -> AbstractContextManager[Any]:
    """A process with the new key, and with the old one as an earlier key."""
    from django.test import override_settings

    earlier = [sign_in_key_in((folder / "sign-in.key").read_text(encoding="ascii"))] if knows_the_old else []
    return override_settings(
        EVERYFAMILY_SIGN_IN_KEY_FILE=str(folder / "new.key"), EVERYFAMILY_EARLIER_SIGN_IN_KEYS=earlier
    )


def sign_in(code: str, address: str = "ada@example.org") -> Client:
    from django.core.cache import cache

    cache.clear()
    client = a_client()
    client.post("/sign-in/", {"login": address, "password": PASSWORD}, secure=True)
    client.post("/sign-in/code/", {"code": code}, secure=True)
    return client


def kept() -> dict[int, str]:
    """What the rows hold, as text."""
    from django.db import connections

    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT id, data::text FROM mfa_authenticator WHERE type <> 'webauthn'")
        return dict(cursor.fetchall())


def codes_of(client: Client) -> list[str]:
    return re.findall(r"<li>([\w-]{8,})</li>", page_of(client, "/me/recovery-codes/"))


def reseal() -> int:
    from everyfamily.staff.doors.sealing_again import seal_again

    return seal_again(by=BY, now=datetime.now(UTC))


def left() -> tuple[int, int]:
    from everyfamily.staff.doors.sealing_again import other_keys

    found = other_keys()
    assert found is not None
    return found.earlier, found.lost


def run(*words: str) -> Result:
    from everyfamily.cli.main import main

    return CliRunner().invoke(main, list(words))


def test_with_both_keys_old_secrets_open_and_new_ones_need_only_the_new_key(folder: Path) -> None:
    client, secret = with_app("Ada Clarke")
    first, second = codes_of(client)[:2]
    with changed(folder):
        assert is_in(sign_in(code_of(secret)))
        assert is_in(sign_in(first))
        assert left() == (2, 0)
        _, newer = with_app("Ben Frost")
        assert left() == (2, 0)
    with changed(folder, knows_the_old=False):
        assert is_in(sign_in(code_of(newer), "ben@example.org"))
        assert not is_in(sign_in(code_of(secret)))
        assert not is_in(sign_in(second))


def test_after_all_were_encrypted_again_the_old_key_can_go(folder: Path) -> None:
    client, of_ada = with_app("Ada Clarke")
    codes = codes_of(client)
    _, of_ben = with_app("Ben Frost")
    _, passkey = with_passkey("Tom Rydal")
    assert is_in(sign_in(codes[0]))
    before = kept()
    with changed(folder):
        assert reseal() == 5, "two apps, and three people's recovery codes"
        assert left() == (0, 0)
        after = kept()
        assert [number for number, text in after.items() if text == before[number]] == []
        # It says who had it done, for each account, and nothing is done twice.
        assert events().count(AGAIN) == 3
        assert reseal() == 0
        assert (kept(), events().count(AGAIN)) == (after, 3)
        assert came_past() == [], "each change of a factor has its act"
    with changed(folder, knows_the_old=False):
        assert is_in(sign_in(code_of(of_ada)))
        assert is_in(sign_in(code_of(of_ben), "ben@example.org"))
        assert not is_in(sign_in(codes[0])), "it was used before"
        again = sign_in(codes[1])
        assert is_in(again)
        assert codes_of(again) == codes[2:]
        other = a_client()
        press_passkey(other, passkey)
        assert is_in(other)
    assert not is_in(sign_in(code_of(of_ada))), "the old key opens nothing any more"


def test_what_is_stopped_half_way_is_whole_for_each_account_and_goes_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.staff.doors import sealing_again

    people = ("Ada Clarke", "Ben Frost", "Cleo Marsh")
    secrets = {f"{name.split()[0].lower()}@example.org": with_app(name)[1] for name in people}
    write, written = sealing_again.record_event, []

    def written_once(**facts: Any) -> None:
        written.append(facts["subject_id"])
        if len(written) == 2:
            raise KeyboardInterrupt
        write(**facts)

    before = kept()
    with changed(folder):
        with monkeypatch.context() as stopped:
            stopped.setattr(sealing_again, "record_event", written_once)
            with pytest.raises(KeyboardInterrupt):
                reseal()
        # The second account had both its secrets written, and neither is kept.
        assert len([number for number, text in kept().items() if text != before[number]]) == 2
        assert (left(), events().count(AGAIN)) == ((4, 0), 1)
        for address, secret in secrets.items():
            assert is_in(sign_in(code_of(secret), address))
        assert reseal() == 4
        assert (left(), events().count(AGAIN)) == ((0, 0), 3)


def test_what_no_key_opens_is_named_after_all_others_are_done(folder: Path) -> None:
    from django.db import connections

    from everyfamily.staff.doors.sealing_again import SecretsLost

    with_app("Ada Clarke")
    _, of_ben = with_app("Ben Frost")
    with connections["default"].cursor() as cursor:
        # A row of another account opens nowhere (test_a_copied_second_factor.py).
        cursor.execute(
            "UPDATE mfa_authenticator SET data = (SELECT data FROM mfa_authenticator WHERE type = 'totp' ORDER BY id "
            "DESC LIMIT 1) WHERE id = (SELECT min(id) FROM mfa_authenticator WHERE type = 'totp')"
        )
    with changed(folder):
        with pytest.raises(SecretsLost) as raised:
            reseal()
        assert "1 open with no key" in raised.value.fact
        assert "@" not in f"{raised.value.fact} {raised.value.fix}"
        assert left() == (0, 1)
        assert is_in(sign_in(code_of(of_ben), "ben@example.org"))
    # That somebody wrote it into the table is seen, and is not what is tested.
    assert len(came_past()) == 1


def test_sign_ins_end_and_begin_again(folder: Path) -> None:
    """Their cookies are digested under a key that is made of this one. An earlier key opens none."""
    client, passkey = with_passkey("Tom Rydal")
    with changed(folder):
        assert not is_in(client)
        other = a_client()
        press_passkey(other, passkey)
        assert is_in(other)
    assert not is_in(other)


def test_health_says_that_an_earlier_key_is_needed_until_the_command_has_run(folder: Path) -> None:
    with_app("Ada Clarke")
    assert (run("health").exit_code, run("keys", "reseal").output) == (
        0,
        "Encrypted again under the key for sign-in of today: 0 secrets. None needs an earlier key now.\n",
    )
    with changed(folder, knows_the_old=False):
        said = run("health")
        assert said.exit_code == 1
        assert "Second factors that open with no key for sign-in that is here: 2." in said.output
        lost = run("keys", "reseal", "--by", "Ines Ortega")
        assert (lost.exit_code, "EF286" in lost.output) == (2, True)
    with changed(folder):
        said = run("health")
        assert said.exit_code == 1
        assert "still need an earlier key for sign-in: 2. (everyfamily keys reseal)" in said.output
        assert json.loads(run("health", "--json").output)["second_factors"] == {"earlier": 2, "lost": 0}
        done = run("keys", "reseal", "--by", "Ines Ortega")
        assert done.output == (
            "Encrypted again under the key for sign-in of today: 2 secrets. None needs an earlier key now.\n"
        )
        assert run("health").exit_code == 0


def test_the_steps_of_the_page_put_the_new_key_in_the_place_of_the_old_one(tmp_path: Path) -> None:
    """As docs/howto/change-a-key.md has them, twice."""
    from everyfamily.config.secret_keys import earlier_sign_in_keys

    page = (Path(__file__).parents[3] / "docs/howto/change-a-key.md").read_text(encoding="utf-8")
    steps = page.partition("## Change the key for sign-in")[2].partition("```sh")[2].partition("```")[0]
    assert "cd /etc/everyfamily\n" in steps
    key, earlier = tmp_path / "sign-in.key", tmp_path / "sign-in.earlier"
    named = {
        "EVERYFAMILY_SIGN_IN_KEY_FILE": str(key),
        "EVERYFAMILY_EARLIER_SIGN_IN_KEYS_FILE": str(earlier),
    }
    were = [sign_in_key_in(key.read_text(encoding="ascii"))]
    for _ in range(2):
        subprocess.run(["sh", "-ec", steps.replace("/etc/everyfamily", str(tmp_path))], check=True)
        assert earlier_sign_in_keys(named) == were
        were.append(sign_in_key_in(key.read_text(encoding="ascii")))
        assert [file.stat().st_mode & 0o777 for file in (key, earlier)] == [0o600, 0o600]
    assert len(set(were)) == 3


def test_a_machine_without_the_key_says_nothing_about_it(folder: Path) -> None:
    """A worker's, or a monitor's that may not read it."""
    from django.test import override_settings

    with_app("Ada Clarke")
    for file in ("", str(folder / "nowhere.key")):
        with override_settings(EVERYFAMILY_SIGN_IN_KEY_FILE=file):
            assert run("health").exit_code == 0
            assert json.loads(run("health", "--json").output)["second_factors"] is None
            missing = run("keys", "reseal", "--by", "Ines Ortega")
            assert (missing.exit_code, "EF277" in missing.output) == (2, True), missing.output
