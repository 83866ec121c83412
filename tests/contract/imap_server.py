"""A real IMAP server in this process (pymap), on a folder of Maildirs, with TLS or, only for tests, without."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import threading
from argparse import Namespace
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "bounces", "a password of a test"


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1 that nobody has signed, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    begins = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + datetime.timedelta(days=3))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = folder / "imap.crt", folder / "imap.key"
    cert_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return cert_file, key_file


class ImapServer:
    """One account, its mail in memory. `files` is the certificate and its key; without them there is no TLS."""

    def __init__(self, files: tuple[Path, Path] | None = None) -> None:
        self._files = files
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._thread: threading.Thread | None = None
        self._connections: set[Any] = set()
        self.port = 0

    def start(self) -> ImapServer:
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._ready.wait(20)
        return self

    def stop(self) -> None:
        """End it, and every connection that is open."""
        if self._thread is not None and self._loop is not None and self._task is not None:
            self._loop.call_soon_threadsafe(self._task.cancel)
            self._thread.join(20)
            self._thread = None

    def hang_up(self) -> None:
        """End every connection without QUIT, and keep listening."""
        assert self._loop is not None
        done = threading.Event()

        def cut() -> None:
            for writer in list(self._connections):
                writer.transport.abort()
            done.set()

        self._loop.call_soon_threadsafe(cut)
        assert done.wait(5)

    async def _serve(self) -> None:
        from proxyprotocol.reader import ProxyProtocolReader
        from pymap.backend.dict import DictBackend
        from pymap.imap import IMAPServer
        from pysasl.hashing import Cleartext

        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        args = Namespace(
            host=None, port=0, debug=False, cert=None, key=None, tls=False, proxy_protocol=None, passlib_cfg=None,
            demo_data=False, demo_user=USER, demo_password=PASSWORD, inherited_sockets=None,
        )  # fmt: skip
        # A password of a test needs no protection, and to stretch it took longer than all that is tested here.
        backend, config = await DictBackend.init(args, invalid_user_sleep=0.0, hash_context=Cleartext())
        config.apply_context()
        answer = ProxyProtocolReader(config.proxy_protocol).get_callback(IMAPServer(backend.login, config))

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self._connections.add(writer)
            with suppress(ConnectionError, asyncio.CancelledError):
                await answer(reader, writer)

        context = None
        if self._files is not None:
            import ssl

            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*self._files)
        async with AsyncExitStack() as stack:
            await backend.start(stack)
            server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context)
            self.port = server.sockets[0].getsockname()[1]
            self._ready.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                server.close()
                for writer in list(self._connections):
                    writer.transport.abort()
