"""The pages answer under one https name and this machine's, and do not start where links could be forged."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from everyfamily.config.hosts import BaseUrlNotRight, allowed_hosts
from tests.factories.each import each


@pytest.mark.parametrize(
    ("base_url", "host"),
    [
        ("https://letters.example.org", "letters.example.org"),
        ("https://letters.example.org/", "letters.example.org"),
        ("https://letters.example.org:8443", "letters.example.org"),
        ("http://127.0.0.1:8000", "127.0.0.1"),
        ("http://localhost:8000", "localhost"),
        ("http://[::1]:8000", "[::1]"),
    ],
)
def test_a_base_url_names_one_host(base_url: str, host: str) -> None:
    assert allowed_hosts(base_url)[0] == host


def test_without_one_only_this_machine_answers() -> None:
    assert allowed_hosts("") == ["127.0.0.1", "localhost", "[::1]"]


@each(
    "base_url",
    [
        "letters.example.org",
        "http://letters.example.org",
        "https://",
        "https://letters.example.org/returns",
        "https://letters.example.org?x=1",
        "https://letters.example.org#x",
        "https://somebody@letters.example.org",
        "ftp://letters.example.org",
        "javascript:alert(1)",
        "https://[",
        "https://letters example.org",
    ],
)
def test_anything_else_is_refused(base_url: str) -> None:
    with pytest.raises(BaseUrlNotRight):
        allowed_hosts(base_url)


@pytest.mark.slow
@pytest.mark.parametrize("key", [None, "", "short"])
def test_the_pages_do_not_start_without_a_secret_key(key: str | None) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("EVERYFAMILY_")}
    if key is not None:
        environment["EVERYFAMILY_SECRET_KEY"] = key
    ran = subprocess.run(
        [sys.executable, "-c", "import everyfamily.config.wsgi"], env=environment, capture_output=True, text=True
    )
    assert ran.returncode == 1
    assert "SecretKeyMissing" in ran.stderr
