"""Story: the guide's own settings of nginx and Caddy, before the real web server, limit what one address can do."""

from __future__ import annotations

import re
import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from everyfamily.config.serving import server_of, trusting
from everyfamily.staff.known_sessions import note, note_uploader
from tests.factories.beside import run_beside
from tests.journeys.site_servers import Served, _running, free_port, nginx_with, program

pytestmark = pytest.mark.slow

GUIDE = Path(__file__).parents[2] / "docs/howto/run-the-return-page.md"


HEADERS_IN = {"nginx": "client_header_timeout 10s", "caddy": "read_header 10s"}


def block(language: str, headers_in: int = 10) -> str:
    """The guide's first settings, exactly as they are there; or with other seconds in which a header must come."""
    found, *_ = re.findall(rf"```{language}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    before, setting, after = str(found).partition(HEADERS_IN[language])
    assert setting
    return before + setting.replace("10s", f"{headers_in}s") + after


def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Says who the caller is for it; /slow takes its time."""
    if environ["PATH_INFO"] == "/slow":
        time.sleep(0.5)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{environ['REMOTE_ADDR']} {environ['wsgi.url_scheme']} {environ['HTTP_HOST']}".encode()]


@pytest.fixture(scope="module")
def behind() -> Iterator[int]:
    """The port of the program, with `everyfamily web`'s own trust in its proxy."""
    server = server_of(
        application,
        host="127.0.0.1",
        port=0,
        **trusting("127.0.0.1"),
    )
    with run_beside(server):
        yield int(server.effective_port)


@contextmanager
def nginx(behind: int, folder: Path, headers_in: int = 10) -> Iterator[Served]:
    port = free_port()
    conf = (
        block("nginx", headers_in)
        .replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
        .replace(":8000", f":{behind}")
    )
    conf = conf.replace("/var/log/nginx/letters.error.log", f"{folder}/letters.error.log")
    folder.mkdir()
    with nginx_with(conf, folder, port) as served:
        yield served


@contextmanager
def caddy(behind: int, folder: Path, headers_in: int = 10) -> Iterator[Served]:
    port = free_port()
    conf = block("caddy", headers_in).replace("letters.example.org {", f"http://127.0.0.1:{port} {{")
    conf = conf.replace(":8000", f":{behind}").replace("{\n", "{\n    admin off\n    auto_https off\n", 1)
    folder.mkdir()
    (folder / "Caddyfile").write_text(conf, encoding="utf-8")
    command = [program("caddy"), "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    with _running(command, folder, port):
        yield Served(port, "", folder)


PROXIES = {"nginx": nginx, "caddy": caddy}
NGINX_AT_LEAST = ["nginx", pytest.param("caddy", marks=pytest.mark.nightly)]


def ask(served: Served, path: str = "/", **headers: str) -> tuple[int, str]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urlopen(Request(served.url + path, headers=named), timeout=20) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        return refused.code, ""


@pytest.mark.parametrize("proxy", PROXIES)
def test_a_caller_cannot_say_that_it_is_somebody_else(behind: int, tmp_path: Path, proxy: str) -> None:
    with PROXIES[proxy](behind, tmp_path / "proxy") as served:
        status, said = ask(served, X_Forwarded_For="192.0.2.66", X_Forwarded_Proto="gopher")
    assert status == 200
    assert said.split()[:2] == ["127.0.0.1", "http"]


def test_a_caller_who_is_not_the_proxy_is_not_believed(behind: int) -> None:
    """A request that does not come by the named proxy: what it says of itself is cut away."""
    server = server_of(application, host="127.0.0.1", port=0, **trusting("127.0.0.9"))
    named = {"X-Forwarded-For": "192.0.2.66", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
    with run_beside(server) as base, urlopen(Request(f"{base}/", headers=named), timeout=20) as answer:
        said = answer.read().decode()
    assert said == f"127.0.0.1 http 127.0.0.1:{server.effective_port}"


@pytest.mark.parametrize("more", ["", "192.0.2.66, "])
def test_of_a_list_of_callers_only_what_the_proxy_itself_wrote_counts(behind: int, more: str) -> None:
    named = {"X-Forwarded-For": f"{more}192.0.2.7"}
    with urlopen(Request(f"http://127.0.0.1:{behind}/", headers=named), timeout=20) as answer:
        assert answer.read().decode().split()[0] == "192.0.2.7"


@pytest.mark.parametrize("proxy", PROXIES)
def test_no_log_of_the_proxy_holds_a_token_also_where_the_program_is_away(tmp_path: Path, proxy: str) -> None:
    with PROXIES[proxy](free_port(), tmp_path / "proxy") as served:
        for path in ("/return/a-token-of-this-test/", "/return/a-token-of-this-test/kit.zip"):
            assert ask(served, path, Referer=f"{served.url}{path}")[0] in (502, 504)
        # A request that the proxy itself refuses.
        assert ask(served, "/return/a-token-of-this-test/", X_Long="x" * 70_000)[0] in (400, 431)
        time.sleep(0.5)
        written = served.written()
    assert "a-token-of-this-test" not in written


@pytest.mark.parametrize("proxy", NGINX_AT_LEAST)
def test_a_connection_that_drips_its_headers_is_closed_within_its_time(
    behind: int, tmp_path: Path, proxy: str
) -> None:
    # In two seconds, not ten: it is the setting that is tried.
    with PROXIES[proxy](behind, tmp_path / "proxy", headers_in=2) as served:
        began = time.monotonic()
        with socket.create_connection(("127.0.0.1", served.port)) as one:
            one.settimeout(1)
            one.sendall(b"GET / HTTP/1.1\r\nHost: letters.example.org\r\n")
            while time.monotonic() < began + 12:
                try:
                    one.sendall(b"X: y\r\n")
                    if one.recv(1000) == b"":
                        break
                except TimeoutError:
                    continue
                except OSError:
                    break
        assert 1.5 < time.monotonic() - began < 10


def test_nginx_lets_one_address_have_so_many_requests_and_no_more(behind: int, tmp_path: Path) -> None:
    with nginx(behind, tmp_path / "proxy") as served:
        with ThreadPoolExecutor(60) as many:
            at_once = Counter(status for status, _ in many.map(lambda _: ask(served, "/slow"), range(60)))
        assert set(at_once) == {200, 429}
        assert 20 <= at_once[200] <= 31
        time.sleep(1)
        assert ask(served)[0] == 200
        # Nothing that a refused request asked for is in a log.
        assert "slow" not in (tmp_path / "proxy" / "letters.error.log").read_text()


@pytest.mark.parametrize("proxy", NGINX_AT_LEAST)
def test_a_request_that_is_too_long_is_refused(behind: int, tmp_path: Path, proxy: str) -> None:
    with PROXIES[proxy](behind, tmp_path / "proxy") as served:
        try:
            with urlopen(Request(served.url, data=b"x" * 200_000), timeout=20) as answer:
                status = answer.status
        except HTTPError as refused:
            status = refused.code
    # Caddy has begun to hand it on when it is too long, and says that its own call failed.
    assert status in ((413,) if proxy == "nginx" else (413, 502))


@pytest.mark.parametrize("proxy", NGINX_AT_LEAST)
def test_what_takes_more_than_other_addresses_gets_through(behind: int, tmp_path: Path, proxy: str) -> None:
    larger = (
        "/check/",
        "/settings/change/",
        "/schools/900001/roll/",
        "/site/recordings/ES-2703-K7R4/en/",
    )
    with PROXIES[proxy](behind, tmp_path / "proxy") as served:

        def sent(path: str, size: int) -> int:
            asked = Request(
                served.url + path, data=b"x" * size, headers={"Cookie": "__Host-everyfamily=somebody"}
            )
            try:
                with urlopen(asked, timeout=20) as answer:
                    return int(answer.status)
            except HTTPError as refused:
                return refused.code

        # A large roll gets as far as the program only from a browser that was served a page of that roll.
        note("somebody")
        note_uploader("somebody", 900001, 1)
        assert [sent(path, 2_900_000) for path in larger] == [200] * 4
        assert sent("/check/more/", 200_000) in (413, 502)
        assert sent("/settings/change/", 3_500_000) in (413, 502)
