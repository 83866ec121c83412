"""`everyfamily worker`, as on another machine: `python -m tests.factories.worker_on_machine FOLDER`.

The folder has what its system would say (`machine-id`, `product_uuid`, `boot_id`). What is not there is not known.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main(folder: Path) -> None:
    """Begin to work."""
    from everyfamily.config.start import prepare

    prepare()
    from everyfamily.mailings.actions.guards import tripwire
    from everyfamily.mailings.installation.machine import Sources

    tripwire.SOURCES = Sources(*(folder / name for name in ("machine-id", "product_uuid", "boot_id")))
    from everyfamily.cli.main import main as command

    command(["worker"])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
