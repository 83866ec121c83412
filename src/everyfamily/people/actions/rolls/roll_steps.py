"""What a person looks at twice after an import, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.core.next_steps import Next, Step
from everyfamily.core.text.counts import of
from everyfamily.people.actions.rolls.rolls import ImportReport
from everyfamily.people.queries import SchoolFacts

LIKE_THE_LIST = (0.7, 1.4)
"""If a file has between this many times the children in the list of schools, it needs no second look."""


def roll_steps(report: ImportReport, school: SchoolFacts, *, unclear: int = 0) -> Iterator[Step]:
    """What to look at twice, and what to do next, or nothing if the file was held.

    `unclear`: links on the roll for which nobody said that the adult is a parent or carer.
    """
    if report.held:
        return
    values = {"urn": school.urn}
    least, most = (round(share * (school.roll_expected or 0)) for share in LIKE_THE_LIST)
    if school.roll_expected and not least <= report.children <= most:
        yield Step(
            f"The list of schools says {school.roll_expected:,} children, and this file has {report.children:,}. Is it "
            "the whole roll of this school?"
        )
    if school.sends != "us":
        yield Step("This school sends the letter itself: nothing is sent from this roll.")
        yield Step(
            "If we should send for it, say so in your own list first (SENDS, docs/howto/import-schools.md)."
        )
        if not report.dry_run:
            yield Step("If not, its data should not be here.", Next.DESTROY_KEY, values)
    elif report.dry_run:
        yield Step("Next: import it.", Next.IMPORT_THIS)
    else:
        yield Step("Next, with the school's lead:")
        yield Step("who may be written to", Next.DECIDE_RESTRICTIONS, values, is_item=True)
        if unclear:
            yield Step(f"{of(unclear, 'link')}: parent or carer?", Next.SAY_WHO_IS_A_PARENT, values, is_item=True)
        if report.left_proposed:
            yield Step("who has left", Next.SAY_WHO_LEFT, values, is_item=True)
        yield Step("within 24 hours of sending", Next.ATTEST, values, is_item=True)
