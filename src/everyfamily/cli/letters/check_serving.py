"""check --serve: the check as a web page, for somebody who wants nothing else of everyfamily."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import click


def serve_check(what: Sequence[str], partnership_file: Path | None, port: int) -> None:
    """Serve until Ctrl-C, on this machine only. Prints the address once it can be opened. Raises PortInUse."""
    if what:
        raise click.UsageError("--serve takes no letter: give it in your browser.")
    from everyfamily.config.check_alone import check_server
    from everyfamily.core.partnership.partnership import load_partnership
    from everyfamily.parentsite.serving import require_free

    register = load_partnership(partnership_file).routes if partnership_file else None
    if port:
        require_free(port)
    server = check_server(port, register)
    click.echo(f"Check letters in your browser at http://localhost:{server.effective_port}/check/")
    click.echo("They are read on this machine, and nothing of them is stored. Ctrl-C ends it.")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server.run()
