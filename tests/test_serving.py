"""The API's door: who takes nothing of an answer is dropped by the kernel, and holds nothing of the service's."""

from __future__ import annotations

import errno
import socket
from pathlib import Path

import pytest
from litestar import Litestar

from api import serving
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
