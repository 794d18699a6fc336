"""A worker's way out in a process of its own, held against every fault: how much memory and what else it cost.

`python -m tests.workers.greedy REDIS SERVER PATHS…` prints one line of JSON: the outcomes, and the growth of memory,
of open files and of threads since the first plain answer.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
from pathlib import Path

from msgspec.structs import replace
from redis.asyncio import Redis

from api.domain.papers import Identifier
from workers.gateway import Gateway
from workers.gateway_limits import GatewayLimits
from workers.origins import origin_of
from workers.refusals import Refused, TryLater
from workers.sources.base import BadAnswer
from workers.sources.datacite import DataCite

SLOW, SECONDS = "-slow", 0.5  # paths that never come to an end have an end of their own; else all is as always


async def outcomes(redis_url: str, server: str, paths: list[str]) -> list[str]:
    """What became of each."""
    seconds = SECONDS if paths[0].endswith(SLOW) else 30.0
    limits = GatewayLimits("Scholium", {}, frozenset({origin_of(server)}), interval_seconds=0.0, total_seconds=seconds)
    source = DataCite(server)
    request = source.ask([Identifier("doi", "10.48550/arxiv.1706.03762")])
    assert request is not None
    found = []
    async with Redis.from_url(redis_url) as redis, Gateway(limits, redis, lambda: 1_795_000_000_000) as gateway:
        for path in paths:
            asked = replace(request, source=path, url=f"{server}/{path}")  # each its own breaker
            try:
                found.append("none" if await gateway.ask(asked, source.read) is None else "found")
            except (Refused, TryLater) as later:
                found.append(later.reason)
            except BadAnswer as bad:
                found.append(bad.code)
    return found


def used() -> tuple[int, int, int]:
    """The most memory so far in KiB, open files, threads."""
    # Not `ru_maxrss`, which a new program has from the one that started it.
    most = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(most.split()[1]), len(os.listdir("/proc/self/fd")), threading.active_count()


def main() -> None:
    """The process."""
    redis_url, server, *paths = sys.argv[1:]
    asyncio.run(outcomes(redis_url, server, ["plain"]))
    before = used()
    slow = [path for path in paths if path.endswith(SLOW)]
    found = asyncio.run(outcomes(redis_url, server, [path for path in paths if path not in slow]))
    found += asyncio.run(outcomes(redis_url, server, slow))
    growth = [after - was for after, was in zip(used(), before, strict=True)]
    print(json.dumps({"outcomes": found, "growth": growth}))


if __name__ == "__main__":
    main()
