"""The repository names no package registry and no path of the machine it was written on."""

from __future__ import annotations

import re

from tests.repo.files import places_of, texts

# Written in pieces, so that this file does not find itself.
FORBIDDEN = {
    "registry": re.compile(
        "|".join([r"pypi\." + "org", "python" + "hosted", r"npmjs\." + "(?:org|com)", r"deb\.deb" + "ian"])
    ),
    "machine": re.compile(
        "|".join([r"(?<![\w.])/wo" + "rk/", r"\.libr" + "ary/", r"/home/(?!ada\b|somebody\b)[a-z]"])
    ),
}


def test_no_line_names_a_registry_or_this_machine() -> None:
    found = [
        f"{place}: a {kind}: {match[0]}"
        for kind, pattern in FORBIDDEN.items()
        for place, match in places_of(pattern)
    ]
    assert found == []


def test_the_locks_hold_names_versions_and_digests_only() -> None:
    allowed = re.compile(
        r"#.*|[a-z0-9._-]+==[^ ]+( ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?", re.IGNORECASE
    )
    strange = [
        f"{name}: {line}"
        for name, text in texts().items()
        if re.fullmatch(r"requirements/\w+\.txt", name)
        for line in text.splitlines()
        if not allowed.fullmatch(line)
    ]
    assert strange == []
