"""Hosts on one machine: network namespaces around a bridge in a namespace of its own, cables that can be cut.

Nothing of it is seen from outside, so runs side by side never meet. Refuses machines that let nobody make namespaces:
`why_not` says why.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.conftest import ROOT

MOST_ADDRESSES = 254
NAMES = Path("/etc/netns")  # of each namespace a folder of files that stand for those in /etc


def why_not() -> str:
    """Why no hosts can be made here; empty where they can."""
    if shutil.which("ip") is None:
        return "needs the program ip (iproute2)"
    name = f"sch{os.getpid()}-try"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True)
    if made.returncode:
        return f"no network namespace can be made here: {made.stderr.strip()}"
    _ip("netns", "del", name)
    return ""


class Network:
    """A bridge and hosts with an address each, 10.77.0.1 and up; all of it is gone after the `with` block."""

    def __init__(self) -> None:
        self._running: dict[str, list[subprocess.Popen[bytes]]] = {}
        self.addresses: dict[str, str] = {}

    def __enter__(self) -> Self:
        _ip("netns", "add", self._space("switch"))
        _ip("-n", self._space("switch"), "link", "add", "bridge", "type", "bridge")
        _ip("-n", self._space("switch"), "link", "set", "bridge", "up")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        for host in self.addresses:
            self.kill(host)
        for host in [*self.addresses, "switch"]:
            _ip("netns", "del", self._space(host))
            shutil.rmtree(NAMES / self._space(host), ignore_errors=True)

    def add(self, host: str) -> str:
        """Join a host to the bridge; returns its address."""
        assert len(self.addresses) < MOST_ADDRESSES
        space, switch, cable = self._space(host), self._space("switch"), f"v-{host}"
        self.addresses[host] = address = f"10.77.0.{len(self.addresses) + 1}"
        _ip("netns", "add", space)
        (NAMES / space).mkdir(parents=True)
        (NAMES / space / "resolv.conf").write_text("nameserver 127.0.0.1\n", "utf-8")
        _ip("-n", switch, "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", space)
        _ip("-n", switch, "link", "set", cable, "master", "bridge", "up")
        _ip("-n", space, "address", "add", f"{address}/24", "dev", "eth0")
        for interface in ("eth0", "lo"):
            _ip("-n", space, "link", "set", interface, "up")
        return address

    def start(
        self, host: str, words: Sequence[str | Path], log: Path, environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """A program on a host; what it says is added to the log."""
        run = ["ip", "netns", "exec", self._space(host), *map(str, words)]
        with open(log, "ab") as said:
            process = subprocess.Popen(
                run, env=os.environ | dict(environment or {}), cwd=ROOT, stdout=said, stderr=subprocess.STDOUT
            )
        self._running.setdefault(host, []).append(process)
        return process

    def kill(self, host: str) -> None:
        """As if the host lost its power: SIGKILL to all that runs on it, so that nothing can be tidied up."""
        while found := _ip("netns", "pids", self._space(host)).split():
            for pid in map(int, found):
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
            for process in self._running.pop(host, []):
                process.wait(10)

    def signal(self, host: str, module: str, sign: signal.Signals) -> None:
        """A signal to the Python processes on a host that run a module."""
        for pid in map(int, _ip("netns", "pids", self._space(host)).split()):
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            if words[1:3] == [b"-m", module.encode()]:
                os.kill(pid, sign)

    def cut(self, host: str) -> None:
        """Pull the host's cable: whoever spoke with it hears nothing more, not even a goodbye."""
        _ip("-n", self._space("switch"), "link", "set", f"v-{host}", "down")

    def mend(self, host: str) -> None:
        """Put the cable back."""
        _ip("-n", self._space("switch"), "link", "set", f"v-{host}", "up")

    def _space(self, host: str) -> str:
        return f"sch{os.getpid()}-{host}"


def _ip(*words: str) -> str:
    ran = subprocess.run(["ip", *words], capture_output=True, text=True)
    if ran.returncode:
        raise OSError(f"ip {' '.join(words)}: {ran.stderr.strip()}")
    return ran.stdout
