"""Backup and restore as the owner types them."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from tests.test_errands import scholium


def instance(folder: Path) -> dict[str, str]:
    ours = {k: v for k, v in os.environ.items() if not k.startswith("SCHOLIUM_")}
    return ours | {"SCHOLIUM_DATA_DIR": str(folder)}


def test_an_instance_moves_to_another_folder_with_its_key(tmp_path: Path) -> None:
    old, new, kept = instance(tmp_path / "old"), instance(tmp_path / "new"), tmp_path / "kept"
    scholium(old, "user", "add", "ada@example.org")
    (tmp_path / "old" / "secret_key").write_text("k" * 64)
    assert "none was made here yet" in scholium(old, "doctor").stdout
    made = scholium(old, "backup", str(kept))
    assert made.returncode == 0, made.stderr
    assert "k" * 64 not in made.stdout + made.stderr
    assert f"the last one 0 days ago, {kept}" in scholium(old, "doctor").stdout
    restored = scholium(new, "restore", str(kept))
    assert restored.returncode == 0, restored.stderr
    key = tmp_path / "new" / "secret_key"
    assert (key.read_text(), stat.S_IMODE(key.stat().st_mode)) == ("k" * 64, 0o600)
    again = scholium(new, "restore", str(kept))
    assert (again.returncode, "--replace" in again.stderr) == (1, True)
    assert scholium(new, "restore", "--replace", str(kept)).returncode == 0
    assert "exists" in scholium(new, "user", "add", "ada@example.org").stderr
