"""Work of the partnership's people, in words. None of it names a family or says how many there are."""

from __future__ import annotations

from collections.abc import Mapping

from everyfamily.core.desk.kinds import About, Kind
from everyfamily.core.next_steps import Next
from everyfamily.core.permissions import Right

OF_PARTNERSHIP: Mapping[Kind, About] = {
    Kind.TRAIL_BROKEN: About(
        Right.SEE_RUNNING,
        "See where the audit trail does not hold",
        "Events were changed, removed or added past the product. Somebody with the database’s own rights did it, or a "
        "restore.",
        "The audit trail does not hold.",
        is_urgent=True,
    ),
    Kind.WHO_SIGNS: About(
        Right.CHANGE_SETTINGS,
        "Put a change of who signs in force, or cancel it",
        "A colleague asked for it, and it takes a second person.",
        "A change of who signs waits for a second person.",
        is_urgent=True,
    ),
    Kind.TRAIL_NOT_CHECKED: About(
        Right.SEE_RUNNING,
        "See why the check of the audit trail failed",
        "It was tried 3 times. Nobody knows whether the trail holds.",
        "The check of the audit trail failed.",
    ),
    Kind.STOPPED: About(
        Right.PAUSE_MAILING,
        "See why a mailing stopped, and let it go on",
        "It stopped by itself. No letter goes out until a person lets it go on.",
        "A mailing has stopped by itself.",
        next=Next.SEE_TASKS,
        is_urgent=True,
    ),
    Kind.NO_WORKER: About(
        Right.PAUSE_MAILING,
        "Start a worker: a mailing is open and nothing sends it",
        "Letters wait, and nothing that comes back is heard.",
        "No worker is alive.",
        next=Next.START_WORKER,
        is_urgent=True,
    ),
    Kind.NOT_BEGUN: About(
        Right.PAUSE_MAILING,
        "Find out why a wave has not begun: {n}",
        "See that a worker is alive, and what its log says.",
        "A wave has not begun.",
        "school",
        Next.SEE_TASKS,
        is_urgent=True,
    ),
    Kind.ROUTE_ENDED: About(
        Right.RING_ROUTES,
        "Ring {n} that may not be printed now",
        "Nobody has rung it in time, or it is dead. No letter that prints it is sent.",
        "A number in a letter may not be printed now.",
        "line",
        Next.RING_ROUTE,
        is_urgent=True,
    ),
    Kind.PAUSED: About(
        Right.PAUSE_MAILING,
        "Let a paused mailing go on, or withdraw its letter",
        "A person stopped it. No letter goes out until a person lets it go on.",
        "A mailing is paused.",
        next=Next.SEE_TASKS,
        is_urgent=True,
    ),
    Kind.SCHOOLS_HELD: About(
        Right.PAUSE_SCHOOL,
        "Ring {n} where nobody has attested",
        "Their letters are held until their lead does.",
        "Schools are held, because nobody has attested.",
        "school",
        Next.SEE_TASKS,
    ),
    Kind.SCHOOL_PAUSED: About(
        Right.PAUSE_SCHOOL,
        "Let {n} go on, or settle why not",
        "A person paused the school’s part.",
        "A school’s part is paused.",
        "school",
        Next.SEE_TASKS,
    ),
    Kind.RING_AGAIN: About(
        Right.RING_ROUTES,
        "Ring {n} before the letter goes",
        "Each number is rung again in the two working days before a letter goes. Numbers change, and nobody tells us.",
        "Ring the numbers of a letter before it goes.",
        "line",
        Next.RING_ROUTE,
    ),
    Kind.NOT_BRIEFED: About(
        Right.PLAN_MAILING,
        "Give the staff briefing to {n}",
        "The email with it cannot reach them. Parents may ask their staff about the letter.",
        "Schools do not have the staff briefing.",
        "school",
        Next.GIVE_BRIEFING,
    ),
    Kind.YEAR_SEND: About(
        Right.PLAN_MAILING,
        "Plan the mailing of a letter in the year’s plan",
        "Its week is near, and no mailing of it is planned.",
        "Plan the mailing of a letter.",
        next=Next.SEE_YEAR,
    ),
    Kind.YEAR_APPROVE: About(
        Right.WRITE_LETTERS,
        "Have a planned letter approved and sealed",
        "Two weeks before its week, every signatory has approved it, and schools know that it comes.",
        "Have a planned letter approved and sealed.",
        next=Next.MARK_YEAR,
    ),
    Kind.YEAR_PREPARE: About(
        Right.PLAN_YEAR,
        "Prepare a planned letter",
        "Six weeks before its week, the pack is chosen, and the partners’ words and the managers’ promises are agreed.",
        "Prepare a planned letter.",
        next=Next.MARK_YEAR,
    ),
    Kind.ROUTE_ENDS: About(
        Right.RING_ROUTES,
        "Ring {n} and sign the date",
        "The check runs out soon. After that, no letter that prints the number is sent.",
        "Ring the numbers whose check runs out.",
        "line",
        Next.RING_ROUTE,
    ),
    Kind.RETURNS_TO_LOOK_AT: About(
        Right.RUN_RETURNS,
        "Look at {n}",
        "Something in it is unlikely. Ring the school, and confirm it or let the school correct it.",
        "Look at returns.",
        "return",
        Next.CONFIRM_RETURN,
    ),
    Kind.RETURNS_LATE: About(
        Right.RUN_RETURNS,
        "Ring {n} with a late return",
        "Until it is in, every child there counts as not reached.",
        "Returns of schools are late.",
        "school",
    ),
    Kind.RETURNS_UNREACHABLE: About(
        Right.RUN_RETURNS,
        "Give {n} a way to file the return",
        "There is no mailbox for the link, or the link has ended.",
        "Schools cannot file their return.",
        "school",
        Next.RENEW_LINK,
    ),
    Kind.FEW_ADMINISTRATORS: About(
        Right.INVITE_TO_PARTNERSHIP,
        "There should be 2 people with the role of administrator",
        "If the only administrator loses their phone, nobody can let them in again.",
        "There should be 2 administrators.",
    ),
    Kind.FEW_COORDINATORS: About(
        Right.INVITE_TO_PARTNERSHIP,
        "There should be 2 people with the role of coordinator",
        "A mailing is started by two people: one asks, another one starts it.",
        "There should be 2 coordinators.",
    ),
    Kind.NO_SECOND_FACTOR: About(
        Right.RECOVER_ACCOUNT,
        "Remind {n} without a second factor",
        "They have a password, and can open no page before they have set up an app or a key.",
        "People have no second factor.",
        "account",
    ),
}
