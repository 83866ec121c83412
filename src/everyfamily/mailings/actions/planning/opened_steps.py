"""What a person is told when a mailing was opened: what else waits for them, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from everyfamily.core.next_steps import Next, Step
from everyfamily.core.text.counts import of
from everyfamily.mailings.actions.planning.opening import OpenMailing
from everyfamily.mailings.queries.uncertain import count_uncertain, uncertain_mailings


def uncertain_steps(reference: str, opened: OpenMailing) -> Iterator[Step]:
    """One step for the mailing that was opened, and one for each older one, if somebody there is uncertain since the
    database was restored."""
    if opened.uncertain:
        yield Step(
            f"The database was put back after {reference} was sealed, so it may have gone already at "
            f"{of(opened.uncertain, 'school')}. Nothing goes out there until you say what went.",
            Next.SAY_WHAT_WENT,
            {"reference": reference},
        )
    for other, mailing_id in uncertain_mailings():
        if other != reference:
            rows = count_uncertain(mailing_id)
            yield Step(
                f"Of {other} nobody knows whether it went to {of(sum(row.uncertain for row in rows), 'adult')} at "
                f"{of(len(rows), 'school')}. Theirs waits until you say what went.",
                Next.SAY_WHAT_WENT,
                {"reference": other},
            )


def correction_steps(opened: OpenMailing, *, reference: str, corrects: str) -> Iterator[Step]:
    """To whom the correction goes and when, and who must be told by a person."""
    yield Step(f"Mailing {opened.id} is open. It goes to the adults who had {corrects}, and to nobody else.")
    yield Step("It goes out between 9am and 6pm, today if it is earlier, as soon as a worker runs.")
    yield Step(
        "Adults who had it and may not be written to now are for each school's lead to tell.", Next.TELL_ADULTS
    )
    yield from uncertain_steps(reference, opened)


def steps_of_those_who_send(urns: Sequence[int], *, reference: str) -> Iterator[Step]:
    """What to do about the schools that send the correction themselves, by URN."""
    if not urns:
        return
    yield Step(f"Send themselves: {of(len(urns), 'school')} ({', '.join(map(str, urns))}).")
    yield Step(
        "Each gets a mail with the new kit behind a link, and files a new return there, once you have said when "
        "returns are due.",
        Next.OPEN_RETURNS,
        {"reference": reference},
    )
    yield Step("The kit can be handed over by another way.", Next.GIVE_KIT)
