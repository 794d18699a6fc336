"""`scholium up` as a person meets it: two lines, a running service, and nothing left afterwards."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.conftest import ROOT
from tests.make import OFFLINE

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="finds processes through /proc")
START_SECONDS = 40
STOP_SECONDS = 15


class Instance:
    """One instance on its own folder and port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("SCHOLIUM_")} | {
            **OFFLINE,
            "SCHOLIUM_DATA_DIR": str(folder),
            "SCHOLIUM_PORT": str(self.port),
        }
        self.process: subprocess.Popen[str] | None = None

    def command(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "api.cli", *words],
            cwd=ROOT,
            env=self.environment | more,
            input="a fine long passphrase\n",
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
        )

    def start(self) -> str:
        """Start it; returns its first line, printed when it can be opened."""
        with (self.folder / "up.log").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "api.cli", "up"],
                cwd=ROOT,
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def end(self, sign: signal.Signals = signal.SIGINT) -> int:
        """Send a signal and wait as long as it may take."""
        assert self.process is not None
        self.process.send_signal(sign)
        return self.process.wait(STOP_SECONDS)

    def rest(self) -> str:
        """What it printed after the first line, once it has ended."""
        assert self.process is not None
        assert self.process.stdout is not None
        with self.process.stdout as out:
            return out.read()

    def processes(self, word: str = "") -> list[int]:
        """The ids of all its processes, whose command holds a word."""
        return [pid for pid, command in _processes(str(self.folder)) if word in command]

    def answers(self) -> bool:
        try:
            with urlopen(f"{self.address}/health/live", timeout=5) as answer:  # noqa: S310  our own loopback address
                return answer.status == 200
        except (URLError, ConnectionError):
            return False


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    made = Instance(tmp_path)
    yield made
    for pid in made.processes():
        os.kill(pid, signal.SIGKILL)
    if made.process is not None:
        made.process.wait(10)
        if made.process.stdout is not None:
            made.process.stdout.close()


def _processes(folder: str) -> Iterator[tuple[int, str]]:
    """Processes, zombies apart, that name this data folder in their environment or, like Valkey, their title."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_text().replace("\0", " ")
                if folder in command or folder.encode() in (entry / "environ").read_bytes():
                    yield int(entry.name), command
            except OSError:
                continue


def soon(true: Callable[[], bool], seconds: float = START_SECONDS) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


def test_it_prints_its_address_and_a_link_then_ends_whole_on_ctrl_c(instance: Instance) -> None:
    assert instance.start() == f"Scholium runs at {instance.address}"
    assert instance.answers()
    for part in ("valkey-server", "api.cli api", "workers.main", "workers.ticker"):
        assert soon(lambda part=part: len(instance.processes(part)) == 1), part
    began = time.monotonic()
    assert instance.end(signal.SIGINT) == 0
    assert time.monotonic() - began < STOP_SECONDS
    assert instance.processes() == []
    assert instance.rest().startswith(f"Make the owner's account, once, at {instance.address}/claim/")


def test_the_link_is_printed_until_there_is_an_account(instance: Instance) -> None:
    assert instance.command("user", "add", "ada@example.org").returncode == 0
    instance.start()
    assert instance.end(signal.SIGTERM) == 0
    assert instance.processes() == []
    assert instance.rest() == ""


def test_a_part_that_dies_is_started_again(instance: Instance) -> None:
    instance.start()
    assert soon(lambda: len(instance.processes("workers.ticker")) == 1)
    for part in ("api.cli api", "workers.ticker", "valkey-server"):
        (pid,) = instance.processes(part)
        os.kill(pid, signal.SIGKILL)
        assert soon(lambda part=part, pid=pid: instance.processes(part) not in ([], [pid])), part
    assert soon(instance.answers)
    assert instance.end() == 0
    assert instance.processes() == []


def test_parts_end_with_a_killed_instance_and_the_next_one_adopts_the_queue(instance: Instance) -> None:
    instance.start()
    assert instance.end(signal.SIGKILL) == -signal.SIGKILL
    instance.rest()
    assert soon(lambda: len(instance.processes()) == len(instance.processes("valkey-server")) == 1, STOP_SECONDS)
    queue = instance.processes("valkey-server")
    instance.start()
    assert instance.processes("valkey-server") == queue
    assert instance.end() == 0
    assert instance.processes() == []


def test_a_taken_port_is_one_clear_line(instance: Instance) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", instance.port))
        taken.listen()
        said = instance.command("up")
    assert said.returncode == 1
    assert said.stdout == ""
    assert said.stderr.count("\n") == 1
    assert f"127.0.0.1:{instance.port}" in said.stderr
    assert instance.processes() == []


def test_a_second_instance_on_one_folder_is_refused(instance: Instance) -> None:
    instance.start()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        other = str(probe.getsockname()[1])
    said = instance.command("up", SCHOLIUM_PORT=other)
    assert said.returncode == 1
    assert "another instance runs" in said.stderr
    assert instance.answers()
    assert instance.end() == 0
