"""The forms of an English verb or noun, by rule and with a short list of exceptions.

That is enough for the words in our own lists, because people read their forms when they are added. A library of lemmas
takes longer to load than a whole check may take.
"""

from __future__ import annotations

import re
from functools import cache

_IRREGULAR = """
be is are was were been being am|have has had having|do does did done doing|go goes went gone going|make makes made
making|take takes took taken taking|give gives gave given giving|get gets got gotten getting|let lets letting|put puts
putting|send sends sent sending|keep keeps kept keeping|tell tells told telling|speak speaks spoke spoken speaking|say
says said saying|know knows knew known knowing|think thinks thought thinking|see sees saw seen seeing|find finds found
finding|bring brings brought bringing|buy buys bought buying|sell sells sold selling|hide hides hid hidden hiding|fall
falls fell fallen falling|choose chooses chose chosen choosing|come comes came coming|become becomes became becoming|run
runs ran running|meet meets met meeting|leave leaves left leaving|lose loses lost losing|hold holds held holding|feel
feels felt feeling|fight fights fought fighting|steal steals stole stolen stealing|break breaks broke broken breaking
|throw throws threw thrown throwing|wear wears wore worn wearing|read reads reading|write writes wrote written writing
|drive drives drove driven driving|ride rides rode ridden riding|sit sits sat sitting|stand stands stood standing|set
sets setting|lead leads led leading|hear hears heard hearing|show shows showed shown showing|catch catches caught
catching|teach teaches taught teaching|hit hits hitting|shut shuts shutting|hurt hurts hurting|lie lies lied lying|tie
ties tied tying|die dies died dying|forget forgets forgot forgotten forgetting|withdraw withdraws withdrew withdrawn
withdrawing|overhear overhears overheard overhearing|understand understands understood understanding|mean means meant
meaning|spread spreads spreading|cut cuts cutting|swallow swallows swallowed swallowing|sleep sleeps slept sleeping|eat
eats ate eaten eating|drink drinks drank drunk drinking|burn burns burned burnt burning|learn learns learned learnt
learning|wind winds wound winding|swear swears swore sworn swearing|grow grows grew grown growing|pay pays paid paying
|lay lays laid laying|rise rises rose risen rising|win wins won winning|begin begins began begun beginning|shake shakes
shook shaken shaking|stick sticks stuck sticking|bite bites bit bitten biting|strike strikes struck striking|seek seeks
sought seeking|stalk stalks stalked stalking|beat beats beating beaten|quit quits quitting|bid bids bidding
"""
_DOUBLED_WORDS = """
stop chat pop grab slip trap plug plan ban pat snap tip skip drop drag fit rob stab dab scan bin wrap tap
log spot jog nip step chip sip hug shop dig beg nag swab tag step admit commit permit refer prefer unplug
rid
"""
_DOUBLED = frozenset(_DOUBLED_WORDS.split())
_ODD_PLURALS = {
    "child": "children",
    "man": "men",
    "woman": "women",
    "person": "people",
    "knife": "knives",
    "life": "lives",
}


@cache
def _irregular() -> dict[str, tuple[str, ...]]:
    groups = (group.split() for group in _IRREGULAR.split("|"))
    return {words[0]: tuple(words) for words in groups}


def verb_forms(verb: str) -> tuple[str, ...]:
    """The verb with its -s, -ed and -ing forms. If there are several words, the first is the verb ("turn out")."""
    first, _, rest = verb.partition(" ")
    tail = f" {rest}" if rest else ""
    return tuple(form + tail for form in _irregular().get(first) or _regular(first))


def _regular(verb: str) -> tuple[str, ...]:
    if verb in _DOUBLED:
        doubled = verb + verb[-1]
        return verb, f"{verb}s", f"{doubled}ed", f"{doubled}ing"
    if re.search(r"[^aeiou]y$", verb):
        return verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"
    if verb.endswith("e"):
        return verb, f"{verb}s", f"{verb}d", f"{verb}ing" if verb.endswith(("ee", "oe")) else f"{verb[:-1]}ing"
    plural = f"{verb}es" if verb.endswith(("s", "x", "z", "ch", "sh")) else f"{verb}s"
    return verb, plural, f"{verb}ed", f"{verb}ing"


def noun_forms(noun: str) -> tuple[str, ...]:
    """The noun and its plural. If there are several words, the last is the noun ("group chat")."""
    before, space, last = noun.rpartition(" ")
    if last in _ODD_PLURALS:
        plural = _ODD_PLURALS[last]
    elif re.search(r"[^aeiou]y$", last):
        plural = f"{last[:-1]}ies"
    else:
        plural = f"{last}es" if last.endswith(("s", "x", "z", "ch", "sh")) else f"{last}s"
    return noun, f"{before}{space}{plural}"
