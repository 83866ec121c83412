"""Reads: what somebody may do, and who has an account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from allauth.mfa.app_settings import RECOVERY_CODE_COUNT
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import Exists, Max, OuterRef, QuerySet

from everyfamily.accounts.models import Account, Invitation, Membership
from everyfamily.core.partnership.second_person import Watch
from everyfamily.core.permissions import Held, Right, Role, Standing, held_by, roles_with
from everyfamily.letters.queries import families_see
from everyfamily.people.queries import SchoolFacts, schools_by_id, schools_that_send

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts beside a password. Recovery codes by themselves do not."""


@dataclass(frozen=True, slots=True)
class RoleOf:
    """One open role of a person."""

    id: int
    role: Role
    school_id: int | None
    body: str


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody by name in one role, and the body that the role is for ("": for no body)."""

    name: str
    role: Role
    body: str


@dataclass(frozen=True, slots=True)
class Person:
    """An account in the list of people."""

    id: int
    name: str
    email: str
    last_seen_on: date | None
    has_second_factor: bool
    has_own_sign_in: bool
    """Signs in with a council's or a force's own sign-in, and with one step there needs a second factor here."""
    roles: tuple[RoleOf, ...]

    @property
    def lacks_second_factor(self) -> bool:
        """Whether only a password is between anybody and this account."""
        return not (self.has_second_factor or self.has_own_sign_in)


@dataclass(frozen=True, slots=True)
class Factor:
    """A second factor: an authenticator app, which has no name, or a passkey.

    `may_be_copied`: a service such as a browser maker's may copy it to the person's other devices.
    """

    id: int
    name: str
    may_be_copied: bool
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class AccountNow:
    """What every page asks about whoever is signed in: read in as few reads as it takes, because each page has few."""

    held: Held
    schools: Mapping[int, SchoolFacts]
    """Those at which the account has a role, by id."""
    has_second_factor: bool


def who_watches() -> Watch:
    """Whether families see any number yet, and who hears of each change of one."""
    rows = _open_roles(Membership.objects.filter(role__in=[Role.COORDINATOR.value, Role.SIGNATORY.value]))
    return Watch(families_see(), tuple(sorted(set(rows.values_list("account_id", flat=True)))))


def address_of_account(account_id: int) -> str | None:
    """Where an account gets its email, also one that may not sign in any more. None if there is none."""
    return Account.objects.filter(pk=account_id).values_list("email", flat=True).first()


def account_now(account_id: int, now: datetime | None = None) -> AccountNow:
    """What an account may do now, at which schools, and whether only a password is before it. Without `now`, no first
    day is over."""
    rows = list(_open_roles_with_factor().filter(account_id=account_id))
    ids = _schools_of(rows)
    schools = schools_by_id(ids) if ids else {}
    held = held_by(
        _standing(row, now, sends=row.school_id in schools and schools[row.school_id].sends == "school")
        for row in rows
    )
    has_factor = rows[0].factor if rows else has_second_factor(account_id)  # type: ignore[attr-defined] # annotated
    return AccountNow(held, schools, has_factor)


@cache
def _open_roles_with_factor() -> QuerySet[Membership]:
    """Built once, because every page asks and to build it takes longer than to read it."""
    factor = Authenticator.objects.filter(user_id=OuterRef("account_id"), type__in=SECOND_FACTORS)
    return _open_roles(Membership.objects.annotate(factor=Exists(factor)))


def held_of(account_id: int) -> Held:
    """What an account may do now."""
    return account_now(account_id).held


def everybody_held(now: datetime) -> dict[int, Held]:
    """What each account with an open role may do now."""
    rows = list(_open_roles(Membership.objects.order_by("id")))
    sending_themselves = schools_that_send(_schools_of(rows))
    standings: dict[int, list[Standing]] = {}
    for row in rows:
        standing = _standing(row, now, sends=row.school_id in sending_themselves)
        standings.setdefault(row.account_id, []).append(standing)
    return {account: held_by(theirs) for account, theirs in standings.items()}


def people_of(*roles: Role) -> list[Named]:
    """Everybody who has one of these roles now, in order of names."""
    rows = _open_roles(Membership.objects.filter(role__in=[one.value for one in roles]))
    found = rows.order_by("account__name", "id").values_list("account__name", "role", "body")
    return [Named(name, Role(role), body) for name, role, body in found]


def names_with(right: Right) -> list[str]:
    """The names of everybody whose role lets them do something now, in alphabetical order."""
    found = _open_roles(Membership.objects.filter(role__in=[role.value for role in roles_with(right)]))
    return list(found.order_by("account__name").values_list("account__name", flat=True).distinct())


def somebody_is(role: Role) -> bool:
    """Whether anybody has this role now."""
    return _open_roles(Membership.objects.filter(role=role.value)).exists()


def _open_roles(found: QuerySet[Membership]) -> QuerySet[Membership]:
    return found.filter(account__is_active=True, ended_at=None)


def _schools_of(rows: Iterable[Membership]) -> set[int]:
    return {row.school_id for row in rows if row.school_id is not None}


def _standing(row: Membership, now: datetime | None, *, sends: bool) -> Standing:
    on_first_day = row.full_from is not None and (now is None or now < row.full_from)
    return Standing(Role(row.role), row.school_id, row.body or None, sends, on_first_day)


def account_of_address(address: str) -> Account | None:
    """Whoever signs in with it, also if they were stopped."""
    return Account.objects.filter(email=address.lower()).first()


def account_by_id(account_id: int) -> Account:
    """The account, for signing in. Raises Account.DoesNotExist."""
    return Account.objects.get(pk=account_id, is_active=True)


def names_of(account_ids: Iterable[int]) -> dict[int, str]:
    """The names of accounts by their ids, open or not."""
    return dict(Account.objects.filter(pk__in=set(account_ids)).values_list("id", "name"))


def has_second_factor(account_id: int) -> bool:
    """Whether the account has an app or a passkey beside its password."""
    return bool(Authenticator.objects.filter(user_id=account_id, type__in=SECOND_FACTORS).exists())


def factors_of(account_id: int) -> list[Factor]:
    """The account's app and passkeys, in the order in which they were added."""
    return [
        Factor(
            row.pk,
            row.wrap().name if row.type == Authenticator.Type.WEBAUTHN else "",
            row.type == Authenticator.Type.WEBAUTHN and row.wrap().authenticator_data.is_backup_eligible(),
            row.created_at,
            row.last_used_at,
        )
        for row in Authenticator.objects.filter(user_id=account_id, type__in=SECOND_FACTORS).order_by("id")
    ]


