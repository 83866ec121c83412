"""The audit trail in plain words: what somebody did, as the end of a sentence that begins with who did it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from everyfamily.core.actors import ActorKind
from everyfamily.core.text.languages import english_name
from everyfamily.core.text.name_lists import joined_names


class Kind(StrEnum):
    """What an event is about, for a filter."""

    ACCOUNTS = "accounts"
    SETTINGS = "settings"
    LETTERS = "letters"
    MAILINGS = "mailings"
    RETURNS = "returns"
    SCHOOLS = "schools"
    ROLLS = "rolls"
    KEYS = "keys"
    RUNNING = "running"


KIND_WORDS: Final[Mapping[Kind, str]] = {
    Kind.ACCOUNTS: "People with accounts, and signing in",
    Kind.SETTINGS: "Settings of the partnership",
    Kind.LETTERS: "Letters",
    Kind.MAILINGS: "Mailings",
    Kind.RETURNS: "Returns",
    Kind.SCHOOLS: "Lists of schools and figures",
    Kind.ROLLS: "Rolls and decisions at a school",
    Kind.KEYS: "Keys",
    Kind.RUNNING: "Running the product",
}
AT_A_SCHOOL: Final = frozenset({Kind.ACCOUNTS, Kind.MAILINGS, Kind.RETURNS, Kind.ROLLS, Kind.KEYS})
"""What a school's own trail may have."""
HOW: Final[Mapping[str, str]] = {
    ActorKind.PERSON: "in a browser",
    ActorKind.COMMAND: "by a command",
    ActorKind.WORKER: "by the product itself",
    ActorKind.LINK: "by a link in a school’s mailbox",
}
"""How somebody came to act, by the kind of the actor."""

