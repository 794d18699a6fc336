"""How passwords are kept: argon2id at 19 MiB, two passes, one lane (the floor of the OWASP password sheet).

The only file that knows argon2. Hashing takes memory and a core, so it runs in a few threads of its own, which give way
to everything else: who reads does not wait for who signs in. Refuses to say by its time whether there is an account:
without a hash to compare with, it works through one of its own.
"""

from __future__ import annotations

import asyncio
import os
import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from api.domain.errors import Unavailable

T = TypeVar("T")

AT_ONCE = min(4, os.cpu_count() or 1)
MOST_WAITING = 64  # a few seconds of work; whoever comes then is asked to come again
AGAIN_SECONDS = 5
_NICE = 10  # a busy machine gives such a thread a ninth of what it gives one that serves
_waiting = 0  # for a hash, those that are being made among them; counted on the one loop of a process
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


async def make_hash(password: str) -> str:
    """The hash to keep, with its own salt and parameters; raises Unavailable where too many wait for one."""
    return await _in_turn(_hasher.hash, _bytes(password))


async def matches(password: str, kept: str | None) -> bool:
    """Whether this is the password; with `kept` None the answer is no, after the same work.

    Raises Unavailable where too many wait, whoever asks.
    """
    same = await _in_turn(_verify, password, kept or _nobody())
    return same and kept is not None


def is_outdated(kept: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(kept)


async def _in_turn(work: Callable[..., T], *given: str | bytes) -> T:
    global _waiting
    if _waiting >= MOST_WAITING:
        raise Unavailable("too many sign in at the moment", retry_after=AGAIN_SECONDS)
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads(), work, *given)
    finally:
        _waiting -= 1


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, "passwords", _give_way)


def _give_way() -> None:
    with suppress(OSError):  # where a thread has no priority of its own
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)


def _verify(password: str, kept: str) -> bool:
    try:
        return _hasher.verify(kept, _bytes(password))
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    """A hash of a password that nobody has."""
    return _hasher.hash(b"\0 nobody's")


def _bytes(password: str) -> bytes:
    # Keyboards compose accents differently; NFC makes one password of both spellings.
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
