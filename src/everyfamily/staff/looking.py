"""Pages with names of a school's adults: that somebody looked is in the school's audit trail."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.http import HttpResponseBase

from everyfamily.people.actions.looking import note_look
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit

type _View[**P] = Callable[Concatenate[Visit, SchoolFacts, P], HttpResponseBase]


def shows_names[**P](listed: str) -> Callable[[_View[P]], _View[P]]:
    """For a page below `school_page` that shows names: `listed` is what the audit trail calls it."""

    def noting(view: _View[P]) -> _View[P]:
        @wraps(view)
        def noted(visit: Visit, school: SchoolFacts, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            answer = view(visit, school, *args, **kwargs)
            if visit.request.method == "GET" and answer.status_code == 200:
                note_look(school.id, listed, by=visit.actor, now=visit.now)
            return answer

        return noted

    return noting
