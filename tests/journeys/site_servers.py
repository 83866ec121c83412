"""Starts Debian's nginx and Caddy, and our own small server, on an exported site; runs the Nu HTML checker over pages.

Each server is a child process of the test, only on this machine, with everything that it writes in its own folder.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

from everyfamily.parentsite.server_files import caddyfile, nginx_conf

ROOT = Path(__file__).parents[2]
CHECKER = ROOT / "tools/html-checker/node_modules/vnu-jar/build/dist/vnu.jar"
SERVER_NAME = "families.eastmere.example"
WORKERS = 2
START_SECONDS = 20


@dataclass(frozen=True)
class Served:
    """A site that is being served. `url` ends before `base`; `folder` holds whatever the server writes."""

    port: int
    base: str
    folder: Path

    @property
    def url(self) -> str:
        """Where the site's home is, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}{self.base}"

    def written(self) -> str:
        """All that the server has written anywhere in its folder, its output with it."""
        files = [path for path in sorted(self.folder.rglob("*")) if path.suffix in (".log", ".txt")]
        return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in files)


def program(name: str) -> str:
    """The path of a server's program; without it the test is skipped, and under CI it fails."""
    found = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"]))
    return found or _missing(name)


def _missing(name: str) -> NoReturn:
    reason = f"{name} is not on this machine; tools/site-servers.sh brings it"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def free_port() -> int:
    """A port of this machine that nobody listened on a moment ago."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def nginx_serving(
    public: Path, folder: Path, *, base: str = "", languages: Sequence[str] = ("en",)
) -> Iterator[Served]:
    """The exported folder `public` served by nginx with the settings that an export writes, by plain http."""
    port = free_port()
    conf = nginx_conf(
        server_name=SERVER_NAME, base=base, languages=languages, root=str(public), test_listen=f"127.0.0.1:{port}"
    )
    with nginx_with(conf, folder, port, base=base) as served:
        yield served


@contextmanager
def nginx_with(conf: str, folder: Path, port: int, *, base: str = "") -> Iterator[Served]:
    """nginx with this text in its `http` block, with logs open as on a machine where nobody thought of them."""
    main = nginx_main(conf, folder)
    tried = subprocess.run([program("nginx"), "-t", "-c", main], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    with _running([program("nginx"), "-c", str(main)], folder, port):
        yield Served(port, base, folder)


def nginx_main(conf: str, folder: Path) -> Path:
    """Write nginx's main file around a site's into `folder`; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "site.conf").write_text(conf, encoding="utf-8")
    temporary = [
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    ]
    main = folder / "main.conf"
    lines = [
        # The test's folder is its owner's alone, and so must the workers be.
        "user root;" if os.geteuid() == 0 else "",
        "daemon off;",
        f"worker_processes {WORKERS};",
        f"pid {folder}/nginx.pid;",
        f"error_log {folder}/error.log info;",
        "events { worker_connections 1024; }",
        "http {",
        f"access_log {folder}/access.log;",
        *temporary,
        f"include {folder}/site.conf;",
        "}",
    ]
    main.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return main


@contextmanager
def caddy_serving(
    public: Path, folder: Path, *, base: str = "", languages: Sequence[str] = ("en",)
) -> Iterator[Served]:
    """The exported folder `public` served by Caddy with the settings that an export writes, by plain http."""
    port = free_port()
    site = caddyfile(
        server_name=SERVER_NAME, base=base, languages=languages, root=str(public), test_listen=f"127.0.0.1:{port}"
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Caddyfile").write_text("{\n\tadmin off\n\tauto_https off\n}\n" + site, encoding="utf-8")
    settings = ["--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    with _running([program("caddy"), "run", *settings], folder, port):
        yield Served(port, base, folder)


@contextmanager
def small_server_serving(public: Path, folder: Path, *, base: str = "") -> Iterator[Served]:
    """The exported folder `public` served by everyfamily's own server, as the demo starts it."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    code = (
        "import sys; from pathlib import Path; from everyfamily.parentsite.serving import serve; "
        "serve(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))"
    )
    with _running([sys.executable, "-c", code, str(public), base, str(port)], folder, port):
        yield Served(port, base, folder)


@contextmanager
def _running(command: list[str], folder: Path, port: int) -> Iterator[None]:
    """A child process that listens on `port` by the time the block begins and is gone after it."""
    # Caddy keeps its state under HOME and its relatives; it may not touch those of the person who runs the tests.
    kept = {name: str(folder) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    output = folder / "output.txt"
    with output.open("wb") as out:
        child = subprocess.Popen(
            command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, env={**os.environ, **kept}
        )
        try:
            _wait_for(port, child, output)
            yield
        finally:
            child.terminate()
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _wait_for(port: int, child: subprocess.Popen[bytes], output: Path) -> None:
    begun = time.monotonic()
    while time.monotonic() - begun < START_SECONDS:
        assert child.poll() is None, output.read_text(encoding="utf-8", errors="replace")
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(f"nothing listens after {START_SECONDS} s: {output.read_text(encoding='utf-8')}")


@dataclass(frozen=True)
class HtmlFindings:
    """What the Nu HTML checker said, a line each: file, line, words."""

    errors: list[str]
    warnings: list[str]


def check_html(paths: Sequence[Path], *, css: bool = False) -> HtmlFindings:
    """Errors and warnings of the Nu HTML checker in these files, by one Java process; `css` reads style sheets too.

    Skips without the checker or Java, and fails under CI.
    """
    if not CHECKER.is_file():
        _missing("the Nu HTML checker")
    # The checker passes over what is not there without a word.
    assert paths, "no page was given to the checker"
    assert (absent := [str(path) for path in paths if not path.is_file()]) == [], absent
    # It ends before a better compiler has paid for itself: half the processor time without one.
    java = [program("java"), "-Xss4m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", str(CHECKER)]
    java += ["--format", "json", "--stdout", "--exit-zero-always"]
    more = ["--also-check-css"] if css else []
    done = subprocess.run(
        [*java, *more, *(str(path) for path in paths)], capture_output=True, text=True, check=True, timeout=300
    )
    findings = HtmlFindings([], [])
    for message in json.loads(done.stdout)["messages"]:
        line = f"{Path(message.get('url', '')).as_posix()}:{message.get('lastLine', '?')}: {message['message']}"
        # What could not be read or checked at all ("non-document-error") is an error, whatever the page is like.
        (findings.warnings if message["type"] == "info" else findings.errors).append(line)
    return findings
