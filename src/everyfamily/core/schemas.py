"""JSON Schemas of the files that people write, so that an editor can check and complete them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from everyfamily.core.files.toml_files import StrictModel
from everyfamily.core.files.waiver_file import WaiverFile
from everyfamily.core.packs.overrides import Overrides
from everyfamily.core.packs.packs import PackFile
from everyfamily.core.packs.site_pack import SitePackFile
from everyfamily.core.packs.sources import SourcesFile
from everyfamily.core.partnership.partnership_file import PartnershipFile

_FILES: Mapping[str, tuple[type[StrictModel], str]] = {
    "pack.schema.json": (PackFile, "A content pack's pack.toml"),
    "sources.schema.json": (SourcesFile, "A content pack's sources.toml"),
    "overrides.schema.json": (Overrides, "A partnership's own words on a content pack"),
    "partnership.schema.json": (PartnershipFile, "A partnership's file"),
    "site.schema.json": (SitePackFile, "The site.toml of the parent site's general pages"),
    "waivers.schema.json": (WaiverFile, "A file of waivers"),
}


def schema_texts() -> dict[str, str]:
    """File name to JSON Schema, with the same text every time."""
    return {name: _text(model, title) for name, (model, title) in _FILES.items()}


def write_schemas(folder: Path) -> None:
    """Write the schemas into `folder` (docs/schemas in the repository)."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schema_texts().items():
        (folder / name).write_text(text, encoding="utf-8")


def _text(model: type[StrictModel], title: str) -> str:
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **model.model_json_schema(),
        "title": title,
    }
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
