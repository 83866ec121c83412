"""A roll written as a OneRoster package, 1.1 or 1.2, is read back as the same facts, and frees nobody."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everyfamily.core.rolls.model.roll_rows import Roll
from everyfamily.core.rolls.read_roll import read_roll

URN = 900001
ROLES = ("parent", "guardian", "relative")
LETTERS = st.text(st.characters(codec="utf-8", categories=("Lu", "Ll")), min_size=1, max_size=8)
NAMES = st.builds("{}{}{}".format, LETTERS, st.sampled_from(["", "’", "'", "-", ", ", '"']), LETTERS)
SIDES = ("child", "adult", "both")


@dataclass(frozen=True)
class Adult:
    forename: str
    surname: str
    role: str
    email: str
    mobile: str


@dataclass(frozen=True)
class School:
    """Children by number, adults by number, and who says that they belong together."""

    children: tuple[tuple[str, str], ...]
    """Identifier (may be blank) and grade."""
    adults: tuple[Adult, ...]
    links: Mapping[tuple[int, int], str]
    """(child, adult) -> which side says so."""
    others: int
    """Children of another school in the same package."""


@st.composite
def schools(draw: st.DrawFn) -> School:
    identifiers = draw(
        st.lists(st.one_of(st.just(""), st.from_regex(r"U[0-9]{4}", fullmatch=True)), min_size=1, max_size=4)
    )
    children = tuple(
        (one if identifiers.count(one) == 1 else "", draw(st.sampled_from(["", "8", "10"])))
        for one in identifiers
    )
    adults = draw(
        st.lists(
            st.builds(
                Adult,
                forename=NAMES,
                surname=NAMES,
                role=st.sampled_from(ROLES),
                email=st.one_of(st.just(""), st.from_regex(r"[a-z][a-z0-9]{1,8}@example\.org", fullmatch=True)),
                mobile=st.one_of(st.just(""), st.integers(0, 999).map("07700 900{:03}".format)),
            ),
            max_size=4,
        )
    )
    pairs = [(child, adult) for child in range(len(children)) for adult in range(len(adults))]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    links = {pair: draw(st.sampled_from(SIDES)) for pair in chosen}
    return School(children, tuple(adults), links, draw(st.integers(0, 2)))


def written(school: School, version: str) -> bytes:
    users: list[dict[str, str]] = []
    roles: list[dict[str, str]] = []

    def add(id: str, role: str, org: str, agents: Sequence[str], **cells: str) -> None:
        row = {"sourcedId": id, "agentSourcedIds": ",".join(agents), "enabledUser": "false", **cells}
        if version == "1.1":
            row |= {"role": role, "orgSourcedIds": org}
        else:
            roles.append({"userSourcedId": id, "role": role, "orgSourcedId": org, "roleType": "primary"})
        users.append(row)

    for at, (identifier, grade) in enumerate(school.children):
        agents = [f"a{adult}" for (child, adult), side in school.links.items() if child == at and side != "adult"]
        add(
            f"c{at}",
            "student",
            "ours",
            agents,
            identifier=identifier,
            grades=grade,
            givenName="Marked",
            familyName="X",
        )
    for at in range(school.others):
        everybody = [f"a{adult}" for adult in range(len(school.adults))]
        add(
            f"o{at}", "student", "theirs", everybody, identifier=f"Marked{at}", givenName="Marked", familyName="X"
        )
    for at, one in enumerate(school.adults):
        agents = [f"c{child}" for (child, adult), side in school.links.items() if adult == at and side != "child"]
        names = {"givenName": one.forename, "familyName": one.surname}
        add(f"a{at}", one.role, "theirs", agents, email=one.email, sms=one.mobile, **names)
    orgs = [
        {"sourcedId": "ours", "type": "school", "identifier": str(URN)},
        {"sourcedId": "theirs", "type": "school", "identifier": "900002"},
    ]
    said = {"oneroster.version": version, "file.users": "bulk", "file.orgs": "bulk", "file.roles": "bulk"}
    return zipped(
        {
            "manifest": [{"propertyName": name, "value": value} for name, value in said.items()],
            "users": users,
            "orgs": orgs,
            **({"roles": roles} if version == "1.2" else {}),
        }
    )


def zipped(tables: Mapping[str, Sequence[Mapping[str, str]]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, rows in tables.items():
            text = io.StringIO(newline="")
            writer = csv.DictWriter(text, list(dict.fromkeys(column for row in rows for column in row)))
            writer.writeheader()
            writer.writerows(rows)
            archive.writestr(f"{name}.csv", text.getvalue())
    return out.getvalue()


def read(school: School, version: str) -> Roll:
    return read_roll(written(school, version), file="list.zip", urn=URN)


def spaced(*names: str) -> str:
    return " ".join(" ".join(names).split())


type Facts = tuple[str, str, str, str | None, str | None]


def known(school: School) -> list[Facts]:
    found: list[Facts] = []
    for at, (identifier, grade) in enumerate(school.children):
        child = (identifier or f"c{at}", grade)
        adults = [school.adults[adult] for linked, adult in school.links if linked == at]
        found += [
            (*child, spaced(one.forename, one.surname), one.email or None,
             f"+44{one.mobile[1:].replace(' ', '')}" if one.mobile else None)
            for one in adults
        ]  # fmt: skip
        if not adults:
            found.append((*child, "", None, None))
    return found


VERSIONS = st.sampled_from(["1.1", "1.2"])


@given(schools(), VERSIONS)
@settings(max_examples=80)
def test_a_package_gives_back_what_was_written(school: School, version: str) -> None:
    roll = read(school, version)
    assert roll.set_aside == []
    assert roll.format == f"OneRoster {version}"
    found = [(row.pupil_id, row.year_group, row.adult_name, row.email, row.mobile) for row in roll.rows]
    assert sorted(found, key=repr) == sorted(known(school), key=repr)


@pytest.mark.slow
@given(schools(), VERSIONS)
@settings(max_examples=30)
def test_no_package_frees_anybody_or_shows_another_schools_children(school: School, version: str) -> None:
    roll = read(school, version)
    assert not roll.restriction_column
    assert {row.restriction for row in roll.rows} == {"unknown"}
    assert {row.parental_responsibility for row in roll.rows} == {"unknown"}
    assert "Marked" not in repr(roll)
