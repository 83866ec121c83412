"""Whether a command must bring the tables up to date, by the names of migrations."""

from __future__ import annotations

import pytest

from everyfamily_postgres.launcher import Server

pytestmark = [pytest.mark.database, pytest.mark.slow]


def test_it_says_what_django_says(database: Server) -> None:
    from django.db import connections, transaction
    from django.db.migrations.executor import MigrationExecutor

    from everyfamily.config.start import _migrations_of, _tables_are_behind

    owner = connections["owner"]
    # Given tables that are up to date, in Django's eyes and by our names
    executor = MigrationExecutor(owner)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    assert not _tables_are_behind("owner")
    # And in those of the role that the pages have.
    assert not _tables_are_behind("default")
    from django.apps import apps

    named = {(app.label, name) for app in apps.get_app_configs() for name in _migrations_of(app)}
    assert named == set(executor.loader.disk_migrations)
    # When the newest of one app was never made
    with transaction.atomic(using="owner"):
        with owner.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations)")
        # Then they are behind
        assert _tables_are_behind("owner")
        transaction.set_rollback(True, using="owner")
