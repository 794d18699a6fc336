"""D1 to D7: what others deploy from, keep safe, watch, and take away."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.actions.back_up import back_up
from api.actions.desk import Desk
from api.actions.restore_backup import restore_backup
from api.settings import read_settings
from api.store.database import Database, Tx, open_database
from api.store.migrate import bring_to
from tests.conftest import ROOT, fresh_database
from tests.http.conftest import PASSWORD, Client, bearer
from tests.security.house import CANARY, House, fingerprint

DEPLOY = ROOT / "deploy"


def quiet(done: int, total: int) -> None:
    """Nobody looks on."""


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return found


def test_d1_nothing_but_the_proxy_is_reachable_and_nothing_starts_with_a_short_secret() -> None:
    services = compose()["services"]
    assert [name for name, one in services.items() if "ports" in one] == ["caddy"]
    for name, one in services.items():
        assert one["read_only"] is True, name
        assert one["cap_drop"] == ["ALL"], name
    for name in ("SECRET_KEY", "SECRET_KEY_PREVIOUS", "METRICS_TOKEN"):
        with pytest.raises(ValueError, match=f"SCHOLIUM_{name}"):
            read_settings({f"SCHOLIUM_{name}": "changeme"})


def test_d2_the_queue_keeps_what_it_was_told_throws_nothing_out_and_is_a_version_that_was_mended() -> None:
    valkey = compose()["services"]["valkey"]
    said = " ".join(valkey["command"])
    assert all(word in said for word in ("--appendonly yes", "--maxmemory-policy noeviction", "--requirepass"))
    (major,) = re.findall(r"valkey/valkey:(\d+)", valkey["image"])
    assert int(major) >= 9  # CVE-2025-49844 is mended in 7.2.11, 8.0.6, 8.1.4 and from 9.0 on


async def test_d3_a_backup_restores_to_an_empty_machine_row_by_row(
    door: Client, desk: Desk, house: House, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """During writes, damaged, of another version: tests/actions/test_backup.py."""
    file = tmp_path / "house.backup"
    await back_up(desk, file, "", quiet)
    before = await fingerprint(desk)
    other = tmp_path / "other"
    other.mkdir()
    with fresh_database(
        "sqlite" if desk.database.dialect == "postgres" else "postgres", request.getfixturevalue, other
    ) as url:
        database = await open_database(url)
        elsewhere = Desk(database, desk.reminders, desk.settings, desk.now)
        await restore_backup(elsewhere, file, replace=True, show=quiet)
        after = await fingerprint(elsewhere)
        await database.close()
    assert {name for name in before if before[name] != after[name]} <= {"library", "library_epoch"}  # a new epoch


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_d3_a_migration_waits_for_no_table_longer_than_two_seconds(database: Database) -> None:
    async def work(tx: Tx) -> object:
        await bring_to(tx, "postgres")
        row = await tx.row("SHOW lock_timeout")
        return row["lock_timeout"] if row else None

    assert await database.write(work) == "2s"
    row = await database.read(lambda tx: tx.row("SHOW lock_timeout"))
    assert row is not None
    assert row["lock_timeout"] == "0", "of migrations alone"


def test_d4_somebody_is_told_when_work_waits_or_fails() -> None:
    rules = yaml.safe_load((DEPLOY / "alerts.yaml").read_text())["groups"][0]["rules"]
    told = " ".join(str(rule["expr"]) for rule in rules)
    assert 'scholium_lane_oldest_seconds{lane=~"new|import"}) > 300' in told
    assert "scholium_jobs_dead > 0" in told


async def test_d5_no_log_holds_what_people_wrote(door: Client, house: House, caplog: pytest.LogCaptureFixture) -> None:
    """Of processes as a whole: tests/test_logs.py."""
    caplog.set_level(logging.DEBUG)
    await door.patch(
        f"/v1/entries/{house.ada.ids['entry']}", json={"note": "a private thought"}, headers=house.ada.headers
    )
    await door.patch(
        f"/v1/entries/{house.ada.ids['entry']}", json={"note": 7, "x": "a private thought"}, headers=house.ada.headers
    )
    await door.get("/v1/entries?q=private+thought&limit=x", headers=house.ada.headers)
    ours = "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith(("httpx", "httpcore")))
    assert "private" not in ours
    assert CANARY not in ours


async def test_d6_everything_goes_out_and_everything_goes(door: Client, desk: Desk, house: House) -> None:
    """Table by table: tests/http/test_leaving.py, tests/http/test_export_account.py."""
    out = (await door.get("/v1/account/export", headers=house.ada.headers)).json()
    told = json.dumps(out)
    assert all(f"{CANARY} {what}" in told for what in ("a note", "tags", "lists", "entry"))
    gone = await door.request("DELETE", "/v1/account", json={"password": PASSWORD}, headers=house.ada.headers)
    assert gone.status_code == 204
    left = await desk.database.read(
        lambda tx: tx.rows("SELECT 1 FROM object WHERE library_id = :id", id=house.ada.account.library_id)
    )
    assert list(left) == []
    assert (await door.get("/v1/tags", headers=house.ada.headers)).status_code == 401
    assert (await door.get("/v1/tags", headers=bearer(house.bob.session["access_token"]))).status_code == 200


def test_d7_who_finds_a_hole_knows_whom_to_tell_and_what_is_installed_is_what_was_locked() -> None:
    told = (ROOT / "SECURITY.md").read_text()
    assert "Report a vulnerability" in told
    assert "three working days" in told
    for name in ("requirements.lock", "requirements-dev.lock"):
        pinned = re.findall(r"^[a-z0-9][\w.-]*==[^\\\n]+", (ROOT / name).read_text(), re.M)
        assert len(pinned) > 20
        assert (ROOT / name).read_text().count("--hash=sha256:") >= len(pinned)
    packages = json.loads((ROOT / "extension/package-lock.json").read_text())["packages"]
    assert all("integrity" in one for path, one in packages.items() if path and not one.get("link"))
