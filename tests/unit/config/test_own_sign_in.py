"""Own sign-ins as they are set: one tenant's https address each, and a secret that nobody else may read."""

from __future__ import annotations

from pathlib import Path

import pytest

from everyfamily.config.environment import SettingNotRight
from everyfamily.config.own_sign_in import FILE, own_sign_ins
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.toml_files import TomlNotValid
from everyfamily.core.own_sign_in import OwnSignInNotRight, require_one_tenant

ROW = """
[[sign_in]]
id = "eastmere"
name = "Eastmere Council"
issuer = "https://login.example.org/3f2a/v2.0"
client_id = "7d1c"
secret_file = "eastmere.secret"
"""


def _written(folder: Path, text: str) -> dict[str, str]:
    (folder / "own-sign-in.toml").write_text(text, encoding="utf-8")
    secret = folder / "eastmere.secret"
    secret.write_text("a secret of a test\n", encoding="utf-8")
    secret.chmod(0o600)
    return {FILE: str(folder / "own-sign-in.toml")}


def test_none_is_set_unless_somebody_says_so() -> None:
    assert own_sign_ins({}) == ()


def test_a_row_is_a_tenant_with_its_secret(tmp_path: Path) -> None:
    (found,) = own_sign_ins(_written(tmp_path, ROW))
    assert (found.id, found.secret, found.claim, found.has) == (
        "eastmere",
        "a secret of a test",
        "amr",
        frozenset({"mfa"}),
    )
    assert found.discovery == "https://login.example.org/3f2a/v2.0/.well-known/openid-configuration"
    assert "a secret" not in repr(found)


def test_the_claim_of_a_second_step_can_be_another(tmp_path: Path) -> None:
    step = '[sign_in.second_step]\nclaim = "acrs"\nhas = ["c1"]\nask = true\n'
    (found,) = own_sign_ins(_written(tmp_path, ROW + step))
    assert (found.claim, found.has, found.ask) == ("acrs", frozenset({"c1"}), True)


def test_a_secret_that_others_may_read_is_refused(tmp_path: Path) -> None:
    settings = _written(tmp_path, ROW)
    (tmp_path / "eastmere.secret").chmod(0o644)
    with pytest.raises(SettingNotRight) as raised:
        own_sign_ins(settings)
    assert "a secret of a test" not in str(raised.value)


def test_two_of_the_same_are_refused(tmp_path: Path) -> None:
    for other in (ROW, ROW.replace("eastmere", "another"), ROW.replace("3f2a", "4b5c")):
        settings = _written(tmp_path, ROW + other)
        (tmp_path / "another.secret").write_text("x", encoding="utf-8")
        (tmp_path / "another.secret").chmod(0o600)
        with pytest.raises(OwnSignInNotRight):
            own_sign_ins(settings)


@pytest.mark.parametrize(
    "text", ["# none\n", ROW + 'secret = "in the file itself"\n', ROW.replace("eastmere", "East Mere")]
)
def test_a_file_that_is_not_right_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(TomlNotValid):
        own_sign_ins(_written(tmp_path, text))


@pytest.mark.parametrize(
    "issuer",
    [
        "http://login.example.org/3f2a",
        "http://localhost:8080/3f2a",
        "ftp://login.example.org/3f2a",
        "login.example.org/3f2a",
        "https://",
        "https://user:password@login.example.org/3f2a",
        "https://login.example.org/3f2a?tenant=other",
        "https://login.example.org/3f2a#part",
        "https://[login.example.org/3f2a",
        "https://login.example.org/common/v2.0",
        "https://login.example.org/organizations/v2.0",
        "https://login.example.org/Consumers/v2.0",
        "https://login.example.org/{tenantid}/v2.0",
        "https://login.example.org/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0",
    ],
)
def test_an_issuer_is_one_tenants_https_address(tmp_path: Path, issuer: str) -> None:
    with pytest.raises(EveryfamilyError) as raised:
        own_sign_ins(_written(tmp_path, ROW.replace("https://login.example.org/3f2a/v2.0", issuer)))
    assert raised.value.code == "EF460"


def test_only_stand_ins_on_this_machine_may_be_without_tls(tmp_path: Path) -> None:
    issuer = "http://127.0.0.1:8080/eastmere"
    settings = _written(tmp_path, ROW.replace("https://login.example.org/3f2a/v2.0", issuer))
    assert own_sign_ins(settings | {"EVERYFAMILY_STAND_INS": "yes"})[0].issuer == issuer
    with pytest.raises(OwnSignInNotRight):
        require_one_tenant("http://login.example.org/eastmere", plain_here=True)
