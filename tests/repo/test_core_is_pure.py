"""The rules read no clock, no environment and no network, start no program, and read JSON only by `read_json`.

import-linter keeps the framework out of core; this keeps out what comes with Python.
"""

from __future__ import annotations

import ast
import re

from tests.factories.each import each
from tests.repo.files import ROOT
from tests.repo.named import named

CORE = ROOT / "src/everyfamily/core"
CLOCKS = {
    *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today"),
    *("time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.monotonic", "time.perf_counter"),
}
OUTSIDE = {"os.environ", "os.environb", "os.getenv"}
NETWORK_AND_PROGRAMS = {
    *("socket", "ssl", "urllib.request", "http.client", "requests", "httpx", "smtplib", "imaplib"),
    *("subprocess", "multiprocessing", "os.system", "os.popen"),
}
JSON = {"json.load", "json.loads", "json.JSONDecoder"}
KEPT_OUT = CLOCKS | OUTSIDE | NETWORK_AND_PROGRAMS | JSON
_LAST_WORDS = re.compile(rf"\b(?:{'|'.join({one.rpartition('.')[2] for one in KEPT_OUT})})\b")
EXCEPTIONS = {"files/json_text.py": {"json.loads"}}
"""Module of core -> what it may name. It is the one reader of JSON."""


def kept_out_names(source: str) -> set[str]:
    """What a module names of what is kept out of core. A part of it counts too: `os.environ.get`."""
    # To parse every module takes a second. Whatever names something has its last word.
    if not _LAST_WORDS.search(source):
        return set()
    found = named(ast.parse(source))
    return {one for one in KEPT_OUT if any(f"{name}.".startswith(f"{one}.") for name in found)}


def test_core_names_no_clock_no_environment_no_network_and_no_json() -> None:
    paths = sorted(CORE.rglob("*.py"))
    texts = {path.relative_to(CORE).as_posix(): path.read_text("utf-8") for path in paths}
    found = {path: names for path, text in texts.items() if (names := kept_out_names(text))}
    assert len(paths) > 250
    assert found == EXCEPTIONS, "pass it in, or read JSON by core/files/json_text.py"


@each(
    "source, name",
    [
        ("from datetime import UTC, datetime\nNOW = datetime.now(UTC)", "datetime.datetime.now"),
        ("import datetime as dt\n\ndef f():\n    return dt.datetime.utcnow()", "datetime.datetime.utcnow"),
        ("from datetime import date as day\nx = day.today", "datetime.date.today"),
        ("from time import time", "time.time"),
        ("import time\nx = time.time()", "time.time"),
        ("import os\nx = os.environ.get('A')", "os.environ"),
        ("from os import environ", "os.environ"),
        ("import os as o\nx = o.getenv('A')", "os.getenv"),
        ("import socket", "socket"),
        ("def f():\n    from urllib import request", "urllib.request"),
        ("import urllib.request", "urllib.request"),
        ("from http.client import HTTPSConnection", "http.client"),
        ("import requests", "requests"),
        ("from httpx import get", "httpx"),
        ("import subprocess as s\ns.run([])", "subprocess"),
        ("import json\nx = json.loads('1')", "json.loads"),
        ("from json import load as read", "json.load"),
    ],
)
def test_each_break_is_found(source: str, name: str) -> None:
    assert kept_out_names(source) == {name}


@each(
    "source",
    [
        "from datetime import date, datetime\nx = datetime(2027, 3, 1), date.fromisoformat",
        "import json\nx = json.dumps",
        "import os\nx = os.fspath",
        "from urllib.parse import urlsplit",
        "def f(now):\n    return now.time()",
        "from everyfamily.core.calendar import time\nx = time.time",
    ],
)
def test_what_only_looks_like_it_is_let_through(source: str) -> None:
    assert kept_out_names(source) == set()