_FACTORS: Final = {
    "authenticator app": "an authenticator app",
    "passkey": "a passkey",
    "recovery codes": "their recovery codes",
}
SAID: Final[Mapping[str, tuple[Kind, str]]] = {
    "person invited": (Kind.ACCOUNTS, "invited somebody to be {role}"),
    "invitation cancelled": (Kind.ACCOUNTS, "cancelled an invitation"),
    "invitation accepted": (Kind.ACCOUNTS, "accepted an invitation to be {role}"),
    "let in again": (
        Kind.ACCOUNTS,
        "let {subject} in again, after the old password and second factor were ended",
    ),
    "link sent again": (Kind.ACCOUNTS, "had the link by which {subject} comes in again sent once more"),
    "came in again": (Kind.ACCOUNTS, "came in again with a new password"),
    "account suspended": (Kind.ACCOUNTS, "stopped the account of {subject}"),
    "account works again": (Kind.ACCOUNTS, "let {subject} work again"),
    "suspension looked at": (Kind.ACCOUNTS, "looked at it that {subject} was stopped"),
    "role ended": (Kind.ACCOUNTS, "ended the role of {role} of {subject}"),
    "signed in": (Kind.ACCOUNTS, "signed in"),
    "password changed": (Kind.ACCOUNTS, "changed their password"),
    "password hashed again": (Kind.ACCOUNTS, "signed in with a password that is now hashed in a newer way"),
    "other sessions ended": (Kind.ACCOUNTS, "signed out everywhere else"),
    "passkey used": (Kind.ACCOUNTS, "showed with a passkey that it is still them"),
    **{
        f"{factor} {what}": (Kind.ACCOUNTS, f"{what} {words}")
        for factor, words in _FACTORS.items()
        for what in ("added", "removed", "renamed", "replaced")
    },
    "school invited": (Kind.ACCOUNTS, "wrote to {subject} to invite its first lead"),
    "school invitation cancelled": (Kind.ACCOUNTS, "cancelled the invitation of {subject}"),
    "school code asked for": (Kind.ACCOUNTS, "asked for a code to the mailbox of {subject}"),
    "second lead stopped": (Kind.ACCOUNTS, "stopped the second lead of {subject}, who came by its mailbox"),
    "school confirmed": (Kind.ACCOUNTS, "gave the code from the mailbox of {subject}"),
    "reset asked for": (Kind.ACCOUNTS, "asked to let {subject} in again, after a day"),
    "reset cancelled": (Kind.ACCOUNTS, "stopped letting {subject} in again"),
    "own sign-in connected": (Kind.ACCOUNTS, "connected an account with their organisation’s own sign-in"),
    "sign-in by nobody invited": (
        Kind.ACCOUNTS,
        "turned away somebody who signed in elsewhere and was not invited",
    ),
    "choose digest": (Kind.ACCOUNTS, "chose whether to get the daily email"),
    "notice seen": (Kind.ACCOUNTS, "said that they have seen a notice"),
    "tell people": (Kind.RUNNING, "had emails written to people about what was done: {emails}"),
    "write desk mail": (Kind.RUNNING, "wrote emails about what waits: {digests} daily and {urgent} urgent"),
    "download audit trail": (Kind.ACCOUNTS, "downloaded the audit trail"),
    "record review": (Kind.MAILINGS, "recorded a review of {subject}"),
    "mark year step": (Kind.LETTERS, "said that a step is done for the planned letter {id}: {step}"),
    "ring route": (Kind.LETTERS, "rang the line {place}, and it is good"),
    "report dead route": (Kind.LETTERS, "reported that the line {place} is dead"),
    "propose settings": (Kind.SETTINGS, "asked for a change of the settings"),
    "put settings in force": (Kind.SETTINGS, "put changed settings in force"),
    "give up settings": (Kind.SETTINGS, "gave up a change of the settings"),
    "import settings": (Kind.SETTINGS, "brought the settings in from a file"),
    "agree to settings": (Kind.SETTINGS, "agreed to the settings from a file"),
    "begin letter": (Kind.LETTERS, "began {subject} from the pack {pack}"),
    "write letter": (Kind.LETTERS, "changed words of {subject}: {sections}"),
    "date letter": (Kind.LETTERS, "gave {subject} the date {dated}"),
    "take newer pack": (Kind.LETTERS, "put {subject} on version {version} of its pack"),
    "read translation": (Kind.LETTERS, "recorded that somebody read the translation of {subject} ({language})"),
    "give up letter": (Kind.LETTERS, "gave up {subject}"),
    "overtake letter": (Kind.LETTERS, "made every approval of {subject} void: {why}"),
    "propose waiver": (Kind.LETTERS, "proposed to accept {code} in {subject}"),
    "end waiver": (Kind.LETTERS, "took back that {code} is accepted in {subject}"),
    "leave note": (Kind.LETTERS, "left a note on {subject}"),
    "settle note": (Kind.LETTERS, "settled a note on {subject}"),
    "ask for approval": (Kind.LETTERS, "asked for approval of {subject}, version {version}"),
    "freeze letter": (Kind.LETTERS, "froze {subject}, version {version}, with the fingerprint {fingerprint}"),
    "approve letter": (Kind.LETTERS, "approved {subject} for {signatory} ({kind})"),
    "review letter": (Kind.LETTERS, "said that the words of {subject} were reviewed"),
    "ask for change": (Kind.LETTERS, "asked for a change of {subject}"),
    "ask to seal": (Kind.LETTERS, "asked for {subject} to be sealed"),
    "send draft to oneself": (
        Kind.LETTERS,
        "sent letter {subject}, as it is being written, to their own address",
    ),
    "clear files of old versions": (
        Kind.LETTERS,
        "deleted {files} files of versions that count for nothing any more",
    ),
    "seal letter": (Kind.LETTERS, "sealed {subject}"),
    "keep recording": (Kind.LETTERS, "put in a recording of {subject} ({language})"),
    "take recording away": (Kind.LETTERS, "took a recording of {subject} away ({language})"),
    "ask to withdraw letter": (Kind.LETTERS, "stopped {subject} and asked for it to be withdrawn"),
    "agree to withdrawal": (Kind.LETTERS, "agreed to withdraw {subject}"),
    "take back withdrawal": (Kind.LETTERS, "took back that {subject} should be withdrawn"),
    "withdraw letter": (Kind.LETTERS, "withdrew {subject}"),
    "ask to let mailing go on": (Kind.LETTERS, "asked for the mailing of {subject} to go on"),
    "agree to going on": (Kind.LETTERS, "agreed that the mailing of {subject} goes on"),
    "take back going on": (Kind.LETTERS, "took back that the mailing of {subject} should go on"),
    "open mailing": (Kind.MAILINGS, "opened the mailing of letter {letter} to {schools} schools"),
    "begin wave": (Kind.MAILINGS, "began wave {wave} with {deliveries} letters"),
    "pause mailing": (Kind.MAILINGS, "paused {subject}"),
    "resume mailing": (Kind.MAILINGS, "let {subject} go on"),
    "pause school": (Kind.MAILINGS, "paused the school’s part of {subject}"),
    "resume school": (Kind.MAILINGS, "let the school’s part of {subject} go on"),
    "withdraw mailing": (Kind.MAILINGS, "ended {subject}, because its letter was withdrawn"),
    "close mailing": (Kind.MAILINGS, "closed {subject}"),
    "close mailing, links cut": (Kind.MAILINGS, "cut what connected {subject} to people"),
    "close tasks": (Kind.MAILINGS, "closed {tasks} tasks of {subject}"),
    "record hand-outs": (Kind.MAILINGS, "recorded which copies were handed out in {subject}"),
    "record stopped print": (Kind.MAILINGS, "recorded letters that the print house stopped in {subject}"),
    "settle owed correction": (Kind.MAILINGS, "recorded whether somebody with a wrong letter was told"),
    "decide uncertain": (Kind.MAILINGS, "decided about letters that may have gone before a restore"),
    "open returns": (Kind.RETURNS, "opened the returns of {subject}, due on {due_on}"),
    "make return link": (Kind.RETURNS, "made a link to the return of {subject}"),
    "revoke return link": (Kind.RETURNS, "ended a link to the return of {subject}"),
    "file return": (Kind.RETURNS, "filed a return of {subject}"),
    "say not sent": (Kind.RETURNS, "said that the school had not sent the withdrawn letter of {subject}"),
    "write reminder": (Kind.RETURNS, "wrote a reminder of {subject}"),
    "ask for mailboxes": (Kind.SCHOOLS, "asked for other mailboxes for schools"),
    "agree to mailboxes": (Kind.SCHOOLS, "agreed to mailboxes that somebody had asked for"),
    "take back mailboxes": (Kind.SCHOOLS, "stopped a mailbox that somebody had asked for"),
    "put mailboxes in force": (Kind.SCHOOLS, "put mailboxes in force"),
    "import schools": (Kind.SCHOOLS, "brought in a list of schools"),
    "add schools": (Kind.SCHOOLS, "added {schools} schools"),
    "take back schools": (Kind.SCHOOLS, "took a list of schools back"),
    "convert school": (Kind.SCHOOLS, "made school {to} the successor of school {from}"),
    "change school": (Kind.SCHOOLS, "changed the school’s settings: {changed}"),
    "file figure": (Kind.SCHOOLS, "brought in an official figure"),
    "import roll": (Kind.ROLLS, "put in a roll"),
    "hold roll": (Kind.ROLLS, "held a roll that matches too little"),
    "take roll back": (Kind.ROLLS, "took the newest roll back"),
    "upload roll": (Kind.ROLLS, "uploaded a roll’s file, to look at"),
    "read roll again": (Kind.ROLLS, "had a file read again that went in before"),
    "ask to put roll in": (Kind.ROLLS, "asked for an uploaded roll to be put in"),
    "say whose roll": (Kind.ROLLS, "said that a held roll {ours} the school’s"),
    "delete uploaded roll": (Kind.ROLLS, "deleted an uploaded roll that had not gone in"),
    "fail roll": (Kind.ROLLS, "could not read an uploaded roll: {code}"),
    "clear uploaded roll": (Kind.ROLLS, "cleared what was kept of an uploaded roll"),
    "forget columns": (Kind.ROLLS, "had what was said about columns of exports forgotten"),
    "save mapping": (Kind.ROLLS, "said what the headings of a roll mean"),
    "answer about an export": (Kind.ROLLS, "answered questions about an export"),
    "attest": (Kind.ROLLS, "said that the roll is right"),
    "read notes": (Kind.ROLLS, "read notes and said that they keep nobody away"),
    "attest restrictions": (Kind.ROLLS, "said that the restrictions are right"),
    "attest parents": (Kind.ROLLS, "said who is a parent or carer"),
    "restriction": (Kind.ROLLS, "changed who may have the letter about {child}"),
    "review restriction": (Kind.ROLLS, "decided that an adult {to}"),
    "decide restrictions in a batch": (Kind.ROLLS, "decided about several restrictions at once"),
    "parent or carer": (Kind.ROLLS, "said whether adult {parent} is a parent or carer"),
    "tell homes apart": (Kind.ROLLS, "told two homes apart"),
    "say one home": (Kind.ROLLS, "said that two addresses are one home"),
    "record objection": (Kind.ROLLS, "recorded that adult {id} objects"),
    "lift objection": (Kind.ROLLS, "recorded that adult {id} objects no more"),
    "note call": (Kind.ROLLS, "noted what adult {id} asked for on the telephone: {asked}"),
    "leave call": (Kind.ROLLS, "left adult {id} as they were after a call: {asked}"),
    "record death of adult": (Kind.ROLLS, "recorded that adult {id} has died"),
    "take back death of adult": (Kind.ROLLS, "took back that adult {id} has died"),
    "opt out": (Kind.ROLLS, "recorded that adult {id} wants nothing by {channel}"),
    "undo opt out": (Kind.ROLLS, "recorded that adult {id} may be written to by {channel} again"),
    "ways work again": (Kind.ROLLS, "said that a failed {channel} of adult {id} works again"),
    "download families": (Kind.ROLLS, "downloaded the list of the school’s families of {subject}"),
    "download contacts": (Kind.ROLLS, "downloaded the list of contacts that do not work"),
    "look at list": (Kind.ROLLS, "looked at the names in “{id}”"),
    "confirm leavers": (Kind.ROLLS, "confirmed leavers: {children}"),
    "keep pupils": (Kind.ROLLS, "confirmed children who are still here: {children}"),
    "record death": (Kind.ROLLS, "recorded that {child} has died"),
    "take back death": (Kind.ROLLS, "took back that {child} has died"),
    "subject access": (Kind.ROLLS, "exported the data of adult {id}"),
    "look at adult": (Kind.ROLLS, "looked at the data of adult {id}"),
    "download export": (Kind.ROLLS, "downloaded the data of adult {id}"),
    "forget adult": (Kind.ROLLS, "deleted the name and addresses of adult {id}"),
    "purge": (Kind.ROLLS, "deleted what is no longer needed"),
    "add master key": (Kind.KEYS, "added a master key"),
    "forget master key": (Kind.KEYS, "forgot master key {id}"),
    "rewrap ledger key": (Kind.KEYS, "wrapped the key of {subject} with a newer master key"),
    "rewrap school key": (Kind.KEYS, "wrapped the school’s key with a newer master key"),
    "second factors encrypted again": (
        Kind.KEYS,
        "encrypted the second factors of account {id} with a newer key",
    ),
    "rotate school key": (Kind.KEYS, "gave the school’s values a new key"),
    "ask to destroy school key": (Kind.KEYS, "asked for the school’s key to be destroyed"),
    "destroy school key": (Kind.KEYS, "agreed, and destroyed the school’s key"),
    "take back destroying school key": (Kind.KEYS, "said that the school’s key is to stay"),
    "renew school key": (Kind.KEYS, "gave the school a new key"),
    "make approval key": (Kind.KEYS, "made a key that approves for {body}: it waits for a second person"),
    "confirm approval key": (Kind.KEYS, "compared a key that approves for {body} by phone, and confirmed it"),
    "endorse approval key": (Kind.KEYS, "let a further key approve for {body}, with one that counts"),
    "end approval key": (Kind.KEYS, "ended a key that approves for {body}"),
    "set pace": (Kind.RUNNING, "set the pace of {subject} to {per_minute} a minute"),
    "ask for work": (Kind.RUNNING, "asked for {what}"),
    "cancel work": (Kind.RUNNING, "stopped {what}"),
    "see failed work": (Kind.RUNNING, "said that they have seen that {what} failed"),
    "end work": (Kind.RUNNING, "recorded what became of {what}: {became}"),
    "after restore": (Kind.RUNNING, "said that the database was restored"),
    "not restored": (Kind.RUNNING, "said that the database was not restored"),
    "begin audit chain": (Kind.RUNNING, "began to link the events of the audit trail"),
}
"""An action -> what it is about, and its words. {subject} is what it was done to, {id} its number, and the others are
from the event's detail."""

