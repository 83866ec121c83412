"""Nothing that holds keys leaves its memory on a disk."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.slow
def test_a_service_that_crashes_leaves_no_core_file_and_is_not_dumpable() -> None:
    script = (
        "import ctypes, resource\n"
        "resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))\n"
        "from everyfamily.config.service_start import begin_service\n"
        "begin_service()\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    if "ValueError" in done.stderr or "PermissionError" in done.stderr:
        pytest.skip("the limit is closed here from the start")
    assert done.stdout.strip() == "(0, 0) 0", done.stderr
