"""A worker that cannot read the master key does not begin, so that no upload fails in its hands."""

from __future__ import annotations

import pytest

from everyfamily.mailings.edges import worker
from everyfamily.people.keys.master_key_file import FILE_IN_ENVIRONMENT, IN_ENVIRONMENT, MasterKeyMissing


@pytest.mark.parametrize("works_for", worker.WorksFor)
def test_a_worker_without_the_master_key_says_so_before_it_takes_a_job(
    works_for: worker.WorksFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(IN_ENVIRONMENT, raising=False)
    monkeypatch.delenv(FILE_IN_ENVIRONMENT, raising=False)
    monkeypatch.setattr(worker, "_work", lambda _queues: pytest.fail("it took a job"))
    monkeypatch.setattr(worker, "require_connections", lambda: pytest.fail("it asked the database"))
    with pytest.raises(MasterKeyMissing):
        worker.run_worker(works_for)
