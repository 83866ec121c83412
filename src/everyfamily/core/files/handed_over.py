"""What is held about somebody, as files that are handed to them: JSON, and text that reads from top to bottom."""

from __future__ import annotations

import json
from datetime import date


def as_json(found: dict[str, object]) -> str:
    """Nested values as JSON with a line end; dates and times in ISO 8601."""
    return json.dumps(found, ensure_ascii=False, indent=1, default=_plain) + "\n"


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def as_text(found: dict[str, object], *, title: str) -> str:
    """Nested values as plain text that reads from top to bottom."""
    return "\n".join([title, "=" * len(title), "", *_lines(found, 0)]) + "\n"


def _lines(value: object, depth: int) -> list[str]:
    margin = "  " * depth
    if isinstance(value, dict):
        lines = []
        for key, inner in value.items():
            name = str(key).replace("_", " ")
            if isinstance(inner, dict | list) and inner:
                lines += [f"{margin}{name}:", *_lines(inner, depth + 1)]
            else:
                lines.append(f"{margin}{name}: {_word(inner)}")
        return lines
    if isinstance(value, list):
        return [
            line
            for inner in value
            for line in (*_lines(inner, depth), *([""] if isinstance(inner, dict) else []))
        ]
    return [f"{margin}{_word(value)}"]


def _word(value: object) -> str:
    if value is None:
        return "not held"
    if value in ("", [], {}):
        return "none"
    text = str(value)
    return text.replace("\n", ", ")
