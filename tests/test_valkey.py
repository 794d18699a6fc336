"""The embedded queue: started, adopted, kept over a kill, and gone when asked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from api.instance import MOST_SOCKET_BYTES, own_queue, socket_path
from api.valkey import Valkey
from tests.conftest import ROOT


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    server = Valkey(socket_path(tmp_path), tmp_path / "queue")
    yield server
    server.stop()


def client(tmp_path: Path) -> redis.Redis:
    return redis.Redis.from_url(own_queue(tmp_path))


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_live_server_is_adopted_not_started_twice(valkey: Valkey, tmp_path: Path) -> None:
    assert valkey.ensure()
    other = Valkey(valkey.socket, valkey.folder)
    assert not other.ensure()
    assert other.pid == valkey.pid


def test_a_server_that_outlived_a_killed_launcher_is_adopted_and_ended(tmp_path: Path) -> None:
    launch = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from api.instance import socket_path; from api.valkey import Valkey\n"
        "v = Valkey(socket_path(Path(sys.argv[1])), Path(sys.argv[1]) / 'queue')\n"
        "v.ensure(); print(v.pid, flush=True); os.kill(os.getpid(), 9)\n"
    )
    launched = subprocess.run([sys.executable, "-c", launch, str(tmp_path)], cwd=ROOT, capture_output=True, text=True)
    assert launched.returncode == -signal.SIGKILL
    orphan = int(launched.stdout)
    valkey = Valkey(socket_path(tmp_path), tmp_path / "queue")
    assert not valkey.ensure()
    assert valkey.pid == orphan
    valkey.stop()
    with client(tmp_path) as asking, pytest.raises(redis.ConnectionError):
        asking.ping()


def test_what_was_queued_survives_a_kill(valkey: Valkey, tmp_path: Path) -> None:
    valkey.ensure()
    with client(tmp_path) as asking:
        asking.rpush("reminders", "one")
    first = valkey.pid
    assert first is not None
    with client(tmp_path) as asking:  # appendfsync is every second: ask for it to be on the disk
        asking.config_set("appendfsync", "always")
        asking.rpush("reminders", "two")
    os.kill(first, signal.SIGKILL)
    os.waitpid(first, 0)
    assert valkey.ensure()
    with client(tmp_path) as asking:
        assert asking.lrange("reminders", 0, -1) == [b"one", b"two"]


def test_a_server_that_hangs_is_never_doubled(valkey: Valkey, monkeypatch: pytest.MonkeyPatch) -> None:
    valkey.ensure()
    assert valkey.pid is not None
    os.kill(valkey.pid, signal.SIGSTOP)
    monkeypatch.setattr("api.valkey.START_SECONDS", 0.5)
    try:
        with pytest.raises(OSError, match="did not start"):
            Valkey(valkey.socket, valkey.folder).ensure()
    finally:
        os.kill(valkey.pid, signal.SIGCONT)


def test_a_stopped_server_is_gone(valkey: Valkey) -> None:
    valkey.ensure()
    valkey.stop()
    assert valkey.pid is not None
    assert not lives(valkey.pid)


def test_a_long_data_folder_gets_a_short_private_socket(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a long name of a folder"] * 8)
    socket = socket_path(deep)
    assert len(os.fsencode(socket)) <= MOST_SOCKET_BYTES
    assert socket != socket_path(deep / "another")
    valkey = Valkey(socket, deep / "queue")
    try:
        assert valkey.ensure()
        assert socket.parent.stat().st_mode & 0o077 == 0
    finally:
        valkey.stop()
