"""The files that others deploy from: complete, hardened, and at one with what the program knows."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.cli import scholium
from api.queue import JOB_SECONDS
from api.settings import PREFIX, Settings, read_settings
from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
OURS = ("api", "worker", "ticker", "migrate")


def compose() -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())  # type: ignore[no-any-return]


def example() -> dict[str, str]:
    lines = (DEPLOY / "env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))  # type: ignore[misc]


def test_the_example_lists_exactly_the_settings() -> None:
    assert set(example()) == {PREFIX + name.upper() for name in Settings.__struct_fields__}


def test_the_example_says_the_defaults() -> None:
    assert read_settings(example()) == Settings()


def test_every_setting_of_the_example_is_explained() -> None:
    blocks = (DEPLOY / "env.example").read_text().split("\n\n")[1:]
    assert all(block.startswith("#") for block in blocks)


@pytest.mark.parametrize("service", ["postgres", "valkey", *OURS])
def test_only_the_proxy_is_reachable_from_outside(service: str) -> None:
    assert "ports" not in compose()["services"][service]


@pytest.mark.parametrize("service", ["postgres", "valkey"])
def test_database_and_queue_have_no_way_out(service: str) -> None:
    networks = compose()["networks"]
    assert [networks[name].get("internal") for name in compose()["services"][service]["networks"]] == [True]


@pytest.mark.parametrize("service", ["caddy", "postgres", "valkey", *OURS])
def test_every_container_is_hardened(service: str) -> None:
    said = compose()["services"][service]
    assert said["read_only"] is True
    assert said["cap_drop"] == ["ALL"]
    assert said["security_opt"] == ["no-new-privileges:true"]


def test_compose_is_what_its_specification_allows() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", DEPLOY / "compose.yaml"],
        capture_output=True,
        text=True,
    )
    assert said.returncode == 0, said.stdout


def test_a_worker_may_finish_its_job() -> None:
    assert int(compose()["services"]["worker"]["stop_grace_period"].removesuffix("s")) > JOB_SECONDS
    unit = (DEPLOY / "systemd" / "scholium-worker@.service").read_text()
    assert [int(seconds) > JOB_SECONDS for seconds in re.findall(r"^TimeoutStopSec=(\d+)$", unit, re.M)] == [True]


def test_caddy_takes_its_file(tmp_path: Path) -> None:
    if shutil.which("caddy") is None:
        pytest.skip("caddy is not here")
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "SCHOLIUM_DOMAIN": "scholium.example.org"}
    for words in (["validate", "--adapter", "caddyfile", "--config"], ["fmt"]):
        said = subprocess.run(
            ["caddy", *words, DEPLOY / "Caddyfile"], capture_output=True, text=True, env=environment, cwd=tmp_path
        )
        assert said.returncode == 0, said.stderr


def test_compose_names_only_what_it_has() -> None:
    found = compose()
    services, volumes, networks = found["services"], found["volumes"], found["networks"]
    for service in services.values():
        assert set(service.get("depends_on", {})) <= set(services)
        assert set(service["networks"]) <= set(networks)
        named = {v.split(":")[0] for v in service.get("volumes", []) if not v.startswith(".")}
        assert named <= set(volumes)


def test_compose_starts_with_no_default_secret() -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    for name in ("POSTGRES_PASSWORD", "VALKEY_PASSWORD", "SCHOLIUM_SECRET_KEY", "SCHOLIUM_DOMAIN"):
        assert f"${{{name}:?" in text
    assert ":-" not in text


@pytest.mark.parametrize("service", OURS)
def test_compose_uses_commands_and_settings_that_there_are(service: str) -> None:
    said = compose()["services"][service]
    assert said["command"][0] == "scholium"
    assert said["command"][1] in scholium.commands
    assert set(said["environment"]) <= set(example())


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_a_command_that_there_is(unit: Path) -> None:
    (command,) = re.findall(r"^ExecStart=\S+/scholium (\S+)$", unit.read_text(), re.M)
    assert command in scholium.commands


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_reads_a_unit_without_a_word(unit: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not here")
    copy = tmp_path / unit.name
    copy.write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text(), flags=re.M))
    said = subprocess.run(["systemd-analyze", "verify", str(copy)], capture_output=True, text=True)
    assert (said.returncode, said.stderr) == (0, "")  # an unknown key is only said, with status 0
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(copy)], capture_output=True, text=True
    )
    assert judged.returncode == 0, judged.stdout


def test_the_image_runs_as_nobody_in_particular() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    said = subprocess.run([shutil.which("hadolint", path=Path(sys.executable).parent) or "", DEPLOY / "Containerfile"])
    assert said.returncode == 0
    assert re.search(r"^USER 10001$", text, re.M)
    assert "--require-hashes" in text
    assert re.search(r'^CMD \["scholium", "(\w+)"\]$', text, re.M)