_PLACES: Final = {"outside": "subject and text messages"}
_ROLES: Final = {"lead": "safeguarding lead", "office": "school office", "dpo": "data protection officer"}
_VALUES: Final[Mapping[tuple[str, str, str], str]] = {
    ("say whose roll", "ours", "True"): "is",
    ("say whose roll", "ours", "False"): "is not",
    ("review restriction", "to", "none"): "may have the letter",
    ("review restriction", "to", "do not send"): "must not have the letter",
    ("review restriction", "to", "hold"): "waits",
    ("review restriction", "to", "unknown"): "waits",
    ("approve letter", "kind", "ed25519"): "with a key file",
    ("approve letter", "kind", "passkey"): "with a passkey",
    ("overtake letter", "why", "words"): "the words changed",
    ("overtake letter", "why", "waivers"): "a waiver changed",
    ("overtake letter", "why", "date"): "the date changed",
    ("overtake letter", "why", "pack"): "it has a newer pack",
    ("overtake letter", "why", "settings"): "the settings changed",
    ("overtake letter", "why", "translation"): "a translation changed",
    ("overtake letter", "why", "asked again"): "approval was asked for again",
    ("overtake letter", "why", "ended"): "it was given up",
}
"""What a value of an action's detail means in its sentence."""


@dataclass(frozen=True, slots=True)
class Done:
    """What an event says: the words after the name of whoever did it."""

    words: str
    kind: Kind | None
    """None for an action that has no words yet."""


