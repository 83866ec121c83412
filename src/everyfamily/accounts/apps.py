"""The app, without the rows of permissions that Django would write at every start (see core/permissions.py)."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    """Accounts."""

    name = "everyfamily.accounts"

    def ready(self) -> None:
        """Nobody reads Django's own permissions and content types, and writing them slows the start of each command."""
        from django.contrib.contenttypes.management import create_contenttypes

        post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
        post_migrate.disconnect(create_contenttypes)
