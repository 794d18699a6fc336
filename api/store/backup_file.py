"""The file of a backup: one mark, a compressed stream of lines, and the SHA-256 of all that stands before it.

The file appears whole or not at all, readable by its owner alone. Refuses, before a line is believed, a file that is
damaged, cut short or none of ours.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from api.domain.errors import BadInput

MARK = b"scholium backup 1\n"
_DIGEST = hashlib.sha256().digest_size
_CHUNK = 1024 * 1024  # bytes
Write = Callable[[bytes], None]


@contextmanager
def writing(path: Path) -> Iterator[Write]:
    """Yields `write(line)`; the file takes its place at the end, durably, or what was there stays."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            sink = _Sink(file)
            yield sink.line
            sink.end()
            os.fsync(file.fileno())
        draft.replace(path)
        _settle(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def check_whole(path: Path) -> None:
    """Read the file through once and compare its sum; raises BadInput."""
    with path.open("rb") as file:
        left = _body(file, path)
        digest = hashlib.sha256(MARK)
        while left and (piece := file.read(min(left, _CHUNK))):
            digest.update(piece)
            left -= len(piece)
        if file.read(_DIGEST + 1) != digest.digest():
            raise BadInput(f"{path} is damaged or cut short: its checksum is another")


def lines(path: Path) -> Iterator[bytes]:
    """The lines of a file that was found whole."""
    with path.open("rb") as file:
        left = _body(file, path)
        unpacked, rest = zlib.decompressobj(), b""
        while left and (piece := file.read(min(left, _CHUNK))):
            left -= len(piece)
            *whole, rest = (rest + _unpack(unpacked, piece)).split(b"\n")
            yield from whole
    if rest:
        raise BadInput("the backup's last line is cut short")


class _Sink:
    """Compresses lines into a file and sums what it writes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self._packer = zlib.compressobj()
        self._put(MARK)

    def line(self, text: bytes) -> None:
        """Write a line; the text holds no line end."""
        self._put(self._packer.compress(text + b"\n"))

    def end(self) -> None:
        """Write what is left, and the sum."""
        self._put(self._packer.flush())
        self._file.write(self._digest.digest())
        self._file.flush()

    def _put(self, piece: bytes) -> None:
        self._digest.update(piece)
        self._file.write(piece)


def _body(file: BinaryIO, path: Path) -> int:
    """Read past the mark; how many compressed bytes follow it."""
    size = os.fstat(file.fileno()).st_size - len(MARK) - _DIGEST
    if file.read(len(MARK)) != MARK:
        raise BadInput(f"{path} is not a backup of Scholium, or damaged at its start")
    if size <= 0:
        raise BadInput(f"{path} is cut short")
    return size


def _unpack(unpacked: zlib._Decompress, piece: bytes) -> bytes:
    try:
        return unpacked.decompress(piece)
    except zlib.error as wrong:
        raise BadInput(f"the backup cannot be unpacked: {wrong}") from None


def _settle(folder: Path) -> None:
    """Make the new name durable too."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
