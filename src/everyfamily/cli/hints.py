"""Which command to type for an error, a row of a roll, a task or a next step, by its code. The layers below name no
command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from string import Template
from typing import Final

from everyfamily.core.next_steps import Next, Step

_DECIDE = "everyfamily restrictions list"
_ADULTS = (
    "everyfamily find-adult finds an adult by name; without --adult, objects and opt-out show a child's adults."
)

HINTS: Final = {
    "EF133": "everyfamily compose",
    "EF180": "everyfamily pack check PACK",
    "EF185": "everyfamily pack override PACK PASSAGE begins a file of overrides.",
    "EF186": "everyfamily pack override PACK PASSAGE prints what the pack says now.",
    "EF187": "Give the file as --overrides.",
    "EF192": '--translator "First Last"',
    "EF201": "A mapping of headings is given with --map.",
    "EF204": "--map takes a small file: docs/howto/import-a-roll.md (When headings cannot be guessed) shows one.",
    "EF222": "--la 341. You can repeat --la.",
    "EF223": "Say the area with --la and its code, such as --la 341.",
    "EF221": "Name the file of links with --links.",
    "EF224": "--dry-run to look, --although-older to take it.",
    "EF227": "--dry-run to look, --school URN for one school.",
    "EF228": "everyfamily schools",
    "EF229": 'Say what it counts with --what "home educated" or --what "missing education", and the area with --la.',
    "EF232": "Import it without --although-few-match.",
    "EF240": "everyfamily restrictions list, or everyfamily parents list",
    "EF242": '--by "First Last"',
    "EF243": "everyfamily leavers list",
    "EF245": _ADULTS,
    "EF248": "everyfamily restrictions decide",
    "EF249": "Run it again with --although-many.",
    "EF260": "everyfamily restrictions shared",
    "EF265": "everyfamily restrictions decide --link NUMBER",
    "EF266": "everyfamily restrictions list",
    "EF303": "everyfamily approve",
    "EF305": "everyfamily key",
    "EF306": "Compare --sealing-key with what everyfamily key printed for the sealing key.",
    "EF307": "everyfamily compose writes it.",
    "EF308": "Choose another --out.",
    "EF309": "everyfamily check, with the letter's folder",
    "EF310": "everyfamily key",
    "EF319": "everyfamily partnership sign-keys",
    "EF321": "Choose another --out.",
    "EF322": "everyfamily partnership sign-keys, or everyfamily partnership endorse-key",
    "EF323": "everyfamily partnership sign-keys, then EVERYFAMILY_SIGNATORY_KEYS_FILE",
    "EF326": "--compared FINGERPRINT, once for each key",
    "EF330": "everyfamily letters list",
    "EF349": "everyfamily site OUT, then serve OUT/public",
    "EF351": "everyfamily withdraw --seals --key, and everyfamily compose --replaces for what takes its place",
    "EF354": "Give the folder as --packs.",
    "EF363": "everyfamily withdraw --seals --key",
    "EF364": "everyfamily tasks",
    "EF382": "Say it with --opens.",
    "EF388": "everyfamily tasks, and everyfamily uncertain. To close it now: --although and a reason.",
    "EF402": "everyfamily master-key FILE",
    "EF403": "everyfamily master-key FILE",
    "EF404": "everyfamily keys renew",
    "EF408": "everyfamily keys status",
    "EF409": "everyfamily keys new-master",
    "EF410": "everyfamily master-key FILE",
    "EF413": "everyfamily keys rotate",
    "EF415": "everyfamily keys rewrap",
    "EF418": "everyfamily keys destroy, then everyfamily keys renew",
    "EF419": "If it is lost: --although-lost.",
    "EF421": "everyfamily audit-check --write-heads notes them.",
    "EF424": "everyfamily returns renew",
    "EF384": "everyfamily routes rung NAME --partnership FILE",
    "EF445": "everyfamily routes list, with --partnership and the file for what no letter prints yet",
    "EF446": "Say it with --number.",
    "EF449": "everyfamily routes rung NAME, or everyfamily routes dead NAME",
    "EF431": '--agreed-by "First Last"',
    "EF432": "everyfamily partnership import FILE",
    "EF682": "everyfamily partnership history",
    "EF474": "everyfamily year",
    "EF475": "everyfamily review REFERENCE shows the letter's front doors",
    "EF476": "everyfamily review REFERENCE shows the questions and their choices",
    "EF477": "everyfamily review REFERENCE shows the choices",
    "EF473": "--partnership FILE, or everyfamily partnership import FILE",
    "EF520": "everyfamily send",
    "EF548": "everyfamily close",
    "EF522": "everyfamily coverage",
    "EF525": "everyfamily coverage",
    "EF526": "everyfamily coverage",
    "EF527": "everyfamily coverage shows it, everyfamily withdraw withdraws it.",
    "EF528": "everyfamily owed list",
    "EF531": "The web server is everyfamily web.",
    "EF533": "everyfamily returns open",
    "EF534": "Say them with --due and --closes.",
    "EF535": "everyfamily returns status",
    "EF540": "everyfamily worker",
    "EF541": "To close it now: --although and a reason.",
    "EF570": "everyfamily after-restore",
    "EF571": "everyfamily after-restore",
    "EF572": "everyfamily after-restore, or everyfamily after-restore --not-restored",
    "EF573": "everyfamily after-restore, or everyfamily after-restore --not-restored",
    "EF577": "everyfamily uncertain",
    "EF579": "everyfamily after-restore, or everyfamily after-restore --not-restored",
    "EF583": "--unknown CHANNEL=went, CHANNEL=never-went or CHANNEL=next-way, such as --unknown email=went. "
    "The provider's log: --taken FILE.",
    "EF660": '--agreed-by "First Last"',
    "EF661": "--although-open, if the key does not open any more",
    "EF654": "everyfamily hand-outs list --school URN --class CLASS",
    "EF655": "everyfamily hand-outs list --school URN",
    "EF670": "everyfamily returns status",
    "EF671": "everyfamily coverage --live",
    "EF701": "everyfamily check --rules",
    "EF952": "Give the folder as --packs, where a command has it, or name it in EVERYFAMILY_PACKS.",
    "EF960": "everyfamily new-area --questions",
    "EF961": "everyfamily new-area, with the file's folder, lists them.",
    "CHILD_DIED": "everyfamily died",
    **dict.fromkeys(("WORDS_THAT_CLOSE", "WORDS_ELSEWHERE", "RESTRICTION_NOT_KNOWN"), _DECIDE),
    **dict.fromkeys(("COURT_ORDER_NOT_KNOWN", "CORRESPONDENCE_NOT_KNOWN"), _DECIDE),
    "restored": "everyfamily uncertain",
    "route": "everyfamily routes list",
    "hand-out": "everyfamily hand-outs",
    "not begun": "everyfamily health",
}
"""Code of an error, of what is set aside of a roll, or kind of a task -> what to type on the command line."""


def hint(code: str) -> str:
    """What to type, or "" where the words say it already."""
    return HINTS.get(code, "")


TYPED: Final[Mapping[Next, str]] = {
    Next.IMPORT_ROLL: "everyfamily import roll FILE --school $urn",
    Next.IMPORT_THIS: "the same command without --dry-run",
    Next.IMPORT_ALTHOUGH: "the same command with --although-few-match --by and your name",
    Next.DECIDE_RESTRICTIONS: "everyfamily restrictions list --school $urn",
    Next.LOOK_AGAIN: "everyfamily restrictions list --school $urn --stale",
    Next.TELL_HOMES_APART: "everyfamily restrictions shared --school $urn",
    Next.SAY_WHO_IS_A_PARENT: "everyfamily parents list --school $urn",
    Next.SAY_WHO_LEFT: "everyfamily leavers list --school $urn",
    Next.SETTLE_CALLS: "everyfamily tasks",
    Next.ATTEST: "everyfamily attest --school $urn --by NAME",
    Next.ATTEST_RESTRICTIONS: "--restrictions-checked",
    Next.ATTEST_PARENTS: "--parents-checked",
    Next.DESTROY_KEY: "everyfamily keys destroy --school $urn",
    Next.GIVE_KIT: "everyfamily send-kit $letter --out FOLDER",
    Next.SAY_WHAT_WENT: "everyfamily uncertain --reference $reference",
    Next.PUBLISH_WITHDRAWAL: "give this again with --seals and --key",
    Next.MAKE_SITE: "everyfamily site",
    Next.CORRECT: "everyfamily send LETTER --corrects $reference ...",
    Next.REPLACE: "everyfamily send LETTER --replaces $reference ...",
    Next.STOPPED_IN_PRINT: "everyfamily stopped-in-print FILES --reference $reference",
    Next.TAKE_OUT: "everyfamily stopped-in-print --reference $reference",
    Next.TELL_ADULTS: "everyfamily owed list --school $urn",
    Next.OPEN_RETURNS: "everyfamily returns open --reference $reference --due DAY --closes DAY",
    Next.CONFIRM_RETURN: "everyfamily returns confirm",
    Next.RENEW_LINK: "everyfamily returns renew",
    Next.HAND_LINK_OVER: "everyfamily returns open --print-links",
    Next.START_WORKER: "everyfamily worker; docs/howto/run-the-workers.md has a service for it",
    Next.SEE_TASKS: "everyfamily tasks",
    Next.RING_ROUTE: "everyfamily routes rung NAME",
    Next.HAND_OUT: "everyfamily hand-outs list --school $urn",
    Next.LET_PART_GO_ON: "everyfamily resume --reference $reference --school $urn",
    Next.FILE_RETURN: "everyfamily returns status",
    Next.SEE_YEAR: "everyfamily year; docs/howto/plan-the-year.md says who does what by when",
    Next.MARK_YEAR: "everyfamily year done ADDRESS STEP --by NAME, when it is done; everyfamily year shows both",
    Next.REVIEW_LETTER: "everyfamily review $reference",
    Next.RESEAL_FACTORS: "everyfamily keys reseal",
    Next.GIVE_BRIEFING: "everyfamily send-kit LETTER --out FOLDER: its staff-briefing.pdf is for any school",
}
"""A next step -> what to type, with the step's values. What a step does not say is left for the reader: URN."""
_LEFT_TO_SAY = {"urn": "URN", "letter": "LETTER", "reference": "REFERENCE"}


def typed(step: Step) -> str:
    """What to type for a step, or "" if there is nothing to do here."""
    return (
        Template(TYPED[step.next]).substitute(_LEFT_TO_SAY | dict(step.values)) if step.next is not None else ""
    )


def in_words(step: Step) -> str:
    """The step's sentence, with what to type."""
    return f"{step.sentence} ({typed(step)})" if step.next is not None else step.sentence


def steps_as_lines(steps: Iterable[Step]) -> Iterator[str]:
    """A line for each step. One that belongs to the sentence before it begins with what to type."""
    for step in steps:
        yield f"  {typed(step)}   ({step.sentence})" if step.is_item else in_words(step)
