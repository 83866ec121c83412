"""What the email and the web page share: the template environment and the filters that protect numbers."""

from __future__ import annotations

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from everyfamily.core.letter.letters import Letter
from everyfamily.rendering.targets import telephone_targets, web_targets
from everyfamily.rendering.view import beside, sentence


@cache
def environment() -> Environment:
    """Jinja2 with autoescape on and undefined names refused."""
    made = Environment(
        loader=PackageLoader("everyfamily.rendering", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["lead_in"] = lead_in
    made.filters["sentence"] = sentence
    made.globals["beside"] = beside
    return made


def linked(letter: Letter, text: str) -> Markup:
    """Escape `text` and make links from the letter's own numbers and addresses, each isolated from text direction.

    Only values that the letter itself contains become links. Nothing is guessed.
    """
    targets = {**web_targets(letter), **telephone_targets(letter)}
    pattern = re.compile("|".join(re.escape(shown) for shown in sorted(targets, key=len, reverse=True)))
    out, at = Markup(), 0
    for found in pattern.finditer(text):
        out += escape(text[at : found.start()]) + link(targets[found[0]], found[0])
        at = found.end()
    return out + escape(text[at:])


def link(address: str, shown: str) -> Markup:
    """One link. A number is kept left to right and not broken."""
    number = Markup(' class="n"') if address.startswith(("tel:", "sms:")) else Markup()
    return Markup('<a{} href="{}" rel="noreferrer"><bdi dir="ltr">{}</bdi></a>').format(number, address, shown)


def lead_in(text: str) -> Markup:
    """Set the question or phrase that opens a line ("Deaf?", "You could say:") in bold."""
    found = re.match(r"[^.?:“]+[?:]", text)
    if found is None:
        return escape(text)
    return Markup("<strong>{}</strong>{}").format(found[0], text[found.end() :])
