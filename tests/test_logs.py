"""What API and worker write of a whole session: the request that work goes back to, and nothing that opens doors."""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import ROOT, SECRET
from tests.fakes import ReplayServer
from tests.make import OFFLINE, make_id

EMAIL, PASSWORD, WRONG = "ada@example.org", "a loom weaves algebra", "a loom weaves nothing"
CANARIES = {
    name: f"canary-{name}-{secrets.token_hex(12)}"
    for name in ("OPENALEX_KEY", "SEMANTIC_SCHOLAR_KEY", "GITHUB_TOKEN", "METRICS_TOKEN")
}
REQUEST = "a-request-of-the-test"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"


class Session:
    """Somebody who uses everything that has a secret, and remembers each of them."""

    def __init__(self, url: str) -> None:
        self.client = httpx.Client(base_url=url)
        self.secrets = {PASSWORD, WRONG, SECRET, *CANARIES.values()}

    def sign_in(self) -> None:
        """With the wrong password, with the right one, and by another refresh token."""
        wish = {"email": EMAIL, "password": WRONG}
        assert self.client.post("/v1/sessions", json=wish).status_code == 401
        answer = self.client.post("/v1/sessions", json=wish | {"password": PASSWORD}).json()
        form = {"grant_type": "refresh_token", "client_id": "script", "refresh_token": answer["refresh_token"]}
        again = self.client.post("/oauth/token", data=form).json()
        self.secrets |= {each[name] for each in (answer, again) for name in ("access_token", "refresh_token")}
        self.client.post("/oauth/token", data=form | {"refresh_token": "guessed-" + self.keep(secrets.token_hex(16))})
        self.client.headers["Authorization"] = f"Bearer {again['access_token']}"

    def make_secrets(self) -> str:
        """A personal token, a pairing, a feed, what else carries one; returns the feed's path."""
        token = self.client.post("/v1/tokens", json={"name": "script", "scopes": ["read"]}).json()["token"]
        httpx.get(f"{self.client.base_url}/v1/entries", headers={"Authorization": f"Bearer {self.keep(token)}"})
        begun = self.client.post("/oauth/device_authorization", data={"client_id": "scholium-extension"}).json()
        for code in (self.keep(begun["device_code"]), self.keep("no-" + secrets.token_hex(16))):
            form = {"grant_type": DEVICE_GRANT, "client_id": "scholium-extension", "device_code": code}
            assert self.client.post("/oauth/token", data=form).status_code == 400
        self.keep(begun["user_code"])
        self.browse(begun["user_code"])
        feed = self.client.post("/v1/feeds", json={"name": "thesis", "format": "bibtex"}).json()
        path = feed["url"].removeprefix(str(self.client.base_url).rstrip("/"))
        self.keep(path.split("/")[2])
        assert self.client.get(path).status_code == 200
        self.client.get("/metrics", headers={"Authorization": f"Bearer {CANARIES['METRICS_TOKEN']}"})
        return path

    def browse(self, user_code: str) -> None:
        """Sign in on the page, and approve a device there."""
        with httpx.Client(base_url=self.client.base_url, follow_redirects=True) as tab:
            tab.post("/sign-in", data=self.form(tab.get("/sign-in").text) | {"email": EMAIL, "password": PASSWORD})
            shown = tab.get("/pair", params={"code": user_code})
            tab.post("/pair", data=self.form(shown.text) | {"decision": "approve"})
            assert {"scholium_session"} <= set(tab.cookies)
            self.secrets |= {value for value in tab.cookies.values() if value}

    def form(self, html: str) -> dict[str, str]:
        """The hidden fields of a page's form; its token is a secret too."""
        found = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', html))
        self.keep(found["csrf"])
        return {name: unescape(value) for name, value in found.items()}

    def save(self) -> str:
        """Save a paper with a note, under an id of our own; returns the paper's id."""
        note = self.keep("my private thought " + secrets.token_hex(8))
        wish = {"id": make_id("e"), "url": "https://arxiv.org/abs/1706.03762?token=" + self.keep(secrets.token_hex(16))}
        answer = self.client.post("/v1/saves", json=wish | {"note": note}, headers={"X-Request-Id": REQUEST})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["paper"]["id"])

    def keep(self, secret: str) -> str:
        """Remember a secret."""
        self.secrets.add(secret)
        return secret


