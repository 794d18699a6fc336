"""Settings as every process of an instance completes them."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api.instance import KEY_FILE, read_instance, with_secret_key


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        ({}, "http://127.0.0.1:8420"),
        ({"SCHOLIUM_PORT": "9000"}, "http://127.0.0.1:9000"),
        ({"SCHOLIUM_HOST": "0.0.0.0", "SCHOLIUM_PORT": "9000"}, "http://127.0.0.1:9000"),  # noqa: S104
        ({"SCHOLIUM_HOST": "::1"}, "http://[::1]:8420"),
        ({"SCHOLIUM_PORT": "9000", "SCHOLIUM_BASE_URL": "https://papers.example/"}, "https://papers.example"),
    ],
)
def test_the_address_follows_host_and_port_unless_one_is_set(environment: dict[str, str], address: str) -> None:
    assert read_instance(environment).base_url == address


def test_every_process_finds_the_same_queue_from_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    here = read_instance({})
    monkeypatch.chdir("/")
    assert read_instance({"SCHOLIUM_DATA_DIR": str(here.data_dir)}).redis_url == here.redis_url


def test_the_key_is_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    settings = read_instance({"SCHOLIUM_DATA_DIR": str(tmp_path / "var")})
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: with_secret_key(settings).secret_key, range(8)))
    assert len(keys) == 1
    assert len(keys.pop()) >= 32
    assert stat.S_IMODE((tmp_path / "var" / KEY_FILE).stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "var").iterdir()] == [KEY_FILE]


def test_a_key_that_was_cut_is_refused(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_text("short")
    with pytest.raises(ValueError, match="too short"):
        with_secret_key(read_instance({"SCHOLIUM_DATA_DIR": str(tmp_path)}))
