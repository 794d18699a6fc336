"""The bench's load: wrk, a client in C that costs next to nothing on the cores that it shares with the servers.

A load is one request, made anew each time: `{id}` in its body becomes a fresh UUID, `{seq}` the number of its first op.
Refuses to count a run in which any answer was no success.
"""

from __future__ import annotations

import random
import re
import subprocess
import tempfile

import msgspec
from msgspec import Struct

SCRIPT = """
local run, count, seq = "%(run)08x", 0, %(seq)d
local body = [==[%(body)s]==]
local headers = {["Content-Type"] = "application/json", ["Authorization"] = "Bearer %(token)s"}
local function id()
  count = count + 1
  return string.format("%%s-0000-4000-8000-%%012x", run, count)
end
request = function()
  local sent = body:gsub("{id}", id):gsub('"{seq}"', string.format("%%d", seq))
  seq = seq + %(ops)d
  return wrk.format("%(method)s", "%(path)s", headers, #sent > 0 and sent or nil)
end
"""
SAID = re.compile(r"(\d+) requests in ([\d.]+)(m?s)")
WRONG = re.compile(r"Non-2xx or 3xx responses: \d+|Socket errors: .*")
SEQUENCES = 100_000_000  # of a run: more than it can use, so that each run has its own
_runs = random.Random(7)  # noqa: S311 - names of runs, not secrets


class Load(Struct, frozen=True):
    """A request: its method, path, token and body, the ops in it, and how many units of work it is."""

    method: str
    path: str
    token: str
    body: object = None
    units: int = 1
    ops: int = 0


class Ids(Struct):
    """Where the sequences of the next run begin."""

    next: int = SEQUENCES


_ids = Ids()


def rate(url: str, load: Load, connections: int, seconds: float) -> float:
    """Units a second with so many connections; raises OSError where one answer was no success."""
    body = "" if load.body is None else msgspec.json.encode(load.body).decode()
    _ids.next += SEQUENCES
    told = {"run": _runs.getrandbits(32), "seq": _ids.next, "body": body, "token": load.token, "ops": load.ops}
    told |= {"method": load.method, "path": load.path}
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT % told)
        script.flush()
        words = ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "60s"]
        said = subprocess.run([*words, "-s", script.name, url], capture_output=True, text=True, check=True).stdout
    found, wrong = SAID.search(said), WRONG.search(said)
    if not found or wrong:
        raise OSError(f"{load.method} {load.path}: {wrong[0] if wrong else said}")
    took = float(found[2]) / (1000 if found[3] == "ms" else 1)
    return int(found[1]) * load.units / took
