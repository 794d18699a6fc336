"""How the outside sources stand with us: who is left alone at present, as the workers' breakers keep it in Redis.

Refuses to change anything: nothing but time and the source itself opens a breaker.
"""

from __future__ import annotations

from collections.abc import Iterable

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from api.settings import Settings

BREAKER_KEY = "scholium:breaker:"
SHORT_NAMES = {"semantic_scholar": "s2"}  # where the workers' name of a source is not that of its settings


def switched_on(settings: Settings) -> list[str]:
    """The names of the sources that have an address, sorted."""
    ends = "_interval_seconds"
    names = [field.removesuffix(ends) for field in settings.__struct_fields__ if field.endswith(ends)]
    return sorted(name for name in names if getattr(settings, f"{name}_url"))


async def shut_seconds(url: str, sources: Iterable[str]) -> dict[str, float] | None:
    """For how long each source is still left alone, 0 for one that is asked; None where Redis does not answer."""
    names = list(sources)
    try:
        async with Redis.from_url(
            url, socket_connect_timeout=0.25, socket_timeout=1, retry=Retry(NoBackoff(), 1)
        ) as redis:
            seconds, micros = await redis.time()
            async with redis.pipeline(transaction=False) as pipe:
                for name in names:
                    pipe.hget(BREAKER_KEY + SHORT_NAMES.get(name, name), "shut")
                found = await pipe.execute()
    except (RedisError, OSError):
        return None
    now = int(seconds) * 1_000_000 + int(micros)
    return {name: max(0.0, (int(shut or 0) - now) / 1_000_000) for name, shut in zip(names, found, strict=True)}
