"""A roll that is uploaded on a screen of a demonstration that is being served: from the press to the review, and the
largest files.

Start `make run` and leave it running. Seconds are as the person sees them: the upload, the worker's turn, and the page
that shows what was found. With --pid (once for each process that serves or works) it also prints the most memory that
process ever had.
"""

from __future__ import annotations

import argparse
import csv
import http.client
import io
import json
import time
import uuid
from pathlib import Path

from staff_pages import COOKIE, ask, set_up, sign_in_as, token_of

from everyfamily.core.rolls.model.limits import FILE_BYTES, ROWS
from everyfamily.core.rolls.model.roll_rows import COLUMNS

STATES = {
    b"Check what would change": "to review",
    b"We cannot read this file": "refused",
    b"Is this the right file": "held",
    b"Say what the columns mean": "columns",
}
LONGEST = 120
"""Seconds after which a file counts as never read."""


def main() -> None:
    """Print a line for each file."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--demo", type=Path, default=Path("demo"))
    asked.add_argument("--port", type=int, default=8048)
    asked.add_argument("--pid", type=int, action="append", default=[])
    given = asked.parse_args()
    sign_ins = json.loads((given.demo / "keys" / "sign-ins.json").read_text())
    set_up(given.demo)
    office = next(one for one in sign_ins if one["role"] == "office")
    cookie, urn = sign_in_as(given.port, office), urn_of(office["email"])
    print(f"{'file':34}{'MB':>6}{'press to page':>15}{'press to end':>14}  became")
    for name, data in files(urn, own_ids(given.demo / "rolls" / f"roll-{urn}.csv")):
        began = time.perf_counter()
        status = upload(given.port, cookie, urn, data)
        answered = time.perf_counter() - began
        became = f"status {status}" if status != 302 else wait(given.port, cookie, urn)
        ended = time.perf_counter() - began
        print(f"{name:34}{len(data) / 1e6:6.1f}{answered:13.2f} s{ended:12.2f} s  {became}")
        delete(given.port, cookie, urn)
    for pid in given.pid:
        status = Path(f"/proc/{pid}/status").read_text()
        most = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
        print(f"process {pid}: {int(most) / 1024:.0f} MB at most")


def urn_of(email: str) -> int:
    """The school at which somebody has a role."""
    from everyfamily.accounts.models import Membership
    from everyfamily.people.queries import school_by_id

    school_id = Membership.objects.filter(account__email=email).values_list("school_id", flat=True)[0]
    assert school_id is not None
    return school_by_id(school_id).urn


def own_ids(path: Path) -> list[str]:
    """The ids of children on the school's roll: a file of others is held, and then less is done with it."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(dict.fromkeys(row["PUPIL_ID"] for row in csv.DictReader(lines)))


def files(urn: int, ids: list[str]) -> list[tuple[str, bytes]]:
    """A roll of an ordinary school, and files of the largest size that is taken."""
    long = {"ADDRESS_1": "12 Lantern Row " + "x" * 40, "ADDRESS_2": "Eastmere " + "y" * 400}
    largest = roll(urn, ROWS, long)
    return [
        ("a roll of 1,500 rows", roll(urn, 1500, ids=ids)),
        ("a roll with the most rows", roll(urn, ROWS)),
        ("the largest roll", largest[: largest.rindex(b"\r\n", 0, FILE_BYTES) + 2]),
        ("64 MB that is no roll", b"x" * FILE_BYTES),
        (
            "64 MB of commas",
            b",".join([b"a"] * 490) + b"\r\n" + (b"," * 489 + b"\r\n") * (FILE_BYTES // 491 - 10),
        ),
        ("one byte too many", b"x" * (FILE_BYTES + 1)),
    ]


def roll(urn: int, rows: int, more: dict[str, str] | None = None, ids: list[str] | None = None) -> bytes:
    """Our template with invented adults: three rows for two children, or several for each of `ids`."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for number in range(rows):
        writer.writerow(
            {
                "SCHOOL_URN": urn,
                "PUPIL_ID": ids[number % len(ids)] if ids else f"B{number // 3 * 2 + number % 2}",
                "YEAR_GROUP": "4",
                "CLASS": f"{number % 20}B",
                "ADULT_NAME": f"Ana Ferris {chr(97 + number % 26)}{chr(97 + number // 26 % 26)}",
                "RELATIONSHIP": "mother",
                "PARENTAL_RESPONSIBILITY": "yes",
                "HAS_CARE": "yes",
                "RESTRICTION": "none",
                "EMAIL": f"ana{number}@example.com",
                "ADDRESS_1": f"{number % 300 + 1} Lantern Row",
                "ADDRESS_2": "Eastmere",
                "POSTCODE": "EM4 7QX",
                **(more or {}),
            }
        )
    return out.getvalue().encode()


def upload(port: int, cookie: str, urn: int, data: bytes) -> int:
    """Choose the file and press. Returns the answer's status."""
    path = f"/schools/{urn}/roll/"
    _, _, page = ask(port, "GET", path, cookie=cookie)
    edge = uuid.uuid4().hex
    head = (
        f'--{edge}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token_of(page)}\r\n'
        f'--{edge}\r\nContent-Disposition: form-data; name="whole"\r\n\r\nyes\r\n'
        f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="roll.csv"\r\n\r\n'
    )
    connection = http.client.HTTPConnection("localhost", port, timeout=LONGEST)
    headers = {
        "Content-Type": f"multipart/form-data; boundary={edge}",
        "Cookie": f"{COOKIE}={cookie}",
        "Origin": f"http://localhost:{port}",
        "Sec-Fetch-Site": "same-origin",
    }
    connection.request("POST", path, head.encode() + data + f"\r\n--{edge}--\r\n".encode(), headers)
    return connection.getresponse().status


def wait(port: int, cookie: str, urn: int) -> str:
    """Ask for the page of the file until a worker has done with it."""
    began = time.perf_counter()
    while time.perf_counter() - began < LONGEST:
        _, _, page = ask(port, "GET", f"/schools/{urn}/roll/file/", cookie=cookie)
        found = next((state for words, state in STATES.items() if words in page), None)
        if found is not None:
            return found
        time.sleep(0.2)
    return "never read"


def delete(port: int, cookie: str, urn: int) -> None:
    """So that the next file can be uploaded."""
    path = f"/schools/{urn}/roll/file/delete/"
    status, _, page = ask(port, "GET", path, cookie=cookie)
    if status == 200:
        seen = page.partition(b'name="seen" value="')[2].partition(b'"')[0].decode()
        ask(port, "POST", path, {"csrfmiddlewaretoken": token_of(page), "seen": seen}, cookie)


if __name__ == "__main__":
    main()
