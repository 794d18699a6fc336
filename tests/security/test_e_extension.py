"""E1 to E7: what the extension may do, where its tokens lie, and that what is shipped is what is here.

What it does when it runs is tried in real browsers (`tests/journeys`) and piece by piece (`tests/extension`).
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

EXTENSION = ROOT / "extension"
SOURCES = {p.relative_to(EXTENSION / "src").as_posix(): p.read_text("utf-8") for p in (EXTENSION / "src").rglob("*.js")}
IN_PAGES = {name: text for name, text in SOURCES.items() if name.startswith("page/")}


def manifest() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EXTENSION / "manifest.json").read_text("utf-8"))
    return found


def using(pattern: str, sources: dict[str, str] = SOURCES) -> set[str]:
    """The files whose code, not its comments, says this."""
    bare = {name: re.sub(r"/\*.*?\*/|^\s*//.*$", "", text, flags=re.S | re.M) for name, text in sources.items()}
    return {name for name, text in bare.items() if re.search(pattern, text)}


def test_e1_it_asks_for_no_host_before_a_person_names_one() -> None:
    said = manifest()
    assert set(said["permissions"]) == {"storage", "activeTab", "scripting", "alarms", "contextMenus", "sidePanel"}
    assert not said.keys() & {"host_permissions", "content_scripts"}
    assert set(said["optional_host_permissions"]) == {"https://*/*", "http://*/*"}


def test_e2_tokens_are_out_of_every_pages_reach() -> None:
    assert "TRUSTED_CONTEXTS" in SOURCES["browser.js"]
    assert using(r"refresh_token|access_token|accessToken|refreshToken", IN_PAGES) == set()
    assert using(r"[?&](access_)?token=") == set()


def test_e3_messages_are_taken_from_ourselves_and_no_text_becomes_code() -> None:
    said = manifest()
    assert not said.keys() & {"externally_connectable", "web_accessible_resources"}
    listening = using(r"runtime\.onMessage\.addListener|onConnect\.addListener")
    assert listening <= {"browser.js", "browser_ui.js"}
    for name in listening:
        assert "sender" in SOURCES[name]
        assert "runtime.id" in SOURCES[name]
    assert (
        using(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|import\(['\"`]https?:")
        == set()
    )
    policy = said["content_security_policy"]["extension_pages"]
    assert policy.startswith("default-src 'self'")
    assert "unsafe" not in policy


def test_e4_a_server_is_reached_by_https_or_on_this_machine() -> None:
    policy = manifest()["content_security_policy"]["extension_pages"]
    (reached,) = re.findall(r"connect-src ([^;]*);", policy)
    assert set(reached.split()) == {"'self'", "https:", "http://127.0.0.1:*", "http://localhost:*"}
    assert using(r"\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|EventSource\(") == {
        "api.js",
        "reader/bytes.js",  # a PDF, once its site was granted
    }


def test_e5_what_is_saved_is_on_the_disk_before_anybody_is_told() -> None:
    """Killed at every await of a save and of a push: tests/extension/killed.test.mjs."""
    text = SOURCES["outbox.js"]
    assert "strict" in SOURCES["db.js"] or "strict" in text, "IndexedDB with durability strict"
    assert using(r"localStorage|sessionStorage") <= {"theme.js", "reader/reader.js"}  # light or dark, the page of a PDF


def test_e6_it_says_what_it_sends_and_sends_nothing_about_its_people() -> None:
    said = manifest()
    told = said["browser_specific_settings"]["gecko"]["data_collection_permissions"]
    assert told["required"] == ["none"]
    assert said.get("incognito", "spanning") != "split", "private windows are the browser's choice, which is no"
    assert using(r"google-analytics|sentry|telemetry|amplitude|mixpanel") == set()


def test_e7_the_same_sources_make_the_same_bytes(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None or not (EXTENSION / "node_modules").exists():
        pytest.skip("node or the extension's packages are not here")
    script = "import { build } from './extension/build.mjs'; build(process.argv[1]);"
    made = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        subprocess.run([node, "--input-type=module", "-e", script, str(tmp_path / name)], cwd=ROOT, check=True)
        made.append(hashlib.sha256((tmp_path / name / "scholium-extension.zip").read_bytes()).hexdigest())
    assert made[0] == made[1]
