"""How passwords are kept: argon2id at 19 MiB, two passes, one lane (the floor of the OWASP password sheet).

The only file that knows argon2. Hashing takes memory and a core, so it runs in threads, four at a time. Refuses to
say by its time whether there is an account: without a hash to compare with, it works through one of its own.
"""

from __future__ import annotations

import asyncio
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE = 4
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_turns: dict[asyncio.AbstractEventLoop, asyncio.Semaphore] = {}


async def make_hash(password: str) -> str:
    """The hash to keep, with its own salt and parameters."""
    async with _turn():
        return await asyncio.to_thread(_hasher.hash, _bytes(password))


async def matches(password: str, kept: str | None) -> bool:
    """Whether this is the password; with `kept` None the answer is no, after the same work."""
    async with _turn():
        same = await asyncio.to_thread(_verify, password, kept or _nobody())
    return same and kept is not None


def is_outdated(kept: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(kept)


def _turn() -> asyncio.Semaphore:
    loop = asyncio.get_running_loop()
    if loop not in _turns:
        _turns.clear()  # a loop that ended keeps nobody waiting
        _turns[loop] = asyncio.Semaphore(AT_ONCE)
    return _turns[loop]


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
