"""Story: a family opens the address in the letter, and whoever serves it gives the same pages with the same promises.

Each test runs against Debian's nginx and Caddy with the settings that an export writes, and against our own server.
"""

from __future__ import annotations

import gzip
import http.client
import re
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from everyfamily.parentsite.headers import CONTENT_TYPES, Kind, headers
from everyfamily.parentsite.server_files import nginx_conf
from everyfamily.parentsite.serving import ExportNotThere, site_app
from tests.journeys.browsers import a_browser
from tests.journeys.site_servers import (
    SERVER_NAME,
    Served,
    caddy_serving,
    check_html,
    free_port,
    nginx_serving,
    nginx_with,
    small_server_serving,
)

pytestmark = pytest.mark.slow

LANGUAGES = ["en", "ur"]
CSS = "assets/site.0123456789abcdef.css"
FONT = "assets/sans.0123456789abcdef.woff2"
SEAL = "seals/EF-2027-1.json"
ICON = "assets/icon.0123456789abcdef.svg"
LETTER = "files/EF-2027-1/en/letter.pdf"
PAGES = ["index.html", "help/index.html", "spring-2027/index.html", "spring-2027/signs/index.html"]
TWIN = b"<!-- the compressed twin -->"
AGENT = "a-phone-that-nobody-may-know-again"
LINKS = f'<link rel="icon" href="/{ICON}"><link rel="stylesheet" href="/{CSS}">'

# What belongs to the carriage of an answer and says nothing of the site; every other header must be in our table.
OF_THE_CARRIAGE = {
    *("date", "server", "connection", "content-length", "last-modified", "etag", "accept-ranges", "vary"),
    "content-encoding",
}

FOUND = [
    ("/", "index.html", Kind.PAGE),
    ("/help/", "help/index.html", Kind.PAGE),
    # As printed in a letter, without the last slash.
    ("/spring-2027", "spring-2027/index.html", Kind.PAGE),
    ("/spring-2027/signs", "spring-2027/signs/index.html", Kind.PAGE),
    ("/spring-2027/signs/", "spring-2027/signs/index.html", Kind.PAGE),
    ("/ur", "ur/index.html", Kind.PAGE),
    ("/ur/help/", "ur/help/index.html", Kind.PAGE),
    # A link that somebody else tagged opens the page all the same.
    ("/spring-2027/?from=elsewhere", "spring-2027/index.html", Kind.PAGE),
    (f"/{CSS}", CSS, Kind.ASSET),
    (f"/{FONT}", FONT, Kind.ASSET),
    (f"/{ICON}", ICON, Kind.ASSET),
    (f"/{SEAL}", SEAL, Kind.SEAL),
    (f"/{LETTER}", LETTER, Kind.FILE),
]

MISSING = [
    ("/no-such-page", "404.html"),
    ("/no-such-page/at-all/", "404.html"),
    ("/spring-2027/no-such-page/", "404.html"),
    ("/ur/no-such-page", "ur/404.html"),
    ("/ur/spring-2027/no-such-page/", "ur/404.html"),
    ("/urdu/", "404.html"),
    ("/assets/site.fedcba9876543210.css", "404.html"),
    # No folder is listed.
    ("/assets/", "404.html"),
    ("/assets", "404.html"),
    ("/seals/", "404.html"),
    ("/files/EF-2027-1/", "404.html"),
    # Hidden files, compressed twins and the page of missing pages have no address.
    ("/.hidden", "404.html"),
    ("/help/.hidden", "404.html"),
    ("/index.html.gz", "404.html"),
    (f"/{CSS}.gz", "404.html"),
    ("/404.html", "404.html"),
]


