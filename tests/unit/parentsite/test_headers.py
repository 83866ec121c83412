"""The headers of the parent site keep its promises: nothing loaded from elsewhere, sent, or remembered of a visitor."""

from __future__ import annotations

import pytest

from everyfamily.parentsite.headers import (
    CONTENT_TYPES,
    META_CSP,
    Kind,
    headers,
    kind_of,
    refused,
)
from tests.factories.each import each

EVERY_KIND = pytest.mark.parametrize("kind", list(Kind))


def policy(text: str) -> dict[str, str]:
    """A Content-Security-Policy by directive."""
    return {name: value for name, _, value in (part.strip().partition(" ") for part in text.split(";"))}


@EVERY_KIND
@pytest.mark.parametrize("https", [True, False])
def test_no_answer_remembers_or_betrays_a_visitor(kind: Kind, https: bool) -> None:
    sent = headers(kind, https=https)
    assert sent["Referrer-Policy"] == "no-referrer"
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert not {"set-cookie", "server", "report-to", "nel", "x-robots-tag"} & {name.lower() for name in sent}
    assert ("Strict-Transport-Security" in sent) is https


@EVERY_KIND
def test_nothing_may_be_loaded_unless_named_and_nothing_from_elsewhere(kind: Kind) -> None:
    rules = policy(headers(kind, https=True)["Content-Security-Policy"])
    assert rules["default-src"] == "'none'"
    assert rules["frame-ancestors"] == "'none'"
    # A script may send nothing: neither of these is opened again beside default-src.
    assert not {"connect-src", "report-uri", "report-to"} & set(rules)
    assert {value for name, value in rules.items() if name.endswith("-src")} <= {"'none'", "'self'"}


@pytest.mark.parametrize("kind", [Kind.PAGE, Kind.NOT_FOUND])
def test_a_page_posts_nothing_and_asks_for_no_camera_place_or_interests(kind: Kind) -> None:
    sent = headers(kind, https=True)
    assert policy(sent["Content-Security-Policy"])["form-action"] == "'none'"
    for feature in ("camera", "microphone", "geolocation", "browsing-topics"):
        assert f"{feature}=()" in sent["Permissions-Policy"]


def test_the_meta_policy_is_the_headers_without_what_only_a_header_can_say() -> None:
    rules = policy(headers(Kind.PAGE, https=True)["Content-Security-Policy"])
    assert policy(META_CSP) == {name: value for name, value in rules.items() if name != "frame-ancestors"}
    assert '"' not in META_CSP


def test_only_names_with_a_digest_are_kept_for_ever() -> None:
    kept = {kind: headers(kind, https=True)["Cache-Control"] for kind in Kind}
    assert kept == {
        Kind.PAGE: "max-age=300, stale-if-error=86400, no-transform",
        Kind.ASSET: "max-age=31536000, immutable",
        Kind.SEAL: "max-age=300",
        Kind.FILE: "max-age=300",
        Kind.NOT_FOUND: "max-age=60",
    }


def test_no_network_on_the_way_may_write_into_a_page() -> None:
    assert "no-transform" in headers(Kind.PAGE, https=True)["Cache-Control"].split(", ")
    assert "no-transform" in headers(Kind.PAGE, https=False)["Cache-Control"].split(", ")


@EVERY_KIND
def test_a_header_fits_between_double_quotes_in_a_servers_file(kind: Kind) -> None:
    for name, value in {**headers(kind, https=True), **CONTENT_TYPES}.items():
        assert not set('"\\${}\n') & set(value), name


@each(
    "path, kind",
    [
        ("/", Kind.PAGE),
        ("", Kind.PAGE),
        ("/spring-2027/signs/", Kind.PAGE),
        ("/ur/assets/", Kind.PAGE),
        ("/assets", Kind.PAGE),
        ("/assets-of-a-family/", Kind.PAGE),
        ("/assets/site.0123456789abcdef.css", Kind.ASSET),
        ("/seals/EF-2027.json", Kind.SEAL),
        ("/files/EF-2027/en/letter.pdf", Kind.FILE),
    ],
)
@each("base", ["", "/families"])
def test_an_address_says_its_kind(path: str, kind: Kind, base: str) -> None:
    assert kind_of(base + path, base=base) is kind


@pytest.mark.parametrize(
    "path", ["/.git/config", "/ur/.htaccess", "/index.html.gz", "/assets/a.css.gz", "/..", "/./x"]
)
def test_hidden_files_and_compressed_twins_are_refused(path: str) -> None:
    assert refused(path)


@pytest.mark.parametrize("path", ["/", "/spring-2027", "/assets/site.0123456789abcdef.css", "/gz/"])
def test_other_addresses_are_not_refused(path: str) -> None:
    assert not refused(path)
