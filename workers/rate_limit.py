"""One pace for each outside source, shared by all workers on all hosts.

Keeps one number a source in Redis: when it is next free. Time is Redis' own, so that workers with wrong clocks
agree. Refuses to hand out a turn that the caller would not wait for: such a turn would be lost to the others.
"""

from __future__ import annotations

from redis.asyncio import Redis

KEY = "scholium:pace:"

# GCRA without burst: `free` is the theoretical arrival time, in microseconds of Redis time (below 2^53, so exact).
_TAKE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local free = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local wait = free - now
if wait <= tonumber(ARGV[2]) then
  local free_next = free + tonumber(ARGV[1])
  redis.call('SET', KEYS[1], string.format('%.0f', free_next), 'PX', math.ceil((free_next - now) / 1000) + 1000)
end
return wait
"""

_HOLD = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local free = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now + tonumber(ARGV[1]))
redis.call('SET', KEYS[1], string.format('%.0f', free), 'PX', math.ceil((free - now) / 1000) + 1000)
return free - now
"""


class RateLimiter:
    """Turns at sources, at least an interval apart however many workers ask."""

    def __init__(self, redis: Redis) -> None:
        self._take = redis.register_script(_TAKE)
        self._hold = redis.register_script(_HOLD)

    async def take(self, source: str, interval: float, patience: float) -> float:
        """Seconds to wait before asking; a wait above `patience` means that no turn was taken.

        `interval`: seconds between two turns. Raises redis.RedisError when the pace cannot be known.
        """
        wait = await self._take(keys=[KEY + source], args=[_micros(interval), _micros(patience)])
        return int(wait) / 1_000_000

    async def hold(self, source: str, seconds: float) -> None:
        """No turns for that long, because the source asked for it; a longer hold stands."""
        await self._hold(keys=[KEY + source], args=[_micros(seconds)])


def _micros(seconds: float) -> int:
    return round(seconds * 1_000_000)