@dataclass(frozen=True)
class Answer:
    """One answer, its header names in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes


def ask(served: Served, path: str, method: str = "GET", *, tls: bool = False, **asked: str) -> Answer:
    """Ask as a browser would, following nothing; `asked` are headers, `If_None_Match="…"`."""
    connection: http.client.HTTPConnection
    if tls:
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection("127.0.0.1", served.port, timeout=20, context=trusting)
    else:
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    named = {name.replace("_", "-"): value for name, value in asked.items()}
    body = b"noticed=everything" if method in ("POST", "PUT") else None
    try:
        connection.request(method, served.base + path, body, {"User-Agent": AGENT, **named})
        got = connection.getresponse()
        found: dict[str, str] = {}
        for name, value in got.getheaders():
            assert name.lower() not in found, f"{name} is there twice"
            found[name.lower()] = value
        return Answer(got.status, found, got.read())
    finally:
        connection.close()


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small export, made by hand."""
    folder = tmp_path_factory.mktemp("export") / "public"
    pages = [*PAGES, *(f"ur/{page}" for page in PAGES), "404.html", "ur/404.html"]
    contents = {
        name: f"<!doctype html><html lang=en><title>Eastmere</title>{LINKS}<p>{name}{' words' * 80}</html>\n".encode()
        for name in pages
    }
    contents |= {
        ICON: b'<svg xmlns="http://www.w3.org/2000/svg"/>' * 2,
        CSS: b"p { margin: 0 }\n" * 50,
        SEAL: b'{"reference": "EF-2027-1"}\n' * 50,
    }
    # A compressed twin says that it is one, so that a test can tell it from what a server compressed by itself.
    contents |= {f"{name}.gz": gzip.compress(text + TWIN, 9, mtime=0) for name, text in contents.items()}
    contents |= {
        FONT: b"wOF2 and so on",
        LETTER: b"%PDF-2.0 and so on",
        ".hidden": b"kept",
        "help/.hidden": b"kept",
    }
    for name, content in contents.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return folder


