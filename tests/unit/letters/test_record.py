"""The record holds the whole letter, and gives it back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest

from everyfamily.core.agreement.seals import digest_of, required_signatories
from everyfamily.core.keys.approval_keys import ApprovalKey
from everyfamily.letters.files.artefacts import TEMPLATES
from everyfamily.letters.files.record import SignatoryWithoutKey, build_record, letter_of
from everyfamily.rendering.email import EMAIL_TEMPLATE_VERSION
from everyfamily.rendering.web_page import WEB_TEMPLATE_VERSION
from tests.factories.demonstration import demo_letter
from tests.factories.letters import make_letter

KEYS = (ApprovalKey.of_file("k"),)


def with_keys():
    """The demo's letter, its signatories with keys."""
    letter = demo_letter()
    signatories = tuple(
        replace(who, keys=(ApprovalKey.of_file(f"{at}" * 44),)) for at, who in enumerate(letter.signatories)
    )
    return replace(letter, signatories=signatories)


def record(letter, **changes):
    parts = {
        "findings": [{"code": "RD001"}],
        "waivers": [],
        "rule_set": "1",
        "templates": TEMPLATES | {"template": "2"},
    } | changes
    return build_record(letter, {"en/letter.pdf": b"%PDF-", "en/email.txt": b"words"}, **parts)


def test_the_letter_comes_back_through_json() -> None:
    letter = with_keys()
    made = record(letter)
    travelled = json.loads(json.dumps(made, ensure_ascii=False))
    assert travelled == made, "plain JSON values only"
    assert letter_of(travelled) == letter
    assert digest_of(travelled) == digest_of(made)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"next_topic": "harmful-groups-online"},
        {"demonstration": True},
        {"translations": {"ur": {"replaced": {"title": "بچوں کو محفوظ رکھنا"}}}},
        {"replaced": {"what/1": "“Quotes”, ’ and \u00a0 \u2028 \U0001f600"}},
        {"routes": {"local": {"dead_since": None, "url": "eastmere.example/safe"}}},
    ],
)
def test_any_letter_comes_back(fields: dict) -> None:
    letter = replace(
        make_letter(**fields),
        signatories=tuple(replace(who, keys=KEYS) for who in make_letter().signatories),
    )
    assert letter_of(json.loads(json.dumps(record(letter)))) == letter


def test_it_holds_what_a_seal_must_cover() -> None:
    made = record(with_keys())
    assert made["artefacts"] == {
        "en/email.txt": hashlib.sha256(b"words").hexdigest(),
        "en/letter.pdf": hashlib.sha256(b"%PDF-").hexdigest(),
    }
    assert made["reference"] == made["letter"]["reference"]
    assert made["engine"]["template"] == "2"
    assert made["engine"]["typst"]
    assert made["engine"]["email_template"] == EMAIL_TEMPLATE_VERSION
    assert made["engine"]["web_template"] == WEB_TEMPLATE_VERSION
    assert (made["rule_set"], made["findings"], made["waivers"]) == ("1", [{"code": "RD001"}], [])


def test_a_route_without_other_ways_keeps_the_digest_that_older_versions_gave_it() -> None:
    routes = {
        "local": {"hours_confirmed_on": "", "hours_confirmed_by": ""},
        "children": {"form": "eastmere.example/form", "text": "07700 900120"},
    }
    letter = replace(
        make_letter(routes=routes),
        signatories=tuple(replace(who, keys=KEYS) for who in make_letter().signatories),
    )
    made = record(letter)
    rows = {row["id"]: row for row in made["letter"]["routes"]}
    new = {"form", "email", "text", "hours_confirmed_on", "hours_confirmed_by"}
    assert not new & rows["local"].keys()
    assert new - {"email"} <= rows["children"].keys()
    assert letter_of(json.loads(json.dumps(made))) == letter


def test_a_letter_without_languages_keeps_the_digest_that_older_versions_gave_it() -> None:
    assert "languages" not in record(replace(with_keys(), languages=()))["letter"]
    assert record(with_keys())["letter"]["languages"] == [
        "pl",
        "ar",
        "ur",
        "ro",
        "pt",
        "so",
        "uk",
        "bn",
        "ckb",
        "pa",
    ]


def test_who_must_approve_is_who_signs() -> None:
    letter = with_keys()
    assert [(who.id, who.name, who.keys) for who in required_signatories(record(letter))] == [
        (who.id, who.name, who.keys) for who in letter.signatories
    ]


def test_a_signatory_without_a_key_is_named() -> None:
    letter = with_keys()
    first, *others = letter.signatories
    with pytest.raises(SignatoryWithoutKey, match=first.organisation):
        record(replace(letter, signatories=(replace(first, keys=()), *others)))


def test_a_letter_without_press_lines_keeps_the_digest_that_older_versions_gave_it() -> None:
    letter = with_keys()
    assert record(letter)["letter"]["texts"]["en"]["press"]["title"]["id"] == "press"
    bare = replace(letter, texts={"en": replace(letter.english, press=None)})
    assert "press" not in record(bare)["letter"]["texts"]["en"]
    assert letter_of(json.loads(json.dumps(record(bare)))) == bare
