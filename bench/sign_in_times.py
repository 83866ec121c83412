"""Whether the time of a refused sign-in tells if somebody has an account: known and unknown addresses, in turn.

ARGS="ROUNDS" (default 60 of each). Server time of the whole request, with the hasher of the settings, on the embedded
server, without the limits of tries, which would refuse most of them.
"""

from __future__ import annotations

import logging
import os
import secrets
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

KINDS = (
    "an address with an account",
    "an address without one",
    "an account that has ended",
    "one without password",
)


def main(rounds: int) -> None:
    """Make the accounts, ask in turn, and print a line for each kind."""
    with tempfile.TemporaryDirectory() as folder:
        from everyfamily.config.start import prepare, use_embedded

        os.environ["EVERYFAMILY_SECRET_KEY"] = secrets.token_hex(32)
        os.environ["EVERYFAMILY_SIGN_IN_KEY_FILE"] = str(Path(folder) / "sign-in.key")
        server = use_embedded(Path(folder) / "home")
        try:
            prepare()
            measured = _measured(rounds, Path(os.environ["EVERYFAMILY_SIGN_IN_KEY_FILE"]))
        finally:
            server.stop()
    print(f"{'refused sign-in':32} {'median ms':>10} {'p95 ms':>10}")
    for kind, times in measured.items():
        print(f"{kind:32} {statistics.median(times):10.1f} {statistics.quantiles(times, n=20)[18]:10.1f}")
    known, unknown = (statistics.median(measured[kind]) for kind in KINDS[:2])
    print(f"The medians of the first two differ by {abs(known - unknown):.1f} ms.")


def _measured(rounds: int, key: Path) -> dict[str, list[float]]:
    """Milliseconds of each request, by kind."""
    from django.test import Client, override_settings

    from everyfamily.staff.doors.secrets_of_factors import make_key

    make_key(key)
    # Each refusal is a line.
    logging.disable(logging.WARNING)
    addresses = dict(zip(KINDS, _accounts(), strict=True))
    found: dict[str, list[float]] = {kind: [] for kind in KINDS}
    with override_settings(ALLOWED_HOSTS=["localhost"], ACCOUNT_RATE_LIMITS=False):
        for _ in range(rounds + 1):
            for kind, address in addresses.items():
                client = Client(headers={"host": "localhost"})
                began = time.perf_counter()
                client.post("/sign-in/", {"login": address, "password": "wrong lantern sixty"}, secure=True)
                found[kind].append((time.perf_counter() - began) * 1000)
    # The first of each loads what is loaded once.
    return {kind: times[1:] for kind, times in found.items()}


def _accounts() -> list[str]:
    """The address of each kind."""
    from django.contrib.auth import get_user_model

    account = get_user_model()
    addresses = [f"{name}@example.org" for name in ("ada", "nobody", "ben", "cleo")]
    for address in (addresses[0], *addresses[2:]):
        person = account(email=address, name="Ada Clarke", made_at=datetime.now(UTC))
        person.set_password("harbour lantern sixty toast")
        if address == addresses[3]:
            person.set_unusable_password()
        person.is_active = address != addresses[2]
        person.save()
    return addresses


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
