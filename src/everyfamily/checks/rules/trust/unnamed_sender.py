"""A short text about harm must say which school or body sends it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.letter.text_messages import is_named_as_text_message, is_plain_text
from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, whole
from everyfamily.checks.text.about_harm import SHORT

_NOT_A_NAME = (
    "The|Our|Your|A|An|This|That|These|Any|Every|All|Each|Some|Local|In|At|Of|On|To|And|Dear|After|Before|From|Near"
    "|Outside|Primary|Secondary|High|Year|Parents?|Tell|Call|Ask|Ring|Phone"
    "|Contact|Text|Email|Report|Speak|Talk|Visit|See|Please"
)
_NAME = rf"\b(?!(?:{_NOT_A_NAME})\b)[A-Z][\w'&.-]{{0,20}}(?: [A-Z][\w'&.-]{{0,20}}| of| the| and| &){{0,4}}?"
_SCHOOL = re.compile(
    rf"{_NAME} (?:[Pp]rimary|[Ii]nfants?|[Jj]uniors?|[Hh]igh|[Ss]econdary|[Gg]rammar|[Aa]cademy|[Ss]chool|[Cc]ollege"
    r"|[Nn]ursery|[Pp]rovision|PRU|Centre|[Pp]re-?[Ss]chool|[Ff]ederation|[Ss]ixth [Ff]orm|[Pp]laygroup|CE|RC|C of E)\b"
    r"|(?i:(?<!\w)(?!(?:the|our|your|a|this|that|any|every|all|local|nearby|in|at|of|to|and|from|near|outside|their|his"
    r"|her|my|another|other|one|between|new|big)\b)[a-z'’]{3,20} (?:primary|infant|junior|high|secondary|grammar)"
    r" (?:school|academy)\b)"
)
_BODY = re.compile(
    rf"{_NAME} (?:Police|Constabulary|Council|Partnership|Children's Services|NHS|Trust|Diocese|Hospital|Surgery|Scouts"
    r"|Guides|FC|Club|Church|Mosque|Synagogue)\b"
)
_TO_TURN_TO = re.compile(
    r"\b(?:call|ring|phone|contact|tell|text|email|report (?:it |this )?to|speak to|talk to|ask|visit|told|informed)"
    r" (?:the )?$",
    re.IGNORECASE,
)
_SAYS_FROM = re.compile(
    r"(?:^|[.!?:] ?|\n)from (?:the |your |our |all |everyone )?(?!\d)\w"
    r"|(?:\A|\b(?:this|our)(?: is an?| short)? )(?:message|text|letter|note|update) (?:is |comes |to you )?"
    r"(?:from|by|on behalf of)\b"
    r"|\b(?:we|us|staff|everyone|all|team|office|head|lead|headteacher) (?:here )?at (?-i:[A-Z])"
    r"|\b(?:head ?(?:teacher|master|mistress)?|pupils|students|children|parents|families) of (?!year)(?-i:[A-Z])"
    r"|\b(?:it's|it is|this is|i am|i'm) (?-i:[A-Z])|(?-i:[A-Z])[\w'-]{1,20} here\b"
    r"|\b(?:all|to|our) (?-i:(?!Y|Class)[A-Z])[\w'-]{2,20} (?:families|parents|pupils|students)\b"
    r"|\b(?:school|nursery|college|academy), (?-i:[A-Z])"
    r"|[\w-]+\.(?:sch|gov|police|ac|nhs)\.uk\b|@[\w-]+\.\w|\(\([^()]{0,30}(?:school|sender|body|who|name|office)",
    re.IGNORECASE,
)
_BEGINS_WITH_A_NAME = re.compile(
    r"\W{0,3}[A-Z][\w'’&.-]{0,20}(?: (?:of|the|and|&|[A-Z][\w'’&.-]{0,20})){0,5} ?: "
)
_IS_A_CALL = re.compile(
    r"\b(?:warning|important|urgent|alerts?|reminder|notice|note|message|parents?|carers?|dear|hi|hello|all|update|info"
    r"|information|please|attention|news|re|about|safety|today)\b",
    re.IGNORECASE,
)
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Sir|Rev|Fr|Sister|Head of) ?\.? ?[A-Z]")
_ROLE = re.compile(
    r"^(?:head ?teachers?|principals?|heads?|deputy|deputies|dsl|leads?|teams?|office|reception|governors|staff"
    r"|administrators?|pastoral|safeguarding|school|academy|college|nursery|police|council|sendco|your|our|year|the|of|and|for|at)$",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"^(?:thanks?|stay|keep|kind|best|many|warm|yours|regards|take|call|ring|tell|contact|ask|report|speak|talk|please"
    r"|phone|text|email|see|look|visit|worried|in|if|the police|school|police)\b(?! (?:office|team|lead)\b)",
    re.IGNORECASE,
)
"""What the last words of a message often begin with, and a signature does not."""
_INITIALS = re.compile(r"(?!NOW|ASAP|SOS|CEOP|NSPCC|LADO|MASH)[A-Z]{2,6}")
_LONGEST_SIGNATURE = 8
"""In words."""
_MOST_CHARACTERS = 1_000
"""A longer text is no short one, even if it has few spaces."""
_ENDS = re.compile(
    r"(?<!\b[A-Z])[.!?;]\s+|\b(?:regards|sincerely|faithfully|wishes|thanks|thank you),?\s"
    r"|\n+|\s[–—-]\s?|,\s(?=(?:Mr|Mrs|Ms|Miss|Dr)\b)"
)
_EDGES = " .,*_()–—-"
_HINT = "Begin with who you are: ((school or body)): ..."


def check(context: CheckContext) -> Iterator[Hit]:
    """At most one hit: a short plain text from outside in which nobody says who they are."""
    texts = [document for document in context.documents if is_plain_text(document)]
    if context.letter is not None or not texts or not context.pieces:
        return
    text = "\n".join(piece.folded.text for piece in context.pieces)
    if len(text) > _MOST_CHARACTERS or len(text.split()) > SHORT or _names_a_sender(text):
        return
    weight = None if is_named_as_text_message(texts[0]) else Severity.ADVICE
    yield whole(context.pieces[0], "The text does not say who sends it", _HINT, severity=weight)


def _names_a_sender(text: str) -> bool:
    if _SCHOOL.search(text) or _SAYS_FROM.search(text):
        return True
    if any(not _TO_TURN_TO.search(text[: match.start()]) for match in _BODY.finditer(text)):
        return True
    begins = _BEGINS_WITH_A_NAME.match(text)
    return (begins is not None and not _IS_A_CALL.search(begins.group())) or _is_signed(text)


def _is_signed(text: str) -> bool:
    """Whether the last words are a name or a role: "Mrs Patel", "The school office", "J Marsh, Head"."""
    last = [part.strip(_EDGES) for part in _ENDS.split(text.strip()) if part.strip(_EDGES)][-2:]
    return any(_is_signature(part) for part in last)


def _is_signature(part: str) -> bool:
    words = re.sub(r"[(),]", "", part).split()
    if len(words) > _LONGEST_SIGNATURE or any(char.isdigit() for char in part) or _ASKS.match(part):
        return False
    if _TITLE.search(part):
        return words[0][0].isupper()
    is_named = len(words) > 1 or _ROLE.match(words[0]) is not None or _INITIALS.fullmatch(part) is not None
    return is_named and all(word[0].isupper() or _ROLE.match(word) for word in words)


RULE = Rule(
    "TR189",
    "unnamed-sender",
    Severity.WARNING,
    "letter",
    check,
    needs=frozenset({Need.ENGLISH}),
    only_about_harm=True,
)
