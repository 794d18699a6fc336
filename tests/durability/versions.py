"""The version before, out of the history of this repository: the one that the newest migrations were added to."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

MIGRATIONS = "api/store/migrations/postgres"


def version_before(folder: Path, steps: int = 1) -> Path:
    """Unpack the program as it was before the last `steps` additions of migrations; skips where history ends sooner."""
    added = _git("log", "--format=%H", "--diff-filter=A", "--", MIGRATIONS)
    commits = added.stdout.decode().split()
    if added.returncode or len(commits) < steps:
        pytest.skip(f"the history of this checkout does not reach back far enough: {added.stderr.decode().strip()}")
    archive = _git("archive", f"{commits[steps - 1]}^", "api", "workers")
    if archive.returncode:
        pytest.skip(f"the history of this checkout ends before it: {archive.stderr.decode().strip()}")
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as packed:
        packed.extractall(folder, filter="data")
    return folder


def skip_unless_it_runs(program: Path, engine: str) -> None:
    """Skip where that version needs a package that this one does not install any more."""
    words = [sys.executable, "-c", f"import api.app, api.store.{engine}, workers.main, workers.ticker"]
    tried = subprocess.run(words, cwd=program, capture_output=True, text=True)
    if tried.returncode:
        pytest.skip(f"the version before does not run with what is installed: {tried.stderr.splitlines()[-1]}")


def _git(*words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True)
