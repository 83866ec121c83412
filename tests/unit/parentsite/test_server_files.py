"""The files for nginx and Caddy repeat every header where it is needed, and log nothing.

That the servers do as the files say is tested against the servers themselves: tests/journeys/test_site_served.py.
"""

from __future__ import annotations

import re

import pytest

from everyfamily.parentsite.headers import CONTENT_TYPES, Kind, headers
from everyfamily.parentsite.server_files import ROOT, caddyfile, nginx_conf

NAME = "families.eastmere.example"
BASES = pytest.mark.parametrize("base", ["", "/families"])


def blocks(text: str) -> dict[str, list[str]]:
    """The lines directly in each block of a file, by the block's head; comments are left out."""
    found: dict[str, list[str]] = {"": []}
    heads = [""]
    for line in (line.strip() for line in text.splitlines()):
        if line.startswith("#") or not line:
            continue
        if line.endswith("{"):
            heads.append(line.removesuffix("{").strip())
            found.setdefault(heads[-1], [])
        elif line == "}":
            heads.pop()
        else:
            found[heads[-1]].append(line)
    assert heads == [""]
    return found


def servers(text: str) -> list[str]:
    """The server blocks of an nginx file, each by itself."""
    return [f"server {{{one}" for one in re.split(r"(?m)^server \{", text)[1:]]


def nginx_headers(lines: list[str]) -> dict[str, str]:
    matches = [re.fullmatch(r'add_header (\S+) "([^"]*)"( always)?;', line) for line in lines]
    return {match[1]: match[2] for match in matches if match}


@BASES
def test_an_nginx_block_with_one_header_has_them_all(base: str) -> None:
    found = blocks(nginx_conf(server_name=NAME, base=base, languages=["en", "ur", "pl"]))
    assert nginx_headers(found[f"location {base}/"]) == headers(Kind.PAGE, https=True)
    for folder, kind in {"assets": Kind.ASSET, "seals": Kind.SEAL, "files": Kind.FILE}.items():
        assert nginx_headers(found[f"location {base}/{folder}/"]) == headers(kind, https=True)
    for place in ("", "/ur", "/pl"):
        assert nginx_headers(found[f"location = {base}{place}/404.html"]) == headers(Kind.NOT_FOUND, https=True)
    with_some = {head for head, lines in found.items() if nginx_headers(lines)}
    assert len(with_some) == 1 + 3 + 3
    # A block without any takes those of the block around it, which is the page's.
    assert nginx_headers(found[f"location {base}/ur/"]) == {}


@BASES
def test_nginx_writes_nothing_about_a_visitor_in_any_place_that_could(base: str) -> None:
    text = nginx_conf(server_name=NAME, base=base, languages=["en"])
    by_https, by_http = (blocks(one) for one in servers(text))
    for lines in (by_https["server"], by_https[f"location {base}/"], by_http["server"]):
        assert {"access_log off;", "log_not_found off;", "error_log /dev/null emerg;"} <= set(lines)
    said = [line for line in text.splitlines() if re.match(r"\s*(access_log|error_log|log_format)", line)]
    assert len(said) == 2 * 3


@BASES
def test_nginx_leads_an_address_typed_as_on_paper_to_https(base: str) -> None:
    """A letter prints no scheme: the first request may come by plain http."""
    _, by_http = (blocks(one) for one in servers(nginx_conf(server_name=NAME, base=base, languages=["en"])))
    assert set(by_http) == {"", "server"}
    assert {"listen 80;", "listen [::]:80;", f"server_name {NAME};"} <= set(by_http["server"])
    assert f"return 301 https://{NAME}$request_uri;" in by_http["server"]
    # A name that cannot be known again: no header, and so no age for which a browser remembers anything.
    assert nginx_headers(by_http["server"]) == {}


def test_a_server_for_tests_has_no_second_one_at_port_80() -> None:
    (alone,) = servers(nginx_conf(server_name=NAME, base="", languages=["en"], test_listen="127.0.0.1:8080"))
    assert "listen 80;" not in blocks(alone)["server"]


def test_no_answer_by_plain_http_binds_a_browser_to_https() -> None:
    for write in (nginx_conf, caddyfile):
        asked = {"server_name": NAME, "base": "", "languages": ["en"]}
        assert "Strict-Transport-Security" in write(**asked)  # type: ignore[operator]
        assert "Strict-Transport-Security" not in write(**asked, test_listen="127.0.0.1:8080")  # type: ignore[operator]


@pytest.mark.parametrize("write", [nginx_conf, caddyfile])
def test_the_same_export_gives_the_same_file_and_names_no_machine(write: object) -> None:
    assert callable(write)
    one, two = (write(server_name=NAME, base="", languages=["en", "ar", "pl", "ur"]) for _ in range(2))
    assert one == two
    assert ROOT in one
    assert NAME in one
    assert max(len(line) for line in one.splitlines() if line.strip().startswith("#")) <= 120
    for kind in CONTENT_TYPES.values():
        assert f'"{kind}"' in one


@BASES
def test_caddy_has_every_header_of_every_kind_and_no_log(base: str) -> None:
    text = caddyfile(server_name=NAME, base=base, languages=["en", "ur"])
    found = blocks(text)
    heads = {"@page": Kind.PAGE, "/assets/*": Kind.ASSET, "/seals/*": Kind.SEAL, "/files/*": Kind.FILE}
    for matcher, kind in heads.items():
        said = dict(line.split(" ", 1) for line in found[f"header {matcher}"])
        assert {name: value.strip('"') for name, value in said.items()} == headers(kind, https=True)
    assert not re.search(r"(?m)^\s*log\b", text)
    assert f"rewrite {base}/ur/* /ur/404.html" in found["route"]
