"""A letter under all rules, the command's start, and the cost of long documents, compared with proselint on the same
text.

ARGS="PAGES ..." (default 10 100 1000). A page is a 500-word letter about harm to children, in paragraphs; each page's
words differ in a number, so that nothing can be kept from the page before. The command is timed as a person runs it: a
new process, twenty times, the median. Reading and rules are timed apart, after start.

proselint reads prose in general and not letters to families: the ratio says what a check of this kind costs elsewhere,
not which finds more.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "tests/samples/letters/good-online-blackmail.txt"
TODAY = date(2027, 5, 10)
PAGE_WORDS = 500
STARTS = 20
LINTS = 15
PAGES = (10, 100, 1000)


def letter(words: int, number: int = 1) -> str:
    """The sample's paragraphs, again from the top until there are enough words; `number` is in each."""
    paragraphs = [part for part in SAMPLE.read_text(encoding="utf-8").split("\n\n") if part.strip()]
    taken: list[str] = []
    count = at = 0
    while count < words:
        part = paragraphs[at % len(paragraphs)].split()[: words - count]
        taken.append(" ".join(part))
        count += len(part)
        at += 1
    return "\n\n".join([*taken[:3], f"Page {number}.", *taken[3:]]) + "\n"


def median_ms(work: Callable[[], Any], times: int) -> float:
    """Median of wall-clock milliseconds."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


def check_text(text: str, about_harm: bool | None = None) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """Reading a letter, and running all rules over it as read."""
    from everyfamily.checks.model.context import CheckContext
    from everyfamily.checks.run.runner import run
    from everyfamily.documents.reading import read_document

    data = text.encode()

    def read() -> CheckContext:
        return CheckContext.of_document(read_document(data, "letter.txt"), today=TODAY, about_harm=about_harm)

    # Folding and sentences are kept with a piece; a fresh context a run pays for them every time.
    return read, lambda: run(read())


def proselint_lint(text: str) -> Callable[[], Any]:
    """The peer's whole set of checks on the same text."""
    from proselint.checks import __register__
    from proselint.config import DEFAULT
    from proselint.registry import CheckRegistry
    from proselint.tools import LintFile

    CheckRegistry().register_many(__register__)
    # Without this it stops at a thousand findings, and a long document seems to cost nothing.
    config = {**DEFAULT, "max_errors": sys.maxsize}
    return lambda: LintFile("letter.txt", text).lint(config)


def one_letter() -> None:
    """A 500-word letter, after start."""
    text = letter(PAGE_WORDS)
    _, check = check_text(text)
    peer = proselint_lint(text)
    check(), peer()
    ours, theirs = median_ms(check, LINTS), median_ms(peer, LINTS)
    print(f"one letter of {PAGE_WORDS} words, after start: {ours:.1f} ms under all rules (aim: under 100)")
    print(f"  proselint on the same text: {theirs:.1f} ms; ours takes {ours / theirs:.2f} of its time")


def commands() -> None:
    """Whole processes, as typed."""
    bin_ = Path(sys.executable).parent
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "letter.txt")
        file.write_text(letter(PAGE_WORDS), encoding="utf-8")
        empty = Path(folder, "short.txt")
        empty.write_text("Dear parents\n", encoding="utf-8")
        timed = {
            "python alone": [sys.executable, "-c", "pass"],
            "everyfamily check --help (start; aim: under 400)": [bin_ / "everyfamily", "check", "--help"],
            "everyfamily check, two words (start and an empty run)": [bin_ / "everyfamily", "check", empty],
            f"everyfamily check, {PAGE_WORDS} words": [bin_ / "everyfamily", "check", file],
            f"proselint check, {PAGE_WORDS} words": [bin_ / "proselint", "check", file],
        }
        print("whole commands, median of 20:")
        for name, command in timed.items():
            took = median_ms(lambda c=command: subprocess.run(c, capture_output=True, check=False), STARTS)
            print(f"  {took:6.0f} ms  {name}")


def long_documents(pages: list[int]) -> None:
    """Each length in a separate process, so that its memory is its own."""
    print("long documents, after start (500 words a page):")
    for number in pages:
        done = subprocess.run([sys.executable, __file__, "--one", str(number)], capture_output=True, check=True)
        row = json.loads(done.stdout)
        print(
            f"  {number:5,} pages: reading {row['read']:.2f} s, reading and rules {row['check']:.2f} s, "
            f"{row['check'] / number * 1000:.1f} ms a page, {row['findings']} findings, "
            f"{row['memory']:.0f} MB at most; proselint {row['peer']:.2f} s"
        )


def one_length(pages: int) -> None:
    """Time one document, in this process."""
    text = "\n".join(letter(PAGE_WORDS, number) for number in range(pages))
    read, check = check_text(text, about_harm=True)
    begun = time.perf_counter()
    read()
    read_seconds = time.perf_counter() - begun
    begun = time.perf_counter()
    report = check()
    seconds = time.perf_counter() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lint = proselint_lint(text)
    begun = time.perf_counter()
    lint()
    row = {
        "read": read_seconds,
        "check": seconds,
        "findings": len(report.findings),
        "memory": memory,
        "peer": time.perf_counter() - begun,
    }
    print(json.dumps(row))


def main() -> None:
    """All of it, or with --one PAGES the part that runs in its own process."""
    if sys.argv[1:2] == ["--one"]:
        one_length(int(sys.argv[2]))
        return
    one_letter()
    commands()
    long_documents([int(pages) for pages in sys.argv[1:]] or list(PAGES))


if __name__ == "__main__":
    main()
