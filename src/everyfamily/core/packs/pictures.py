"""The drawings that a pack may put beside its short sentences. The parent site has each as a file of this name."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

PICTURES = (
    "advice", "alone", "angry", "calendar", "call", "camera", "care", "child", "computer", "danger", "door", "eye",
    "force", "gift", "heart", "home", "hurt", "keep", "listen", "mask", "message", "missing", "money", "name", "night",
    "parcel", "people", "phone", "prayer", "question", "sad", "scared", "school", "secret", "talk", "upset", "walk",
)  # fmt: skip

PictureName = Annotated[str, Field(pattern=rf"^(no )?({'|'.join(PICTURES)})$")]
"""A drawing by its name, "phone", or crossed out, "no phone"."""

_CROSSED = "no "


def drawing_of(name: str) -> tuple[str, bool]:
    """The drawing that a pack names, and whether it is crossed out: "no phone" gives ("phone", True)."""
    return name.removeprefix(_CROSSED), name.startswith(_CROSSED)
