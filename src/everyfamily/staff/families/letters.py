"""Which letter a page of families is about, and what it is called."""

from __future__ import annotations

from django.http import Http404

from everyfamily.core.letter.terms import letter_name
from everyfamily.mailings.queries.mailings_of_school import MailingOfSchool, MailingsOfSchool, mailings_of_school
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit


def letters_of(visit: Visit, school: SchoolFacts, asked: int) -> tuple[MailingOfSchool | None, MailingsOfSchool]:
    """The letter that is asked for (0: the one that began last), and all of the school's. None if it has none.

    A letter in which the school has no part is not there.
    """
    every = mailings_of_school(school.id)
    if not asked:
        return every.begun_last(visit.now), every
    for one in every.mailings:
        if one.id == asked:
            return one, every
    raise Http404


def name_of(letter: MailingOfSchool) -> str:
    """ "Spring letter", "Correction of the spring letter"."""
    return letter_name(letter.term, letter.follows_as)
