"""The process that serves the pages does not start with the partnership's sealing key."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from django.test import override_settings

from everyfamily.cli.main import main


@pytest.mark.slow
def test_the_pages_are_not_served_with_the_key_that_seals(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("require_address", "this_is_a_service", "prepare_pages", "keep_words_out_of_crashes"):
        monkeypatch.setattr(f"everyfamily.cli.mailings.return_commands.{name}", lambda *given: None)
    with override_settings(EVERYFAMILY_SEALING_KEY_FILE="sealing.key"):
        said = CliRunner().invoke(main, ["web"])
    assert (said.exit_code, "EF503" in said.output) == (2, True)
    assert "EVERYFAMILY_SEALING_KEY_FILE is set for the process that serves the pages." in said.output
