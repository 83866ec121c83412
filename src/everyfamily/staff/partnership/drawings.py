"""Logos and signatures as pictures: SVG that somebody gave, shown so that nothing in it can act."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.csp import CSP

from everyfamily.core.partnership.versions import PartnershipFiles

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""A drawing has its own styles, and no script, no link and no address of its own, also if it is opened by itself."""


def drawn(files: PartnershipFiles | None, name: str) -> HttpResponse:
    """The drawing of this file name. Raises Http404 if there is none."""
    svg = dict(files.drawings).get(name) if files else None
    if svg is None:
        raise Http404
    response = HttpResponse(svg, content_type="image/svg+xml; charset=utf-8")
    response.headers[str(CSP.HEADER_ENFORCE)] = _POLICY
    return response
