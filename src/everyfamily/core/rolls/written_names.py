"""Names as offices write them: "Example, Ruth (Mrs)", "EXAMPLE, Mrs Ruth". Told once a file, by the whole column."""

from __future__ import annotations

import re

_TITLE = r"(?:mrs?|ms|miss|mx|dr|prof|rev|sir|lady|lord|dame)"
_TITLE_BEHIND = re.compile(rf"(?P<name>.*?)[\s,]*\(?\b(?P<title>{_TITLE})\b\.?\)?", re.IGNORECASE)


def name_as_spoken(name: str, *, surname_first: bool) -> str:
    """The name in the order in which it is spoken; without `surname_first` it stays as it is."""
    surname, comma, rest = name.partition(",")
    if not surname_first or not comma or "," in rest:
        return name
    forenames, title = rest.strip(), ""
    if behind := _TITLE_BEHIND.fullmatch(forenames):
        if not behind["name"].strip():
            return f"{behind['title']} {surname.strip()}"
        forenames, title = behind["name"].strip(), behind["title"]
    return " ".join(filter(None, (title, forenames, surname.strip())))
