"""The rounds' look at the print folder can fail: a kill seldom falls where it would show."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.faults.records import half_bundles

PDF = b"letters"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A complete bundle; returns its manifest."""
    place = tmp_path / "post" / "second" / "ES-2703-K7R4_en_900001"
    place.mkdir(parents=True)
    digest = hashlib.sha256(PDF).hexdigest()
    manifest = place / "bundle-1.csv"
    manifest.write_text(f"position,reference,postage,sheets,file,sha256\n1,r,second,1,bundle-1.pdf,{digest}\n")
    (place / "bundle-1.pdf").write_bytes(PDF)
    (place / "SHA256SUMS").write_text(f"{digest}  bundle-1.pdf\n{'0' * 64}  bundle-1.csv\n")
    return manifest


def test_a_whole_bundle_is_no_half_one(bundle: Path, tmp_path: Path) -> None:
    assert half_bundles(tmp_path) == []


def test_a_manifest_without_its_pdf_is_found(bundle: Path, tmp_path: Path) -> None:
    bundle.with_suffix(".pdf").unlink()
    assert half_bundles(tmp_path) == ["post: a manifest stands without its PDF"]


def test_a_pdf_that_is_another_or_cut_short_is_found(bundle: Path, tmp_path: Path) -> None:
    bundle.with_suffix(".pdf").write_bytes(PDF[:-1])
    assert half_bundles(tmp_path) == ["post: a PDF is not the one that its manifest names"]


def test_a_bundle_that_the_print_house_is_not_told_of_is_found(bundle: Path, tmp_path: Path) -> None:
    (bundle.parent / "SHA256SUMS").write_text("")
    assert half_bundles(tmp_path) == ["the print house's list does not name the bundles that stand"]
