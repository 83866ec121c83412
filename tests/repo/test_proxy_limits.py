"""The proxies of the guide let through what the program takes, and hardly more."""

from __future__ import annotations

import re

import pytest

from everyfamily.config.serving import LARGER, SERVING
from tests.repo.files import ROOT

GUIDE = ROOT / "docs" / "howto" / "run-the-return-page.md"
# nginx counts in powers of two, Caddy in powers of ten.
UNITS = {"k": 1024, "m": 1024**2, "KB": 1000, "MB": 1000**2}
ANY = {"[0-9]{1,9}": "900001", "[^/]+": "ES-2703"}
"""What an address may have in place of each pattern that serving.py uses."""


def _block(language: str) -> str:
    found = re.findall(rf"```{language}\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    assert found
    return str(found[-1])


def _bytes(text: str) -> int:
    number, unit = re.fullmatch(r"(\d+)(\w+)", text).groups()  # type: ignore[union-attr]
    return int(number) * UNITS[unit]


def _nginx() -> tuple[int, dict[str, int]]:
    """The limit of every address, and those of some, by their pattern."""
    larger = dict(re.findall(r"location ~ (\S+) \{\s+client_max_body_size (\w+);", _block("nginx")))
    all_others, *_ = re.findall(r"client_max_body_size (\w+);", _block("nginx"))
    return _bytes(all_others), {pattern: _bytes(most) for pattern, most in larger.items()}


def _caddy() -> tuple[int, dict[str, int]]:
    limits = dict(re.findall(r"request_body @(\w+) \{\s+max_size (\w+)", _block("caddy")))
    patterns = dict(re.findall(r"@(\w+) path_regexp (\S+)", _block("caddy")))
    return _bytes(limits.pop("other")), {patterns[name]: _bytes(most) for name, most in limits.items()}


def _address_of(pattern: str) -> str:
    for one, text in ANY.items():
        pattern = pattern.replace(one, text)
    assert re.fullmatch(r"[\w/-]+", pattern), f"{pattern}: say in ANY what it may have"
    return pattern


READ = {"nginx": _nginx, "caddy": _caddy}


@pytest.mark.parametrize("proxy", READ)
def test_each_address_that_takes_more_has_its_limit(proxy: str) -> None:
    all_others, larger = READ[proxy]()
    assert SERVING["max_request_body_size"] <= all_others < 1.1 * SERVING["max_request_body_size"]
    assert len(larger) == len(LARGER)
    for one in LARGER:
        (most,) = [most for pattern, most in larger.items() if re.search(pattern, _address_of(one.path.pattern))]
        assert one.most <= most < 1.2 * one.most, one.path.pattern


def test_in_caddy_the_limit_of_all_others_is_not_theirs() -> None:
    (others,) = re.findall(r"@other not path_regexp (\S+)", _block("caddy"))
    for one in LARGER:
        assert re.search(others, _address_of(one.path.pattern)), one.path.pattern
    assert not re.search(others, "/return/token/")


def test_nginx_keeps_no_body_on_its_disk() -> None:
    block = _block("nginx")
    assert block.count("proxy_request_buffering off;") == len(LARGER)
    (buffer,) = re.findall(r"client_body_buffer_size (\w+);", block)
    assert _bytes(buffer) >= _nginx()[0]
