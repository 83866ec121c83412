"""What the checker for screen readers says of a PDF, without what it takes for a fault and is none."""

from __future__ import annotations

from pathlib import Path

import outloud


def heard(pdf: bytes, folder: Path) -> list[str]:
    """Its findings. It counts a name as language if half of its signs are letters, and in Bengali most are vowel signs,
    which are none: "বাংলা"."""
    file = folder / "letter.pdf"
    file.write_bytes(pdf)
    return [
        one.message for one in outloud.check(str(file)).findings if (one.rule, one.evidence) != ("FIG-012", "বাংলা")
    ]
