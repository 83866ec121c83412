"""The end of the demo: the summary from the database, in the terminal and as JSON."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from everyfamily.cli.accounts.summary import print_summary, summary_json
from everyfamily.core.sending.fallback import AttemptStatus
from everyfamily.reports.queries import CityCoverage
from everyfamily_demo.schools import CitySize
from everyfamily_demo.simulation import REPORT
from everyfamily_demo.steps import DemoRun


def print_outcome(run: DemoRun, city: CityCoverage, *, size: CitySize) -> dict[str, Any]:
    """Print the summary; returns the same figures in the issue's JSON shape."""
    what = "a small invented city" if size == "small" else "an invented city"
    paths = {name: _short(path) for name, path in run.paths.items()}
    print_summary(
        run.console,
        title=f"everyfamily demo  {what}, seed {run.workspace.seed}, as of {REPORT:%A %-d %B %Y, %H:%M}",
        steps=run.steps,
        city=city,
        unknown_line=_unknown(city),
        paths=paths,
    )
    return summary_json(city, steps=run.steps, paths=run.paths)


def _unknown(city: CityCoverage) -> str:
    count = sum(statuses.get(AttemptStatus.UNKNOWN.value, 0) for statuses in city.messages.values())
    if not count:
        return ""
    return f"{count} unknown: a carrier took the message and did not answer. Settled by docs/channels/unknown.md."


def _short(path: str) -> str:
    relative = os.path.relpath(path, Path.cwd())
    return path if relative.startswith("..") else relative