class Parts:
    """An API and a worker as processes, and what each of them said."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._folder, self._environment = folder, os.environ | environment
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, part: str) -> None:
        with (self._folder / f"{part}.log").open("wb") as log:
            command = [sys.executable, "-m", "api.cli", part]
            started = subprocess.Popen(command, cwd=ROOT, env=self._environment, stdout=log, stderr=log)
        self._running.append(started)

    def said(self, part: str) -> str:
        return (self._folder / f"{part}.log").read_text()

    def end(self) -> None:
        for each in self._running:
            each.terminate()
        for each in self._running:
            each.wait(30)


def soon(holds: Callable[[], Any]) -> None:
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/live").status_code == 200
    except httpx.HTTPError:
        return False


@pytest.fixture(params=["text", "json"])
def form(request: pytest.FixtureRequest) -> str:
    """How logs are written."""
    return str(request.param)


@pytest.fixture
def logs(form: str, sqlite_template: Path, tmp_path: Path, redis_url: str) -> Iterator[Any]:
    """A running instance whose sources refuse everything: its parts and its address."""
    with socket.socket() as probe, ReplayServer(lambda path, query: (503, {}, b"")) as sources:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        (tmp_path / "scholium.db").write_bytes(sqlite_template.read_bytes())
        told = dict.fromkeys(("ARXIV_URL", "OPENALEX_URL", "SEMANTIC_SCHOLAR_URL", "GITHUB_URL"), sources.url)
        told |= {"DATA_DIR": str(tmp_path), "PORT": str(port), "REDIS_URL": redis_url, "SECRET_KEY": SECRET}
        told |= {"BASE_URL": f"http://127.0.0.1:{port}", "LIMITS": "off", "ALLOW_PRIVATE_SOURCES": "1"}
        told |= {"LOG_FORMAT": form, "ARXIV_INTERVAL_SECONDS": "0.01", **CANARIES}
        parts = Parts(tmp_path, {**OFFLINE, **{f"SCHOLIUM_{name}": value for name, value in told.items()}})
        probe.close()
        subprocess.run(
            [sys.executable, "-m", "api.cli", "user", "add", EMAIL],
            cwd=ROOT,
            env=parts._environment,
            input=PASSWORD.encode(),
            check=True,
            capture_output=True,
        )
        try:
            parts.start("api")
            parts.start("worker")
            soon(lambda: answers(f"http://127.0.0.1:{port}"))
            yield parts, f"http://127.0.0.1:{port}", tmp_path / "scholium.db"
        finally:
            parts.end()


def test_logs_lead_from_a_request_to_its_job_and_hold_no_secret(form: str, logs: tuple[Parts, str, Path]) -> None:
    parts, url, database = logs
    session = Session(url)
    session.sign_in()
    feed = session.make_secrets()
    paper_id = session.save()
    soon(lambda: f"paper {paper_id} was looked up" in parts.said("worker"))
    assert session.client.post("/v1/saves", content=b"\xff" + PASSWORD.encode()).status_code in (400, 415)
    with sqlite3.connect(database) as broken:  # so that the next read of it is an error with all that it may say
        broken.execute("DROP TABLE public_address")
    broken.close()
    assert session.client.get(feed).status_code == 500
    soon(lambda: "public_address" in parts.said("api"))
    session.client.close()
    parts.end()
    for part in ("api", "worker"):
        lines = [line for line in parts.said(part).splitlines() if REQUEST in line]
        assert lines, f"{part} did not name the request"
        leaked = [secret for secret in session.secrets if secret in parts.said(part)]
        assert leaked == [], part
        if form == "json":
            assert all(json.loads(line)["message"] for line in parts.said(part).splitlines())
