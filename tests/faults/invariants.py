"""What holds after every round, counted by what the other side has."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tests.faults.carriers import Recording, Stand
from tests.faults.people import Adult
from tests.faults.records import Taken
from tests.faults.storm import storm_broken

if TYPE_CHECKING:
    from tests.faults.round import Round

WENT = {
    *("accepted", "unknown", "delivered", "returned"),
    *("temporary-failure", "permanent-failure", "technical-failure"),
}
"""What we may say of a message that the other side has."""
ARRIVED = {"accepted", "delivered", "returned"}
"""What we may say only of a message that the other side has."""


def broken_promises(round_: Round) -> list[str]:
    """Each promise that is broken, in a sentence; no more than a few of a kind."""
    taken = round_.other_side.taken()
    ledger = {
        row[0]: row[1:]
        for row in round_.ground.ask("SELECT reference::text, channel, status, tries FROM mailings_ledgerentry")
    }
    found: list[str] = []
    for check in (
        _twice(round_, taken),
        _known(taken, ledger),
        _nothing_open(round_),
        _every_family(round_, taken),
        _kept_away(round_, taken),
        _receipts(round_, taken, ledger),
        _adds_up(round_),
        _ended(round_),
        storm_broken(round_),
        iter(round_.other_side.half_bundles()),
    ):
        found += list(check)[:4]
    return found


def resent_by_rule(round_: Round, taken: list[Taken]) -> set[str]:
    """References that the other side has twice, and of which it was asked first and said that it never had them."""
    twice = {reference for reference, times in Counter(one.reference for one in taken).items() if times > 1}
    if not round_.other_side.may_resend or not twice:
        return set()
    from everyfamily.mailings.models import DeliveryEvent
    from everyfamily.people.database.tenancy import tenant

    said_never: set[str] = set()
    for school in round_.city.schools.values():
        with tenant(school):
            events = DeliveryEvent.objects.filter(
                school_id=school,
                status="refused",
                reason="the carrier never had it",
                attempt__ledger__tries__gt=1,
            )
            said_never |= {str(one) for one in events.values_list("attempt__ledger__reference", flat=True)}
    return twice & said_never


def figures(round_: Round) -> dict[str, Any]:
    """The result of a round."""
    taken = round_.other_side.taken()
    states = dict(round_.ground.ask("SELECT state, count(*) FROM mailings_delivery GROUP BY 1"))
    unknown = round_.ground.ask("SELECT count(*) FROM mailings_ledgerentry WHERE status = 'unknown'")
    failed = round_.ground.ask("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'", role="default")
    return {
        "adults": sum(states.values()),
        "messages": len(taken),
        "kills": round_.keeper.kills,
        "restarts": len(round_.keeper.ended),
        "unknown": unknown[0][0],
        "resent by rule": len(resent_by_rule(round_, taken)),
        "pauses": round_.pauses,
        "settled in mid-print": round_.settled_in_mid_print,
        "jobs failed": failed[0][0],
        "states": states,
    }


def _twice(round_: Round, taken: list[Taken]) -> Iterator[str]:
    by_rule = resent_by_rule(round_, taken)
    references = Counter(one.reference for one in taken)
    for reference, times in references.items():
        if times > 1 and reference not in by_rule:
            channel = next(one.channel for one in taken if one.reference == reference)
            yield f"{channel}: one message was taken in {times} times"
    to = defaultdict(set)
    for one in taken:
        if one.value:
            to[one.channel, one.value].add(one.reference)
    for (channel, _), messages in to.items():
        if len(messages) > 1:
            yield f"{channel}: one contact value had {len(messages)} different messages"


def _known(taken: list[Taken], ledger: dict[str, tuple[str, str, int]]) -> Iterator[str]:
    """Written down before it was sent, and what we say of it fits."""
    have = {one.reference for one in taken}
    for one in taken:
        if one.reference not in ledger:
            yield f"{one.channel}: a message went out that is nowhere written down"
        elif ledger[one.reference][1] not in WENT:
            yield f"{one.channel}: a message went out, and we say {ledger[one.reference][1]}"
    for reference, (channel, status, _) in ledger.items():
        if status in ARRIVED and reference not in have:
            yield f"{channel}: we say {status}, and the other side never had it"


def _nothing_open(round_: Round) -> Iterator[str]:
    ask = round_.ground.ask
    for status, jobs in ask(
        "SELECT status::text, count(*) FROM procrastinate_jobs "
        "WHERE queue_name = 'mailings' AND status IN ('todo', 'doing') GROUP BY 1",
        role="default",
    ):
        yield f"{jobs} jobs are left in {status}"
    for channel, worker in ask("SELECT channel, worker FROM mailings_ledgerentry WHERE status = 'sending'"):
        yield f"{channel}: a message is in sending, and its worker {worker} is gone"
    for state, status, number in ask(
        "SELECT d.state, coalesce(max(t.status), 'no attempt'), count(DISTINCT d.id) FROM mailings_delivery d "
        "LEFT JOIN mailings_attempt t ON t.delivery_id = d.id AND t.school_id = d.school_id "
        "WHERE d.state IN ('planned', 'on its way') AND (d.next_look_at IS NULL OR d.next_look_at <= %s) "
        "GROUP BY d.id, 1",
        [round_.now],
    ):
        yield f"{number} deliveries {state} wait for nothing (attempt {status})"
    for status, number in ask(
        "SELECT t.status, count(*) FROM mailings_attempt t JOIN mailings_delivery d ON d.id = t.delivery_id "
        "WHERE t.status IN ('created', 'sending') AND d.state <> 'stopped' GROUP BY 1"
    ):
        yield f"{number} attempts are left {status}"


def _every_family(round_: Round, taken: list[Taken]) -> Iterator[str]:
    """Each adult who may have the letter has it on one of their ways, or we say why not, and never the contrary."""
    values = {(one.channel, one.value) for one in taken}
    is_said = _states_by_name(round_)
    decided = {(one.adult.urn, one.adult.pupil) for one in round_.decided}
    letters_unread = isinstance(round_.other_side, Stand)
    for adult in round_.people.everybody():
        if not adult.may_have_it or (adult.urn, adult.pupil) in decided:
            continue
        state = is_said.get((adult.urn, adult.name))
        has_it = bool(values & _theirs(round_, adult))
        if state is None:
            yield "an adult who may have the letter has no delivery"
        elif state in ("accepted", "reached", "told by text") and not has_it and not letters_unread:
            yield f"we say {state} of an adult, and the other side has nothing for them"
        elif state not in (
            "accepted",
            "reached",
            "told by text",
            "on its way",
            "unknown",
            "failed",
            "no contact",
            "shared",
        ):
            yield f"an adult who may have the letter is {state}"


def _theirs(round_: Round, adult: Adult) -> set[tuple[str, str]]:
    """An adult's values at their school: those of every row of their name."""
    rows = [one for one in round_.people.by_school[adult.urn] if one.name == adult.name]
    return {value for row in rows for value in row.values()}


