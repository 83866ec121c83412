"""GOV.UK Notify as the contract suite sees it: the carrier, and the stand-in on its other side."""

from __future__ import annotations

from everyfamily.channels.notify.account import NotifyAccount
from everyfamily.channels.notify.carrier import Notify
from everyfamily.core.sending.fallback import Channel
from tests.contract.notify_server import NotifyServer
from tests.contract.notify_service import Notification, Service
from tests.contract.rigs import Rig, printed_in


class NotifyRig(Rig):
    """The stand-in in this process."""

    def __init__(
        self,
        channel: Channel = Channel.EMAIL,
        *,
        service: Service | None = None,
        timeout: float = 5.0,
        **settings: str,
    ) -> None:
        self.channel = channel
        self.server = NotifyServer(service).start()
        self.service = self.server.service
        self.carrier: Notify = Notify(NotifyAccount(**(self.server.settings | settings)), timeout=timeout)

    def taken(self) -> list[tuple[str, str]]:
        return [(one.reference or "", address_of(one)) for one in self.service.taken]

    def close(self) -> None:
        super().close()
        self.server.stop()


def address_of(one: Notification) -> str:
    """The contact value of a message that the stand-in accepted."""
    return "\n".join(printed_in(one.pdf)[0]) if one.kind == "letter" else one.to
