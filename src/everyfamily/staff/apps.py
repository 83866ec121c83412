"""The app of the screens."""

from __future__ import annotations

from django.apps import AppConfig

from everyfamily.staff.doors.factor_rows import know_their_rows


class StaffConfig(AppConfig):
    """Screens."""

    name = "everyfamily.staff"

    def ready(self) -> None:
        """Before any row is read."""
        know_their_rows()
