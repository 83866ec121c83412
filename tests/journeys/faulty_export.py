"""An office's export from a system that the reader was not told of, with the faults that such files have."""

from __future__ import annotations

import csv
from io import StringIO

HEADINGS = (
    "Learner ref;Yr;Reg;Contact name;Relation to learner;PR held?;Lives with learner?;Call order;"
    "Court order or no contact?;E-mail;Tel;Home address;Postcode"
)
NEW = (
    "009001;Year 1;1A;Priya Nandra;mother;yes;yes;1;no;priya.nandra@example.org;;2 Mill Rise, Eastmere;EM1 3AB",
    # An email address that no mail can reach.
    "009002;Year 1;1A;Owen Tarrant;father;yes;yes;1;no;owen.tarrant-at-example;;4 Mill Rise, Eastmere;EM1 3AB",
    # Of which child?
    ";Year 2;2A;Lena Marsh;mother;yes;yes;1;no;lena.marsh@example.org;;6 Mill Rise, Eastmere;EM1 3AB",
    # An answer that is none.
    "009004;Year 2;2A;Idris Vale;father;yes;yes;1;perhaps;idris.vale@example.org;;8 Mill Rise, Eastmere;EM1 3AB",
    # Nothing but paper for a child's school bag.
    "009005;Year 2;2A;Tess Holm;mother;yes;yes;1;no;;;;",
)


def faulty_export(roll: str) -> bytes:
    """The children and adults of a roll in our own columns, as the office's system exports them, and five new rows."""
    lines = [HEADINGS]
    for row in csv.DictReader(StringIO(roll)):
        restriction = "no" if row["RESTRICTION"] == "none" else row["RESTRICTION"]
        kept = ("PUPIL_ID", "YEAR_GROUP", "CLASS", "ADULT_NAME", "RELATIONSHIP", "PARENTAL_RESPONSIBILITY")
        values = [row[name] for name in (*kept, "HAS_CARE", "PRIORITY")]
        values += [
            restriction,
            row["EMAIL"],
            row["MOBILE"],
            f"{row['ADDRESS_1']}, {row['ADDRESS_2']}",
            row["POSTCODE"],
        ]
        lines.append(";".join(values))
    return "\r\n".join([*lines, *NEW]).encode("cp1252")
