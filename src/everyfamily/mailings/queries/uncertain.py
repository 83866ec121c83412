"""What waits for a person's decision after the database was restored: counts, never a name."""

from __future__ import annotations

from dataclasses import dataclass

from everyfamily.mailings.queries.mailings import planner_rows


@dataclass(frozen=True, slots=True)
class UncertainSchool:
    """One school's part in a mailing. Counts are of adults."""

    school_id: int
    urn: int
    had_it: int
    """Adults with a letter that a carrier accepted: nothing to decide."""
    uncertain: int
    """Adults for whom nobody knows whether their letter was sent."""
    by_channel: tuple[tuple[str, int], ...]
    """The uncertain adults, by the way that would have been theirs."""


def count_uncertain(mailing_id: int, *, school_id: int | None = None) -> list[UncertainSchool]:
    """Schools in a mailing with uncertain adults, or with a wave that may have begun, by URN."""
    rows: dict[int, list[tuple[str, int, int]]] = {}
    urns: dict[int, int] = {}
    for row in planner_rows(_COUNTS, {"mailing": mailing_id, "school": school_id}):
        school, urn, channel, had, uncertain = row
        urns[school] = urn
        rows.setdefault(school, []).append((channel, had, uncertain))
    return [
        UncertainSchool(
            school,
            urns[school],
            had_it=sum(had for _, had, _ in found),
            uncertain=sum(uncertain for *_, uncertain in found),
            by_channel=tuple((channel, uncertain) for channel, _, uncertain in found if uncertain),
        )
        for school, found in sorted(rows.items(), key=lambda item: urns[item[0]])
    ]


_COUNTS = """
SELECT p.school_id, s.urn, coalesce(w.channel, ''),
  count(d.id) FILTER (WHERE d.state IN ('accepted', 'reached', 'told by text', 'on its way')),
  count(d.id) FILTER (WHERE d.state = 'unknown')
FROM mailings_mailingschool p JOIN people_known_school s ON s.id = p.school_id
LEFT JOIN mailings_delivery d ON d.mailing_id = p.mailing_id AND d.school_id = p.school_id AND d.restored = 'uncertain'
LEFT JOIN LATERAL (SELECT t.channel FROM mailings_attempt t WHERE t.school_id = d.school_id AND t.delivery_id = d.id
  AND t.status = 'unknown' ORDER BY t.id DESC LIMIT 1) w ON true
WHERE p.mailing_id = %(mailing)s AND (%(school)s::bigint IS NULL OR p.school_id = %(school)s)
  AND (p.uncertain OR d.id IS NOT NULL)
GROUP BY 1, 2, 3 ORDER BY 2, 3
"""


def uncertain_mailings() -> list[tuple[str, int]]:
    """Reference and id of the mailings that continue and in which somebody is uncertain, oldest first."""
    return [(row[0], row[1]) for row in planner_rows(_MAILINGS)]


_MAILINGS = """
SELECT l.reference, m.id FROM mailings_mailing m JOIN letters_known_letter l ON l.id = m.letter_id
WHERE m.state IN ('open', 'paused') AND m.restored_at IS NOT NULL AND (
  EXISTS (SELECT 1 FROM mailings_mailingschool p WHERE p.mailing_id = m.id AND p.uncertain)
  OR EXISTS (SELECT 1 FROM mailings_delivery d WHERE d.mailing_id = m.id AND d.restored = 'uncertain'))
ORDER BY m.id
"""
