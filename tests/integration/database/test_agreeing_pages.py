"""The pages on which a letter is read, reviewed and approved: by passkey, by key file, and by nobody else."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from everyfamily.core.permissions import Role
from everyfamily_postgres.launcher import Server
from tests.factories.demonstration import REFERENCE
from tests.factories.doors import open_doors, page_of
from tests.factories.drafted import NOW, Place, approval_of, begun, frozen_now, saved, with_a_comma, with_keys
from tests.factories.passkey import Passkey
from tests.factories.signed_in import signed_in

pytestmark = [pytest.mark.database, pytest.mark.slow]

LETTER = f"/letters/{REFERENCE}/"
MOST_QUERIES = 15


@pytest.fixture
def place(database: Server, tmp_path: Path) -> Iterator[Place]:
    from everyfamily_demo.clock import set_simulated

    set_simulated(NOW)
    with open_doors(tmp_path, EVERYFAMILY_CLOCK="database"), with_keys(tmp_path) as place:
        yield place


@dataclass
class Signer:
    """Somebody of the police who signs, with a passkey that the settings name."""

    client: Any
    passkey: Passkey

    def fields(self, page: str, **other: Any) -> dict[str, str]:
        """What the script sends from a page, with other parts for what is wrong."""
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        found = re.search(r'id="words-to-sign"[^>]*>([^<]*)</pre>', page)
        assert found, page[-3000:]
        challenge = base64.urlsafe_b64encode(hashlib.sha256(found[1].encode()).digest()).rstrip(b"=").decode()
        sent = json.loads(self.passkey.signed({"publicKey": {"challenge": challenge}}))["response"]
        for ours, theirs in (
            ("authenticator_data", "authenticatorData"),
            ("client_data", "clientDataJSON"),
            ("signature", "signature"),
        ):
            data = sent[theirs]
            fields[ours] = base64.b64encode(base64.urlsafe_b64decode(data + "=" * (-len(data) % 4))).decode()
        return fields | other

    def endorse(self, key_id: int) -> Any:
        """What the script sends from the page on which a key is endorsed."""
        address = f"/keys/{key_id}/endorse/"
        page = page_of(self.client, address)
        form = self.fields(page) if "words-to-sign" in page else {}
        return self.client.post(address, form, secure=True)

    def approve(self, page: str, **other: Any) -> Any:
        return self.client.post(f"{LETTER}approve/sign/", self.fields(page, **other), secure=True)


def _signer(place: Place, name: str = "Ruth Calloway", **passkey: Any) -> Signer:
    """Their key is made, confirmed by nobody, and in the settings: what counts is what the letter says."""
    from everyfamily.accounts.actions.signatory_keys import add_key
    from everyfamily.core.actors import Actor, ActorKind
    from everyfamily.core.agreement.enrolment import NewKey
    from everyfamily.core.keys.approval_keys import PASSKEY, ApprovalKey
    from tests.factories.passkey import text_of

    client, made = signed_in(Role.SIGNATORY, name), Passkey(**passkey)
    key = ApprovalKey(PASSKEY, made.public_key, "letters.eastmere.example", "force laptop")
    by = Actor(ActorKind.PERSON, name, client.account)  # type: ignore[attr-defined]
    add_key(body="police", made=NewKey(text_of(made.id), key, False), by=by, now=NOW)
    lines = (
        f'[[signatories.keys]]\nkind = "passkey"\nlabel = "force laptop"\nrp_id = "{key.rp_id}"\n'
        f'public_key = "{key.public_key}"\n\n'
    )
    text = place.partnership.read_text(encoding="utf-8")
    tables = text.split("[[signatories]]\n")
    at = next(n for n, one in enumerate(tables) if 'id = "police"' in one and n)
    table, gap, rest = tables[at].partition("\n\n")
    tables[at] = f"{table}\n\n{lines}{rest}" if gap else f"{tables[at]}\n{lines}"
    place.partnership.write_text("[[signatories]]\n".join(tables), encoding="utf-8")
    return Signer(client, made)


def _approvals() -> list[str]:
    from everyfamily.letters.draft_queries.agreeing import approvals_of
    from everyfamily.letters.draft_queries.drafts import known_draft
    from everyfamily.letters.draft_queries.frozen import frozen_versions

    newest = next(one for one in frozen_versions(known_draft(REFERENCE).id) if one.is_done)
    return [f"{one.signatory} {one.kind}" for one in approvals_of(newest.id)]


def test_a_letter_is_read_noted_reviewed_and_approved_and_a_comma_voids_all_of_it(place: Place) -> None:
    ruth = _signer(place)
    draft = begun()
    assert "not sent for approval yet" in page_of(ruth.client, f"{LETTER}approve/")
    frozen = frozen_now(draft)
    reviewer, author = signed_in(Role.REVIEWER, "Lena Moss"), signed_in(Role.AUTHOR, "Tom Rydal")
    council = signed_in(Role.SIGNATORY, "Judith Amara", body="childrens-services")
    delegate = signed_in(Role.DELEGATE, "Supt Frayne")
    desk = page_of(delegate, "/")
    assert "Read 1 letter first, and leave notes" in desk
    assert f'href="{LETTER}approve/">Read and leave notes' in desk
    assert f"Letter {REFERENCE}: 0 of 2 have approved it." in desk

    # A signatory is shown the words, and approves for their own body.
    page = page_of(ruth.client, f"{LETTER}approve/")
    assert "You have not read this letter before" in page
    assert ruth.approve(page).headers["Location"] == f"{LETTER}approve/done/"
    assert "You approved these words" in page_of(ruth.client, f"{LETTER}approve/done/")
    assert _approvals() == ["police passkey"]
    assert "Nothing waits for you" in page_of(delegate, "/")
    # Nobody may approve a letter with a line whose check has ended, so whoever rings lines is asked in time.
    assert "ROUTE_ENDED" in {one.kind.name for one in _gathered(NOW + timedelta(days=200))}
    # The same assertion again is refused: the page of it is used up.
    assert ruth.approve(page).status_code == 409
    assert "Has not approved yet" in page_of(author, f"{LETTER}seal/")

    # A reviewer asks for a change, with words; the author reads it. A note is left and settled.
    form = {"version": "1", "words": " "}
    assert reviewer.post(f"{LETTER}ask-for-change/", form, secure=True).status_code == 422
    form["words"] = "Say “listen first”."
    assert reviewer.post(f"{LETTER}ask-for-change/", form, secure=True).status_code == 302
    note = {"text": "Ring\u202e our\0 desk\u200b first.", "section": "talk"}
    assert delegate.post(f"{LETTER}notes/", note, secure=True).status_code == 302
    page = page_of(author, f"{LETTER}approve/")
    assert "Say “listen first”." in page
    assert "Ring our desk first." in page
    settle = re.search(r"/letters/[^/]+/notes/\d+/settle/", page)
    assert settle
    assert author.post(settle[0], secure=True).status_code == 302
    assert {one.split()[0] for one in _waits()} == {"APPROVAL", "LETTER_REVIEW", "CHANGE_ASKED"}

    # Both have approved, and it is not sealed while somebody asks for a change, or by a page of another version.
    given = council.post(f"{LETTER}approve/file/", {"approval": _file(frozen, "childrens-services")}, secure=True)
    assert given.status_code == 302, given.content.decode()[-2000:]
    assert sorted(_approvals()) == ["childrens-services ed25519", "police passkey"]
    refused = author.post(f"{LETTER}seal/", {"version": "1"}, secure=True)
    assert (refused.status_code, "no reviewer has spoken" in refused.content.decode()) == (409, True)
    assert author.post(f"{LETTER}seal/", {"version": "2"}, secure=True).status_code == 409
    assert reviewer.post(f"{LETTER}review/", {"version": "1"}, secure=True).status_code == 302
    assert [one.split()[0] for one in _waits()] == ["READY_TO_SEAL"]

    # A comma: everything that was said is void, those who said it are told, and an old page is refused with the comma.
    saved(draft, "talk", with_a_comma(draft))
    names = ("Judith Amara", "Lena Moss", "Ruth Calloway")
    assert sorted(_told()) == [(name, f"The words of letter {REFERENCE} changed") for name in names]
    assert _waits() == []
    answer = author.post(f"{LETTER}seal/", {"version": "1"}, secure=True)
    assert (answer.status_code, "The words changed" in answer.content.decode()) == (409, True)
    answer = council.post(
        f"{LETTER}approve/file/", {"approval": _file(frozen, "childrens-services")}, secure=True
    )
    assert answer.status_code == 422
    answer = reviewer.post(f"{LETTER}review/", {"version": "1"}, secure=True)
    assert (answer.status_code, "<ins>" in answer.content.decode()) == (409, True)
    assert "Void: the words changed" in page_of(ruth.client, f"{LETTER}approve/")


def _waits() -> list[str]:
    kinds = {"APPROVAL", "LETTER_REVIEW", "CHANGE_ASKED", "READY_TO_SEAL"}
    return [one.key for one in _gathered(NOW + timedelta(minutes=1)) if one.kind.name in kinds]


def _gathered(at: datetime) -> Any:
    from everyfamily.accounts.desk.gathering import Reach, gather

    return gather(Reach.everything(), at).waits


def _told() -> list[tuple[str, str]]:
    from everyfamily.accounts.desk.gathering import Reach, gather
    from everyfamily.accounts.models import Account
    from everyfamily.core.desk.notices import NoticeKind

    told = [one for one in gather(Reach.everything(), NOW).told if one.kind is NoticeKind.APPROVAL_VOID]
    return [(Account.objects.get(pk=one.account).name, one.title) for one in told]


def _file(frozen: int, signatory: str) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from everyfamily.letters.files.letter_zip import approval_as_bytes

    return SimpleUploadedFile(f"{signatory}.json", approval_as_bytes(approval_of(frozen, signatory)))


def test_what_is_no_good_approval_counts_for_nothing(place: Place) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from everyfamily.accounts.actions.roles import end_role
    from everyfamily.accounts.key_queries import keys_of_body
    from everyfamily.accounts.models import Membership
    from everyfamily.core.actors import Actor
    from everyfamily.letters.files.letter_zip import approval_as_bytes
    from everyfamily_demo.clock import set_simulated

    ruth, other = _signer(place), Passkey()
    frozen = frozen_now(begun())
    page = page_of(ruth.client, f"{LETTER}approve/")
    good = ruth.fields(page)
    wrong: list[dict[str, str]] = [
        ruth.fields(page, signature=good["signature"][:-8] + "AAAAAAA="),
        ruth.fields(page, digest="0" * 64),
        ruth.fields(page, approved_at="2027-03-01T10:00:01+00:00"),
        ruth.fields(page, version="2"),
        Signer(ruth.client, other).fields(page),
        Signer(ruth.client, Passkey(key=ruth.passkey.key, verifies=False)).fields(page),
        Signer(ruth.client, Passkey(key=ruth.passkey.key, host="other.example")).fields(page),
        Signer(ruth.client, Passkey(key=ruth.passkey.key, origin="https://elsewhere.example")).fields(page),
        {name: value for name, value in good.items() if name != "client_data"},
        good | {"client_data": "!" * 50_000},
    ]
    for form in wrong:
        assert ruth.client.post(f"{LETTER}approve/sign/", form, secure=True).status_code == 409, form
    # Neither a delegate, nor the other body with the same answer, nor the page of another session.
    assert (
        signed_in(Role.DELEGATE, "Supt Frayne").post(f"{LETTER}approve/sign/", good, secure=True).status_code
        == 403
    )
    for body in ("childrens-services", "police"):
        council = signed_in(Role.SIGNATORY, f"Judith{body[0].upper()} Amara", body=body)
        page_of(council, f"{LETTER}approve/")
        assert council.post(f"{LETTER}approve/sign/", good, secure=True).status_code == 409
    # Files that are too large, no JSON, no approval, or another body's.
    for data in (b"{", b"[]", b"{}", b"x" * 10_000_000):
        given = {"approval": SimpleUploadedFile("police.json", data)}
        assert ruth.client.post(f"{LETTER}approve/file/", given, secure=True).status_code == 422
    other_words = replace(approval_of(frozen, "police"), digest="0" * 64)
    for given, why in (
        (_file(frozen, "childrens-services"), "another body"),
        (SimpleUploadedFile("police.json", approval_as_bytes(other_words)), "The file approves 0000 0000"),
    ):
        answer = ruth.client.post(f"{LETTER}approve/file/", {"approval": given}, secure=True)
        assert answer.status_code == 422
        assert why in answer.content.decode(), answer.content.decode()[-2500:]
    assert ruth.client.post(f"{LETTER}approve/file/", {}, secure=True).status_code == 422
    # After ten minutes the page is over.
    set_simulated(NOW + timedelta(minutes=11))
    answer = ruth.client.post(f"{LETTER}approve/sign/", good, secure=True)
    assert (answer.status_code, "more than ten minutes" in answer.content.decode()) == (409, True)
    # A new page is good, and a key that ends meanwhile is not: it ends with the role of its owner, too.
    page, role = page_of(ruth.client, f"{LETTER}approve/"), Membership.objects.get(account_id=ruth.client.account)
    end_role(role.pk, Actor.typed("Ines Ortega"), NOW)
    assert keys_of_body("police")[0].ended_by == "Ines Ortega"
    Membership.objects.filter(pk=role.pk).update(ended_at=None, ended_by="")
    answer = ruth.approve(page)
    assert (answer.status_code, "has ended this key" in answer.content.decode()) == (409, True)
    assert _approvals() == []


def test_the_page_asks_few_questions_is_small_and_gives_the_files_that_are_approved(place: Place) -> None:
    from django.db import connections

    ruth = _signer(place)
    frozen = frozen_now(begun())
    page_of(ruth.client, f"{LETTER}approve/")
    _sixty_notes()
    found: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append(sql)
        return execute(sql, params, many, context)

    with connections["default"].execute_wrapper(note):
        page = page_of(ruth.client, f"{LETTER}approve/")
    asked = [one for one in found if "simulatedclock" not in one and not one.startswith("UPDATE")]
    # One less, because a second version has an earlier one to be compared with.
    assert len(asked) < MOST_QUERIES, asked
    assert len(page.encode()) <= 60_000
    # Of many notes the page has the newest that are open, and how each begins. The rest is on pages of their own.
    assert "Notes: 20 open" in page
    assert "See all 61 notes" in page
    texts, address = [], f"{LETTER}notes/all/"
    while address:
        notes = page_of(ruth.client, address)
        assert len(notes.encode()) <= 60_000
        texts += re.findall(r"<li><p>(note \d+ of 60)", notes)
        older = re.search(r'href="([^"]+)">Older notes', notes)
        address = older[1] if older else ""
    assert texts == [f"note {number} of 60" for number in reversed(range(61))]
    # Nobody leaves more than twenty that are open, or one that is too long, and what was typed stays in the form.
    for text, why in (
        ("One more.", "20 notes on this letter that are not settled"),
        ("a " * 600, "1,199 characters"),
    ):
        answer = ruth.client.post(f"{LETTER}notes/", {"text": text}, secure=True)
        assert (answer.status_code, why in answer.content.decode()) == (422, True)
        assert text in answer.content.decode()
    # Without a script the page says so, and offers the other door.
    assert "<form hidden" in page
    assert "A passkey cannot be used here." in page
    from everyfamily.letters.draft_queries.frozen import artefacts_of

    files = artefacts_of(frozen)
    for name in ("en/letter.pdf", "en/email.html", "en/text-message.txt"):
        answer = ruth.client.get(f"{LETTER}frozen/1/files/{name}", secure=True)
        assert answer.content == files[name]
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    picture = ruth.client.get(f"{LETTER}frozen/1/pages/en/1.png", secure=True)
    assert picture.content.startswith(b"\x89PNG")
    for missing in ("files/../record.json", "files/en/none.pdf", "pages/en/9.png", "approvals/police.json"):
        assert ruth.client.get(f"{LETTER}frozen/1/{missing}", secure=True).status_code == 404, missing
    assert ruth.client.get("/letters/ES%00/approve/", secure=True).status_code == 404


def _sixty_notes() -> None:
    """Of one person, as long as they may be. The newest twenty are open."""
    from everyfamily.accounts.models import Account
    from everyfamily.letters.models import Draft, Note

    draft, ruth = Draft.objects.get(reference=REFERENCE), Account.objects.get(name="Ruth Calloway")
    rows = []
    for number in range(61):
        settled = {} if number > 40 else {"settled_at": NOW, "settled_by": "Tom Rydal"}
        text = f"note {number} of 60 {'ü “a” ' * 200}"[:1000]
        rows.append(Note(draft=draft, text=text, by=ruth.name, account=ruth.pk, at=NOW, **settled))
    Note.objects.bulk_create(rows)


def test_a_key_that_counts_endorses_a_further_one_of_its_body(place: Place) -> None:
    from everyfamily.accounts.actions.signatory_keys import confirm_key
    from everyfamily.accounts.key_queries import keys_of_body
    from everyfamily.core.actors import Actor, ActorKind
    from everyfamily.staff.agreeing.endorsing import endorsements_of

    named = _signer(place)
    text = place.partnership.read_text(encoding="utf-8")
    unnamed = _signer(place, "Ada Marsh")
    place.partnership.write_text(text, encoding="utf-8")  # The settings name only the first.
    new, _ = keys_of_body("police")
    by = Actor(ActorKind.PERSON, "Ruth Calloway", named.client.account)
    # Not before a second person has confirmed it.
    assert named.client.get(f"/keys/{new.id}/endorse/", secure=True).status_code == 404
    confirm_key(new.id, body="police", in_hand_since=NOW - timedelta(days=30), by=by, now=NOW)
    # By somebody whose own passkey counts, with that one, and never by the new key itself.
    assert Signer(named.client, Passkey()).endorse(new.id).status_code == 409
    assert unnamed.endorse(new.id).status_code == 409
    assert named.endorse(new.id).status_code == 302
    (found,) = endorsements_of(keys_of_body("police"))
    assert (found.what.key, found.by.kind, found.is_good()) == (new.key, "passkey", True)


def test_a_sealed_letter_stays_approved_whatever_the_settings_say_later(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An inspector would otherwise read that nobody agreed to a letter that families have."""
    from everyfamily.staff.agreeing import opened

    frozen_now(begun())
    draft = opened.known(REFERENCE)
    monkeypatch.setattr(opened, "settings_moved", lambda _version: True)
    found, sealed = opened.asked_for(draft), opened.asked_for(replace(draft, is_sealed=True))
    assert found is not None and sealed is not None
    assert (found.is_overtaken, sealed.is_overtaken) == (True, False)
