"""Browsers of a school's people, and their uploads, for tests of the pages of a roll."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from everyfamily.core.permissions import Role
from tests.factories.browser import Browser
from tests.factories.city import NOW, City, adult

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

URN, OTHER = 900001, 900002
ROLL, FILE = f"/schools/{URN}/roll/", f"/schools/{URN}/roll/file/"


@pytest.fixture
def people(city: City, tmp_path: Path) -> Iterator[Callable[[Role], Client]]:
    """Browsers of people at the first of two schools."""
    from allauth.mfa.models import Authenticator
    from django.test import override_settings

    from everyfamily.accounts.models import Account, Membership
    from everyfamily.people.queries import school_by_urn
    from everyfamily.staff.doors.secrets_of_factors import make_key
    from everyfamily_demo.clock import set_simulated

    set_simulated(NOW)
    city.school(URN, [adult(f"P{n}", f"Ana Ferris{chr(96 + n)}") for n in range(1, 9)])
    city.school(OTHER, [adult("Q1", "Ben Okafor")])
    make_key(tmp_path / "sign-in.key")
    made: dict[Role, Client] = {}

    def browser(role: Role) -> Client:
        if role not in made:
            account = Account.objects.create(
                email=f"{role}@example.org", name=f"{role.capitalize()} Marsh", made_at=NOW
            )
            school_id = school_by_urn(URN).id
            Membership.objects.create(
                account=account, role=role, school_id=school_id, given_by="a test", given_at=NOW
            )
            Authenticator.objects.create(user=account, type="totp", data={"secret": "x"})
            made[role] = Browser(headers={"host": "letters.eastmere.example"})
            made[role].force_login(account)
        return made[role]

    key = str(tmp_path / "sign-in.key")
    with override_settings(ALLOWED_HOSTS=["letters.eastmere.example"], EVERYFAMILY_SIGN_IN_KEY_FILE=key):
        yield browser


@pytest.fixture
def office(people: Callable[[Role], Client]) -> Client:
    return people(Role.OFFICE)


def words(answer: HttpResponse) -> str:
    main = re.search(r"<main.*</main>", answer.content.decode(), re.DOTALL)
    assert main
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main[0])).split())


def upload(
    client: Client, data: bytes, name: str = "Contacts March.csv", path: str = ROLL, whole: str = "yes"
) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return client.post(path, {"file": SimpleUploadedFile(name, data), "whole": whole}, secure=True)


def file_page(client: Client) -> Any:
    return client.get(FILE, secure=True)


def hidden(answer: HttpResponse) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', answer.content.decode())
    assert found
    return found[1]


def press(client: Client, what: str, page: Any = None, **typed: str) -> Any:
    seen = hidden(page if page is not None else file_page(client))
    return client.post(f"{FILE}{what}/", {"seen": seen, **typed}, secure=True)


def run() -> None:
    """Do every queued job, once each, as a worker would."""
    from django.db import connection

    from everyfamily.mailings.edges import roll_uploads

    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE task_name IN ('read_roll', 'put_roll_in') "
            "RETURNING task_name, args"
        )
        jobs = sorted(cursor.fetchall())
    for name, args in jobs:
        args = json.loads(args) if isinstance(args, str) else args
        assert args.keys() == {"upload_id"}, "a job knows only the row"
        getattr(roll_uploads, name)(**args)


def school_id(urn: int = URN) -> int:
    from everyfamily.people.queries import school_by_urn

    return school_by_urn(urn).id


def newest(urn: int = URN) -> Any:
    from everyfamily.people.actions.rolls.upload_facts import newest_upload

    found = newest_upload(school_id(urn), NOW)
    assert found is not None
    return found


def stored(urn: int = URN) -> tuple[int, int]:
    """Parts of files, and notes."""
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import RollUpload, RollUploadPart

    with tenant(school_id(urn)):
        return RollUploadPart.objects.count(), RollUpload.objects.exclude(note=None).count()


def children(urn: int = URN) -> int:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Pupil

    with tenant(school_id(urn)):
        return Pupil.objects.filter(on_roll_to=None).count()


def rows(*numbers: int, **columns: str) -> list[dict[str, str]]:
    return [adult(f"P{n}", f"Ana Ferris{chr(96 + n)}", **columns) for n in numbers]
