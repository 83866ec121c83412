"""A class's silent links are decided with one reason; nothing that was closed is opened by it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result

from everyfamily.core.actors import Actor
from tests.factories.city import NOW, City, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN = 900001
LATER = NOW + timedelta(days=1)
WHY = "looked at each file in the office"
SILENT = {"RESTRICTION": ""}


def command(*words: str) -> Result:
    from everyfamily.cli.main import main

    return CliRunner().invoke(main, list(words))


def batch(decision: str, *, kind: str = "not said", dry_run: bool = False, **group: str) -> Result:
    where = [word for name, text in group.items() for word in (f"--{name.rstrip('_')}", text)] or ["--all"]
    dry = ["--dry-run"] if dry_run else []
    words = ("--school", str(URN), *where, "--kind", kind, decision, "--reason", WHY, "--by", "Una Marsh", *dry)
    return command("restrictions", "decide-batch", *words)


def links(city: City) -> dict[str, tuple[str, str, bool]]:
    """Child and adult's first name -> (restriction, reason, reviewed)."""
    from everyfamily.people.actions.decided.link_lists import _opened
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.keys.school_keys import open_vault
    from everyfamily.people.models import Care

    with tenant(city.schools[URN]):
        vault = open_vault(city.schools[URN], now=NOW)
        return {
            _opened(vault, "pupil", link.pupil_id, link.pupil.id_encrypted)
            + " "
            + _opened(vault, "parent", link.parent_id, link.parent.name): (
                link.restriction,
                link.restriction_reason,
                link.restriction_reviewed_at is not None,
            )
            for link in Care.objects.select_related("parent", "pupil")
        }


def events(city: City, action: str) -> list[dict[str, object]]:
    from everyfamily.audit.models import AuditEvent
    from everyfamily.people.database.tenancy import tenant

    with tenant(city.schools[URN]):
        return [event.detail for event in AuditEvent.objects.filter(action=action).order_by("id")]


CLOSED = [
    adult("P1", "Bo Marsh", RESTRICTION="hold"),
    adult("P2", "Col Quill", RESTRICTION="do not send"),
    adult("P3", "Dee Sample", RESTRICTION="see file"),
    adult("P4", "Eve Ferris", RESTRICTION="unknown"),
    # Beside a foster carer: the birth mother is held by a rule.
    adult("P5", "Fay Carer", RELATIONSHIP="foster carer", **SILENT),
    adult("P5", "Gus Birth", RELATIONSHIP="father", **SILENT),
    # An initial of somebody closed.
    adult("P1", "B Marsh", MOBILE="07700 900123", **SILENT),
]
KINDS = ["child in care", "doubt", "gone from file", "hold", "not readable", "unknown", "value not read"]


def test_silent_links_of_one_class_are_opened_and_no_others(city: City) -> None:
    rows = [
        adult("P6", "Ana Ferris", CLASS="7B", **SILENT),
        adult("P7", "Ben Quill", CLASS="7C", **SILENT),
        adult("P8", "Hal Open", CLASS="7B"),
        *CLOSED,
    ]
    city.school(URN, rows)
    before = links(city)
    looked = batch("none", dry_run=True, class_="7b")
    assert "2 links (not said) between 2 adults and 2 children would be: none." in looked.output, looked.output
    assert "1 value not read, 1 child in care, 1 doubt, 1 unknown, 1 hold" in looked.output
    assert "nothing was written" in looked.output
    assert links(city) == before
    assert events(city, "decide restrictions in a batch") == []
    done = batch("none", class_="7B")
    assert (done.exit_code, "2 links (not said)" in done.output) == (0, True), done.output
    after = links(city)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"P6 Ana Ferris", "P5 Fay Carer"}
    assert {after[name][0] for name in changed} == {"none"}
    assert after["P7 Ben Quill"] == ("unknown", "not said", False)


def test_each_link_and_the_batch_are_audited_with_the_reason(city: City) -> None:
    city.school(URN, [adult("P6", "Ana Ferris", **SILENT), adult("P7", "Ben Quill", **SILENT)])
    assert batch("none", year="7").exit_code == 0
    told = [one for one in events(city, "restriction") if one["reason"] == "batch"]
    assert [(one["from"], one["to"], one["why"]) for one in told] == [("unknown", "none", WHY)] * 2
    [whole] = events(city, "decide restrictions in a batch")
    assert (whole["kind"], whole["to"], whole["links"], whole["why"], whole["year"]) == (
        "not said",
        "none",
        2,
        WHY,
        "7",
    )


@pytest.mark.parametrize("kind", KINDS)
def test_no_batch_opens_what_was_closed_or_is_in_doubt(city: City, kind: str) -> None:
    city.school(URN, CLOSED)
    before = links(city)
    refused = batch("none", kind=kind)
    assert (refused.exit_code, "EF265" in refused.output) == (2, True), refused.output
    assert links(city) == before


