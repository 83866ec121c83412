"""What a person is told about a withdrawn letter: who has it, what can still be stopped, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.core.next_steps import Next, Step
from everyfamily.core.text.counts import of
from everyfamily.mailings.actions.ending.withdrawing import Withdrawn

_BY_HAND = {"pupil post": "handed over by schools"}


def publishing(*, is_published: bool) -> Step:
    """What families see of the withdrawal, and what makes them see it."""
    if is_published:
        return Step("It is published: make the parent site again now.", Next.MAKE_SITE)
    return Step(
        "Families cannot see it yet: publish the withdrawal, then make the site again.", Next.PUBLISH_WITHDRAWAL
    )


def who_has_it(done: Withdrawn) -> Iterator[Step]:
    """Adults who have it, who may have it and who do not, and what was closed with it."""
    if done.mailing_id is None:
        yield Step("It was never mailed, so nobody has it from here.")
        return
    had = ", ".join(f"{_BY_HAND.get(channel, channel)} {count:,}" for channel, count in done.had.items())
    yield Step(f"Adults who have it: {had or 'none'}.")
    if done.perhaps:
        yield Step(f"Not known of {of(done.perhaps, 'adult')} whether theirs went: they count as having it.")
    yield Step(f"Stopped in time: {of(done.stopped, 'adult')}.")
    if done.schools_not_begun:
        yield Step(f"Not begun: {of(done.schools_not_begun, 'school')}.")
    if done.tasks_closed:
        yield Step(f"Closed with it: {of(done.tasks_closed, 'task')}. Tasks about a restriction stay open.")


def in_print(done: Withdrawn, reference: str) -> Iterator[Step]:
    """Letters at a print house can still be stopped, but only by people."""
    if done.in_print.folders:
        yield Step(
            f"At the print house, unless it has gone: {of(done.in_print.letters, 'letter')} in "
            f"{of(done.in_print.folders, 'folder')}, each with a stop notice now. Ring the print house: they count as "
            "having gone until it says which it stopped.",
            Next.STOPPED_IN_PRINT,
            {"reference": reference},
        )
    if done.in_print.not_written:
        yield Step(
            "A stop notice could not be written into the print folder: only your call stops the print house."
        )


def copies_in_schools(done: Withdrawn) -> Step | None:
    """What to do about copies that are still in schools; `done.to_bin` says in which. None if there are none."""
    copies = sum(one.copies for one in done.to_bin)
    if not copies:
        return None
    return Step(
        f"Copies still in schools, not handed over as far as we know: {copies:,}. Each school has a task; ring it, "
        "and give it the sheet that says which piles to bin:"
    )


def schools_that_send(done: Withdrawn) -> Step | None:
    """What to do about schools that send it themselves; `done.to_tell` says which. None if there are none."""
    if not done.to_tell:
        return None
    return Step(
        f"Send it themselves: {of(len(done.to_tell), 'school')}. Each gets a mail from the worker. Ring them too."
    )


def putting_it_right(done: Withdrawn, reference: str) -> Iterator[Step]:
    """Which letter can follow it, and to whom. Nothing if it was never mailed."""
    if done.mailing_id is None:
        return
    if done.was_closed:
        yield Step("Its mailing is closed, so that no correction can follow it: write a new letter.")
        return
    values = {"reference": reference}
    yield Step("Next: make the letter that puts it right, have it approved and sealed, then send it:")
    yield Step("to exactly those who have this one", Next.CORRECT, values, is_item=True)
    yield Step("to everybody else", Next.REPLACE, values, is_item=True)
