"""Which mailbox a setting names: `maildir:/var/mail/bounces` or `imaps://user@mail.example.org:993/INBOX`."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from everyfamily.channels.email.imap import Imap, ImapAccount
from everyfamily.channels.email.mailbox import Mailbox, MailboxAddressNotRight
from everyfamily.channels.email.maildir import Maildir

_THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})


def mailbox_at(address: str, password: str = "", *, insecure_for_tests: bool = False) -> Mailbox:
    """The mailbox that a setting names. Nothing is opened yet. Raises MailboxAddressNotRight.

    `imap://` without TLS is for tests: only on this machine, and only if asked for.
    """
    scheme, _, rest = address.partition(":")
    if scheme == "maildir":
        folder = Path(rest)
        if not folder.is_absolute():
            raise _wrong("A Maildir must be given with its whole path.")
        return Maildir(folder)
    return Imap(_account(address, password, insecure_for_tests))


def _account(address: str, password: str, insecure_for_tests: bool) -> ImapAccount:
    try:
        parts = urlsplit(address)
        host, port, user = parts.hostname or "", parts.port, unquote(parts.username or "")
    except ValueError:
        raise _wrong("The name of a mailbox cannot be read.") from None
    plain = parts.scheme == "imap" and insecure_for_tests and host in _THIS_MACHINE
    if parts.scheme != "imaps" and not plain:
        raise _wrong("A mailbox must begin with maildir: or imaps://.")
    if parts.password is not None:
        raise _wrong("A mailbox's address contains its password, and every list of processes would show it.")
    folder = unquote(parts.path.strip("/")) or "INBOX"
    if not host or not user or parts.query or parts.fragment or not folder.isascii() or not folder.isprintable():
        raise _wrong("A mailbox's address has no user or no host, or has something that it must not have.")
    if not password:
        raise _wrong("A mailbox's password is not set.")
    return ImapAccount(host, port or (143 if plain else 993), user, password, folder, tls=not plain)


def _wrong(fact: str) -> MailboxAddressNotRight:
    return MailboxAddressNotRight(
        fact,
        "Write maildir:/folder, or imaps://user@host:993/INBOX with the password in the variable that ends in "
        "_PASSWORD.",
    )
