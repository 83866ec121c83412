"""What a lead is told after they attested: what their word did, what still waits, and what everyfamily cannot see."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.core.next_steps import Next, Step
from everyfamily.core.text.counts import of
from everyfamily.people.actions.attesting import Attested
from everyfamily.people.queries import SchoolFacts

NOT_SEEN = (
    "What everyfamily cannot see: what another school knows of a court order, also the school that a child came from, "
    "in this partnership too; and who else lives in the home that a copy goes to in a school bag. If an order or a "
    "child is new, ring the family's other schools."
)


def attest_steps(done: Attested, school: SchoolFacts, *, restrictions: bool, parents: bool) -> Iterator[Step]:
    """The sentences in their order. `restrictions` and `parents` say what the lead gave their word for."""
    values = {"urn": school.urn}
    yield Step(f"Attested for {school.name}. This counts for 24 hours.")
    if school.sends != "us":
        yield Step("This school sends the letter itself, so nothing of ours waits for it.")
    if done.lifted:
        yield Step(f"{of(done.lifted, 'link')} said nothing; by your word they have no restriction.")
    elif restrictions:
        yield Step("No link was waiting for this about restrictions, so nothing changed.")
    elif done.not_said:
        yield Step(
            f"{of(done.not_said, 'link')} said nothing about restrictions, so they are on hold. Look in the school's "
            "records, then attest that you have checked them.",
            Next.ATTEST_RESTRICTIONS,
            values,
        )
    if parents and not done.parents:
        yield Step("No link was waiting for this about parents and carers, so nothing changed.")
    elif parents:
        yield Step(
            f"{of(done.parents, 'link')} did not say responsibility or care. You say that they are parents or carers."
        )
    yield Step(NOT_SEEN)
    if done.parents_not_said:
        yield Step(
            f"Of {of(done.parents_not_said, 'link')} nobody has said that the adult is a parent or carer: they wait.",
            Next.SAY_WHO_IS_A_PARENT,
            values,
        )
        if not parents:
            yield Step("If all of them are, attest that you have checked them.", Next.ATTEST_PARENTS, values)
    yield Step("See who still waits for a decision.", Next.DECIDE_RESTRICTIONS, values)