def recovery_codes_left(account_id: int) -> int:
    """How many of the account's recovery codes were not used yet. It is known without the key for them."""
    row = Authenticator.objects.filter(user_id=account_id, type=Authenticator.Type.RECOVERY_CODES).first()
    return RECOVERY_CODE_COUNT - int(row.data["used_mask"]).bit_count() if row is not None else 0


def issuers_of(account_id: int) -> frozenset[str]:
    """The issuers of the own sign-ins that the account is connected with."""
    return frozenset(SocialAccount.objects.filter(user_id=account_id).values_list("provider", flat=True))


def has_password(account_id: int) -> bool:
    """Whether the account has a password. One that uses an own sign-in has none."""
    return Account.objects.get(pk=account_id).has_usable_password()


def people(school_id: int | None = None) -> list[Person]:
    """Everybody with an account, by name, in four reads however many there are. Of one school: who has a role there,
    with what they have there."""
    accounts = Account.objects.filter(is_active=True)
    memberships = Membership.objects.filter(ended_at=None)
    if school_id is not None:
        memberships = memberships.filter(school_id=school_id)
        accounts = accounts.filter(pk__in=memberships.values("account_id"))
    roles: dict[int, list[RoleOf]] = {}
    for row in memberships.order_by("role", "id"):
        roles.setdefault(row.account_id, []).append(RoleOf(row.pk, Role(row.role), row.school_id, row.body))
    with_factor = set(Authenticator.objects.filter(type__in=SECOND_FACTORS).values_list("user_id", flat=True))
    with_own = set(SocialAccount.objects.values_list("user_id", flat=True))
    return [
        Person(
            account.pk,
            account.name,
            account.email,
            account.last_seen_on,
            account.pk in with_factor,
            account.pk in with_own,
            tuple(roles.get(account.pk, ())),
        )
        for account in accounts.order_by("name", "id")
    ]


def in_hand_since(account_id: int) -> datetime:
    """Since when an account has had its present way in: it was made then, or somebody was let in again."""
    made = Account.objects.values_list("made_at", flat=True).get(pk=account_id)
    again = Invitation.objects.filter(account_id=account_id).aggregate(at=Max("used_at"))["at"]
    return max(made, again) if again else made
