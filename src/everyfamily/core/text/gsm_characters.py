"""The characters of which a text message can hold 160. With a single other character, each fragment holds 70."""

from __future__ import annotations

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€")
"""In the alphabet's second table, where each counts as two."""

PLAIN = {
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
    "–": "-",
    "—": "-",
    "…": "...",
    "\u00a0": " ",
    "\u200b": "",
    "\u00ad": "",
    "\ufeff": "",
    "\t": " ",
}
"""Typographic characters with a plain form that says the same, as Notify writes them."""
