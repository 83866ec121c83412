"""The service in docs/howto/run-the-workers.md starts again what may be started again, and nothing else."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from everyfamily.core.errors import TRY_AGAIN
from everyfamily_postgres.time_limits import TIME_LIMITS

HOWTO = Path(__file__).parents[3] / "docs/howto"


def unit() -> str:
    text = (HOWTO / "run-the-workers.md").read_text(encoding="utf-8")
    (found,) = re.findall(r"```ini\n(.*?)```", text, re.DOTALL)
    return str(found)


def test_its_exit_codes_are_the_programs() -> None:
    service = configparser.ConfigParser(interpolation=None)
    service.optionxform = str  # type: ignore[assignment,method-assign]
    service.read_string(unit())
    kept = service["Service"]
    assert kept["Restart"] == "always"
    assert kept["RestartForceExitStatus"] == str(TRY_AGAIN)
    assert kept["RestartPreventExitStatus"] == "2"
    assert kept["LimitCORE"] == "0"
    assert float(kept["TimeoutStopSec"]) > 20
    assert service["Unit"]["StartLimitIntervalSec"] == "0"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd on this machine")
def test_systemd_takes_it(tmp_path: Path) -> None:
    file = tmp_path / "everyfamily-worker@.service"
    file.write_text(unit().replace("/opt/everyfamily/.venv/bin/everyfamily", "/bin/true"))
    done = subprocess.run(["systemd-analyze", "verify", str(file)], capture_output=True, text=True, check=False)
    assert "Unknown" not in done.stderr


def test_a_server_of_ones_own_gets_the_same_limits() -> None:
    text = (HOWTO / "use-your-own-postgresql.md").read_text(encoding="utf-8")
    said = set(re.findall(r"ALTER ROLE (\w+)\s+SET (\w+) = '(\w+)';", text))
    assert said == {
        (str(role), name, value) for role, limits in TIME_LIMITS.items() for name, value in limits.items()
    }
