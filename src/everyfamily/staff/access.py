"""Who may see a page: signed in, with the right, and opened for what the page is about and no more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, QueryDict
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from everyfamily.accounts.actions.refusals import page_refused, school_not_theirs
from everyfamily.core.actors import Actor, ActorKind, MayOnlyClose
from everyfamily.core.permissions import OF_PEOPLE, Held, Right
from everyfamily.core.text.unseen_marks import without_unseen
from everyfamily.mailings.installation import clock
from everyfamily.people.database.access import Access, opened
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.known_sessions import cookie_of, note_uploader
from everyfamily.staff.proof import require_proof
from everyfamily.staff.school_bar import bar_of
from everyfamily.staff.switching import others_of
from everyfamily.staff.who_asks import who_asks

_SAID = "said"


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of somebody who is signed in: who it is, what they may do, and when. Views take it first."""

    request: HttpRequest
    account: int
    name: str
    email: str
    held: Held
    now: datetime
    schools: tuple[SchoolFacts, ...] = ()
    """Those at which they have a role, by name."""
    at: SchoolFacts | None = None
    """The school whose page this is."""
    only_looks: bool = False
    """They see a page of something that others decide, and its forms are not for them."""

    @property
    def actor(self) -> Actor:
        """For the audit trail. Only somebody with the right at this school lets an adult have the letter."""
        may_open = self.at is not None and self.held.may(Right.OPEN_ADULTS, school_id=self.at.id)
        return Actor(ActorKind.PERSON, self.name, self.account, only_closes=not may_open)

    def render(self, template: str, values: dict[str, Any], status: int = 200) -> HttpResponse:
        """A page in the frame, with what the frame shows of whoever is signed in."""
        frame = {"visit": self, "may": _Menu(self.held.anywhere), "said": self.request.session.pop(_SAID, "")}
        if self.at is not None:
            frame["bar"] = bar_of(self.held, self.at, self.request.path)
        if self.at is not None and len(self.schools) > 1:
            frame["other_schools"] = others_of(self.at, self.schools, self.held, self.request.path)
        return render(self.request, template, frame | values, status=status)

    @property
    def may_here(self) -> _Menu:
        """For templates: `visit.may_here.TAKE_LISTS` is whether somebody has the right at this school."""
        return _Menu(lambda right: self.at is not None and self.held.may(right, school_id=self.at.id))

    @property
    def is_first_day(self) -> bool:
        """They came in here by the mailbox beside a lead, and may close, hold and attest."""
        return any(one.on_first_day for one in self.held.standings if self.at and one.school_id == self.at.id)

    def refuse(self, right: Right) -> HttpResponse:
        """The page for somebody without the right. It is written down that they tried."""
        page_refused(self.account, right, self.now)
        return self.render("staff/doors/not_yours.html", {"right": right}, status=403)

    def look_again(self, answer: HttpResponse, seconds: int) -> None:
        """Have the browser ask for the page again by itself. With its address: without one, a browser that is at a part
        of the page, such as somebody's who skipped the menu, only goes to that part again."""
        answer.headers["Refresh"] = f"{seconds}; url={self.request.get_full_path()}"

    def say(self, sentence: str) -> None:
        """What the next page tells them, once: what was done. Never with anybody's data, because it is stored."""
        self.request.session[_SAID] = sentence


class _Menu:
    """For templates: `may.SEE_PEOPLE` is whether the menu shows it. Pages ask for themselves."""

    def __init__(self, may: Callable[[Right], bool]) -> None:
        self._may = may

    def __getitem__(self, name: str) -> bool:
        return self._may(Right[name])


type _View[**P] = Callable[P, HttpResponseBase]
type _Guarded = Callable[..., HttpResponseBase]


def page(
    right: Right | None, *, anywhere: bool = False, for_bodies: bool = False, as_sent: bool = False
) -> Callable[[_View[Concatenate[Visit, ...]]], _Guarded]:
    """A page of the partnership, for whoever has the right, or for everybody who is signed in if it is None.

    It is opened for the process of every school if it needs a right, otherwise for nothing, and never for people. A
    page about nothing of the partnership's or a school's is for whoever has the right `anywhere`, and is opened for
    nothing. With `for_bodies` it is also for those who have the right for one body, such as a signatory. With `as_sent`
    the words of its form are read with every mark that is in them, because they are somebody else's.
    """
    access = Access.nothing() if right is None or anywhere else Access.partnership()

    def guarding(view: _View[Concatenate[Visit, ...]]) -> _Guarded:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            visit = _visit_of(request)
            if visit is None:
                return redirect_to_login(request.get_full_path())
            held = visit.held.in_partnership if for_bodies else visit.held.may
            held = visit.held.anywhere if anywhere else held
            if right is not None and not held(right):
                return visit.refuse(right)
            _clean(request, _without_nul if as_sent else without_unseen)
            require_proof(request)
            with opened(access):
                return view(visit, *args, **kwargs)

        return guarded

    return guarding


