"""Serves an exported site from this machine, for the demo and to look at it before it is published.

It gives the same answers as nginx and Caddy with their settings, and the same tests check it. For families, use one of
those.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING
from wsgiref.headers import Headers
from wsgiref.util import FileWrapper

from whitenoise import WhiteNoise
from whitenoise.responders import Response, StaticFile

from everyfamily.core.errors import EveryfamilyError
from everyfamily.parentsite.headers import CONTENT_TYPES, Kind, headers, kind_of, refused

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

INDEX = "/index.html"
MISSING = "/404.html"
# If the page is not there, the answer does not depend on what the visitor already has.
_CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE")


class ExportNotThere(EveryfamilyError):
    """The folder has no exported site: no home page, or no page for an address that does not exist."""

    code = "EF349"


class PortInUse(EveryfamilyError):
    """Another program already listens there."""

    code = "EF356"


def require_free(port: int) -> None:
    """Raise PortInUse unless the port is free at this machine's own address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as problem:
            raise PortInUse(
                f"Something else is served on port {port} of this machine.", f"Name another, such as {port + 1}."
            ) from problem


def site_app(public: Path, base: str) -> WSGIApplication:
    """The site in the folder `public` of an export, under `base` (empty or like `/families`), over plain http.

    A new export in the same place is served from the next request on. Raises ExportNotThere.
    """
    return _Newest(public, base)


def serve(public: Path, base: str, port: int) -> None:
    """Serve the site only on this machine until stopped. Writes nothing about a request.

    Raises ExportNotThere and PortInUse.
    """
    import waitress

    require_free(port)
    waitress.serve(site_app(public, base), listen=f"127.0.0.1:{port}", ident=None, threads=4, _quiet=True)


class _Newest:
    """The export that is there now: each one is a folder of its own, which takes the place of the one before."""

    def __init__(self, public: Path, base: str) -> None:
        self._public, self._base = public, base
        self._seen = self._mark()
        self._site = _Site(public, base)

    def _mark(self) -> tuple[int, int] | None:
        try:
            found = self._public.stat()
        except OSError:  # the moment between two exports
            return None
        return found.st_ino, found.st_mtime_ns

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        mark = self._mark()
        if mark not in (None, self._seen):
            with contextlib.suppress(ExportNotThere):
                self._site, self._seen = _Site(self._public, self._base), mark
        return self._site(environ, start_response)


class _Site:
    """One export. Its files are listed once, with their sizes and headers."""

    def __init__(self, public: Path, base: str) -> None:
        self._base = base
        # Without a folder WhiteNoise only gives a warning.
        reader = WhiteNoise(None, max_age=None, allow_all_origins=False, add_headers_function=self._add_headers)
        if public.is_dir():
            reader.add_files(public, base)
        self._missing: dict[str, StaticFile] = {}
        self._files: dict[str, StaticFile] = {}
        for path, file in reader.files.items():
            within = path.removeprefix(base)
            if within.endswith(MISSING):
                self._missing[path.removesuffix(MISSING)] = file
            elif not refused(within):
                self._add(path, file)
        if base not in self._missing or f"{base}/" not in self._files:
            raise ExportNotThere(
                f"There is no exported site in {public}.",
                "Export one, and serve its folder public.",
            )

    def _add(self, path: str, file: StaticFile) -> None:
        self._files[path] = file
        if path.endswith(INDEX):
            # A letter prints an address without its last slash, so it answers at once, without a redirect.
            self._files[path.removesuffix(INDEX)] = self._files[path.removesuffix(INDEX) + "/"] = file

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace")
        file = self._files.get(path)
        if file is not None:
            response = file.get_response(environ["REQUEST_METHOD"], environ)
            if response.status is HTTPStatus.METHOD_NOT_ALLOWED:
                response = self._refusal(response)
        else:
            response = self._not_found(path, environ)
        start_response(f"{response.status.value} {response.status.phrase}", list(response.headers))
        if response.file is None:
            return []
        wrap: type[FileWrapper] = environ.get("wsgi.file_wrapper", FileWrapper)
        return wrap(response.file)

    def _not_found(self, path: str, environ: WSGIEnvironment) -> Response:
        """The page for an address that is not there, in the language that the address begins with."""
        language = path.removeprefix(self._base).lstrip("/").partition("/")[0]
        file = self._missing.get(f"{self._base}/{language}", self._missing[self._base])
        asked = {name: value for name, value in environ.items() if name not in _CONDITIONS}
        method = "HEAD" if environ["REQUEST_METHOD"] == "HEAD" else "GET"
        response = file.get_response(method, asked)
        return Response(HTTPStatus.NOT_FOUND, response.headers, response.file)

    def _refusal(self, response: Response) -> Response:
        kept = [
            (name, value) for name, value in headers(Kind.PAGE, https=False).items() if name != "Cache-Control"
        ]
        return Response(response.status, [*response.headers, *kept, ("Content-Length", "0")], None)

    def _add_headers(self, sent: Headers, path: str, url: str) -> None:
        kind = Kind.NOT_FOUND if url.endswith(MISSING) else kind_of(url, base=self._base)
        content_type = CONTENT_TYPES.get(Path(path).suffix)
        if content_type is not None:
            sent["Content-Type"] = content_type
        for name, value in headers(kind, https=False).items():
            sent[name] = value
