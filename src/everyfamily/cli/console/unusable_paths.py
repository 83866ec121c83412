"""A file, a folder or an address that the system refuses, in a sentence: one solution for `--out` and every similar
option."""

from __future__ import annotations

import errno
import ipaddress
import socket
from collections.abc import Mapping

import click

from everyfamily.core.errors import EveryfamilyError


class PlaceNotUsable(EveryfamilyError):
    """The system does not allow a file or folder to be made, read or written there."""

    code = "EF912"


class AddressNotFree(EveryfamilyError):
    """The pages cannot be served at this address of the machine."""

    code = "EF913"


_MISSING = "Make the folder first, or name another place."
_NOT_ALLOWED = "Name a place that you may write to."
_ROOM = "Make room on this disk, or name a place on another."
_FIXES: Mapping[int, str] = {
    errno.ENOENT: _MISSING,
    errno.ENOTDIR: _MISSING,
    errno.EACCES: _NOT_ALLOWED,
    errno.EPERM: _NOT_ALLOWED,
    errno.EROFS: _NOT_ALLOWED,
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EISDIR: "Name a file: there is a folder of this name.",
    errno.EEXIST: "Name another place, or move away what is there.",
    errno.ENOTEMPTY: "Name another place, or move away what is there.",
    errno.ENAMETOOLONG: "Name a place with a shorter name.",
}
_NO_PLACE = (errno.ENOSPC, errno.EDQUOT)
"""Used even if the system names no place: the disk is full."""


def place_not_usable(problem: OSError) -> PlaceNotUsable | None:
    """The sentence for what the system said, or None if it is not about a place that a person can choose."""
    if problem.filename is None and problem.errno not in _NO_PLACE:
        return None
    name = problem.filename
    place = name.decode(errors="replace") if isinstance(name, bytes) else str(name) if name else "The file"
    said = (problem.strerror or "the system gave no reason").lower()
    return PlaceNotUsable(
        f"{place} cannot be used: {said}.", _FIXES.get(problem.errno or 0, "Name another place.")
    )


def one_address(_: click.Context, __: click.Parameter, value: str) -> str:
    """A click callback: the address of one machine, in the system's own form, never a name, a range or "*"."""
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        raise click.BadParameter("Give the address of one proxy, such as 10.0.0.4.") from None


def require_address(bind: str, port: int) -> None:
    """Raise AddressNotFree unless something new can listen there."""
    try:
        family, _, _, _, address = socket.getaddrinfo(bind, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            raise AddressNotFree(
                f"Something else on this machine answers on {bind}, port {port}.",
                f"Name another port, such as --port {port + 1}, or stop the other program.",
            ) from problem
        said = (problem.strerror or "the system gave no reason").lower()
        raise AddressNotFree(
            f"The pages cannot be served on {bind}, port {port}: {said}.",
            "Name an address of this machine with --bind, and a port above 1023 with --port.",
        ) from problem
