"""Text files become one ZIP archive, piece by piece, the same bytes for the same files.

Refuses times, owners and rights, which would differ from run to run, and to hold more than one file: what stays in
memory is the archive's table of contents, some hundred bytes a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from api.domain.formats.markdown_notes import NoteFile

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first time that the format knows
_READABLE = 0o644 << 16
_UNIX = 3


def zipped(files: Iterable[NoteFile]) -> Iterator[bytes]:
    """The archive (PKWARE APPNOTE 6.3), one piece a file and one at the end; paths must differ."""
    taken = _Taken()
    with ZipFile(taken, "w", ZIP_DEFLATED) as archive:  # type: ignore[call-overload]  # it only ever writes
        for file in files:
            entry = ZipInfo(file.path, _EPOCH)
            entry.compress_type, entry.external_attr, entry.create_system = ZIP_DEFLATED, _READABLE, _UNIX
            archive.writestr(entry, file.text.encode())
            yield taken.take()
    yield taken.take()


class _Taken:
    # A file that nobody can seek in: the archive is written from its start to its end.

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """All is there at once."""

    def take(self) -> bytes:
        taken, self._pieces = b"".join(self._pieces), []
        return taken
