"""The screens of the check, as the browser gets them. No database is there."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from datetime import date

import django
import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client, override_settings
from waitress.adjustments import Adjustments

from everyfamily.checks.run.check_document import check_document
from everyfamily.checks.run.codes import RULES
from everyfamily.cli.letters.check_command import check
from everyfamily.config.check_alone import MIDDLEWARE, AloneRequest, screens
from everyfamily.core.partnership.partnership import load_partnership
from everyfamily.staff.check.asked import given
from everyfamily.staff.check.pages import result_values
from tests.repo.files import ROOT
from tests.samples.old_council_letter import FOLDER

_BLAME = "Some children put themselves at risk online."
_ALONE = {
    **screens(),
    "ROOT_URLCONF": "everyfamily.staff.check.alone",
    "CSRF_USE_SESSIONS": False,
    "ALLOWED_HOSTS": ["localhost", "127.0.0.1"],
    "MIDDLEWARE": MIDDLEWARE,
}


@pytest.fixture(scope="module", autouse=True)
def apps() -> None:
    django.setup()


@pytest.fixture
def client() -> Iterator[Client]:
    with override_settings(**_ALONE):
        yield Client(headers={"host": "localhost:8017"}, raise_request_exception=False)


def _html(response: HttpResponse) -> str:
    return response.content.decode()


def test_the_front_leads_to_the_form(client: Client) -> None:
    assert client.get("/", follow=True).redirect_chain == [("/check/", 302)]


def test_words_are_checked_and_the_verdict_says_what_to_do(client: Client) -> None:
    page = _html(client.post("/check/", {"words": _BLAME, "about": "yes"}))
    assert "Do not send this letter yet" in page
    assert '<mark class="k1">put themselves at risk</mark>' in page
    assert "Someone may be putting your child at risk" in page


@pytest.mark.parametrize("name", ["old-council-letter.docx", "good-missing.html", "ordinary-trip.txt"])
def test_the_page_finds_what_the_command_finds(client: Client, name: str) -> None:
    file = FOLDER / name
    page = _html(client.post("/check/", {"letter": SimpleUploadedFile(name, file.read_bytes())}))
    said = json.loads(CliRunner().invoke(check, [str(file), "--json"]).output)
    shown = re.findall(r'<div class="more" id="f\d+">.*?check/rules/(\w+)/', page, re.DOTALL)
    others = re.findall(r'class="no k\d" id="f\d+"', page)
    assert len(shown) + len(others) == len(said["findings"])
    assert set(shown) == {one["code"] for one in said["findings"]}


def test_a_letter_of_another_matter_asks_whether_it_is_about_harm(client: Client) -> None:
    page = _html(client.post("/check/", {"words": "A fight broke out at the trip. Bring a packed lunch."}))
    assert "about another matter" in page


def test_a_clear_page_about_another_matter_asks_too_and_says_how_much_was_not_looked_at(client: Client) -> None:
    page = _html(client.post("/check/", {"words": "The school trip leaves at 9am on Monday 1 March 2027."}))
    assert "hero--clear" in page
    assert "Is it about harm to children?" in page
    assert re.search(r"and [1-9]\d+ checks were not made", page)


_POLISH = (
    "Drodzy rodzice\n\nJeśli dziecko jest w domu i nie może się uczyć, to jest do nas telefon na końcu listu."
)
_SWAHILI = (
    "Mpendwa mzazi\n\nSafari ya shule itaanza saa tatu asubuhi. Tafadhali mletee mtoto wako chakula na maji."
)
_CHINESE = "亲爱的家长\n\n学校旅行将于星期一上午九点出发请您给孩子准备午餐和水"


@pytest.mark.parametrize(("words", "unread"), [(_POLISH, "2 of 2"), (_SWAHILI, "2 of 2"), (_CHINESE, "1 of 2")])
def test_a_letter_in_another_language_is_never_called_clear(client: Client, words: str, unread: str) -> None:
    page = _html(client.post("/check/", {"words": words}))
    assert f"We can only read English. {unread} paragraphs w" in page
    assert "hero--clear" not in page
    assert "nothing to change" not in page


def test_a_paragraph_that_a_file_declares_as_another_language_was_not_read(client: Client) -> None:
    file = b'<html lang="en-GB"><p>The trip leaves at nine.</p><p lang="cy">Bore da.</p></html>'
    page = _html(client.post("/check/", {"letter": SimpleUploadedFile("letter.html", file)}))
    assert "1 of 2 paragraphs was not read." in page


def test_above_what_a_page_shows_the_verdict_still_knows_the_only_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("everyfamily.checks.report.marked_letter.MOST_SHOWN", 2)
    letter = given(None, "Please do not hesitate to ask.\n\n" * 4 + _BLAME)
    checked = check_document(letter.document, today=date(2027, 3, 12), about_harm=True, select=("HM103", "HM181"))
    values = result_values(letter, checked, "yes")
    assert values["verdict"] == "Do not send this letter yet"
    assert values["sentence"] == (
        "We found 5 things to look at.",
        "1 of them must change: it is never right in a letter about harm to children.",
    )
    assert (values["total"], values["left_out"]) == (5, 3)


def test_the_answer_to_that_question_decides(client: Client) -> None:
    words = {"words": "Dear parent\n\nCall us on 01632 960001 about the trip."}
    assert "about another matter" in _html(client.post("/check/", words))
    assert "about harm to children" in _html(client.post("/check/", words | {"about": "yes"}))


def test_an_answer_that_is_none_of_the_three_counts_as_none(client: Client) -> None:
    assert client.post("/check/", {"words": _BLAME, "about": "perhaps"}).status_code == 200


def test_the_form_says_what_is_wrong_and_keeps_what_was_pasted(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("everyfamily.staff.check.asked.MOST_WORDS", 3)
    response = client.post("/check/", {"words": "One two three four <five>"})
    page = _html(response)
    assert response.status_code == 422
    assert "<title>Error: " in page
    assert "One two three four &lt;five&gt;</textarea>" in page


def test_a_letter_with_mark_up_is_shown_as_it_is_written(client: Client) -> None:
    page = _html(client.post("/check/", {"words": "<script>alert(1)</script> & <b>you</b>"}))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; " in page


def test_a_file_with_mark_up_in_its_name_is_shown_by_its_name(client: Client) -> None:
    file = SimpleUploadedFile("<img src=x onerror=alert(1)>.txt", b"Dear parent")
    page = _html(client.post("/check/", {"letter": file}))
    assert "<img" not in page


def test_every_page_forbids_scripts_and_storage(client: Client) -> None:
    for response in (client.get("/check/"), client.post("/check/", {"words": _BLAME}), client.get("/nowhere")):
        assert response.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert "script-src" not in response.headers["Content-Security-Policy"]
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert not response.cookies


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://elsewhere.example"},
        {"origin": "http://localhost:8018"},
        {"origin": "https://localhost:8017"},
        {"origin": "null"},
    ],
)
def test_another_site_cannot_have_a_letter_checked(client: Client, headers: dict[str, str]) -> None:
    response = client.post("/check/", {"words": _BLAME}, headers={"host": "localhost:8017"} | headers)
    assert response.status_code == 403
    assert "put themselves" not in _html(response)


@pytest.mark.parametrize(
    "headers", [{"origin": "http://localhost:8017"}, {"origin": "null", "sec-fetch-site": "same-origin"}]
)
def test_the_checks_own_page_can_have_a_letter_checked(client: Client, headers: dict[str, str]) -> None:
    response = client.post("/check/", {"words": _BLAME}, headers={"host": "localhost:8017"} | headers)
    assert response.status_code == 200


def test_another_host_name_for_this_machine_is_refused(client: Client) -> None:
    assert client.get("/check/", headers={"host": "attacker.example"}).status_code == 400


@pytest.mark.parametrize(
    ("words", "said"), [("word " * 190_000, "190,000 words"), ("w" * 1_100_000, "1,100,000 ch")]
)
def test_words_that_are_far_too_long_are_refused_in_the_form_and_kept(
    client: Client, words: str, said: str
) -> None:
    response = client.post("/check/", {"words": words})
    assert response.status_code == 422
    assert f"The words you pasted have {said}" in _html(response)
    assert words.strip() in _html(response)


def test_a_request_that_is_longer_than_anything_read_is_refused_with_a_page(client: Client) -> None:
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=100):
        response = client.post("/check/", {"words": "word " * 300})
    assert response.status_code == 400
    assert "it was longer than a letter" in _html(response)


def test_a_request_that_is_not_read_is_received_to_its_end_and_answered_in_words() -> None:
    parser = AloneRequest(Adjustments(max_request_body_size=1_000))
    head = b"POST /check/ HTTP/1.1\r\nContent-Length: 2500\r\n\r\n"
    assert parser.received(head + b"x" * 500) == len(head)
    for size in (1_500, 999):
        assert parser.received(b"x" * size) == size
        assert not parser.completed
    assert parser.received(b"xGET /") == 1
    assert parser.completed
    assert b"larger than 50 MB" in parser.error.to_response()[2]


@pytest.mark.parametrize("charset", ["idna", "hex", "undefined", "unicode_escape", "nonsense"])
def test_a_form_in_another_charset_than_the_page_is_refused(client: Client, charset: str) -> None:
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    assert client.generic("POST", "/check/", b"words=Dear+parent", content_type=kind).status_code == 400


def test_an_address_without_its_last_slash_leads_to_the_page(client: Client) -> None:
    assert client.get("/check").headers["Location"] == "/check/"


def test_pasted_characters_that_no_text_has_are_passed_over(client: Client) -> None:
    assert client.post("/check/", {"words": "Dear parent\0 or carer"}).status_code == 200


def test_static_files_are_only_for_this_machines_own_pages_and_may_be_kept(client: Client) -> None:
    found = client.get("/static/staff/check.css")
    assert found.status_code == 200
    assert found.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert found.headers["Cache-Control"] == "max-age=3600, public"
    found.close()
    assert client.get("/static/staff/check.css", headers={"host": "attacker.example"}).status_code == 400


def test_text_without_a_direction_finds_its_own(client: Client) -> None:
    page = _html(client.post("/check/", {"words": _BLAME}))
    assert re.search(r'<p dir="auto" class="b-paragraph', page)
    assert re.search(r'<textarea [^>]*dir="auto"', page)
    assert re.search(r'<textarea [^>]*dir="auto"', _html(client.get("/check/")))


def test_the_box_of_an_uploaded_file_says_what_is_not_in_it(client: Client) -> None:
    said = "links, pictures and how the letter looks are checked in the file"
    assert said not in _html(client.post("/check/", {"words": _BLAME}))
    assert said in _html(client.post("/check/", {"letter": SimpleUploadedFile("l.txt", _BLAME.encode())}))


@pytest.mark.usefixtures("client")
def test_large_numbers_have_separators() -> None:
    letter = given(None, "Please do not hesitate to ask.\n\n" * 1_000)
    checked = check_document(letter.document, today=date(2027, 3, 12), about_harm=False, select=("HM181",))
    page = render_to_string("staff/check/result.html", result_values(letter, checked, "no"))
    assert '<span class="n"><span>1,000</span></span>' in page
    assert ": 1,000</h3>" in page
    assert "There are 600 more" in page
    assert ">1000<" not in page


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    assert getattr(client, method)("/check/").status_code == 405


def test_the_register_of_a_partnership_is_held_against_the_numbers(client: Client) -> None:
    routes = load_partnership(ROOT / "src/everyfamily_demo/data/partnership.toml").routes
    words = {"words": "If you are worried, call our team on 01632 960999.", "about": "yes"}
    assert "HM166" not in _html(client.post("/check/", words))
    with override_settings(EVERYFAMILY_REGISTER=routes):
        assert "HM166" in _html(client.post("/check/", words))


def test_every_rule_has_a_page_that_can_be_opened_from_the_list(client: Client) -> None:
    listed = re.findall(r'href="/check/rules/(\w+)/"', _html(client.get("/check/rules/")))
    assert sorted(listed) == sorted(RULES)
    for code in ("HM103", "TR005", "RD001"):
        page = _html(client.get(f"/check/rules/{code}/"))
        assert "Why it matters to families" in page


def test_a_rule_that_there_is_not_has_no_page(client: Client) -> None:
    response = client.get("/check/rules/HM999/")
    assert response.status_code == 404
    assert "There is no page here" in _html(response)


def test_a_fault_of_ours_says_so_and_logs_no_word_of_the_letter(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(_BLAME)

    monkeypatch.setattr("everyfamily.staff.check.views.check_document", broken)
    response = client.post("/check/", {"words": _BLAME})
    assert response.status_code == 500
    assert "It is our fault" in _html(response)
    assert _BLAME not in caplog.text
    reference = re.search(r"reference <b>(\w{4}-\w{4})</b>", _html(response))
    assert reference
    assert f"{reference[1]}: RuntimeError" in caplog.text


def test_the_list_of_findings_names_repeats_by_number(client: Client) -> None:
    words = "\n\n".join(f"Please do not hesitate to contact office {number}." for number in range(6))
    page = _html(client.post("/check/", {"words": words, "about": "no"}))
    assert "The same 3 more times" in page


def test_ways_to_write_it_are_shown_each_by_itself(client: Client) -> None:
    page = _html(client.post("/check/", {"words": _BLAME, "about": "yes"}))
    assert "at risk<br><i>or:</i> a place or person may not be safe for your child." in page


def _sizes() -> dict[str, int]:
    folder = ROOT / "src/everyfamily/staff/static/staff"
    return {file.name: len(gzip.compress(file.read_bytes())) for file in folder.glob("*.css")}


def test_the_styles_of_a_screen_are_small() -> None:
    """At most 25 kB for a browser that has none of it yet."""
    sizes = _sizes()
    assert sum(sizes[name] for name in ("govuk.css", "frame.css", "check.css")) < 25_000


@pytest.mark.parametrize("option", [("--fix",), ("--json",), ("--select", "HM"), ("--about-harm",), ("--rules",)])
def test_serving_refuses_options_that_it_would_not_heed(option: tuple[str, ...]) -> None:
    result = CliRunner().invoke(check, ["--serve", *option])
    assert result.exit_code == 2
    assert f"--serve takes only --partnership and --port, not {option[0]}." in result.output


def test_a_printed_page_has_no_addresses_and_no_form() -> None:
    style = (ROOT / "src/everyfamily/staff/static/staff/check.css").read_text().partition("@media print")[2]
    assert "a::after { content: none" in style
    assert "print-color-adjust: exact" in style
    assert ".sheet-again > section:first-child" in style
