"""Reads a page or a file of the preview that a worker wrote, and nothing else of this machine."""

from __future__ import annotations

from dataclasses import dataclass

from everyfamily.parentsite.headers import CONTENT_TYPES, refused
from everyfamily.staff.site.making import preview_folder

_MOST = 20_000_000


@dataclass(frozen=True, slots=True)
class Previewed:
    """One answer."""

    content: bytes
    content_type: str
    is_page: bool


def is_there() -> bool:
    """Whether there is a preview, and this process can read it."""
    return read_preview("") is not None


def read_preview(name: str) -> Previewed | None:
    """The file at this address below the preview's own, or None. The name of a page ends with a slash."""
    folder = preview_folder()
    if folder is None or refused(f"/{name}") or "\0" in name:
        return None
    within = f"{name}index.html" if not name or name.endswith("/") else name
    try:
        public = (folder / "public").resolve()
        file = (public / within).resolve()  # follows links and "..": what they lead to outside is not served
        content_type = CONTENT_TYPES.get(file.suffix)
        if content_type is None or not file.is_relative_to(public) or not file.is_file():
            return None
        if file.stat().st_size > _MOST:
            return None
        return Previewed(file.read_bytes(), content_type, file.suffix == ".html")
    except (OSError, ValueError):
        return None
