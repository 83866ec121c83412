"""The sources of a pack: what each supports, where it was found and how certain that is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Literal

from pydantic import Field

from everyfamily.core.files.toml_files import StrictModel
from everyfamily.core.packs.pack_sections import PackIncomplete
from everyfamily.core.text.passages import Passage


class Source(StrictModel):
    """One source: what it supports, where it was found and how certain that is."""

    supports: str
    address: str
    status: Literal["found", "second-hand", "recollection"]
    as_found: str
    review_on: date


class SourcesFile(StrictModel):
    """`sources.toml`: a table of sources by key ("S26")."""

    sources: dict[str, Source] = Field(min_length=1)


def check_sources(sources: Mapping[str, Source], passages: Iterable[Passage]) -> None:
    """Raise PackIncomplete for a passage that names a source that is not in `sources`."""
    for fault in source_faults(sources, passages):
        raise fault


def source_faults(sources: Mapping[str, Source], passages: Iterable[Passage]) -> Iterator[PackIncomplete]:
    """Each source that a passage names and that is not in `sources`."""
    for passage in passages:
        for key in passage.sources:
            if key not in sources:
                yield PackIncomplete(
                    f'The source "{key}" is not in sources.toml.',
                    "Correct the key, or add it there.",
                    passage.place,
                )
