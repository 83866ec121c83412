"""A letter in two versions: an adult gets one letter, in the version for their children, and what was sent is kept."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from everyfamily.core.accounting.coverage import Outcome
from everyfamily.core.actors import Actor
from everyfamily.core.permissions import Role
from everyfamily.letters.files.verification import Proof, verify_bytes
from tests.factories.city import NOW, REFERENCE, City, adult, sealed_letter
from tests.factories.doors import open_doors
from tests.factories.kept import kept_city
from tests.factories.signed_in import signed_in
from tests.factories.two_versions import PRIMARY_SUBJECT, PRIMARY_TITLE, SECONDARY_TITLE

pytestmark = [pytest.mark.database, pytest.mark.slow]

EVERY_YEAR, PRIMARY, OWN_SECONDARY = 900001, 900002, 900003
HOUR = timedelta(hours=1)
LATER = NOW + timedelta(days=2, hours=1)
CORRECTION = "ES-2703-C0R2"


def child(pupil: str, year: str, name: str, mailbox: str = "", **columns: str) -> dict[str, str]:
    # The number tells that two rows are one adult. No text is sent.
    by_paper = {"MOBILE": "07700 900123"} if name == "paper" else {}
    email = {"EMAIL": f"{mailbox or name}@example.org"} if "CLASS" not in columns else by_paper
    return adult(pupil, f"{name.title()} Ferris", **{"YEAR_GROUP": year, "CLASS": "", **email, **columns})


def rolls() -> list[dict[str, str]]:
    return [
        child("A1", "3", "young"),
        child("A2", "3", "both"),
        child("A3", "8", "both"),
        child("A4", "8", "old"),
        child("A5", "", "blank"),
        # Two adults with one inbox: one message, which is for the older child's family.
        child("A6", "3", "pat", "home"),
        child("A7", "8", "sam", "home"),
        # No way but paper with the child.
        child("A8", "2", "paper", CLASS="2A"),
        child("A9", "9", "paper", CLASS="9A"),
        child("B1", "2", "leaf", CLASS="2A"),
        child("B2", "9", "ream", CLASS="9A"),
    ]


@kept_city
def sent(city: City) -> None:
    city.school(EVERY_YEAR, rolls(), phase="All-through", order=["email", "pupil post"])
    city.school(PRIMARY, [child("P1", "", "hazel")], order=["email", "pupil post"])
    city.school(OWN_SECONDARY, sends="school", phase="Secondary")
    city.open(two_versions=True)
    city.send()


def emails(city: City) -> dict[str, str]:
    """Mailbox -> version, of every email."""
    found: dict[str, str] = {}
    for line in city.outbox():
        if line["channel"] == "email":
            mailbox = str(line["to"]).partition("@")[0]
            assert mailbox not in found, "nobody gets two"
            found[mailbox] = str(line["body"]).rpartition(" ")[2]
    return found


def versions(city: City, urn: int) -> dict[str, str]:
    """Adult -> version, as it is kept with what was tried."""
    from everyfamily.mailings.models import Attempt
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.keys.school_keys import open_vault

    school = city.schools[urn]
    with tenant(school):
        vault = open_vault(school, now=NOW)
        rows = Attempt.objects.filter(school_id=school, delivery__mailing_id=city.mailing).order_by("id")
        found = list(rows.values_list("delivery__parent_id", "delivery__parent__name", "version"))
        return {
            vault.decrypt("parent", key, bytes(name)).split()[0].casefold(): version
            for key, name, version in found
        }


def test_every_adult_gets_one_letter_in_the_version_for_their_children(sent: City) -> None:
    from everyfamily.letters.queries import letter_by_id
    from everyfamily.mailings.queries.mailings import mailing_of_letter

    assert emails(sent) == {
        "young": "primary",
        "both": "secondary",
        "old": "secondary",
        "blank": "primary",
        "home": "secondary",
        "hazel": "primary",
    }
    assert versions(sent, EVERY_YEAR) == {
        "young": "primary",
        "both": "secondary",
        "old": "secondary",
        "blank": "primary",
        "pat": "secondary",
        "sam": "secondary",
        "paper": "secondary",
        "leaf": "primary",
        "ream": "secondary",
    }
    assert versions(sent, PRIMARY) == {"hazel": "primary"}
    # Paper: the older child takes the secondary version home, and each class has its own copies.
    pile = sent.folder / "outbox" / "print" / "pupil-post" / f"{REFERENCE}_{EVERY_YEAR}"
    listed = (pile / f"{NOW:%Y-%m-%d}" / "hand-out-list.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert [line.split(",")[:2] for line in listed] == [["2A", "B1"], ["9A", "A9"], ["9A", "B2"]]
    printed = {path.name: path.read_bytes() for path in pile.glob("letter-*.pdf")}
    assert set(printed) == {"letter-primary-en.pdf", "letter-secondary-en.pdf"}
    # Every copy is the sealed letter, and nobody counts twice.
    seal, artefacts, key = sealed_letter(two_versions=True)
    seals = sent.folder / "seals"
    seals.mkdir()
    (seals / f"{REFERENCE}.json").write_text(seal.to_json(), encoding="utf-8")
    for name in ("en/letter.pdf", "primary/en/letter.pdf"):
        said = verify_bytes(artefacts[name], "letter.pdf", seals, sealing_key=key)
        assert said.proof is Proof.GENUINE, name
    total = sent.coverage(NOW + HOUR).total
    assert sum(total.outcomes.values()) == total.children
    assert total.outcomes[Outcome.ON_ITS_WAY] == 12
    letter = letter_by_id(mailing_of_letter(REFERENCE).letter_id)
    assert letter.secondary_from == 7


def test_what_was_sent_stays_when_a_child_moves_up_and_a_correction_comes_in_the_same_version(sent: City) -> None:
    from everyfamily.letters.actions.sealed_letters import record_sealed_letter
    from everyfamily.mailings.actions.ending.withdrawing import withdraw
    from everyfamily.mailings.actions.planning.opening import Follows, open_mailing
    from everyfamily.mailings.actions.planning.planning import begin_wave
    from everyfamily.mailings.actions.sending.deciding import decide_page
    from everyfamily.people.actions.schools.schools import attest_school

    older = [row | {"YEAR_GROUP": "7"} if row["PUPIL_ID"] == "A1" else row for row in rolls()]
    sent.import_rows(EVERY_YEAR, older, NOW + HOUR)
    sent.send(NOW + HOUR)
    assert versions(sent, EVERY_YEAR)["young"] == "primary"
    withdraw(REFERENCE, why="the number is dead", by=Actor.typed("Pat Example"), now=NOW + 2 * HOUR)
    seal, artefacts, key = sealed_letter(CORRECTION, two_versions=True)
    record_sealed_letter(seal, artefacts, sealing_key=key, by=Actor.typed("test"), now=LATER)
    opened = open_mailing(
        reference=CORRECTION,
        term="spring term 2027",
        waves={sent.schools[urn]: (1, LATER) for urn in (EVERY_YEAR, PRIMARY)},
        closes_at=LATER + timedelta(days=42),
        reply_mailbox="letters@eastmere.example",
        reply_owner="Family letters team",
        by=Actor.typed("test"),
        now=LATER,
        follows=Follows(sent.mailing, "correction"),
    )
    for urn in (EVERY_YEAR, PRIMARY):
        attest_school(sent.schools[urn], by=Actor.typed("lead"), now=LATER)
    sent.mailing = opened.id
    for urn in (EVERY_YEAR, PRIMARY):
        begin_wave(sent.mailing, sent.schools[urn], LATER)
        decide_page(sent.look(sent.schools[urn], LATER))
    told = versions(sent, EVERY_YEAR) | versions(sent, PRIMARY)
    assert told["young"] == "primary", "they had the primary one"
    assert (told["both"], told["sam"], told["hazel"]) == ("secondary", "secondary", "primary")


def test_the_schools_pages_show_the_version_that_was_sent(sent: City, tmp_path: Path) -> None:
    from django.test import override_settings

    from everyfamily.mailings.actions.ending.subject_access import held_about
    from everyfamily.mailings.models import Attempt
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Pupil
    from everyfamily.people.queries import school_by_id

    school = sent.schools[EVERY_YEAR]
    with tenant(school):
        attempt = (
            Attempt.objects.filter(school_id=school, version="primary", channel="email").order_by("id").first()
        )
        assert attempt is not None
        parent = attempt.delivery.parent_id
        child_of = Pupil.objects.filter(school_id=school, care__parent_id=parent).get().pk
        about = held_about(school_by_id(school), parent, now=NOW)
        assert about["letters"][0]["attempts"][0]["version"] == "primary"  # type: ignore[index]
    with open_doors(tmp_path), override_settings(EVERYFAMILY_CLOCK="database"):
        lead = signed_in(Role.LEAD, school_id=school)
        page = f"/schools/{EVERY_YEAR}/families/{child_of}/letters/{attempt.pk}/"
        words = lead.get(page, secure=True).content.decode()
        assert PRIMARY_SUBJECT in words
        assert PRIMARY_TITLE.casefold() in words.casefold()
        letter = f"/schools/{EVERY_YEAR}/letter/{sent.mailing}/"
        both = lead.get(letter, secure=True).content.decode()
        assert "A family with a child in Year 7 or above at your school gets the secondary one" in both
        assert PRIMARY_TITLE in both
        assert SECONDARY_TITLE in lead.get(f"{letter}?version=secondary", secure=True).content.decode()
        office = signed_in(Role.OFFICE, "Priya Nand", school_id=sent.schools[OWN_SECONDARY])
        own = office.get(f"/schools/{OWN_SECONDARY}/letter/{sent.mailing}/", secure=True).content.decode()
        assert SECONDARY_TITLE in own
        assert "two versions" not in own
        kit = office.get(f"/schools/{OWN_SECONDARY}/letter/{sent.mailing}/kit.zip", secure=True).content
    with zipfile.ZipFile(io.BytesIO(kit)) as archive:
        assert SECONDARY_TITLE.casefold() in archive.read("English/email.txt").decode().casefold()
        assert "in Year 6 or below get the letter in other words" in " ".join(
            archive.read("README.txt").decode().split()
        )
