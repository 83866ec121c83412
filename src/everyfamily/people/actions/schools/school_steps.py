"""What is missing about the schools, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from everyfamily.core.next_steps import Next, Step
from everyfamily.people.queries import SchoolStanding

_OWN_LIST = "put it into your own list (docs/howto/import-schools.md)"


def school_steps(schools: Sequence[SchoolStanding]) -> Iterator[Step]:
    """A step for each thing that is missing at one school or more."""
    ours = [school for school in schools if school.sends == "us"]
    gaps = (
        (sum(one.roll_imported_at is None for one in ours), "no roll here, though we send for them", ""),
        (sum(not one.lead for one in schools), "no lead", f"Ask for the role (LEAD_ROLE) and {_OWN_LIST}"),
        (
            sum(not one.mailbox for one in schools),
            "no mailbox, so no return link and no reminder can be sent",
            f"Ask for a role's address (MAILBOX) and {_OWN_LIST}",
        ),
        (
            sum(not one.phone_checked for one in schools),
            "no checked phone number, so the letter prints none of theirs",
            f"Ring the number (PHONE, PHONE_CHECKED_ON, PHONE_CHECKED_BY) and {_OWN_LIST}",
        ),
        (
            sum(one.roll_expected is None for one in schools),
            "number of children not known",
            f"When you know it (ROLL), {_OWN_LIST}",
        ),
    )
    for count, fact, to_do in gaps:
        if count:
            sentence = f"{count:,} of {len(schools):,}: {fact}."
            yield Step(f"{sentence} {to_do}.") if to_do else Step(sentence, Next.IMPORT_ROLL)
