"""Plays rounds in its own workspace, in a separate process: `echo "notify 17" | python -m tests.faults.driver`.

Prints where its ground is, reads lines of a kind and a seed, prints one JSON line for each round, and ends with its
input. With EVERYFAMILY_FAULT_KEEP=1 the folder of a round in which something is broken stays, and its workers' words
are shown.
"""

from __future__ import annotations

import json
import sys
import traceback

from tests.faults.ground import Ground


def main() -> None:
    """Play what is asked for."""
    ground = Ground()
    from tests.faults.round import play

    print(json.dumps({"home": str(ground.home)}), flush=True)
    try:
        for line in sys.stdin:
            kind, _, seed = line.strip().rpartition(" ")
            try:
                found = play(ground, kind, int(seed))
            except Exception:
                # A fault of the suite itself is no reason to lose the ground of the rounds to come.
                found = {"kind": kind, "seed": int(seed), "broken": [traceback.format_exc()]}
            print(json.dumps(found), flush=True)
    finally:
        ground.close()


if __name__ == "__main__":
    main()
