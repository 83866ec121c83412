"""A text of the send kit as plain text, which anyone can paste anywhere."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.rendering.view import KitView


def kit_plain_text(view: KitView) -> str:
    """The whole text, with one line for each paragraph, its title in capitals, and one line break at the end."""
    return "\n".join(_lines(view)).replace("\n\n\n", "\n\n").strip() + "\n"


def _lines(view: KitView) -> Iterator[str]:
    yield from (view.title.upper(), "")
    for section in view.sections:
        if section.heading:
            yield from (section.heading, "")
        before = ""
        for block in section.blocks:
            if before == "item" and block.kind != "item":
                yield ""
            before = block.kind
            if block.kind == "item":
                yield f"- {block.text}"
            else:
                yield from (block.text, "")
        yield ""
    yield view.foot
