"""Reads for late joiners: the letters so far, and the schools with new children for one of them."""

from __future__ import annotations

from dataclasses import dataclass

from everyfamily.mailings.models import Mailing
from everyfamily.mailings.queries.mailings import planner_rows


@dataclass(frozen=True, slots=True)
class NewAtSchool:
    """A school that we sent a letter for, and how many children joined it since."""

    school_id: int
    urn: int
    name: str
    children: int


def new_children(mailing_id: int) -> list[NewAtSchool]:
    """Schools that we send for and that had a letter in its first mailing `mailing_id`, with children who came on the
    roll after the last mailing of it there was closed. By URN. Raises SchoolNotYours for a page about one school."""
    return [NewAtSchool(*row) for row in planner_rows(_NEW, {"mailing": mailing_id})]


_NEW = """
WITH had AS (
  SELECT p.school_id, max((m.closed_at AT TIME ZONE 'Europe/London')::date) AS since, max(m.from_year) AS from_year
  FROM mailings_mailing m JOIN mailings_mailingschool p ON p.mailing_id = m.id AND p.state = 'sending'
  WHERE m.id = %(mailing)s OR (m.follows_id = %(mailing)s AND m.follows_as = 'joiners')
  GROUP BY p.school_id)
SELECT s.id, s.urn, s.name, count(*) FROM had
JOIN people_known_school s ON s.id = had.school_id AND s.sends = 'us' AND NOT s.is_closed
JOIN people_child_since c ON c.school_id = had.school_id AND c.on_roll_from >= had.since
JOIN people_child_year y ON y.school_id = c.school_id AND y.id = c.id AND y.up_to_year >= had.from_year
GROUP BY s.id, s.urn, s.name ORDER BY s.urn
"""


def mailed_so_far() -> list[Mailing]:
    """Every mailing but those for late joiners, with its letter, in the order in which they opened."""
    to_all = Mailing.objects.exclude(follows_as="joiners").select_related("letter")
    return list(to_all.order_by("opens_at", "id"))


def joiners_of(mailing_id: int) -> list[Mailing]:
    """The mailings for late joiners of a letter, by its first mailing, newest first."""
    return list(Mailing.objects.filter(follows_id=mailing_id, follows_as="joiners").order_by("-opens_at", "-id"))


def all_joiners() -> list[Mailing]:
    """Every mailing for late joiners, with its letter, in the order in which they opened."""
    return list(Mailing.objects.filter(follows_as="joiners").select_related("letter").order_by("opens_at", "id"))