@pytest.mark.parametrize(("kind", "name"), [("child in care", "P5 Gus Birth"), ("doubt", "P1 B Marsh")])
def test_a_batch_may_close_them(city: City, kind: str, name: str) -> None:
    city.school(URN, CLOSED)
    before = links(city)
    done = batch("do not send", kind=kind, class_="7B")
    assert done.exit_code == 0, done.output
    after = links(city)
    assert after[name][0] == "do not send"
    assert {one for one in after if after[one] != before[one]} == {name}


def test_closing_in_a_batch_holds_who_may_be_the_same_adult_elsewhere(city: City) -> None:
    rows = [adult("P6", "Ana Ferris", EMAIL="ana@example.org", CLASS="7B", **SILENT)]
    city.school(URN, [*rows, adult("P7", "Ana Ferris", EMAIL="other@example.org", CLASS="7C")])
    done = batch("do not send", class_="7B")
    assert "1 link of the same name, at another address, may be the same adult" in done.output
    assert links(city)["P7 Ana Ferris"] == ("unknown", "doubt", False)


def test_a_word_about_silence_gives_way_to_a_doubt_that_comes_later(city: City) -> None:
    silent = adult("P6", "Bo Marsh", EMAIL="bo@example.org", **SILENT)
    city.school(URN, [silent])
    assert batch("none").exit_code == 0
    city.import_rows(URN, [silent], now=LATER)
    assert links(city)["P6 Bo Marsh"][0] == "none", "the next file is as silent as the one that was decided about"
    namesake = adult("P7", "Bo Marsh", EMAIL="other@example.org", RESTRICTION="do not send")
    city.import_rows(URN, [silent, namesake], now=LATER)
    assert links(city)["P6 Bo Marsh"] == ("unknown", "doubt", False)


def test_a_word_about_silence_gives_way_to_a_decision_about_a_namesake(city: City) -> None:
    from everyfamily.people.actions.decided.restrictions import links_to_review, review_restriction

    city.school(URN, [adult("P6", "Bo Marsh", EMAIL="bo@example.org", CLASS="7C", **SILENT)])
    assert batch("none").exit_code == 0
    city.import_rows(
        URN,
        [
            adult("P6", "Bo Marsh", EMAIL="bo@example.org", CLASS="7C", **SILENT),
            adult("P7", "Bo Marsh", EMAIL="other@example.org", CLASS="7B", **SILENT),
        ],
        now=LATER,
    )
    school = city.schools[URN]
    [link] = links_to_review(school, now=LATER)
    review_restriction(school, link=link.link, decision="do not send", by=Actor.typed("Una Marsh"), now=LATER)
    assert links(city)["P6 Bo Marsh"] == ("unknown", "doubt", False)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--class", "9Z", "none", "--reason", WHY, "--by", "Una Marsh"), "EF266"),
        (("--all", "none", "--reason", " ", "--by", "Una Marsh"), "EF267"),
        (("--all", "none", "--reason", WHY, "--by", "office"), "EF242"),
        (("none", "--reason", WHY, "--by", "Una Marsh"), "--class, --year"),
        (("--all", "--class", "7B", "none", "--reason", WHY, "--by", "Una Marsh"), "--class, --year"),
    ],
)
def test_a_batch_needs_a_group_a_reason_and_a_name(city: City, words: tuple[str, ...], code: str) -> None:
    city.school(URN, [adult("P6", "Ana Ferris", **SILENT)])
    refused = command("restrictions", "decide-batch", "--school", str(URN), "--kind", "not said", *words)
    assert (refused.exit_code, code in refused.output) == (2, True), refused.output
    assert links(city)["P6 Ana Ferris"] == ("unknown", "not said", False)


def test_the_list_counts_by_class_and_kind_and_names_nobody_unasked(city: City) -> None:
    many = [adult(f"Q{number}", f"Parent Number{number}", CLASS="7C", **SILENT) for number in range(60)]
    city.school(URN, [*many, adult("P6", "Ana Ferris", CLASS="7B", RESTRICTION="hold")])
    school = ("--school", str(URN))
    said = command("restrictions", "list", *school).output
    assert "class 7C, year 7: 60 not said" in said
    assert "class 7B, year 7: 1 hold" in said
    assert "Ferris" not in said
    assert len(said.splitlines()) < 12
    assert "decide-batch" in said
    page = command("restrictions", "list", *school, "--class", "7C")
    assert (page.output.count("child Q"), "10 more: --page 2" in page.output) == (50, True), page.output
    rest = command("restrictions", "list", *school, "--kind", "not said", "--page", "2").output
    assert rest.count("child Q") == 10
    held = command("restrictions", "list", *school, "--kind", "hold").output
    assert "Ana Ferris" in held
    assert len(json.loads(command("restrictions", "list", *school, "--json").output)) == 61


def test_what_was_held_just_now_is_not_called_untouched(city: City) -> None:
    city.school(URN, [adult("P6", "Ana Ferris", **SILENT)])
    done = batch("hold")
    assert (done.exit_code, "are now: hold" in done.output) == (0, True), done.output
    assert "Not touched" not in done.output
