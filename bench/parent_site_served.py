"""The parent site by nginx as an export sets it up, compared with one plain file by a plain nginx, under wrk in the
same run.

ARGS="[OUT] [--seconds N] [--rounds N]": OUT is a folder that `everyfamily site` made; without it 300 pages of 12 to
20 KB in three languages stand in for one. Needs nginx and wrk (tools/site-servers.sh).

Both sides: nginx with two workers, wrk with two threads and 64 kept connections, no log of requests, and compressed
twins served where the visitor reads gzip. Ours serves all pages in turn, each with all its headers; the plain file has
the mean size of our pages, its twin the mean size of their twins, and no header of its own. Ours keeps files open, as
a plain nginx does not: a third side is the plain file kept open too, and so shows what our headers and our many pages
cost by themselves. The sides take turns, so that a neighbour on the machine slows them all; medians of the rounds are
compared. wrk shares the cores with nginx: the figures are for comparing.
"""

from __future__ import annotations

import argparse
import gzip
import random
import re
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from everyfamily.parentsite.server_files import nginx_conf
from tests.journeys.site_servers import SERVER_NAME, free_port, nginx_with, program

SECONDS = 8
ROUNDS = 3
PAGES = 300
LANGUAGES = ["en", "ur", "pl"]
RATE_AIM, LATENCY_AIM = 0.90, 1.10
OURS, PLAIN = "ours", "plain"

# Every request is made before the clock starts, so that both sides cost wrk the same.
SCRIPT = """
local asked, at = {}, 0
function init(args)
  for path in io.lines(args[1]) do asked[#asked + 1] = wrk.format("GET", path) end
  math.randomseed(tonumber(args[2]))
  at = math.random(#asked)
end
function request()
  at = at % #asked + 1
  return asked[at]
end
"""


@dataclass(frozen=True)
class Measured:
    """One run of wrk."""

    rate: float
    """Requests a second."""
    p99: float
    """Milliseconds in which 99 of 100 answers came."""


def pages_instead(folder: Path) -> Path:
    """A folder `public` of pages that compress as ours do."""
    chance = random.Random(2027)
    words = ["".join(chance.choices("abcdefghijklmnoprstuvwy", k=chance.randint(2, 10))) for _ in range(900)]
    for number in range(PAGES):
        language = LANGUAGES[number % len(LANGUAGES)]
        place = (
            folder
            / "public"
            / ("" if language == "en" else language)
            / f"topic-{number // 10}"
            / f"page-{number}"
        )
        place.mkdir(parents=True)
        page = ["<!doctype html><title>Eastmere</title>"]
        while sum(map(len, page)) < 12_000 + 8_000 * number // PAGES:
            page.append(f'<p class="reading">{" ".join(chance.choices(words, k=30))}.</p>\n')
        write_with_twin(place / "index.html", "".join(page).encode())
    for language in LANGUAGES:
        missing = folder / "public" / ("" if language == "en" else language) / "404.html"
        write_with_twin(missing, b"<!doctype html><title>Eastmere</title>")
    return folder / "public"


def write_with_twin(file: Path, content: bytes) -> None:
    """A file and its compressed twin."""
    file.write_bytes(content)
    file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(content, 9, mtime=0))


def plain_file(folder: Path, size: int, twin: int) -> Path:
    """One page of `size` bytes whose twin has `twin` bytes; what is in them does not matter to nginx or wrk."""
    folder.mkdir()
    (folder / "page.html").write_bytes(b"a" * size)
    (folder / "page.html.gz").write_bytes(b"a" * twin)
    return folder


def plain_conf(root: Path, port: int, *, kept_open: bool) -> str:
    """As little as nginx needs to serve a file and its twin."""
    cache = "open_file_cache max=10000 inactive=10m; open_file_cache_valid 30s; open_file_cache_errors on;\n"
    return (
        f"{cache if kept_open else ''}"
        "types { text/html html; }\n"
        "sendfile on; tcp_nopush on;\n"
        f"server {{ listen 127.0.0.1:{port}; root {root}; access_log off; gzip_static on; }}\n"
    )


