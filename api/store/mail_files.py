"""Mails in the data folder, where no server is there to send them: a folder a library, a file a mail.

Refuses names that lead anywhere else, and keeps the last fifty of a library.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

from api.domain.ids import is_uuid

FOLDER = "outbox"
MOST = 50
_NAME = re.compile(r"[a-z0-9-]{1,80}\.eml", re.ASCII)


def put(data_dir: Path, library_id: str, slot: str, message: bytes) -> None:
    """Put a mail down whole, readable by us alone; the same slot again is the same file."""
    folder = _folder(data_dir, library_id)
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as draft:  # mode 0600
        draft.write(message)
        draft.flush()
        os.fsync(draft.fileno())
    os.replace(draft.name, folder / f"{re.sub(r'[^a-z0-9-]+', '-', slot.lower())}.eml")
    for old in _sorted(folder)[MOST:]:
        old.unlink(missing_ok=True)


def listed(data_dir: Path, library_id: str) -> list[tuple[str, int]]:
    """The names of a library's mails and when each was put down (Unix milliseconds), the newest first."""
    return [(path.name, path.stat().st_mtime_ns // 1_000_000) for path in _sorted(_folder(data_dir, library_id))]


def read(data_dir: Path, library_id: str, name: str) -> bytes | None:
    """A mail with a name; None where there is none."""
    path = _folder(data_dir, library_id) / name
    return path.read_bytes() if _NAME.fullmatch(name) and path.is_file() else None


def remove_all(data_dir: Path, library_id: str) -> None:
    """Take away every mail of a library."""
    shutil.rmtree(_folder(data_dir, library_id), ignore_errors=True)


def _folder(data_dir: Path, library_id: str) -> Path:
    if not is_uuid(library_id):
        raise ValueError("a library's id names its folder")
    return data_dir / FOLDER / library_id


def _sorted(folder: Path) -> list[Path]:
    found = [path for path in folder.glob("*.eml") if _NAME.fullmatch(path.name)]
    return sorted(found, key=lambda path: (-path.stat().st_mtime_ns, path.name))
