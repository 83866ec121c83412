"""Which carrier each channel uses, and what GOV.UK Notify needs, from the environment."""

from __future__ import annotations

from collections.abc import Mapping

from everyfamily.channels.carrier_choice import CHOICES, NONE
from everyfamily.config.environment import SettingNotRight, word

LEAST_TOKEN = 24
"""The fewest characters of the token in receipts, so that nobody can guess it."""


def carrier_choice(environment: Mapping[str, str]) -> dict[str, str]:
    """The carrier that each channel is set to, or "" if it follows EVERYFAMILY_CHANNELS. Raises SettingNotRight."""
    names = {channel: f"EVERYFAMILY_{channel.upper()}" for channel in CHOICES}
    return {
        channel: word(environment, name, CHOICES[channel], NONE) if environment.get(name) else ""
        for channel, name in names.items()
    }


def notify_account(environment: Mapping[str, str]) -> dict[str, str]:
    """The arguments of NotifyAccount. What is not valid is refused when a carrier is made."""
    return {
        "key": environment.get("EVERYFAMILY_NOTIFY_KEY", ""),
        "email_template": environment.get("EVERYFAMILY_NOTIFY_EMAIL_TEMPLATE", ""),
        "text_template": environment.get("EVERYFAMILY_NOTIFY_TEXT_TEMPLATE", ""),
        "reply_to": environment.get("EVERYFAMILY_NOTIFY_REPLY_TO", ""),
        "text_sender": environment.get("EVERYFAMILY_NOTIFY_TEXT_SENDER", ""),
        "abroad": word(environment, "EVERYFAMILY_NOTIFY_ABROAD", ("yes", "no"), "no"),
        "base_url": environment.get("EVERYFAMILY_NOTIFY_BASE_URL", ""),
    }


def receipts_token(environment: Mapping[str, str], name: str) -> str:
    """The token that a carrier's receipts must have. With "", none are accepted. Raises SettingNotRight."""
    token = environment.get(name, "")
    if token and (len(token) < LEAST_TOKEN or not token.isascii() or not token.isprintable() or " " in token):
        raise SettingNotRight(
            f"{name} is not {LEAST_TOKEN} or more plain characters.",
            'Make one: python -c "import secrets; print(secrets.token_urlsafe(32))"',
        )
    return token
