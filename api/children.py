"""Keeping child processes alive: each is started again when it ends, and all of them end with their keeper.

A child runs in a session of its own and reads the end of a pipe as its order to stop, so that even a keeper that
was killed leaves none behind. Refuses to start a child again at once and for ever: the wait doubles.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence

log = logging.getLogger(__name__)

FIRST_WAIT = 0.5  # seconds before a child is started again
LONGEST_WAIT = 30.0
HEALTHY_SECONDS = 60.0  # a child that lived so long starts with the first wait again
FOLLOW = "--follow"  # how a child is told that it ends with its keeper


class Child:
    """One program, kept alive from `keep` until `stop`."""

    def __init__(self, name: str, command: Sequence[str], environment: dict[str, str]) -> None:
        self.name = name
        self._command = (*command, FOLLOW)
        self._environment = environment
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = asyncio.Event()

    async def keep(self) -> None:
        """Start the program, and start it again whenever it ends by itself; returns after `stop`."""
        wait = FIRST_WAIT
        while not self._stopping.is_set():
            born = time.monotonic()
            code = await self._run()
            if self._stopping.is_set():
                return
            wait = FIRST_WAIT if time.monotonic() - born > HEALTHY_SECONDS else wait
            log.error("%s ended with code %s; it starts again in %.1f s", self.name, code, wait)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), wait)
            wait = min(wait * 2, LONGEST_WAIT)

    async def stop(self, patience: Sequence[float]) -> None:
        """Ask the program to end, once for each wait (seconds) in `patience`; kill it after the last."""
        self._stopping.set()
        process = self._process
        if process is None or process.returncode is not None:
            return
        for seconds in patience:
            self._send(signal.SIGTERM)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), seconds)
                return
        log.warning("%s does not end by itself and is killed", self.name)
        self._send(signal.SIGKILL)
        await process.wait()

    async def _run(self) -> int:
        """Run the program to its end; what it prints goes to our standard error, for our output is the address."""
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            env=self._environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=sys.stderr.fileno(),
            start_new_session=True,
        )
        if self._stopping.is_set():  # it was asked for while the program started
            self._send(signal.SIGKILL)
        return await self._process.wait()

    def _send(self, sign: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            if self._process is not None:
                self._process.send_signal(sign)


def follow_keeper() -> None:
    """In a child: end this process (SIGTERM) when the keeper's end of standard input closes."""

    def wait() -> None:
        while os.read(0, 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="follow-keeper", daemon=True).start()
