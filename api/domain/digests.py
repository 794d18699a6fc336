"""A library's digest: 256 buckets by key, each a count and a sum, so that a device finds where it differs.

The same numbers come out on the device (JavaScript) and here: every one fits into 48 bits. Refuses to say which
object differs; that is what the changes of one bucket are for.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

BUCKETS = 256
_BITS = 48


def bucket_of(key: str) -> int:
    """The bucket of an object: the first byte of SHA-256 of its key."""
    return sha256(key.encode()).digest()[0]


def number_of(key: str, version: int) -> int:
    """The first 48 bits, big-endian, of SHA-256 of `key:version`."""
    return int.from_bytes(sha256(f"{key}:{version}".encode()).digest()[: _BITS // 8], "big")


class Digest:
    """Counts and sums (modulo 2^48) of the objects that were added."""

    def __init__(self) -> None:
        self._counts = [0] * BUCKETS
        self._sums = [0] * BUCKETS

    def add(self, objects: Iterable[tuple[str, int]]) -> None:
        """Add objects by key and version."""
        for key, version in objects:
            bucket = bucket_of(key)
            self._counts[bucket] += 1
            self._sums[bucket] = (self._sums[bucket] + number_of(key, version)) % 2**_BITS

    @property
    def buckets(self) -> list[tuple[int, int]]:
        """(count, sum) of each bucket."""
        return list(zip(self._counts, self._sums, strict=True))
