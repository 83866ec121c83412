"""Writes the fixes that are always safe into text files, or shows what it would write."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import ClassVar

from everyfamily.checks.model.finding import Finding
from everyfamily.checks.run.checked import Checked
from everyfamily.checks.run.fixing import with_fixes
from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.files.whole_files import written

_MARK = "\ufeff"
_ANYBODY_WRITES = 0o222


class FileNotFixed(EveryfamilyError):
    """The file may not be written, or is no longer the file that was checked."""

    code: ClassVar[str] = "EF705"


@dataclass(frozen=True, slots=True)
class FixedFile:
    """A file as it is and as it would be, and how many fixes that includes."""

    path: Path
    before: str
    after: str
    fixes: int

    def diff(self) -> str:
        """What changes, as a unified diff."""
        lines = unified_diff(
            self.before.splitlines(keepends=True),
            self.after.splitlines(keepends=True),
            f"{self.path}",
            f"{self.path} (fixed)",
        )
        return "".join(
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
        )

    def write(self) -> None:
        """Write it completely or not at all, with the rights that the file had."""
        try:
            self._write(self.path.resolve())
        except OSError as problem:
            reason = (problem.strerror or "unknown reason").lower()
            raise FileNotFixed(
                f"The file cannot be written ({reason}).",
                "Copy it to a folder of your own.",
                SourceLocation(str(self.path)),
            ) from problem

    def _write(self, path: Path) -> None:
        mode = path.stat().st_mode
        if not mode & _ANYBODY_WRITES:
            # Its folder would let us replace it, but the person who protected it did not want that.
            raise FileNotFixed(
                "The file is read-only.", "Allow writing, or copy it.", SourceLocation(str(self.path))
            )
        with written(path) as file:
            file.write(self.after.encode())
            os.fchmod(file.fileno(), mode & 0o7777)
            if path.read_bytes() != self.before.encode():
                raise FileNotFixed(
                    "The file was changed while it was checked, so nothing was written.",
                    "Check it again.",
                    SourceLocation(str(self.path)),
                )


def fixed_files(checked: Checked, source_of: Callable[[str], Path | None]) -> list[FixedFile]:
    """Each file that the findings' fixes would change. Files that are not UTF-8 stay as they are."""
    by_file: dict[Path, list[Finding]] = {}
    for finding in checked.fixable():
        source = source_of(finding.place.file)
        if source is not None:
            by_file.setdefault(source, []).append(finding)
    files = (_fixed(path, findings) for path, findings in by_file.items())
    return [file for file in files if file is not None and file.fixes]


def _fixed(path: Path, findings: list[Finding]) -> FixedFile | None:
    try:
        text = path.read_bytes().decode()
    except UnicodeDecodeError:
        return None
    mark = _MARK if text.startswith(_MARK) else ""
    after, fixes = with_fixes(text.removeprefix(mark), findings)
    return FixedFile(path, text, mark + after, fixes)
