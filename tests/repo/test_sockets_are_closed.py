"""No test reaches the network by accident; this machine and Unix sockets are open."""

from __future__ import annotations

import asyncio
import socket
import urllib.request

import pytest
from pytest_socket import SocketConnectBlockedError

# Of the blocks that RFC 5737 and RFC 3849 keep free for documents: nobody is there.
NOBODY = [(socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")]


@pytest.mark.filterwarnings("ignore:A test tried to use socket")
@pytest.mark.parametrize(("family", "address"), NOBODY)
def test_the_network_is_closed(family: socket.AddressFamily, address: str) -> None:
    with socket.socket(family) as client, pytest.raises(SocketConnectBlockedError):
        client.connect((address, 80))


@pytest.mark.filterwarnings("ignore:A test tried to use socket")
def test_it_is_closed_to_libraries_too() -> None:
    with pytest.raises(SocketConnectBlockedError):
        urllib.request.urlopen("http://192.0.2.1/")


def test_this_machine_is_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.connect(server.getsockname())


def test_unix_sockets_are_open() -> None:
    left, right = socket.socketpair(socket.AF_UNIX)
    with left, right:
        left.sendall(b"letter")
        assert right.recv(6) == b"letter"
    asyncio.run(asyncio.sleep(0))
