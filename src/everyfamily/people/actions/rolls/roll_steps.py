"""What an import did, what a person looks at twice, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.core.next_steps import Next, Step
from everyfamily.core.text.counts import of
from everyfamily.people.actions.rolls.rolls import ImportReport
from everyfamily.people.queries import SchoolFacts


def report_steps(report: ImportReport) -> Iterator[Step]:
    """What went in and what waits for a person, or that the file was held. Without the value of any cell."""
    yield from _held(report) if report.held else _went_in(report)


def _held(report: ImportReport) -> Iterator[Step]:
    would = "would be held" if report.dry_run else "is held"
    yield Step(f"The file {would}{'' if report.dry_run else ', and nothing went in'}. Look at it first:")
    for one in report.asked:
        yield Step(one.words)
    if not report.dry_run:
        yield Step("If it is right, import the same file again, and say that it is.", Next.IMPORT_ALTHOUGH)


def _went_in(report: ImportReport) -> Iterator[Step]:
    went, hold, stay = (
        ("would go in", "would hold", "would stay") if report.dry_run else ("went in", "hold", "stay")
    )
    if report.dry_run:
        yield Step("Nothing was written. This is what would happen:")
    yield Step(
        f"{report.accepted:,} of {of(report.rows, 'row')} {went} ({report.format}): "
        f"{of(report.children, 'child')}, {of(report.adults, 'adult')}."
    )
    yield Step(f"Joined: {of(report.joined, 'child')}. Changed: {report.changed:,} children, adults and links.")
    for called, rows in report.not_read:
        yield Step(f"Not read: {called}, with {of(rows, 'row')}.")
    if report.restrictions_unknown:
        yield Step(
            f"{of(report.restrictions_unknown, 'link')} (an adult beside a child) with no restriction that can be "
            f"read: they {hold} until a person says."
        )
    if report.adults_missing:
        yield Step(
            f"{of(report.adults_missing, 'adult')} no longer beside a child in the file: they {hold} for that child "
            "until a person says."
        )
    if report.adults_staying:
        yield Step(
            f"{of(report.adults_staying, 'adult')} of these children not in this file of changes: they {stay} as they "
            "are, and get the letter if they did before."
        )
    if report.left_proposed:
        yield Step(
            f"{of(report.left_proposed, 'child')} on the roll and not in the file: they {stay} until a person says "
            "that they have left."
        )
    if report.forgotten:
        yield Step(f"{of(report.forgotten, 'contact value')} no longer in the file: nothing is sent there again.")
    if report.refilled:
        yield Step(f"{of(report.refilled, 'value')} that had been purged, there again.")
    if report.tasks:
        kinds = ", ".join(f"{kind} ({count:,})" for kind, count in report.tasks.items())
        yield Step(f"For the school's lead to decide: {kinds}.")


def roll_steps(report: ImportReport, school: SchoolFacts, *, unclear: int = 0) -> Iterator[Step]:
    """What to look at twice, and what to do next, or nothing if the file was held.

    `unclear`: links on the roll for which nobody said that the adult is a parent or carer.
    """
    if report.held:
        return
    values = {"urn": school.urn}
    if report.look_twice:
        yield Step(report.look_twice)
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
