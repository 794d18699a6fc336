"""Bytes of an answer, inflated piece by piece under one limit, so that a small answer cannot grow into a large one.

Refuses encodings other than gzip and deflate, and two on top of each other: each layer multiplies by a thousand.
"""

from __future__ import annotations

import zlib

from workers.refusals import Refused

_ZLIB_OR_GZIP = 32 + zlib.MAX_WBITS


class BoundedBody:
    """Collects at most `most` bytes, both as sent and inflated; raises Refused above that."""

    def __init__(self, encoding: str, most: int) -> None:
        encoding = encoding.strip().lower()
        if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise Refused("encoding")
        self._inflate = None if encoding in ("", "identity") else zlib.decompressobj(_ZLIB_OR_GZIP)
        self._most = most
        self._sent = 0
        self._body = bytearray()

    def add(self, piece: bytes) -> None:
        """The next piece as it came over the wire."""
        self._sent += len(piece)
        if self._sent > self._most:
            raise Refused("too_large")
        if self._inflate is None:
            self._body += piece
            return
        try:
            self._body += self._inflate.decompress(piece, self._most + 1 - len(self._body))
        except zlib.error:
            raise Refused("encoding") from None
        if len(self._body) > self._most:
            raise Refused("too_large")

    def whole(self) -> bytes | None:
        """All of it, or None when the compressed stream ended early."""
        if self._inflate is not None and self._sent and not self._inflate.eof:
            return None
        return bytes(self._body)
