"""The national list's files, made row by row: only the columns that are read."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping

AREA = 341
COLUMNS = (
    *("URN", "LA (code)", "EstablishmentNumber", "EstablishmentName", "TypeOfEstablishment (code)"),
    *("EstablishmentStatus (code)", "OpenDate", "CloseDate", "PhaseOfEducation (code)", "StatutoryLowAge"),
    *(
        "StatutoryHighAge",
        "NumberOfPupils",
        "TelephoneNum",
        "EstablishmentStatus (name)",
        "LA (name)",
        "CensusDate",
    ),
)
LINK_COLUMNS = ("URN", "LinkURN", "LinkName", "LinkType", "LinkEstablishedDate")


def establishment(number_of_it: int, /, name: str = "", **cells: str) -> dict[str, str]:
    """A community primary school, open, with 200 children, unless given: `status`, `type`, `phase`, `pupils`, ..."""
    short = {
        "status": "EstablishmentStatus (code)",
        "type": "TypeOfEstablishment (code)",
        "phase": "PhaseOfEducation (code)",
        "number": "EstablishmentNumber",
        "pupils": "NumberOfPupils",
        "phone": "TelephoneNum",
        "area": "LA (code)",
        "opened": "OpenDate",
        "closed": "CloseDate",
        "low": "StatutoryLowAge",
        "high": "StatutoryHighAge",
        "urn": "URN",
        "words": "EstablishmentStatus (name)",
        "area_name": "LA (name)",
        "counted": "CensusDate",
    }
    row = {
        "URN": str(number_of_it),
        "LA (code)": str(AREA),
        "EstablishmentNumber": str(number_of_it % 10_000),
        "EstablishmentName": name or f"Quayfield School {number_of_it}",
        "TypeOfEstablishment (code)": "01",
        "EstablishmentStatus (code)": "1",
        "PhaseOfEducation (code)": "2",
        "NumberOfPupils": "200",
        "TelephoneNum": "01514960100",
    }
    return row | {short[name]: value for name, value in cells.items()}


def national_csv(rows: Iterable[Mapping[str, str]], encoding: str = "cp1252") -> bytes:
    """`edubasealldata*.csv`."""
    return _csv(COLUMNS, rows, encoding)


def links_csv(*links: tuple[int, int] | tuple[int, int, str]) -> bytes:
    """`links_edubasealldata*.csv` of (old, new) or (old, new, words after the type); each is said from both sides."""
    rows = []
    for old, new, *words in links:
        more = f" - {words[0]}" if words else ""
        rows += [
            {"URN": str(old), "LinkURN": str(new), "LinkType": f"Successor{more}"},
            {"URN": str(new), "LinkURN": str(old), "LinkType": f"Predecessor{more}"},
        ]
    dated = [{"LinkName": "Quayfield", "LinkEstablishedDate": "01/09/2026", **row} for row in rows]
    return _csv(LINK_COLUMNS, dated, "cp1252")


def results_zip(rows: Iterable[Mapping[str, str]], *links: tuple[int, int] | tuple[int, int, str]) -> bytes:
    """The results zip as the site gives it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("edubasealldata20260901.csv", national_csv(rows))
        archive.writestr("links_edubasealldata20260901.csv", links_csv(*links))
    return out.getvalue()


def _csv(columns: Iterable[str], rows: Iterable[Mapping[str, str]], encoding: str) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, tuple(columns), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)
