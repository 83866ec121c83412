"""What can be said of a letter in somebody's hand, and no more than that."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr
from functools import cache
from pathlib import Path

import pikepdf
import pytest

from everyfamily.core.agreement.seals import SealNotReadable
from everyfamily.core.keys.approval_keys import ApprovalKey
from everyfamily.core.keys.signing import SigningKey
from everyfamily.core.letter.letters import Letter
from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.documents.compared.letter_files import UnreadableLetterFile
from everyfamily.documents.compared.tagged_pdf import PdfNotReadable
from everyfamily.letters.files.record import letter_of
from everyfamily.letters.files.verification import (
    Proof,
    SealedByAnotherVersion,
    Verdict,
    verify_file,
    verify_seal,
)
from everyfamily.rendering.email import Email, render_email
from everyfamily.rendering.pdf import render_bundle, render_letter
from everyfamily.rendering.sms import render_sms
from tests.factories.city import REFERENCE, sealed_letter
from tests.factories.demonstration import HARBOUR, demo_letter
from tests.factories.records import SEALING, sealed, small_record
from tests.unit.letters.conftest import Published

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
    message["From"] = formataddr((made.sender_name, "letters@eastmere.example"))
    message["Reply-To"] = made.reply_to
    message["To"] = "ada@example.com"
    message.set_content(made.text)
    message.add_alternative(made.html, subtype="html")
    if attached:
        message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename=attached)
    return bytes(message)


# The send kit: exact bytes.


@pytest.mark.slow
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
    assert any("Give the partnership's file" in line for line in said.details)
    assert not any("the sealing key" in line for line in said.details)
    assert said.as_row()["proof"] == "genuine, unchanged"
    assert said.as_row()["difference"] is None


@pytest.mark.slow
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


@pytest.mark.slow
@pytest.mark.parametrize("name", list(COPIES))
def test_a_personal_pdf_has_the_sealed_words(verdict: Verify, name: str) -> None:
    said = verdict("letter.pdf", render_letter(letter(), "en", COPIES[name]))
    assert said.proof is Proof.SEALED_WORDS, said
    assert said.sentence.endswith("Name, address, school and looks are not proven.")


@pytest.mark.slow
def test_a_bundle_has_the_sealed_words(verdict: Verify) -> None:
    for number in (HARBOUR.school_number, None):
        copies = [replace(HARBOUR, address=gaps.address, school_number=number) for gaps in COPIES.values()]
        assert verdict("bundle.pdf", render_bundle(letter(), "en", copies)).proof is Proof.SEALED_WORDS


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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
    # Of the same letter before it is sealed: to seal it while tests are collected costs every run two seconds.
    return [route.number for route in demo_letter().routes if route.number and route.number[0].isdigit()]


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_link_to_somewhere_else_is_found(verdict: Verify) -> None:
    made = email()
    start = made.html.index('href="https://') + len('href="https://')
    forged = made.html[:start] + "evil.example/" + made.html[start:]
    for file, data in (("a.html", forged), ("a.eml", eml(replace(made, html=forged)))):
        said = verdict(file, data)
        assert said.proof is Proof.OTHER_WORDS
        assert said.difference is not None
        assert "evil.example" in said.difference.found


@pytest.mark.slow
@pytest.mark.parametrize(
    "forgery",
    [
        '<img alt="Ring 07700 900999">',
        "<style>.n { display: none }</style>",
        "<style>li { list-style-type: 'Ring 07700 900999' }</style>",
        "<div></div>",
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


@cache
def _harbours() -> bytes:
    return render_letter(letter(), "en", HARBOUR)


def _pdf(change: Callable[[pikepdf.Pdf], None]) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(_harbours())) as document:
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


def _reads(document: pikepdf.Pdf, begin: str, end: str = "EMC", at: int = 0) -> None:
    """Paint a white box, and on it words of the page's own glyphs, as one who knows how a PDF is built."""
    page = document.pages[at]
    for found in pikepdf.parse_content_stream(page):
        if str(found.operator) == "Tf":
            font, size = found.operands
        if str(found.operator) in ("Tj", "TJ"):
            break
    glyphs = pikepdf.unparse_content_stream([found]).decode("latin-1")
    page.contents_add(f"{begin} BT {font} {size} Tf 1 0 0 1 60 400 Tm {glyphs} ET {end}".encode("latin-1"))


