"""What is handed to somebody who asks for their data: words, London's time, and no code of a table."""

from __future__ import annotations

from datetime import UTC, date, datetime

from everyfamily.mailings.actions.ending.record_text import ROLLS, record_text

AT = datetime(2027, 6, 3, 8, 30, tzinfo=UTC)
HELD = {
    "as_of": AT,
    "school": {"urn": 900001, "name": "Hill"},
    "adult": {
        "number": 17,
        "name": "Ana Ferris",
        "language": "pl",
        "format": "standard",
        "prefers": "",
        "objects_at": AT,
        "objects_by": "Una Marsh",
        "died_known_at": None,
        "died_known_by": None,
    },
    "contact_points": [
        {"channel": "post", "value": "1 High Road\nEastmere", "status": "usable", "reason": ""},
        {"channel": "email", "value": None, "status": "permanent-failure", "reason": ""},
    ],
    "children": [
        {
            "school_own_id": "P-1",
            "year_group": "7",
            "class": "",
            "on_roll_from": date(2026, 9, 1),
            "on_roll_to": None,
            "relationship": "mother",
            "parental_responsibility": "unknown",
            "has_care": "yes",
            "priority": 1,
            "restriction": "hold",
            "restriction_reason": "doubt",
            "restriction_reviewed_at": AT,
            "restriction_reviewed_by": "Una Marsh",
        }
    ],
    "events": [],
    "tasks": [
        {
            "kind": "restriction",
            "owner": "Safeguarding lead",
            "opened_at": AT,
            "due_on": date(2027, 6, 8),
            "closed_at": None,
            "closed_by": None,
        }
    ],
    ROLLS: [],
    "letters": [],
    "kept_besides": "A code.",
}


def test_it_reads_in_words_and_in_londons_time() -> None:
    text = record_text(HELD, title="What is held")
    for line in (
        "Written on: 3 June 2027, 9:30am",
        "  Language: Polish",
        "  Wants no more letters: yes, recorded by Una Marsh, 3 June 2027, 9:30am",
        "  Home address: 1 High Road, Eastmere (in use)",
        "  Email: deleted (does not exist any more)",
        "  Parental responsibility: not said",
        "  The letter about this child: waits for a decision whether they may have the letter (the name is in doubt), "
        "decided by Una Marsh, 3 June 2027, 9:30am",
        "  who may have the letter: Safeguarding lead, since 3 June 2027, 9:30am, due 8 June 2027, open",
        "Letters: none",
    ):
        assert line in text.splitlines(), (line, text)
    for code in ("not held", "urn", "hold", "objects at", "unknown", "900001"):
        assert code not in text, code
