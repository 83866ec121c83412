"""What every email to people who work with the product, and to schools, has. A matter's own table is made from it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from everyfamily.core.sending.fallback import AttemptStatus
from everyfamily.core.sending.staff_mail import STATUSES, MailFacts


class Mail(models.Model):
    """One email. It is recorded before it is sent, so that none is sent twice (`actions/outbox.py`)."""

    reference = models.UUIDField(default=uuid.uuid4, unique=True)
    status = models.CharField(max_length=20, default=AttemptStatus.CREATED.value)
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint] | tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(condition=Q(status__in=STATUSES), name="%(class)s_status_known"),
        )

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.pk}: {self.status}"

    def ends_at(self) -> datetime | None:
        """When what it says is over. None: it is tried for a week."""
        return None

    def facts(self) -> MailFacts:
        """What the rule looks at."""
        return MailFacts(self.status, self.written_at, self.changed_at, self.ends_at())