def school_page(
    right: Right, *, look: bool = False
) -> Callable[[_View[Concatenate[Visit, SchoolFacts, ...]]], _Guarded]:
    """A page of one school, at an address with its `urn`, for whoever has the right there by a role of that school.

    A school at which somebody has no role is not there for them (404), whatever they may do elsewhere. The page is
    opened for that one school, and for its people only if the right is about people. A page to `look` at opens also for
    whoever only looks (a head), who can send nothing to it. No page with words of notes is one, and no file.
    """

    def guarding(view: _View[Concatenate[Visit, SchoolFacts, ...]]) -> _Guarded:
        @wraps(view)
        def guarded(request: HttpRequest, urn: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
            visit = _visit_of(request)
            if visit is None:
                return redirect_to_login(request.get_full_path())
            # Never asked for by its URN: a school of somebody else and one that does not exist are the same.
            school = next((one for one in visit.schools if urn in (one.urn, *one.former_urns)), None)
            if school is None:
                school_not_theirs(visit.account, urn, visit.now)
                raise Http404
            may = visit.held.may(right, school_id=school.id)
            is_open = may or (
                look and request.method in ("GET", "HEAD") and visit.held.may_look(right, school_id=school.id)
            )
            visit = replace(visit, at=school, only_looks=is_open and not may)
            if not is_open:
                return visit.refuse(right)
            if right is Right.UPLOAD_ROLL:
                note_uploader(cookie_of(request.session), urn, school.id)
            _clean(request, without_unseen)
            require_proof(request)
            with opened(Access.school(school.id, with_people=right in OF_PEOPLE)):
                try:
                    return view(visit, school, *args, **kwargs)
                except MayOnlyClose:
                    return visit.refuse(Right.OPEN_ADULTS)

        return guarded

    return guarding


def own_schools_page(right: Right) -> Callable[[_View[Concatenate[Visit, list[SchoolFacts], ...]]], _Guarded]:
    """A page over all schools at which somebody has the right by a role of the school, opened for the process of those
    schools and for nobody's people."""

    def guarding(view: _View[Concatenate[Visit, list[SchoolFacts], ...]]) -> _Guarded:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            visit = _visit_of(request)
            if visit is None:
                return redirect_to_login(request.get_full_path())
            ids = visit.held.schools(right)
            if not ids:
                return visit.refuse(right)
            schools = [one for one in visit.schools if one.id in ids]
            _clean(request, without_unseen)
            with opened(Access(ids, frozenset(), across=False)):
                return view(visit, schools, *args, **kwargs)

        return guarded

    return guarding


def posted[**P](view: _View[Concatenate[Visit, P]]) -> _View[Concatenate[Visit, P]]:
    """For what changes something, under the page's guard: only the form of a page of ours asks for it."""

    @wraps(view)
    def only_posted(visit: Visit, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if visit.request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return view(visit, *args, **kwargs)

    return only_posted


def frame(request: HttpRequest) -> dict[str, Any]:
    """For templates of pages that a library renders: what `Visit.render` gives to ours, and only if it is asked for.

    Whoever has no second factor yet has no menu, because it would lead nowhere.
    """
    visit = SimpleLazyObject(lambda: _visit_of(request) if getattr(request, "has_both_factors", False) else None)
    return {"visit": visit, "may": SimpleLazyObject(lambda: _Menu(visit.held.anywhere))}


def _visit_of(request: HttpRequest) -> Visit | None:
    user = request.user
    if not user.is_authenticated:
        return None
    found = who_asks(request)
    schools = sorted(found.schools.values(), key=lambda one: (one.name, one.urn))
    return Visit(request, user.pk, user.name, user.email, found.held, clock.now(), tuple(schools))


def _clean(request: HttpRequest, cleaned: Callable[[str], str]) -> None:
    """Take marks that nobody sees out of an address and a form, so that the words around them are kept.

    No keyboard makes them. They come along when somebody pastes, and somebody else would read what is not there. Raises
    Http404 for a path with a character that no table holds.
    """
    if "\0" in request.path:
        raise Http404
    request.GET = _cleaned(request.GET, cleaned)  # type: ignore[assignment]
    request.POST = _cleaned(request.POST, cleaned)  # type: ignore[assignment]


def _without_nul(words: str) -> str:
    return words.replace("\0", "")


def _cleaned(sent: QueryDict, cleaned: Callable[[str], str]) -> QueryDict:
    if all(cleaned(value) == value for _, values in sent.lists() for value in values):
        return sent
    kept = QueryDict(mutable=True)
    for name, values in sent.lists():
        kept.setlist(name, [cleaned(value) for value in values])
    kept._mutable = False
    return kept