def measure(port: int, paths: Path, script: Path, seconds: int, *, compressed: bool, seed: int) -> Measured:
    """Run wrk once; raises ValueError if any answer was not a page."""
    accept = ["-H", "Accept-Encoding: gzip, deflate, br"] if compressed else []
    load = ["-t2", "-c64", f"-d{seconds}s", "--latency", *accept, "-s", str(script)]
    done = subprocess.run(
        [program("wrk"), *load, f"http://127.0.0.1:{port}", "--", str(paths), str(seed)],
        capture_output=True,
        text=True,
        check=True,
    )
    if re.search(r"Non-2xx|Socket errors", done.stdout):
        raise ValueError(done.stdout)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1])  # type: ignore[index]
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", done.stdout).groups()  # type: ignore[union-attr]
    return Measured(rate, float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit])


def compare(public: Path, folder: Path, seconds: int, rounds: int) -> None:
    """Both sides in turn, without and with compression."""
    pages = sorted(public.rglob("index.html"))
    sizes = [page.stat().st_size for page in pages]
    twins = [page.with_name("index.html.gz").stat().st_size for page in pages]
    size, twin = round(statistics.mean(sizes)), round(statistics.mean(twins))
    print(f"{len(pages)} pages of {min(sizes):,} to {max(sizes):,} bytes, mean {size:,}; compressed {twin:,}")
    languages = ["en", *(one.parent.name for one in public.glob("*/404.html"))]
    script, ours_paths, plain_paths = folder / "pages.lua", folder / "ours.txt", folder / "plain.txt"
    script.write_text(SCRIPT)
    ours_paths.write_text("".join(f"/{path}/\n" for path in places(public, pages)).replace("/./", "/"))
    plain_paths.write_text("/page.html\n")
    plain = plain_file(folder / "plain", size, twin)
    ports = [free_port() for _ in range(3)]
    conf = nginx_conf(
        server_name=SERVER_NAME,
        base="",
        languages=languages,
        root=str(public),
        test_listen=f"127.0.0.1:{ports[0]}",
    )
    with (
        nginx_with(conf, folder / "server-0", ports[0]),
        nginx_with(plain_conf(plain, ports[1], kept_open=False), folder / "server-1", ports[1]),
        nginx_with(plain_conf(plain, ports[2], kept_open=True), folder / "server-2", ports[2]),
    ):
        names = (OURS, PLAIN, "plain, kept open")
        sides = dict(zip(names, zip(ports, (ours_paths, plain_paths, plain_paths), strict=True), strict=True))
        for port, paths in sides.values():
            measure(port, paths, script, 1, compressed=True, seed=0)  # warm
        for compressed in (True, False):
            runs: dict[str, list[Measured]] = {name: [] for name in sides}
            for number in range(rounds):
                for name, (port, paths) in sides.items():
                    runs[name].append(measure(port, paths, script, seconds, compressed=compressed, seed=number))
            report("Accept-Encoding: gzip" if compressed else "no Accept-Encoding", runs)


def places(public: Path, pages: list[Path]) -> list[str]:
    """The addresses of pages, without the slashes around them."""
    return [page.parent.relative_to(public).as_posix() for page in pages]


def report(title: str, runs: dict[str, list[Measured]]) -> None:
    """Medians of the rounds, each round beside them, and the ratios to ours."""
    print(f"{title}:")
    rate = {name: statistics.median(one.rate for one in measured) for name, measured in runs.items()}
    p99 = {name: statistics.median(one.p99 for one in measured) for name, measured in runs.items()}
    for name, measured in runs.items():
        each = ", ".join(f"{one.rate:,.0f} ({one.p99:.2f} ms)" for one in measured)
        print(f"  {name:17} {rate[name]:8,.0f} requests/s, p99 {p99[name]:.2f} ms   rounds: {each}")
    for name in runs:
        if name != OURS:
            aims = f" (aims: at least {RATE_AIM:.2f}, at most {LATENCY_AIM:.2f})" if name == PLAIN else ""
            print(
                f"  ours to {name}: requests/s {rate[OURS] / rate[name]:.2f}, p99 {p99[OURS] / p99[name]:.2f}{aims}"
            )


def main() -> None:
    """Read ARGS, and measure."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("out", type=Path, nargs="?", metavar="OUT")
    asked.add_argument("--seconds", type=int, default=SECONDS)
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        public = given.out.resolve() / "public" if given.out else pages_instead(Path(name))
        compare(public, Path(name), given.seconds, given.rounds)


if __name__ == "__main__":
    main()