def _states_by_name(round_: Round) -> dict[tuple[int, str], str]:
    from everyfamily.mailings.models import Delivery
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.keys.school_keys import open_vault

    found = {}
    for urn, school in round_.city.schools.items():
        with tenant(school):
            vault = open_vault(school, now=round_.now)
            for delivery in Delivery.objects.filter(school_id=school).select_related("parent"):
                if delivery.parent.name is not None:
                    name = vault.decrypt("parent", delivery.parent_id, bytes(delivery.parent.name))
                    found[urn, name] = delivery.state
    return found


def _kept_away(round_: Round, taken: list[Taken]) -> Iterator[str]:
    """Nobody was written to who may not be, from the moment on at which somebody said so."""
    may = {(one.urn, value) for one in round_.people.everybody() if one.may_have_it for value in one.values()}
    shut = {
        value
        for one in round_.people.everybody()
        if not one.may_have_it
        for value in one.values()
        # What somebody at another school shares is theirs too.
        if one.columns.get("RESTRICTION") == "do not send" or (one.urn, value) not in may
    }
    for one in taken:
        if (one.channel, one.value) in shut:
            yield f"{one.channel}: somebody was written to who may not be"
    for decided in round_.decided:
        for one in taken:
            if (one.channel, one.value) in decided.adult.values() and one.reference not in decided.before:
                yield f"{one.channel}: an adult who {decided.what} was written to after that"


def _receipts(round_: Round, taken: list[Taken], ledger: dict[str, tuple[str, str, int]]) -> Iterator[str]:
    """Twice, late, in any order or forged: what we say in the end is what the carrier says."""
    if not isinstance(round_.other_side, Stand):
        return
    for one in round_.other_side.electronic():
        fate = round_.other_side.fate_of(one.reference)
        said = ledger.get(one.reference, ("", "", 0))[1]
        if one.channel != "post" and said != (fate or "accepted"):
            yield f"{one.channel}: the carrier says {fate}, and we say {said}"


def _adds_up(round_: Round) -> Iterator[str]:
    """One outcome for each child of the roll."""
    total = round_.city.coverage(round_.now).total
    left = sum(one.what == "has left" for one in round_.decided)
    expected = round_.people.children() - left
    if total.children != expected or sum(total.outcomes.values()) != expected:
        yield f"the coverage counts {total.children} children in {sum(total.outcomes.values())} outcomes of {expected}"
    if isinstance(round_.other_side, Recording) and round_.kind in (
        *("worker killed", "all workers killed", "worker killed, people decide"),
    ):
        unknown = round_.ground.ask("SELECT count(*) FROM mailings_ledgerentry WHERE status = 'unknown'")[0][0]
        if unknown > round_.keeper.kills:
            yield f"{unknown} messages are unknown after {round_.keeper.kills} kills"


def _ended(round_: Round) -> Iterator[str]:
    """A worker that ended by itself says by its exit code that another is to be started."""
    for code in set(round_.keeper.ended) - {75}:
        yield f"a worker ended by itself with exit code {code}"
