"""The check inside the product: for everybody who has a role, in the product's frame, and kept nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from everyfamily.core.permissions import Role
from everyfamily_postgres.launcher import Server
from tests.factories.browser import Browser
from tests.samples.old_council_letter import FOLDER

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]

_BLAME = "Some children put themselves at risk online."


@pytest.fixture(autouse=True)
def _doors(database: Server, tmp_path: Path) -> Iterator[None]:
    from django.test import override_settings

    from everyfamily.staff.check.signed_in import OF_ONE_ACCOUNT
    from everyfamily.staff.doors.secrets_of_factors import make_key

    make_key(tmp_path / "sign-in.key")
    OF_ONE_ACCOUNT.forget()
    key = str(tmp_path / "sign-in.key")
    with override_settings(
        ALLOWED_HOSTS=["letters.eastmere.example"], EVERYFAMILY_SIGN_IN_KEY_FILE=key, EVERYFAMILY_CLOCK="system"
    ):
        yield


def _officer(*, enforce_csrf_checks: bool = False) -> Client:
    from allauth.mfa.models import Authenticator

    from everyfamily.accounts.models import Account, Membership

    now = datetime.now(UTC)
    account = Account.objects.create(email="carys@example.org", name="Carys Nolan", made_at=now)
    Membership.objects.create(account=account, role=Role.AUTHOR, given_by="a test", given_at=now)
    Authenticator.objects.create(user=account, type="totp", data={"secret": "x"})
    client = Browser(
        headers={"host": "letters.eastmere.example"},
        raise_request_exception=False,
        enforce_csrf_checks=enforce_csrf_checks,
    )
    client.force_login(account)
    return client


def test_the_old_letter_is_marked_in_the_frame_of_the_product_as_the_check_by_itself_marks_it() -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client, override_settings

    from everyfamily.config.check_alone import MIDDLEWARE, screens

    name = "old-council-letter.docx"
    data = (FOLDER / name).read_bytes()
    page = _officer().post("/check/", {"letter": SimpleUploadedFile(name, data)}, secure=True).content.decode()
    alone = {**screens(), "ROOT_URLCONF": "everyfamily.staff.check.alone", "MIDDLEWARE": MIDDLEWARE}
    with override_settings(**alone, ALLOWED_HOSTS=["localhost"], CSRF_USE_SESSIONS=False):
        client = Client(headers={"host": "localhost:8017"})
        by_itself = client.post("/check/", {"letter": SimpleUploadedFile(name, data)}).content.decode()
    assert "Carys Nolan" in page
    marks = re.compile(r"<mark.*?</mark>", re.DOTALL)
    assert len(marks.findall(page)) > 10
    assert marks.findall(page) == marks.findall(by_itself)
    assert "csrfmiddlewaretoken" in page
    assert "csrfmiddlewaretoken" not in by_itself


def test_words_that_came_after_the_session_ended_are_given_back_and_not_lost() -> None:
    answer = _officer(enforce_csrf_checks=True).post("/check/", {"words": f"{_BLAME} <b>"}, secure=True)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert f"{_BLAME} &lt;b&gt;" in page
    assert "/sign-in/?next=/check/" in page


def test_another_form_that_came_too_late_gives_nothing_back() -> None:
    answer = _officer(enforce_csrf_checks=True).post("/people/invite/", {"words": _BLAME}, secure=True)
    assert answer.status_code == 403
    assert _BLAME not in answer.content.decode()


def test_a_program_that_checks_letters_without_an_end_is_stopped_and_the_words_stay() -> None:
    from everyfamily.staff.check.signed_in import OF_ONE_ACCOUNT

    client = _officer()
    assert client.post("/check/", {"words": _BLAME}, secure=True).status_code == 200
    for _ in range(OF_ONE_ACCOUNT.most):
        OF_ONE_ACCOUNT.count(str(client.session["_auth_user_id"]), 0)
    answer = client.post("/check/", {"words": _BLAME}, secure=True)
    assert answer.status_code == 429
    assert _BLAME in answer.content.decode()
