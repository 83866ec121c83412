"""What can be said of a letter in somebody's hand, and no more than that."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from pathlib import Path

import pikepdf
import pytest

from everyfamily.core.gaps import PersonalGaps
from everyfamily.core.letters import Letter
from everyfamily.core.seals import SealNotReadable
from everyfamily.core.signing import SigningKey
from everyfamily.documents.letter_files import UnreadableLetterFile
from everyfamily.documents.tagged_pdf import PdfNotReadable
from everyfamily.letters.record import letter_of
from everyfamily.letters.verification import Proof, Verdict, verify_file, verify_seal
from everyfamily.rendering.email import Email, render_email
from everyfamily.rendering.pdf import render_bundle, render_letter
from everyfamily.rendering.sms import render_sms
from tests.factories.city import REFERENCE, sealed_letter
from tests.factories.demonstration import HARBOUR
from tests.factories.records import SEALING, sealed, small_record
from tests.unit.letters.conftest import Published

pytestmark = pytest.mark.slow

Verify = Callable[[str, bytes | str], Verdict]

SEVEN_LINES = (
    "The parent or carer",
    "Flat 12B, The Old Harbour Master’s House",
    "117-121 Upper Lantern Row East",
    "Little Eastmere",
    "Eastmere",
    "Mereshire",
    "EM4 7QX",
)
COPIES = {
    "a family": HARBOUR,
    "seven lines": PersonalGaps(SEVEN_LINES, "The Saint Bartholomew and All Angels Academy of Eastmere", None),
    "no checked number": replace(HARBOUR, school_number=None),
    "no school": replace(HARBOUR, school=None, school_number=None),
    "a school named like the letter": replace(HARBOUR, school="Your Child School for Keeping Children Safe"),
    "an address that says what the letter says": replace(
        HARBOUR, address=("If a child is in danger now, call 999.",)
    ),
}


@cache
def letter() -> Letter:
    return letter_of(sealed_letter()[0].record)


def email(gaps: PersonalGaps = HARBOUR) -> Email:
    return render_email(letter(), "en", gaps)


def eml(made: Email | None = None, attached: str | None = None) -> bytes:
    made = made or email()
    message = EmailMessage(SMTP)
    message["Subject"] = made.subject
    message["From"] = "letters@eastmere.example"
    message["To"] = "ada@example.com"
    message.set_content(made.text)
    message.add_alternative(made.html, subtype="html")
    if attached:
        message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename=attached)
    return bytes(message)


# The send kit: exact bytes.


def test_every_artefact_is_genuine(published: Published, verdict: Verify) -> None:
    assert {name.split("/")[-1] for name in published.artefacts} >= {"letter.pdf", "email.html", "page.html"}
    for name, data in published.artefacts.items():
        said = verdict(name.replace("/", " "), data)
        assert said.proof is Proof.GENUINE, name
        assert said.sentence == f"Genuine, unchanged: this is exactly {name} of letter {REFERENCE}."
        assert said.reference == REFERENCE


def test_a_genuine_file_says_who_approved_it_and_that_it_is_a_demonstration(
    published: Published, verdict: Verify
) -> None:
    said = verdict("letter.pdf", published.artefacts["en/letter.pdf"])
    assert [line.split(",")[0] for line in said.details if line.startswith("Approved by")] == [
        f"Approved by {who.name}" for who in letter().signatories
    ]
    assert said.details[-1].startswith("This is a demonstration")
    assert not any("--sealing-key" in line for line in said.details)
    assert said.as_row()["proof"] == "genuine, unchanged"
    assert said.as_row()["difference"] is None


@pytest.mark.parametrize("name", ["en/letter.pdf", "en/email.html", "en/email.txt", "en/page.html"])
def test_one_changed_byte_is_never_genuine(published: Published, verdict: Verify, name: str) -> None:
    data = published.artefacts[name]
    for at in range(len(data) // 10, len(data), len(data) // 5):
        other = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        try:
            said = verdict(Path(name).name, other)
        except (UnreadableLetterFile, PdfNotReadable):
            continue
        assert said.proof in (Proof.SEALED_WORDS, Proof.OTHER_WORDS, Proof.NO_SEAL)


def test_a_changed_word_of_a_kit_file_is_found(published: Published, verdict: Verify) -> None:
    for name in ("en/email.txt", "en/email.html"):
        data = published.artefacts[name].replace(b"trained person", b"kind person", 1)
        assert data != published.artefacts[name]
        assert verdict(Path(name).name, data).proof is Proof.OTHER_WORDS


# Personal copies: the sealed words.


@pytest.mark.parametrize("name", list(COPIES))
def test_a_personal_pdf_has_the_sealed_words(verdict: Verify, name: str) -> None:
    said = verdict("letter.pdf", render_letter(letter(), "en", COPIES[name]))
    assert said.proof is Proof.SEALED_WORDS, said
    assert said.sentence.endswith("Name, address, school and looks are not proven.")


def test_a_bundle_has_the_sealed_words(verdict: Verify) -> None:
    for number in (HARBOUR.school_number, None):
        copies = [replace(HARBOUR, address=gaps.address, school_number=number) for gaps in COPIES.values()]
        assert verdict("bundle.pdf", render_bundle(letter(), "en", copies)).proof is Proof.SEALED_WORDS


def test_a_bundle_put_together_by_somebody_else_is_refused(verdict: Verify) -> None:
    out = io.BytesIO()
    with (
        pikepdf.open(io.BytesIO(render_bundle(letter(), "en", [HARBOUR, HARBOUR]))) as document,
        pikepdf.open(io.BytesIO(render_letter(other_letter(), "en", HARBOUR))) as forged,
    ):
        del document.pages[2:]
        document.pages.extend(forged.pages)
        document.save(out)
    with pytest.raises(PdfNotReadable):
        verdict("bundle.pdf", out.getvalue())


@pytest.mark.parametrize("name", list(COPIES))
def test_a_personal_email_has_the_sealed_words(verdict: Verify, name: str) -> None:
    made = email(COPIES[name])
    for file, data in (("a.eml", eml(made)), ("a.html", made.html), ("a.txt", made.text)):
        kit = name == "no school" and file != "a.eml"
        assert verdict(file, data).proof is (Proof.GENUINE if kit else Proof.SEALED_WORDS), file


def other_letter(old: str = "trained person", new: str = "kind person") -> Letter:
    """The letter with other words, as a forger who has our program would set it."""
    record = json.dumps(sealed_letter()[0].record["letter"])
    assert old in record
    return letter_of({"letter": json.loads(record.replace(old, new))})


def test_a_changed_word_is_told_with_its_place(verdict: Verify) -> None:
    said = verdict("letter.pdf", render_letter(other_letter(), "en", HARBOUR))
    assert said.proof is Proof.OTHER_WORDS
    assert said.difference is not None
    assert said.difference.sealed.startswith("trained person")
    assert said.difference.found.startswith("kind person")
    assert said.details == (
        f"First difference at word {said.difference.word} of the sealed text.",
        f"Sealed: {said.difference.sealed}",
        f"Found:  {said.difference.found}",
    )
    assert said.as_row()["difference"] == {
        "word": said.difference.word,
        "sealed": said.difference.sealed,
        "found": said.difference.found,
    }


def numbers() -> list[str]:
    return [route.number for route in letter().routes if route.number and route.number[0].isdigit()]


@pytest.mark.parametrize("number", numbers())
def test_a_changed_phone_number_is_found(verdict: Verify, number: str) -> None:
    forged = number[:-1] + str((int(number[-1]) + 1) % 10)
    changed_letter = other_letter(number, forged)
    assert verdict("letter.pdf", render_letter(changed_letter, "en", HARBOUR)).proof is Proof.OTHER_WORDS
    made = render_email(changed_letter, "en", HARBOUR)
    for file, data in (("a.eml", eml(made)), ("a.html", made.html), ("a.txt", made.text)):
        said = verdict(file, data)
        assert said.proof is Proof.OTHER_WORDS, (file, number)


def test_words_after_the_end_are_found(verdict: Verify) -> None:
    said = verdict("a.txt", email().text + "\nOr ring 07700 900999.\n")
    assert said.proof is Proof.OTHER_WORDS
    assert said.details[1] == "Sealed: (nothing more)"
    cut = email().text.split()[:-4]
    assert verdict("a.txt", " ".join(cut)).details[2] == "Found:  (nothing more)"


def test_another_subject_is_found(verdict: Verify) -> None:
    made = email()
    assert verdict("a.eml", eml(replace(made, subject="Your child"))).proof is Proof.OTHER_WORDS


def test_an_attachment_is_found(verdict: Verify) -> None:
    said = verdict("a.eml", eml(attached="form.pdf"))
    assert said.proof is Proof.OTHER_WORDS
    assert said.difference is not None
    assert said.difference.found == "[attachment form.pdf]"


@pytest.mark.parametrize("part", ["text", "html"])
def test_an_email_that_says_two_things_is_found(verdict: Verify, part: str) -> None:
    made = email()
    forged = replace(made, **{part: getattr(made, part).replace("trained", "kind", 1)})
    assert verdict("a.eml", eml(forged)).proof is Proof.OTHER_WORDS


def test_a_link_to_somewhere_else_is_found(verdict: Verify) -> None:
    made = email()
    start = made.html.index('href="https://') + len('href="https://')
    forged = made.html[:start] + "evil.example/" + made.html[start:]
    for file, data in (("a.html", forged), ("a.eml", eml(replace(made, html=forged)))):
        said = verdict(file, data)
        assert said.proof is Proof.OTHER_WORDS
        assert said.difference is not None
        assert "evil.example" in said.difference.found


@pytest.mark.parametrize(
    "forgery",
    [
        '<img alt="Ring 07700 900999">',
        '<img src="https://evil.example/number.png">',
        '<img srcset="https://evil.example/number.png 1x">',
        '<input value="Ring 07700 900999">',
        '<iframe srcdoc="Ring 07700 900999"></iframe>',
        '<object data="https://evil.example/"></object>',
        '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
        "<script>document.body.textContent = 'Ring 07700 900999'</script>",
        "<noscript>Ring 07700 900999</noscript>",
        "<title>Ring 07700 900999</title>",
        "<template>Ring 07700 900999</template>",
        "<textarea>Ring 07700 900999</textarea>",
        '<p style="background: url(https://evil.example/number.png)"></p>',
        "<style>h1::after { content: 'Ring 07700 900999' }</style>",
        r"<style>h1::after { c\6fntent: 'Ring 07700 900999' }</style>",
        "<style>@import 'https://evil.example/a.css';</style>",
        "<svg><style><h1>Ring 07700 900999</h1></style></svg>",
        "<!--[if mso]><p>Ring 07700 900999</p><![endif]-->",
        "<!--><p>Ring 07700 900999</p><!-- -->",
        "<svg><![CDATA[Ring 07700 900999]]></svg>",
    ],
)
def test_words_that_only_a_program_shows_are_found(verdict: Verify, forgery: str) -> None:
    made = email()
    for mark in ("</head>", "</body>"):
        html = made.html.replace(mark, forgery + mark)
        assert html != made.html
        assert verdict("a.html", html).proof is Proof.OTHER_WORDS
        assert verdict("a.eml", eml(replace(made, html=html))).proof is Proof.OTHER_WORDS


def _pdf(change: Callable[[pikepdf.Pdf], None]) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(render_letter(letter(), "en", HARBOUR))) as document:
        change(document)
        document.save(out)
    return out.getvalue()


def _another_address(document: pikepdf.Pdf) -> None:
    links = [note for note in document.pages[1].obj.Annots if "/A" in note]
    links[0].A.URI = pikepdf.String("https://evil.example/")


def _note(document: pikepdf.Pdf) -> None:
    document.pages[0].obj.Annots = pikepdf.Array([
        *document.pages[0].obj.get("/Annots", []),
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.FreeText,
            Rect=[50, 50, 250, 90],
            Contents=pikepdf.String("Ring 07700 900999"),
        ),
    ])  # fmt: skip


def _picture_on_a_link(document: pikepdf.Pdf) -> None:
    links = [note for note in document.pages[1].obj.Annots if "/A" in note]
    links[0].AP = pikepdf.Dictionary(N=document.make_stream(b"0 0 200 20 re f"))


def _launch(document: pikepdf.Pdf) -> None:
    links = [note for note in document.pages[1].obj.Annots if "/A" in note]
    links[0].A = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("calc.exe"))


def _script(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(
        S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert('Ring 07700 900999')")
    )


def _page_script(document: pikepdf.Pdf) -> None:
    document.pages[0].obj.AA = pikepdf.Dictionary()


def _form(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array())


def _attached(document: pikepdf.Pdf) -> None:
    document.attachments["form.pdf"] = b"%PDF-"


def _picture(document: pikepdf.Pdf) -> None:
    image = document.make_stream(b"\xff", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image)
    image.Width, image.Height, image.ColorSpace, image.BitsPerComponent = 1, 1, pikepdf.Name.DeviceGray, 8
    page = document.pages[0]
    name = page.add_resource(image, pikepdf.Name.XObject)
    page.contents_add(f"q 200 0 0 30 60 400 cm {name} Do Q".encode())


def _third_page(document: pikepdf.Pdf) -> None:
    document.add_blank_page()


@pytest.mark.parametrize(
    "forge",
    [
        _another_address,
        _note,
        _picture_on_a_link,
        _launch,
        _script,
        _page_script,
        _form,
        _attached,
        _picture,
        _third_page,
    ],
)
def test_what_a_pdf_shows_or_does_besides_its_words_is_found(
    verdict: Verify, forge: Callable[[pikepdf.Pdf], None]
) -> None:
    assert verdict("letter.pdf", _pdf(lambda document: None)).proof is Proof.SEALED_WORDS
    said = verdict("letter.pdf", _pdf(forge))
    assert said.proof is Proof.OTHER_WORDS
    assert said.difference is not None
    if said.difference.word == 0:
        assert said.details[0] == "The words are the sealed ones; what is behind them is not."
        assert said.details[2] != "Found:  (nothing more)"


def test_annotations_that_cannot_be_read_are_refused(verdict: Verify) -> None:
    def broken(document: pikepdf.Pdf) -> None:
        document.pages[0].obj.Annots = pikepdf.Array([5])

    with pytest.raises(UnreadableLetterFile, match="damaged"):
        verdict("letter.pdf", _pdf(broken))


# No seal, or not a good one.


def test_a_reference_that_has_no_seal_is_told(verdict: Verify) -> None:
    said = verdict("a.txt", email().text.replace(REFERENCE, "ES-2703-ZZZZ"))
    assert (said.proof, said.reference) == (Proof.NO_SEAL, "ES-2703-ZZZZ")
    assert said.sentence == "It gives the reference ES-2703-ZZZZ, which has no seal here."
    assert said.details == ("Ring your child's school, on a number you already have, and ask about the letter.",)


def test_a_text_message_gives_no_reference(verdict: Verify) -> None:
    said = verdict("sms.txt", render_sms(letter(), "en", HARBOUR).text)
    assert (said.proof, said.reference, said.sentence) == (Proof.NO_SEAL, None, "It gives no reference.")


def test_no_seals_at_all_prove_nothing(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(email().text)
    assert verify_file(file, tmp_path, sealing_key=None).proof is Proof.NO_SEAL


def test_without_a_known_key_it_says_what_that_proves(published: Published, tmp_path: Path) -> None:
    said = verify_seal(REFERENCE, published.seals, sealing_key=None)
    assert said.proof is Proof.GENUINE
    assert any("agrees with itself. Give --sealing-key" in line for line in said.details)


def test_a_letter_that_is_no_demonstration_does_not_say_that_it_is(tmp_path: Path) -> None:
    seal = sealed({**small_record(), "letter": {**small_record()["letter"], "demonstration": False}})
    (tmp_path / f"{REFERENCE}.json").write_text(seal.to_json())
    said = verify_seal(REFERENCE, tmp_path, sealing_key=SEALING.public_key)
    assert said.proof is Proof.GENUINE
    assert "demonstration" not in " ".join(said.details)


def test_a_seal_is_found_by_its_reference(published: Published) -> None:
    said = verify_seal(REFERENCE, published.seals, sealing_key=published.key)
    assert (said.proof, said.sentence) == (Proof.GENUINE, f"The seal of {REFERENCE} is good.")
    assert said.details[0].startswith("Fingerprint ")


@pytest.mark.parametrize("reference", ["ES-2703-ZZZZ", "../seal", "", "es-2703-k7r4"])
def test_an_unknown_reference_has_no_seal(published: Published, reference: str) -> None:
    assert verify_seal(reference, published.seals, sealing_key=published.key).proof is Proof.NO_SEAL


def test_a_seal_under_another_letters_reference_is_told(published: Published) -> None:
    (published.seals / "ES-2703-ZZZZ.json").write_text(published.seal.to_json())
    said = verify_seal("ES-2703-ZZZZ", published.seals, sealing_key=published.key)
    assert said.proof is Proof.BROKEN_SEAL
    assert said.details == (f"The file for ES-2703-ZZZZ holds the seal of {REFERENCE}.",)


BROKEN = {
    "a changed word": ("trained person", "kind person"),
    "a changed finding": ('"findings": [', '"findings": [{"code": "none"},'),
    "a changed seal day": ('"sealed_at": "2027', '"sealed_at": "2026'),
    "a changed approval day": ('"approved_at": "2027', '"approved_at": "2026'),
    "a signatory exchanged": ('"signatory": "police"', '"signatory": "council"'),
}


@pytest.mark.parametrize("name", list(BROKEN))
def test_a_broken_seal_proves_nothing(published: Published, verdict: Verify, name: str) -> None:
    old, new = BROKEN[name]
    text = published.seal.to_json()
    if '"findings": []' in text:
        new = new.replace(",", "") if name == "a changed finding" else new
    assert old in text
    (published.seals / f"{REFERENCE}.json").write_text(text.replace(old, new, 1))
    kit = verdict("letter.pdf", published.artefacts["en/letter.pdf"])
    copy = verdict("a.eml", eml())
    by_reference = verify_seal(REFERENCE, published.seals, sealing_key=published.key)
    for said in (kit, copy, by_reference):
        assert said.proof is Proof.BROKEN_SEAL
        assert said.details


def test_another_sealing_key_proves_nothing(published: Published, tmp_path: Path) -> None:
    other = SigningKey.new().public_key
    file = tmp_path / "letter.pdf"
    file.write_bytes(published.artefacts["en/letter.pdf"])
    for said in (
        verify_file(file, published.seals, sealing_key=other),
        verify_seal(REFERENCE, published.seals, sealing_key=other),
    ):
        assert said.proof is Proof.BROKEN_SEAL
        assert said.details == ("It was sealed with a key that is not the partnership's.",)


def test_a_seal_that_cannot_be_read_is_named(published: Published, verdict: Verify) -> None:
    (published.seals / "ES-2703-AAAA.json").write_text("{}")
    with pytest.raises(SealNotReadable, match=r"^ES-2703-AAAA\.json"):
        verdict("a.txt", email().text)


# What is no letter.


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.docx", b"PK\x03\x04\xff"), ("a.txt", b"\xff\xfe\x00"), ("a.eml", b"no header"), ("a.eml", b"")],
)
def test_what_is_no_letter_is_refused(verdict: Verify, name: str, data: bytes) -> None:
    with pytest.raises(UnreadableLetterFile):
        verdict(name, data)


@pytest.mark.parametrize("data", [b"%PDF-", b"%PDF-1.7\nnothing"])
def test_what_is_no_pdf_is_refused(verdict: Verify, data: bytes) -> None:
    with pytest.raises((PdfNotReadable, UnreadableLetterFile)):
        verdict("a.pdf", data)
