"""What is needed to reach a service of GOV.UK Notify: its key, its templates, its senders."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import urlsplit

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.sending.fallback import Channel

_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_KEY = re.compile(rf"(?:.+-)?{_UUID}-{_UUID}")
_REAL = "https://api.notifications.service.gov.uk"
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


class NotifySettingNotRight(EveryfamilyError):
    """A setting of GOV.UK Notify is missing or not valid. The value itself may be a secret."""

    code: ClassVar[str] = "EF631"


@dataclass(frozen=True, slots=True)
class NotifyAccount:
    """Raises NotifySettingNotRight for values that are not valid."""

    key: str = field(repr=False)
    email_template: str = ""
    text_template: str = ""
    reply_to: str = ""
    """The id of a reply-to address of the service, or "" for its default."""
    text_sender: str = ""
    """The id of a sender of text messages, or "" for the service's default."""
    abroad: str = "no"
    """"yes" if the service may send texts to numbers outside the United Kingdom."""
    base_url: str = ""
    """A stand-in on this machine, or "" for the real service."""

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.key):
            raise NotifySettingNotRight(
                "EVERYFAMILY_NOTIFY_KEY is not a key of GOV.UK Notify.",
                "Copy the whole key: its name, the service's id and the secret, joined by hyphens.",
            )
        names = {"EMAIL_TEMPLATE": self.email_template, "TEXT_TEMPLATE": self.text_template}
        names |= {"REPLY_TO": self.reply_to, "TEXT_SENDER": self.text_sender}
        for name, value in names.items():
            if value and not re.fullmatch(_UUID, value):
                raise NotifySettingNotRight(
                    f"EVERYFAMILY_NOTIFY_{name} is not an id.", "Copy it from the service's pages, or unset it."
                )
        if self.base_url and (urlsplit(self.base_url).hostname not in _THIS_MACHINE):
            # The key and everybody's addresses would go there.
            raise NotifySettingNotRight(
                "EVERYFAMILY_NOTIFY_BASE_URL is not on this machine.", "Unset it. Only a stand-in needs it."
            )

    @property
    def is_real(self) -> bool:
        """Whether messages really go out, and not to a stand-in."""
        return not self.base_url

    @property
    def address(self) -> str:
        """The address of the service."""
        return self.base_url or _REAL

    def has_templates_for(self, channels: Collection[Channel]) -> None:
        """Raise NotifySettingNotRight for a channel that needs a template and has none."""
        for channel, template in ((Channel.EMAIL, self.email_template), (Channel.TEXT, self.text_template)):
            if channel in channels and not template:
                raise NotifySettingNotRight(
                    f"EVERYFAMILY_NOTIFY_{channel.upper()}_TEMPLATE is missing.",
                    "Make the template as docs/howto/send-by-notify.md says, and set its id.",
                )
