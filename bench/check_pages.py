"""The check in a browser: how long each page takes, how large it is, and fifty people at once.

The peer is the command on the same letters: what the page adds to it, and what it saves by being started already.
Times are from the request to the last byte of the answer, on this machine, without TLS.
"""

from __future__ import annotations

import gzip
import http.client
import re
import secrets
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[1]
LETTERS = ROOT / "tests" / "samples" / "letters"
ROUNDS = 40
PEOPLE = 50
EVERYFAMILY = [sys.executable, "-m", "everyfamily.cli.main"]


def main() -> None:
    """Serve, ask, and print a line for each page."""
    command = [*EVERYFAMILY, "check", "--serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        found = re.search(r"http://localhost:(\d+)", served.stdout.readline())
        assert found
        try:
            figures(int(found[1]))
        finally:
            served.terminate()


def figures(port: int) -> None:
    """All lines of the report."""
    print(f"{'page':44} {'p50 ms':>8} {'p95 ms':>8} {'kB':>7} {'kB sent gzipped':>16}")
    for path in ("/check/", "/check/rules/", "/check/rules/HM103/"):
        line(path, lambda path=path: get(port, path))
    for name in ("old-council-letter.docx", "good-missing.html", "ordinary-trip.txt"):
        line(f"POST {name}", lambda name=name: post(port, LETTERS / name))
        print(f"{'  the command, from a shell':44} {median_of_command(LETTERS / name):8.0f}")
    for name in ("govuk.css", "frame.css", "check.css"):
        line(name, lambda name=name: get(port, f"/static/staff/{name}"))
    began = time.perf_counter()
    with ThreadPoolExecutor(PEOPLE) as people:
        answers = list(people.map(lambda _: post(port, LETTERS / "old-council-letter.docx"), range(PEOPLE)))
    seconds = time.perf_counter() - began
    errors = sum(status != 200 for status, _ in answers)
    print(f"{PEOPLE} people at once, each with the old letter: {seconds:.1f} s in all, {errors} errors")


def line(name: str, ask: Callable[[], tuple[int, bytes]]) -> None:
    """Ask often, and print how long it took and how much came."""
    ask()
    times = []
    body = b""
    for _ in range(ROUNDS):
        began = time.perf_counter()
        status, body = ask()
        times.append((time.perf_counter() - began) * 1000)
        assert status == 200, (name, status)
    cuts = statistics.quantiles(times, n=20)
    size, sent = len(body) / 1000, len(gzip.compress(body)) / 1000
    print(f"{name:44} {statistics.median(times):8.1f} {cuts[18]:8.1f} {size:7.1f} {sent:16.1f}")


def get(port: int, path: str) -> tuple[int, bytes]:
    """The status and the body of a page."""
    connection = http.client.HTTPConnection("localhost", port, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read()


def post(port: int, file: Path) -> tuple[int, bytes]:
    """The same for a letter that is given to be checked."""
    edge = secrets.token_hex(16)
    head = f'--{edge}\r\nContent-Disposition: form-data; name="letter"; filename="{file.name}"\r\n\r\n'
    body = head.encode() + file.read_bytes() + f"\r\n--{edge}--\r\n".encode()
    connection = http.client.HTTPConnection("localhost", port, timeout=120)
    connection.request("POST", "/check/", body, {"Content-Type": f"multipart/form-data; boundary={edge}"})
    answer = connection.getresponse()
    return answer.status, answer.read()


def median_of_command(file: Path) -> float:
    """Milliseconds of the command on the same letter, from start to end."""
    times = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run([*EVERYFAMILY, "check", str(file)], capture_output=True)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    main()
