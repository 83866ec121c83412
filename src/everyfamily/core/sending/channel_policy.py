"""A school's channel policy as it is stored, and what may be stored: which ways in which order, whether paper follows a
text, and how fast its letters are posted. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.sending.fallback import Channel, Policy

CHOICES: Final[Mapping[str, Mapping[str, object]]] = {
    "all": {},
    "paper": {"order": [Channel.POST.value, Channel.PUPIL_POST.value]},
    "no paper after text": {"paper_after_text": False},
}
"""What a school chooses from, by the word that a list of schools has for it."""
CHOICE_WORDS: Final[Mapping[str, str]] = {
    "all": "Email first, then text, then post, then paper that the child takes home",
    "paper": "Only paper: post, then paper that the child takes home",
    "no paper after text": "As the first, but no paper after a text",
}
_WORDS: Final[Mapping[Channel, str]] = {
    Channel.EMAIL: "email",
    Channel.TEXT: "text",
    Channel.POST: "post",
    Channel.PUPIL_POST: "paper that the child takes home",
}
_KNOWN = frozenset({"order", "paper_after_text", "postage"})


class PolicyNotGood(EveryfamilyError):
    """A school's channel policy that nobody could send by."""

    code = "EF564"


def policy_of(data: Mapping[str, object]) -> Policy:
    """A school's policy from its stored form. What is missing is as in `Policy()`. Raises PolicyNotGood."""
    default = Policy()
    if unknown := data.keys() - _KNOWN:
        raise _not_good(f"{len(unknown)} of its settings {'is' if len(unknown) == 1 else 'are'} not known.")
    after_text = data.get("paper_after_text", default.paper_after_text)
    if not isinstance(after_text, bool):
        raise _not_good("Whether paper follows a text is neither yes nor no.")
    order = _order(data["order"]) if "order" in data else default.order
    return Policy(order=order, paper_after_text=after_text)


def _order(raw: object) -> tuple[Channel, ...]:
    known = [channel.value for channel in Channel]
    if not isinstance(raw, list) or not raw or any(name not in known for name in raw):
        raise _not_good("Its order is not a list of ways that are known.")
    if len(set(raw)) < len(raw):
        raise _not_good("Its order has a way twice.")
    return tuple(Channel(name) for name in raw)


def _not_good(fact: str) -> PolicyNotGood:
    return PolicyNotGood(f"The channel policy cannot be used. {fact}", "Choose one of the ways that are offered.")


def chosen(name: str, before: Mapping[str, object]) -> dict[str, object]:
    """The policy that a school chose by a word of CHOICES. How fast its letters are posted stays. Raises
    PolicyNotGood."""
    if name not in CHOICES:
        raise _not_good("This is not one of the choices.")
    kept = {"postage": before["postage"]} if "postage" in before else {}
    made = {**CHOICES[name], **kept}
    policy_of(made)
    return made


def choice_of(data: Mapping[str, object]) -> str:
    """The word for a stored policy, or "" for one that no choice makes."""
    here = {name: value for name, value in data.items() if name != "postage"}
    return next((name for name, policy in CHOICES.items() if policy == here), "")


def in_words(data: Mapping[str, object]) -> str:
    """A stored policy in words. Raises PolicyNotGood."""
    if name := choice_of(data):
        return CHOICE_WORDS[name]
    policy = policy_of(data)
    ways = ", then ".join(_WORDS[channel] for channel in policy.order)
    return f"{ways.capitalize()}{'' if policy.paper_after_text else '. No paper after a text'}"