def what_was_done(
    action: str, subject_type: str, subject_id: str, detail: Mapping[str, Any], subject: str = "", child: str = ""
) -> Done:
    """An event in words. `subject` is a name for what it was done to, if the caller knows one ("letter ES-2703-K7R4").
    `child` names the child whom it is about ("child S-20417"), which only its own school is shown: our number for it
    says nothing to anybody.

    An action without words of its own is still readable: by its own name and what it was done to.
    """
    subject = subject or " ".join(part for part in (subject_type, subject_id) if part)
    if action not in SAID:
        return Done(f"did this: {action}" + (f" ({subject})" if subject else ""), None)
    kind, words = SAID[action]
    values = {name: detail_in_words(action, name, value) for name, value in detail.items()}
    return Done(
        words.format_map(_Known(values | {"subject": subject, "id": subject_id, "child": child or "a child"})),
        kind,
    )


def detail_in_words(action: str, name: str, value: object) -> str:
    """One value of an event's detail, for people: "danger and talk, in English" of ["en danger", "en talk"]."""
    if (known := _VALUES.get((action, name, str(value)))) is not None:
        return known
    if name == "sections" and isinstance(value, list):
        return _sections(value)
    if name == "language" and isinstance(value, str) and value:
        return english_name(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _ROLES.get(str(value)) or (", ".join(map(str, value)) if isinstance(value, list) else str(value))


def _sections(places: list[object]) -> str:
    """Sections of a letter by their language. Each is "en danger", "en newsletter/call"."""
    by: dict[str, list[str]] = {}
    for place in places:
        language, _, section = str(place).partition(" ")
        by.setdefault(language, []).append(_PLACES.get(section, section.replace("/", " ")))
    return "; ".join(f"{joined_names(names)}, in {english_name(language)}" for language, names in by.items())


def actions_of(kind: Kind) -> tuple[str, ...]:
    """The actions that are about this."""
    return tuple(action for action, (about, _) in SAID.items() if about is kind)


class _Known(dict[str, str]):
    """What the detail of an older event does not say."""

    def __missing__(self, key: str) -> str:
        return "(not recorded)"
