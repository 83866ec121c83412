"""The letters that a text message can hold 160 of. One other sign, and each fragment holds 70.

The same table stands in rendering/sms.py, which counts; neither layer may know the other, and a test compares them.
"""

from __future__ import annotations

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)

PLAIN = {
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
    "–": "-",
    "—": "-",
    "…": "...",
    "\u00a0": " ",
    "\u2011": "-",
    "\u200b": "",
    "\u00ad": "",
    "\ufeff": "",
    "\t": " ",
}
"""Marks of typesetting that say the same when they are written plainly."""
