"""What carriers report, in our words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from everyfamily.core.sending.fallback import AttemptStatus


@dataclass(frozen=True, slots=True)
class DeliveryEvent:
    """One thing that a carrier said about one message. Recording it twice changes nothing."""

    reference: str
    status: AttemptStatus
    occurred_at: datetime
    reason: str = ""