def _words_outside_the_structure(document: pikepdf.Pdf) -> None:
    _reads(document, "", "")


def _words_in_an_artifact(document: pikepdf.Pdf) -> None:
    _reads(document, "/Artifact BMC", at=1)


def _words_under_a_mark_that_the_structure_does_not_have(document: pikepdf.Pdf) -> None:
    _reads(document, "/P <</MCID 9999>> BDC")


def _words_that_are_read_as_nothing(document: pikepdf.Pdf) -> None:
    _reads(document, "/Artifact BMC /Span <</ActualText ()>> BDC", "EMC EMC")


def _white_box(document: pikepdf.Pdf) -> None:
    document.pages[0].contents_add(b"/Artifact BMC 1 g 60 400 200 40 re f EMC")


def _inline_picture(document: pikepdf.Pdf) -> None:
    document.pages[0].contents_add(b"q 200 0 0 30 60 400 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \xff EI Q")


def _invisible_words(document: pikepdf.Pdf) -> None:
    document.pages[0].contents_add(b"3 Tr", prepend=True)


def _another_title(document: pikepdf.Pdf) -> None:
    document.docinfo["/Title"] = "Ring 07700 900999"


def _bookmark(document: pikepdf.Pdf) -> None:
    with document.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Ring 07700 900999", 0))


def _alternative_text(document: pikepdf.Pdf) -> None:
    def figure(node: pikepdf.Object) -> pikepdf.Object | None:
        if isinstance(node, pikepdf.Array):
            return next((one for kid in node if (one := figure(kid)) is not None), None)
        if not isinstance(node, pikepdf.Dictionary):
            return None
        return node if "/Alt" in node else figure(node.get("/K"))

    found = figure(document.Root.StructTreeRoot.K)
    assert found is not None
    found.Alt = pikepdf.String("Ring 07700 900999")


def _layers(document: pikepdf.Pdf) -> None:
    document.Root.OCProperties = pikepdf.Dictionary(OCGs=[], D=pikepdf.Dictionary())


@pytest.mark.slow
@pytest.mark.parametrize(
    "forge",
    [
        _words_outside_the_structure,
        _words_in_an_artifact,
        _words_under_a_mark_that_the_structure_does_not_have,
        _words_that_are_read_as_nothing,
        _white_box,
        _inline_picture,
        _invisible_words,
        _another_title,
        _bookmark,
        _alternative_text,
        _layers,
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
        assert said.details[0] == "The words are the sealed ones, but what is behind them is not."
        assert said.details[2] != "Found:  (nothing more)"


@pytest.mark.slow
def test_annotations_that_cannot_be_read_are_refused(verdict: Verify) -> None:
    def broken(document: pikepdf.Pdf) -> None:
        document.pages[0].obj.Annots = pikepdf.Array([5])

    with pytest.raises(UnreadableLetterFile, match="damaged"):
        verdict("letter.pdf", _pdf(broken))


def changed(change: Callable[[EmailMessage], None]) -> bytes:
    message = message_from_bytes(eml(), policy=SMTP)
    change(message)
    return bytes(message)


def _another_sender(message: EmailMessage) -> None:
    message.replace_header("From", "Police, ring 07700 900999 <letters@eastmere.example>".replace(",", ""))


def _another_reply(message: EmailMessage) -> None:
    message.replace_header("Reply-To", "thief@evil.example")


def _no_reply(message: EmailMessage) -> None:
    del message["Reply-To"]


def _second_page(message: EmailMessage) -> None:
    message.add_alternative("<p>Ring 07700 900999</p>", subtype="html")


def _calendar(message: EmailMessage) -> None:
    message.add_alternative("BEGIN:VCALENDAR", subtype="calendar")


def _second_subject(message: EmailMessage) -> None:
    message.policy = policy.compat32  # type: ignore[misc]
    message["Subject"] = "Ring 07700 900999"


def _related_picture(message: EmailMessage) -> None:
    part = message.get_body(("html",))
    assert isinstance(part, EmailMessage)
    part.add_related(b"GIF89a", maintype="image", subtype="gif")


@pytest.mark.slow
@pytest.mark.parametrize(
    "forge",
    [
        _another_sender,
        _another_reply,
        _no_reply,
        _second_page,
        _calendar,
        _second_subject,
        _related_picture,
    ],
)
def test_an_email_that_says_more_than_its_two_bodies_is_found(
    verdict: Verify, forge: Callable[[EmailMessage], None]
) -> None:
    assert verdict("a.eml", changed(lambda message: None)).proof is Proof.SEALED_WORDS
    assert verdict("a.eml", changed(forge)).proof is Proof.OTHER_WORDS


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("font-weight: 700", "font-weight: 100"),
        ('class="n"', 'class="n" hidden'),
        ("padding", "display: none; padding"),
        ("@media", "@supports"),
        ('aria-hidden="true"', 'aria-hidden="false"'),
    ],
)
def test_a_page_that_looks_otherwise_is_found(verdict: Verify, old: str, new: str) -> None:
    made = email()
    html = made.html.replace(old, new, 1)
    assert html != made.html
    for file, data in (("a.html", html), ("a.eml", eml(replace(made, html=html)))):
        assert verdict(file, data).proof is Proof.OTHER_WORDS


