"""The letters that a text message can hold 160 of. One other sign, and each fragment holds 70."""

from __future__ import annotations

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€")
"""In the alphabet's second table: each counts as two."""

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
"""Marks of typesetting that say the same when they are written plainly, as Notify writes them."""