@pytest.fixture(scope="module", params=["nginx", "caddy", "small server"])
def server(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module", params=["", "/families"], ids=["at the root", "under a path"])
def base(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def site(server: str, base: str, public: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("server")
    if server == "small server":
        serving = small_server_serving(public, folder, base=base)
    else:
        start = nginx_serving if server == "nginx" else caddy_serving
        serving = start(public, folder, base=base, languages=LANGUAGES)
    with serving as served:
        yield served


def expected(kind: Kind, name: str, *, https: bool = False) -> dict[str, str]:
    """Every header of an answer but those of the carriage."""
    table = {header.lower(): value for header, value in headers(kind, https=https).items()}
    return {**table, "content-type": CONTENT_TYPES[Path(name).suffix]}


def beside_the_carriage(answer: Answer) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in OF_THE_CARRIAGE}


@pytest.mark.parametrize(("path", "name", "kind"), FOUND)
def test_each_address_answers_at_once_with_exactly_the_headers_of_its_kind(
    site: Served, public: Path, path: str, name: str, kind: Kind
) -> None:
    answer = ask(site, path)
    assert (answer.status, answer.body) == (200, (public / name).read_bytes())
    assert beside_the_carriage(answer) == expected(kind, name)


@pytest.mark.parametrize(("path", "name"), MISSING)
def test_what_is_not_there_says_so_in_the_language_of_its_address_with_the_same_promises(
    site: Served, public: Path, path: str, name: str
) -> None:
    answer = ask(site, path)
    assert (answer.status, answer.body) == (404, (public / name).read_bytes())
    assert beside_the_carriage(answer) == expected(Kind.NOT_FOUND, name)


def test_the_home_answers_with_and_without_its_last_slash(site: Served, public: Path) -> None:
    if site.base:
        assert ask(site, "").body == ask(site, "/").body == (public / "index.html").read_bytes()


@pytest.mark.parametrize("name", ["index.html", CSS, SEAL])
def test_a_browser_that_reads_gzip_gets_the_compressed_twin(site: Served, public: Path, name: str) -> None:
    answer = ask(site, "/" + name.removesuffix("index.html"), Accept_Encoding="gzip, deflate, br")
    assert answer.status == 200
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"].lower() == "accept-encoding"
    assert answer.body == (public / f"{name}.gz").read_bytes()
    plain = ask(site, "/" + name.removesuffix("index.html"))
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(answer.body) == plain.body + TWIN
    assert beside_the_carriage(answer) == beside_the_carriage(plain)


@pytest.mark.parametrize("path", ["/", f"/{CSS}", "/no-such-page"])
def test_a_look_without_the_body_has_the_same_headers(site: Served, path: str) -> None:
    whole, head = ask(site, path), ask(site, path, "HEAD")
    assert (head.status, head.body) == (whole.status, b"")
    assert beside_the_carriage(head) == beside_the_carriage(whole)


@pytest.mark.parametrize("path", ["/", f"/{CSS}", f"/{SEAL}"])
def test_an_unchanged_page_is_not_sent_twice_and_its_tag_is_the_same_for_everyone(
    site: Served, path: str
) -> None:
    tag = ask(site, path).headers["etag"]
    again = ask(site, path, If_None_Match=tag)
    assert (again.status, again.body) == (304, b"")
    assert again.headers.get("cache-control", "") != ""
    assert ask(site, path, User_Agent="another").headers["etag"] == tag


def test_a_missing_page_stays_missing_for_whoever_holds_its_tag(site: Served) -> None:
    tag = ask(site, "/no-such-page").headers.get("etag", '"anything"')
    assert ask(site, "/no-such-page", If_None_Match=tag).status == 404
    assert ask(site, "/no-such-page", If_Modified_Since="Tue, 02 Mar 2038 09:00:00 GMT").status == 404


@pytest.mark.parametrize("path", ["/", f"/{CSS}", f"/{SEAL}"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_is_taken_in(site: Served, path: str, method: str) -> None:
    answer = ask(site, path, method)
    assert answer.status == 405
    assert "set-cookie" not in answer.headers
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "immutable" not in answer.headers.get("cache-control", "")


@pytest.mark.parametrize(
    "path",
    ["/../.hidden", "/help/../../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/%2ehidden", "//.hidden"],
)
def test_nothing_outside_the_folder_or_hidden_in_it_can_be_reached(site: Served, path: str) -> None:
    answer = ask(site, path)
    assert answer.status in (400, 403, 404)
    assert b"kept" not in answer.body
    assert b"root:" not in answer.body


def test_the_server_does_not_say_which_version_it_is(site: Served) -> None:
    for path in ("/", "/no-such-page"):
        assert not re.search(r"\d", ask(site, path).headers.get("server", ""))


@pytest.mark.parametrize("start", [nginx_serving, caddy_serving])
def test_a_site_in_english_alone_is_served_too(
    public: Path, tmp_path: Path, start: Callable[..., AbstractContextManager[Served]]
) -> None:
    with start(public, tmp_path, languages=["en"]) as served:
        assert ask(served, "/spring-2027").status == 200
        answer = ask(served, "/cy/no-such-page")
        assert (answer.status, answer.body) == (404, (public / "404.html").read_bytes())


def rude(served: Served) -> None:
    """What is no request at all, and a visitor who leaves in the middle of one."""
    for sent in (b"\x16\x03\x01 not http\r\n\r\n", b"GET /" + b"x" * 40_000 + b" HTTP/1.1\r\n\r\n", b"GET / HT"):
        with socket.create_connection(("127.0.0.1", served.port), timeout=20) as one:
            one.sendall(sent)
            one.shutdown(socket.SHUT_WR)
            try:
                while one.recv(65536):
                    pass
            except ConnectionResetError:
                pass


def visit(served: Served) -> None:
    """A visitor's hour: what is there, what is not, what is refused."""
    for path in ("/", "/spring-2027", "/no-such-page", "/ur/no-such-page", "/assets/", "/.hidden", f"/{CSS}"):
        ask(served, path)
    ask(served, "/", "POST")
    rude(served)


def test_nothing_is_written_about_a_visitor(site: Served) -> None:
    visit(site)
    written = site.written()
    # Caddy names the address that it listens on when it starts, which is also ours.
    assert not re.search(r"client: |remote_(ip|addr)|no-such-page|spring-2027", written)
    assert AGENT not in written
    if "srv0" not in written:
        assert "127.0.0.1" not in written


def test_without_our_lines_nginx_would_have_written_it(public: Path, tmp_path: Path) -> None:
    """The test above can fail: the machine's own settings log, and only the site's stop it."""
    port = free_port()
    conf = nginx_conf(
        server_name=SERVER_NAME, base="", languages=LANGUAGES, root=str(public), test_listen=f"127.0.0.1:{port}"
    )
    loud = "\n".join(
        line for line in conf.splitlines() if not re.match(r" *(access_log|error_log|log_not_found) ", line)
    )
    assert loud != conf.rstrip("\n")
    with nginx_with(loud, tmp_path, port) as served:
        visit(served)
        written = served.written()
    assert re.search(r"client: 127\.0\.0\.1", written)
    assert AGENT in written
    assert "/no-such-page" in written


def test_the_small_server_serves_nothing_but_an_export(public: Path, tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(ExportNotThere, match="Export one"):
            site_app(folder, "")


def test_the_small_server_is_open_to_this_machine_alone(public: Path, tmp_path: Path) -> None:
    with small_server_serving(public, tmp_path) as served:
        listening = [one for one in psutil.net_connections("tcp") if one.status == "LISTEN"]
        assert {one.laddr.ip for one in listening if one.laddr.port == served.port} == {"127.0.0.1"}


@pytest.mark.browser
def test_a_browser_has_nothing_to_say_about_our_headers(public: Path, tmp_path: Path) -> None:
    """A word that it does not know, or a style sheet that it may not load, would stand in its console."""
    said: list[str] = []
    with nginx_serving(public, tmp_path, languages=LANGUAGES) as served, a_browser() as opened:
        page = opened.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"{served.url}/spring-2027")
        assert page.evaluate("getComputedStyle(document.querySelector('p')).marginTop") == "0px"
        assert said == []
        refused = page.evaluate("fetch('/').then(() => 'sent', () => 'refused')")
        assert refused == "refused"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with fullchain.pem and privkey.pem that nobody else would trust."""
    folder = tmp_path_factory.mktemp("certificate")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, SERVER_NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "privkey.pem").write_bytes(private)
    return folder


@pytest.mark.parametrize("base", ["", "/families"])
def test_the_file_as_exported_serves_by_https_once_it_has_a_certificate(
    public: Path, tmp_path: Path, certificate: Path, base: str
) -> None:
    port, plain_port = free_port(), free_port()
    conf = nginx_conf(server_name=SERVER_NAME, base=base, languages=LANGUAGES, root=str(public))
    # What a person does by hand: name the certificate.
    conf = re.sub(rf"# (ssl_certificate\w* +)/etc/ssl/{SERVER_NAME}/", rf"\1{certificate}/", conf)
    # What a test must: other ports, and no address of a kind that the machine may lack.
    conf = conf.replace("listen 443 ", f"listen 127.0.0.1:{port} ").replace(
        "listen 80;", f"listen 127.0.0.1:{plain_port};"
    )
    conf = re.sub(r"(?m)^ *listen \[::\].*\n", "", conf)
    with nginx_with(conf, tmp_path, port, base=base) as served:
        for path, name, kind in FOUND:
            answer = ask(served, path, tls=True)
            assert (answer.status, answer.body) == (200, (public / name).read_bytes())
            assert beside_the_carriage(answer) == expected(kind, name, https=True)
        for path, name in MISSING:
            answer = ask(served, path, tls=True)
            assert (answer.status, answer.body) == (404, (public / name).read_bytes())
            assert beside_the_carriage(answer) == expected(Kind.NOT_FOUND, name, https=True)
        sent_on = ask(Served(plain_port, "", tmp_path), "/spring-2027")
        assert (sent_on.status, sent_on.headers["location"]) == (301, f"https://{SERVER_NAME}/spring-2027")
        rude(served)
    assert "client: " not in served.written()
    assert (tmp_path / "access.log").read_text() == ""


def test_the_html_checker_tells_errors_from_warnings_and_finds_none_in_a_good_page(tmp_path: Path) -> None:
    good = tmp_path / "good.html"
    good.write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Good</title><h1>Good</h1><p>Words.</p></html>'
    )
    bad = tmp_path / "bad.html"
    bad.write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Bad</title><p><div id=a id=b></div></html>'
    )
    doubtful = tmp_path / "doubtful.html"
    doubtful.write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>So</title><section><p>So.</p></section></html>'
    )
    found = check_html([good, bad, doubtful])
    assert not any("good.html" in line for line in found.errors + found.warnings)
    assert found.errors
    assert all("bad.html:1" in line for line in found.errors)
    assert any("doubtful.html" in line for line in found.warnings)
    with pytest.raises(AssertionError, match=r"absent\.html"):
        check_html([good, tmp_path / "absent.html"])