@pytest.mark.slow
def test_a_page_holds_nothing_but_words_where_the_school_stands(verdict: Verify) -> None:
    assert HARBOUR.school is not None
    html = email().html
    for forgery in ('<img src="https://evil.example/a.png">', "<style>.n{display:none}</style>", "<b>Ring</b>"):
        forged = html.replace(HARBOUR.school, HARBOUR.school + forgery)
        assert forged != html
        assert verdict("a.html", forged).proof is Proof.OTHER_WORDS


def test_the_web_page_with_other_line_ends_has_the_sealed_words(published: Published, verdict: Verify) -> None:
    page = published.artefacts["en/page.html"]
    assert verdict("page.html", page.replace(b"\n", b"\r\n")).proof is Proof.SEALED_WORDS
    assert verdict("page.html", page.replace(b"trained person", b"kind person")).proof is Proof.OTHER_WORDS


def test_a_folder_is_no_letter(published: Published) -> None:
    with pytest.raises(UnreadableLetterFile, match="cannot be read"):
        verify_file(published.seals, published.seals, sealing_key=published.key)


def test_the_partnerships_file_tells_whose_keys_approved(published: Published, tmp_path: Path) -> None:
    file = tmp_path / "letter.pdf"
    file.write_bytes(published.artefacts["en/letter.pdf"])
    own = {who.id: who.keys for who in published.letter.signatories}
    thief = own | {"police": (ApprovalKey.of_file(SigningKey.new().public_key),)}
    for known, proof in ((own, Proof.GENUINE), (thief, Proof.BROKEN_SEAL)):
        said = verify_file(file, published.seals, sealing_key=published.key, signatories=known)
        assert said.proof is proof
        assert verify_seal(REFERENCE, published.seals, sealing_key=None, signatories=known).proof is proof
        assert not any("Give the partnership's file" in line for line in said.details)


def test_a_letter_that_this_version_sets_otherwise_is_not_compared(
    published: Published, verdict: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "everyfamily.letters.files.verification.other_renderings", lambda record: ["en/letter.pdf"]
    )
    assert verdict("kit.pdf", published.artefacts["en/letter.pdf"]).proof is Proof.GENUINE
    with pytest.raises(SealedByAnotherVersion):
        verdict("a.eml", eml())


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
    assert any("agrees with itself. Give the sealing key" in line for line in said.details)


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
    assert said.details == (f"The file for ES-2703-ZZZZ has the seal of {REFERENCE}.",)


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
