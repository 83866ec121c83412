"""What the database itself refuses, whoever asks."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, transaction

from everyfamily.core.actors import Actor
from everyfamily_postgres.launcher import Server
from everyfamily_postgres.roles import Role
from tests.factories.city import NOW, REFERENCE, City, adult, sealed_letter
from tests.factories.each import each
from tests.factories.kept import kept_city

pytestmark = [pytest.mark.database, pytest.mark.slow]
REFUSED = (IntegrityError, InternalError, ProgrammingError)


@kept_city
def sent(city: City) -> None:
    """A sealed letter that was sent to one adult."""
    city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    city.open()
    city.send()


@each(
    "change",
    [
        {"digest": "0" * 64},
        {"reference": "ES-0000-0000"},
        {"record": {"format": "another"}},
        {"state": "draft"},
        {"state": "approved"},
    ],
)
def test_a_sealed_letter_cannot_change(sent: City, change: dict[str, object]) -> None:
    from everyfamily.letters.models import Letter

    with pytest.raises(REFUSED), transaction.atomic():
        Letter.objects.update(**change)


def test_a_sealed_letter_can_be_withdrawn_and_never_come_back(sent: City) -> None:
    from everyfamily.letters.actions.sealed_letters import withdraw_letter
    from everyfamily.letters.models import Letter

    withdraw_letter(REFERENCE, by=Actor.typed("test"), now=NOW)
    with pytest.raises(REFUSED), transaction.atomic():
        Letter.objects.update(state="sealed", withdrawn_at=None, withdrawn_by=None)


def test_a_key_that_carries_the_school_has_one_index_to_be_checked_by(database: Server) -> None:
    """Without statistics the planner takes any index that begins with the school, and reads the school for each row."""
    from django.db import connections

    with connections["owner"].cursor() as owner:
        owner.execute(
            """
            SELECT DISTINCT k.confrelid::regclass::text, i.indexrelid::regclass::text
            FROM pg_constraint k
            JOIN pg_index i ON i.indrelid = k.confrelid AND i.indpred IS NULL AND i.indkey[0] = k.confkey[1]
            WHERE k.contype = 'f' AND cardinality(k.confkey) = 2
            """
        )
        indexes = owner.fetchall()
    tables = [table for table, _ in indexes]
    assert {"people_parent", "people_pupil", "mailings_delivery", "mailings_attempt"} <= set(tables)
    assert len(tables) == len(set(tables)), f"more than one: {indexes}"


def test_a_letter_is_not_sealed_without_every_approval(database: Server) -> None:
    from everyfamily.letters.models import Letter

    seal, _, _ = sealed_letter()
    letter = Letter.objects.create(
        reference=REFERENCE,
        topic="t",
        term="t",
        state="approved",
        digest=seal.digest,
        record=seal.record,
        composed_at=NOW,
    )
    with pytest.raises(REFUSED, match="every signatory"), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(state="sealed")


@pytest.mark.parametrize("state", ["sealed", "withdrawn"])
def test_a_letter_does_not_come_in_as_sealed(database: Server, state: str) -> None:
    from everyfamily.letters.models import Letter

    seal, _, _ = sealed_letter()
    withdrawn = {"withdrawn_at": NOW, "withdrawn_by": "test"} if state == "withdrawn" else {}
    with pytest.raises(REFUSED, match="comes in unsealed"), transaction.atomic():
        Letter.objects.create(
            reference=REFERENCE,
            topic="t",
            term="t",
            state=state,
            digest=seal.digest,
            record=seal.record,
            composed_at=NOW,
            **withdrawn,
        )


@pytest.mark.parametrize("rows", [[], None])
def test_a_record_that_asks_nobody_is_not_sealed(database: Server, rows: object) -> None:
    from everyfamily.letters.models import Letter

    seal, _, _ = sealed_letter()
    record = {**seal.record, "required_signatories": rows}
    letter = Letter.objects.create(
        reference=REFERENCE,
        topic="t",
        term="t",
        state="approved",
        digest=seal.digest,
        record=record,
        composed_at=NOW,
    )
    with pytest.raises(REFUSED), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(state="sealed")
    with pytest.raises(REFUSED, match="only a sealed letter"), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(state="withdrawn", withdrawn_at=NOW, withdrawn_by="test")


@each(
    "table",
    ["letters_seal", "letters_approval", "letters_letterartefact", "letters_routecheck", "audit_auditevent"],
)
def test_seals_approvals_artefacts_and_the_audit_trail_are_not_changed_or_removed(
    sent: City, database: Server, table: str
) -> None:
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
        with psycopg.connect(database.dsn(Role.APP)) as app, pytest.raises(psycopg.Error):
            app.execute(statement)


def test_even_the_owner_cannot_change_the_audit_trail(sent: City, database: Server) -> None:
    """Row security hides the rows from the owner, and the trigger is behind it."""
    with psycopg.connect(database.dsn(Role.OWNER)) as owner:
        assert owner.execute("SELECT count(*) FROM audit_auditevent").fetchone() == (0,)
        assert owner.execute("DELETE FROM audit_auditevent").rowcount == 0


def test_a_forged_seal_or_a_swapped_file_does_not_come_in(database: Server) -> None:
    import dataclasses

    from everyfamily.letters.actions.sealed_letters import SealNotGood, record_sealed_letter
    from everyfamily.letters.models import Letter

    seal, artefacts, key = sealed_letter()
    swapped = artefacts | {"en/letter.pdf": artefacts["en/letter.pdf"] + b" "}
    forged = dataclasses.replace(seal, record=dict(seal.record) | {"reference": "ES-2703-XXXX"})
    from everyfamily.core.keys.signing import SigningKey

    for bad_seal, files, sealing_key in (
        (seal, swapped, key),
        (forged, artefacts, key),
        (seal, artefacts, SigningKey.new().public_key),
        (dataclasses.replace(seal, approvals=seal.approvals[:1]), artefacts, key),
    ):
        with pytest.raises(SealNotGood):
            record_sealed_letter(bad_seal, files, sealing_key=sealing_key, by=Actor.typed("test"), now=NOW)
    assert not Letter.objects.exists()


def test_a_letter_that_is_not_sealed_cannot_be_sent(database: Server) -> None:
    from everyfamily.mailings.actions.planning.opening import LetterNotSealed, open_mailing

    with pytest.raises(LetterNotSealed):
        open_mailing(
            reference=REFERENCE,
            term="t",
            waves={},
            closes_at=NOW,
            reply_mailbox="letters@eastmere.example",
            reply_owner="team",
            by=Actor.typed("test"),
            now=NOW,
        )


def test_a_mailing_needs_somebody_who_reads_the_replies(sent: City) -> None:
    from everyfamily.mailings.models import Mailing

    with pytest.raises(IntegrityError), transaction.atomic():
        Mailing.objects.update(reply_owner="")


def test_one_contact_value_has_one_message_in_a_mailing(sent: City) -> None:
    from everyfamily.mailings.models import LedgerEntry

    entry = LedgerEntry.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.create(
            mailing_id=entry.mailing_id, value_hash=entry.value_hash, channel="text", changed_at=NOW
        )


def test_a_return_that_does_not_add_up_is_refused(sent: City) -> None:
    from everyfamily.core.accounting.coverage import Return
    from everyfamily.mailings.actions.returns.returns import ReturnDoesNotAddUp, file_return
    from everyfamily.mailings.models import SchoolReturn
    from everyfamily.people.database.tenancy import tenant

    school = sent.schools[900001]
    with pytest.raises(ReturnDoesNotAddUp, match="120"):
        file_return(sent.mailing, school, Return(120, 100, 0, 0, 19, True), by=Actor.typed("office"), now=NOW)
    with pytest.raises(IntegrityError), tenant(school):
        SchoolReturn.objects.create(
            school_id=school,
            mailing_id=sent.mailing,
            on_roll=5,
            by_email=1,
            by_text=1,
            on_paper=1,
            not_reached=1,
            emails_confirmed=True,
            filed_at=NOW,
            filed_by="office",
        )


def test_a_correction_is_a_new_row_and_the_latest_counts(city: City) -> None:
    from everyfamily.core.accounting.coverage import Outcome, Return
    from everyfamily.mailings.actions.returns.returns import file_return

    school = city.school(900001, sends="school")
    city.open()
    file_return(city.mailing, school, Return(30, 20, 0, 0, 10, False), by=Actor.typed("office"), now=NOW)
    file_return(
        city.mailing,
        school,
        Return(30, 20, 0, 10, 0, True),
        by=Actor.typed("office"),
        now=NOW + timedelta(hours=1),
    )
    assert city.coverage(NOW).total.outcomes[Outcome.ACCEPTED] == 20
    assert city.coverage(NOW + timedelta(hours=1)).total.outcomes == {Outcome.REACHED: 30}


def test_a_destroyed_school_key_makes_its_values_unreadable(sent: City) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.keys.school_keys import SchoolKeyDestroyed, open_vault
    from everyfamily.people.models import SchoolKey

    school = sent.schools[900001]
    with tenant(school):
        SchoolKey.objects.update(wrapped=None, destroyed_at=NOW, destroyed_by="test")
    with pytest.raises(SchoolKeyDestroyed), tenant(school):
        open_vault(school, now=NOW)
