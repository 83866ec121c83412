"""Which mailbox an email address leads to, compared as its provider does.

Used only to close: an inbox that somebody who may not have the letter shares is closed, however it is spelled. Letters
are always sent to the address exactly as it was given (recipients.py).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Provider:
    """What a provider says about its own addresses. `ignores`: characters of the name that make no difference."""

    domain: str
    twins: tuple[str, ...] = ()
    """Other domains for the same mailboxes."""
    ignores: str = ""


_PROVIDERS = (
    # Google: "dots don't matter in Gmail addresses". googlemail.com was its name in the United Kingdom.
    _Provider("gmail.com", ("googlemail.com",), "."),
    # Apple: an account made at me.com or mac.com has the same name at icloud.com.
    _Provider("icloud.com", ("me.com", "mac.com")),
    # Yandex: one account has its name at each of its domains.
    _Provider("yandex.com", ("yandex.ru", "ya.ru", "yandex.by", "yandex.kz", "yandex.ua")),
    # Proton: dots, hyphens and underscores make no difference, and its domains share their names.
    _Provider("proton.me", ("protonmail.com", "protonmail.ch", "pm.me"), ".-_"),
)
_AT = {name: provider for provider in _PROVIDERS for name in (provider.domain, *provider.twins)}
_SUBDOMAINS_NAME_THE_MAILBOX = ("fastmail.com", "fastmail.fm")
"""Mail to any name at such a subdomain goes to the mailbox with the subdomain's name."""


def mailbox_of(email: str) -> str:
    """The mailbox behind an address, in one spelling: two addresses for one mailbox give the same.

    Case, a +tag, the script of the domain (punycode or not), and what the provider ignores make no difference.
    """
    name, _, domain = email.strip().rpartition("@")
    name, domain = _folded(name).strip().strip('"').replace("\\", ""), _domain(domain)
    for parent in _SUBDOMAINS_NAME_THE_MAILBOX:
        if domain.endswith(f".{parent}"):
            name, domain = domain.removesuffix(f".{parent}"), parent
    # An address may begin with a plus. Only what follows a name is a tag.
    name = name[:1] + name[1:].partition("+")[0]
    provider = _AT.get(domain)
    if provider is not None:
        domain = provider.domain
        name = name.translate(dict.fromkeys(map(ord, provider.ignores))) or name
    return f"{name}@{domain}"


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    shown = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", shown).casefold())


def _domain(domain: str) -> str:
    return ".".join(_label(label) for label in _folded(domain).strip(". ").split("."))


def _label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return _folded(label[4:].encode("ascii").decode("punycode"))
    except UnicodeError:
        return label
