"""Modules stay small, and no drawer opens for odds and ends."""

from __future__ import annotations

from tests.repo.files import ROOT, repository_files

HARD_LIMIT = 500
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "services", "managers"}


def test_no_module_is_longer_than_the_hard_limit() -> None:
    source = [path for path in repository_files() if path.suffix == ".py" and path.is_relative_to(ROOT / "src")]
    long = {
        str(path.relative_to(ROOT)): lines
        for path in source
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > HARD_LIMIT
    }
    assert source
    assert long == {}


def test_no_module_or_folder_is_a_drawer() -> None:
    drawers = [
        str(path.relative_to(ROOT))
        for path in repository_files()
        if path.suffix == ".py" and DRAWERS & {path.stem, *path.relative_to(ROOT).parts}
    ]
    assert drawers == []
