"""A file beside the roll before it, in the counts by which a person is asked whether it is the right one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from everyfamily.core.adults.right_file import Compared, FileQuestion, are_strangers
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.rolls.model.file_dates import FileDates
from everyfamily.core.rolls.model.roll_rows import Roll
from everyfamily.people.actions.known_adults import KnownAdults, Met
from everyfamily.people.actions.rolls.roll_children import Children
from everyfamily.people.models import RollImport
from everyfamily.people.queries import SchoolFacts


class FileWasNotHeld(EveryfamilyError):
    """Somebody says that a file is right although it was never held."""

    code = "EF232"


def compared(school: SchoolFacts, roll: Roll, children: Children, known: KnownAdults) -> Compared:
    """The counts, before anything of the file is written. Inside `tenant(school.id)`."""
    matching = children.matching()
    with_years, lower = children.years()
    with_adults = {pupil for pupil in matching if known.at_pupil.get(pupil)}
    return Compared(
        in_file=len(children),
        on_roll=children.on_roll,
        matching=len(matching),
        with_years=with_years,
        lower=lower,
        with_adults=len(with_adults),
        strangers=len(_strangers(with_adults, known, children)),
        dates=roll.dates,
        last=_last_dates(school.id),
        listed=school.roll_expected,
        whole=roll.whole,
        every_adult=roll.every_adult,
    )


def _strangers(with_adults: Collection[int], known: KnownAdults, children: Children) -> Collection[int]:
    """Children none of whose adults is beside them in the file, under any spelling."""
    if not with_adults:
        return ()
    beside = [(pupil, met) for pupil, met in _in_file(known, children) if pupil in with_adults]
    found = set(with_adults) - {pupil for pupil, met in beside if not met.same.isdisjoint(known.at_pupil[pupil])}
    if are_strangers(len(found), len(with_adults)):
        # Compared as a person reads names, which takes longer: a new system may write all of them otherwise.
        found -= {
            pupil
            for pupil, met in beside
            if pupil in found and any(known.may_be(met, parent) for parent in known.at_pupil[pupil])
        }
    return found


def _in_file(known: KnownAdults, children: Children) -> Iterator[tuple[int, Met]]:
    for met in known.adults:
        for pupil_id in met.adult.cares:
            yield children.ids.get(pupil_id, 0), met


def _last_dates(school_id: int) -> FileDates:
    files = RollImport.objects.filter(school_id=school_id, state="committed").order_by("-pk")
    dates = files.exclude(printed_on=None, academic_year=None).values_list("printed_on", "academic_year")[:9]
    return FileDates(
        next((printed for printed, _ in dates if printed), None), next((year for _, year in dates if year), None)
    )


def is_said_to_be_right(school_id: int, digest: str, asked: Iterable[FileQuestion]) -> bool:
    """Whether somebody who says that this file is right was asked all of this. Raises FileWasNotHeld."""
    held = RollImport.objects.filter(school_id=school_id, file_digest=digest, state="held")
    answered = [set(doubts) for doubts in held.values_list("doubts", flat=True)]
    if not answered:
        raise FileWasNotHeld(
            "This file was never held, so nobody has looked at it yet.",
            "Import it once without saying that it is right, and read the report.",
        )
    return any({one.about for one in asked} <= doubts for doubts in answered)
