"""Work of a school's people, in words."""

from __future__ import annotations

from collections.abc import Mapping

from everyfamily.core.desk.kinds import About, Kind
from everyfamily.core.next_steps import Next
from everyfamily.core.permissions import Right

OF_SCHOOLS: Mapping[Kind, About] = {
    Kind.HELD: About(
        Right.ATTEST_ROLL,
        "Say that restrictions and leavers are right",
        "Your families’ letters are held until you do. One screen, about 2 minutes.",
        "Letters of your school are held until you attest.",
        next=Next.ATTEST,
        is_urgent=True,
    ),
    Kind.OWN_PART_PAUSED: About(
        Right.PAUSE_SCHOOL,
        "Let your school’s part go on",
        "Your school paused it, and nothing is sent to your families. Nothing is lost.",
        "Your school’s part is paused. Let it go on when it is right.",
        next=Next.LET_PART_GO_ON,
    ),
    Kind.BIN_COPIES: About(
        Right.HAND_OUT_PAPER,
        "Bin the copies of a withdrawn letter",
        "Something in it is wrong. Do not hand them out.",
        "A letter was withdrawn, and your school has copies of it.",
        next=Next.HAND_OUT,
        is_urgent=True,
    ),
    Kind.RESET: About(
        Right.LOOK_AFTER_COLLEAGUES,
        "Stop it if a colleague should not be let in again",
        "Somebody asked for a new way in to their account. If they did not lose theirs, stop it.",
        "A colleague at your school is to be let in again.",
    ),
    Kind.KEY_TO_DESTROY: About(
        Right.ANSWER_DATA_REQUESTS,
        "Say whether your school’s key is to be destroyed",
        "A colleague asked for it. Nobody could read the names and contact details of your school again. Nothing "
        "happens unless you agree.",
        "A colleague asked for your school’s key to be destroyed. Nothing happens unless you agree.",
        next=Next.DESTROY_KEY,
    ),
    Kind.TO_TELL: About(
        Right.TELL_ADULTS,
        "Tell {n} about the wrong letter",
        "They had it and may not be written to. Say afterwards what you did.",
        "Adults must be told of a wrong letter.",
        "adult",
        Next.TELL_ADULTS,
    ),
    Kind.ATTEST: About(
        Right.ATTEST_ROLL,
        "Say that restrictions and leavers are right",
        "We ask in the 24 hours before the letter goes, because court orders change and families suffer losses.",
        "Say that restrictions and leavers are right, before the letter goes.",
        next=Next.ATTEST,
    ),
    Kind.NOT_ATTESTED: About(
        Right.ATTEST_ROLL,
        "Say that restrictions and leavers are right",
        "Nobody at your school got the last letter, because nobody had said it.",
        "Say that restrictions and leavers are right.",
        next=Next.ATTEST,
    ),
    Kind.ROLL_MISSING: About(
        Right.UPLOAD_ROLL,
        "Bring in your school’s roll",
        "Nobody at your school gets the letter until it is in.",
        "Bring in your school’s roll.",
        next=Next.IMPORT_ROLL,
    ),
    Kind.ROLL_OLD: About(
        Right.UPLOAD_ROLL,
        "Upload your newest roll",
        "The last one is from a term ago. Nobody writes to the families of children who have joined since.",
        "Upload your school’s newest roll, before the letter goes.",
        next=Next.IMPORT_ROLL,
    ),
    Kind.FILE_HELD: About(
        Right.TAKE_HELD_ROLL,
        "Say whether a roll is your school’s",
        "It was held, because it names mostly other children than the last one.",
        "Say whether a roll is your school’s.",
        next=Next.IMPORT_ALTHOUGH,
    ),
    Kind.RESTRICTION: About(
        Right.DECIDE_RESTRICTIONS,
        "Decide who may have the letter: {n}",
        "One for each adult and child. Nothing goes to these adults until you decide.",
        "Decide who may have the letter.",
        "decision",
        Next.DECIDE_RESTRICTIONS,
    ),
    Kind.RELATIONSHIP: About(
        Right.DECIDE_RESTRICTIONS,
        "Say who is a parent or carer",
        "The roll does not say it for some adults. Nothing goes to them until you do.",
        "Say who is a parent or carer.",
        next=Next.SAY_WHO_IS_A_PARENT,
    ),
    Kind.SHARED_HOME: About(
        Right.DECIDE_RESTRICTIONS,
        "Say whether two homes are one: {n}",
        "Somebody who may not have the letter may live there. No paper goes there until you decide.",
        "Say whether two homes are one.",
        "adult",
        Next.TELL_HOMES_APART,
    ),
    Kind.LEAVERS: About(
        Right.DECIDE_ABOUT_CHILDREN,
        "Say who has left",
        "Some children are in the last roll no longer. Until you say so, they count as yours.",
        "Say who has left.",
        next=Next.SAY_WHO_LEFT,
    ),
    Kind.UNKNOWN: About(
        Right.SEE_FAMILIES,
        "Find out whether letters arrived: {n}",
        "It is not known whether they went, and they are not sent twice.",
        "Find out whether letters arrived.",
        "letter",
    ),
    Kind.HAND_OUT: About(
        Right.HAND_OUT_PAPER,
        "Hand out the paper letters",
        "They have waited too long. Say afterwards which were handed out.",
        "Hand out the paper letters.",
        next=Next.HAND_OUT,
    ),
    Kind.PAPER: About(
        Right.HAND_OUT_PAPER,
        "Print the paper letters and hand them out",
        "Some children take the letter home. Say afterwards which classes have theirs.",
        "Print the paper letters and hand them out.",
        next=Next.HAND_OUT,
    ),
    Kind.RETURN_DUE: About(
        Right.FILE_RETURN,
        "File your school’s return",
        "Five numbers and one question. Until it is in, every child counts as not reached.",
        "File your school’s return.",
        next=Next.FILE_RETURN,
    ),
}
