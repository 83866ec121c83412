"""The parent site: what hinders it, a preview of it, and publishing it for families."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.csp import CSP

from everyfamily.core.permissions import Right
from everyfamily.parentsite.headers import FILE_CSP
from everyfamily.staff.access import Visit, page
from everyfamily.staff.site.asked import NothingToMake, made_from
from everyfamily.staff.site.pages import is_watched, site_values
from everyfamily.staff.site.previewed import read_preview
from everyfamily.staff.site.tasks import ask
from everyfamily.work.queries.sites import sites_made

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; media-src 'self'; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""Of a page of the preview. It runs no script: it has the address of people who are signed in."""


@page(Right.PUBLISH_SITE)
def site(visit: Visit) -> HttpResponseBase:
    """What families see, what hinders a newer one, and the two buttons. Pressed twice, it is made once."""
    problem = None
    if visit.request.method == "POST":
        try:
            languages, letters, for_families = made_from(visit.request.POST)
            ask(languages=languages, letters=letters, for_families=for_families, by=visit.actor, now=visit.now)
            return redirect("site")
        except NothingToMake as found:
            problem = found
    sites = sites_made()
    values = site_values(visit, sites, problem, visit.request.POST if problem else None)
    answer = visit.render("staff/site/site.html", values, status=422 if problem else 200)
    if not problem and is_watched(sites.newest, visit.now):
        # The page has no form while it waits, so nothing that somebody types is lost.
        visit.look_again(answer, 5)
    return answer


@page(Right.PUBLISH_SITE)
def preview(visit: Visit, name: str = "") -> HttpResponseBase:
    """A page or a file of the preview."""
    found = read_preview(name)
    if found is None:
        raise Http404
    answer = HttpResponse(found.content, content_type=found.content_type)
    answer.headers[str(CSP.HEADER_ENFORCE)] = _POLICY if found.is_page else FILE_CSP
    return answer
