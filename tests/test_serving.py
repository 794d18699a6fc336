"""The API's door: who takes nothing of an answer is dropped by the kernel, and holds nothing of the service's."""

from __future__ import annotations

import contextlib
import errno
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from litestar import Litestar
from litestar.datastructures import State

from api import serving
from api.pokes import Pokes
from api.settings import Settings
from tests.conftest import SECRET


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="the kernel has no TCP_USER_TIMEOUT")
def test_who_takes_nothing_of_an_answer_is_dropped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(serving, "UNREAD_SECONDS", 1)
    settings = Settings(data_dir=tmp_path, secret_key=SECRET, port=0)
    with serving.Server(Litestar(), settings).listen() as door, socket.socket() as client:
        door.listen()
        client.connect(door.getsockname())
        accepted, _ = door.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY), "each answer would wait for an ACK"
            accepted.settimeout(60)
            with pytest.raises(OSError, match="timed out") as dropped:
                accepted.sendall(bytes(2**28))
    assert dropped.value.errno == errno.ETIMEDOUT


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nhost: x\r\nlong: " + b"a" * 2**20,
        b"GET / HTTP/1.1\r\nhost: x\r\n" + b"a: b\r\n" * 2**16,
        b"GET / HTTP/1.1\r\nhost: x\r\nlong: " + b"a" * 20_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nhost: x\r\n\r\n",
    ],
    ids=["a value without end", "fields without end", "one value", "a path"],
)
def test_a_head_that_is_too_long_is_refused(head: bytes, tmp_path: Path) -> None:
    with served(tmp_path) as client:
        client.sendall(b"GET / HTTP/1.1\r\nhost: x\r\nlong: " + b"a" * 12_000 + b"\r\n\r\n")
        assert first_answer(client).startswith(b"HTTP/1.1 404"), "a long head is one, a body or a next request none"
        with contextlib.suppress(ConnectionError):
            client.sendall(head)
        answer = b""
        with contextlib.suppress(ConnectionError):
            while part := client.recv(2**16):
                answer += part
    assert not answer or answer.startswith(b"HTTP/1.1 400")


def test_a_long_body_is_no_head(tmp_path: Path) -> None:
    with served(tmp_path) as client:
        for _ in range(3):
            client.sendall(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 300000\r\n\r\n" + b"a" * 300_000)
            assert first_answer(client).startswith(b"HTTP/1.1 404")


def first_answer(client: socket.socket) -> bytes:
    """The whole answer, which may come in pieces: its head and an object."""
    found = b""
    while not found.endswith(b"}") and (part := client.recv(2**16)):
        found += part
    return found


@contextmanager
def served(folder: Path) -> Iterator[socket.socket]:
    """A client of a server that knows no route."""
    app = Litestar(state=State({"desk": SimpleNamespace(pokes=Pokes())}))
    server = serving.Server(app, Settings(data_dir=folder, secret_key=SECRET, port=0))
    with server.listen() as door, socket.socket() as client:
        door.listen()
        thread = threading.Thread(target=server.run, args=([door],))
        thread.start()
        try:
            client.settimeout(60)
            client.connect(door.getsockname())
            yield client
        finally:
            client.close()
            server.should_exit = True
            thread.join()
