"""The demo's letter, sealed once, and a folder of published seals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from everyfamily.core.agreement.seals import Seal
from everyfamily.core.letter.letters import Letter
from everyfamily.letters.files.record import letter_of
from everyfamily.letters.files.verification import Verdict, verify_file
from tests.factories.city import REFERENCE, sealed_letter


@dataclass(frozen=True)
class Published:
    """The seal, what was sealed, and a folder of seals."""

    seal: Seal
    artefacts: dict[str, bytes]
    key: str
    seals: Path

    @property
    def letter(self) -> Letter:
        return letter_of(self.seal.record)


@pytest.fixture
def published(tmp_path: Path) -> Published:
    seal, artefacts, key = sealed_letter()
    seals = tmp_path / "seals"
    seals.mkdir()
    (seals / f"{REFERENCE}.json").write_text(seal.to_json(), encoding="utf-8")
    return Published(seal, artefacts, key, seals)


@pytest.fixture
def verdict(published: Published, tmp_path: Path) -> Callable[[str, bytes | str], Verdict]:
    """What `everyfamily verify` says of a file."""

    def of(name: str, data: bytes | str) -> Verdict:
        file = tmp_path / name
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
        return verify_file(file, published.seals, sealing_key=published.key)

    return of
