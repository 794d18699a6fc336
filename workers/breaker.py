"""A circuit breaker for each outside source, shared by all workers: who fails again and again is left alone.

Again and again is five times in a row, or more than half of the last twenty times. Kept in Redis by Redis' own time,
and forgotten by it after a while: nothing but time opens or closes it beside what the source itself does. Refuses to
let more than one worker at a time try whether a source is back.
"""

from __future__ import annotations

from redis.asyncio import Redis

from api.standing import BREAKER_KEY as KEY

FAILURES = 5  # one after the other, over all workers
WINDOW = 20  # outcomes that are remembered; shut when more than half of so many failed
PAUSE_SECONDS = 300.0  # the first pause; each failed probe doubles it
MOST_PAUSE_SECONDS = 21_600.0
PROBE_SECONDS = 40.0  # how long one worker may try alone; above the time that one request may take
KEEP_SECONDS = 86_400  # without any failure for that long, all is forgotten

# `shut` is when the next one may ask, `pauses` how often it was shut in a row; times are microseconds of Redis time.
# `last` are the newest outcomes, one letter each, since it was shut last.
_ALLOW = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local shut = tonumber(redis.call('HGET', KEYS[1], 'shut') or '0')
if shut == 0 then return 0 end
if now < shut then return shut - now end
redis.call('HSET', KEYS[1], 'shut', string.format('%.0f', now + tonumber(ARGV[1])), 'probe', 1)
return 0
"""

# A failure of a request that was under way when the breaker shut tells nothing new.
_FAILED = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local shut = tonumber(redis.call('HGET', KEYS[1], 'shut') or '0')
local probe = redis.call('HGET', KEYS[1], 'probe') == '1'
if shut > now and not probe then return shut - now end
local failures = redis.call('HINCRBY', KEYS[1], 'failures', 1)
local window = tonumber(ARGV[5])
local last = string.sub((redis.call('HGET', KEYS[1], 'last') or '') .. 'f', -window)
local _, failed = string.gsub(last, 'f', '')
redis.call('HSET', KEYS[1], 'last', last)
redis.call('EXPIRE', KEYS[1], ARGV[4])
local often = #last == window and failed * 2 > window
if failures < tonumber(ARGV[1]) and not often and not probe then return 0 end
local pauses = redis.call('HINCRBY', KEYS[1], 'pauses', 1)
local pause = math.min(tonumber(ARGV[2]) * 2 ^ (pauses - 1), tonumber(ARGV[3]))
redis.call('HSET', KEYS[1], 'shut', string.format('%.0f', now + pause), 'probe', 0, 'last', '')
return pause
"""

# An answer to the one that tried ends the pause; one that was under way when the breaker shut does not.
_ANSWERED = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local shut = tonumber(redis.call('HGET', KEYS[1], 'shut') or '0')
if shut > now and redis.call('HGET', KEYS[1], 'probe') ~= '1' then return 0 end
local last = string.sub((redis.call('HGET', KEYS[1], 'last') or '') .. 'a', -tonumber(ARGV[1]))
redis.call('HSET', KEYS[1], 'last', last, 'failures', 0)
redis.call('HDEL', KEYS[1], 'shut', 'probe', 'pauses')
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 0
"""


class Breaker:
    """Whether sources may be asked; every method raises redis.RedisError when that cannot be known."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._allow = redis.register_script(_ALLOW)
        self._failed = redis.register_script(_FAILED)
        self._answered = redis.register_script(_ANSWERED)

    async def allow(self, source: str) -> float:
        """Seconds to leave a source alone; 0: ask now. After a pause one caller gets 0, the others wait for it."""
        wait = await self._allow(keys=[KEY + source], args=[_micros(PROBE_SECONDS)])
        return int(wait) / 1_000_000

    async def failed(self, source: str) -> float:
        """A request failed; seconds for which the source is left alone from now on, 0 if it is not yet."""
        limits = [FAILURES, _micros(PAUSE_SECONDS), _micros(MOST_PAUSE_SECONDS), KEEP_SECONDS, WINDOW]
        return int(await self._failed(keys=[KEY + source], args=limits)) / 1_000_000

    async def answered(self, source: str) -> None:
        """A source answered: failures in a row are none any more, and a pause is over."""
        await self._answered(keys=[KEY + source], args=[WINDOW, KEEP_SECONDS])


def _micros(seconds: float) -> int:
    return round(seconds * 1_000_000)
