"""One request to the outside: what is taken for an answer, what waits, what is refused, and how far it reaches."""

from __future__ import annotations

import gzip
import threading
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping

import pytest
from msgspec import structs
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from api.domain.clock import read_rfc3339
from tests.fakes import ReplayServer, Reply
from workers.gateway import Gateway
from workers.gateway_limits import GatewayLimits, user_agent
from workers.origins import origin_of
from workers.refusals import Refused, TryLater
from workers.sources.base import Answer, Request

LIMITS = GatewayLimits(
    user_agent=user_agent("0.1", "https://papers.example", "admin@example.org"), intervals={"x": 0.0}
)
NOW_MS = read_rfc3339("2026-11-18T12:00:00Z")


@pytest.fixture
async def gateway_redis(redis_url: str) -> AsyncIterator[Redis]:
    """A client on the real Valkey, emptied."""
    client = Redis.from_url(redis_url)
    yield client
    await client.aclose()


@pytest.fixture
def server() -> Iterator[ReplayServer]:
    """The outside world."""
    with ReplayServer() as replay:
        yield replay


Fetch = Callable[..., Awaitable[Answer]]


@pytest.fixture
def fetch(gateway_redis: Redis, server: ReplayServer) -> Fetch:
    """Fetches from the server, which alone is excepted from the address rules."""

    async def run(url: str, **limits: object) -> Answer:
        chosen = structs.replace(LIMITS, **{"allow_private_for": frozenset({origin_of(server.url)}), **limits})
        async with Gateway(chosen, gateway_redis, lambda: NOW_MS) as gateway:
            return await gateway.fetch(Request("x", url, "application/json"))

    return run


def always(status: int, headers: Mapping[str, str], body: bytes = b"") -> Callable[[str, str], Reply]:
    """The same reply to everything."""
    return lambda path, query: (status, headers, body)


@pytest.mark.parametrize("status", [200, 400, 404, 410])
async def test_what_a_source_says_comes_back_as_it_said_it(fetch: Fetch, server: ReplayServer, status: int) -> None:
    server.route = always(status, {"Content-Type": "application/json; charset=utf-8"}, b'{"a": 1}')
    url = server.url + "/works/10.1%2Fx?mailto=a"
    assert await fetch(url) == Answer("x", url, status, "application/json", b'{"a": 1}', "2026-11-18T12:00:00.000Z")


async def test_we_say_who_we_are_and_carry_nothing_else(
    fetch: Fetch, server: ReplayServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    server.route = lambda path, query: (
        (302, {"Location": "/b", "Set-Cookie": "a=b"}, b"") if path == "/a" else (200, {}, b"ok")
    )
    await fetch(server.url + "/a")
    assert [seen.path for seen in server.seen] == ["/a", "/b"]
    for seen in server.seen:
        assert seen.headers == {
            "host": server.url.removeprefix("http://"),
            "user-agent": "Scholium/0.1 (+https://papers.example; mailto:admin@example.org)",
            "accept": "application/json",
            "accept-encoding": "gzip",
        }


async def test_a_question_with_a_body_is_posted_as_json_and_goes_nowhere_else(
    gateway_redis: Redis, server: ReplayServer
) -> None:
    limits = structs.replace(LIMITS, allow_private_for=frozenset({origin_of(server.url)}))
    question = Request("x", server.url + "/many", "application/json", body=b'{"ids": []}')
    async with Gateway(limits, gateway_redis, lambda: NOW_MS) as gateway:
        await gateway.fetch(question)
        server.route = always(307, {"Location": "/elsewhere"})
        assert (await gateway.fetch(question)).status == 307
    assert [(seen.path, seen.body) for seen in server.seen] == [("/many", b'{"ids": []}')] * 2
    assert server.seen[0].headers["content-type"] == "application/json"


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 599])
async def test_trouble_at_the_source_is_to_be_tried_later(fetch: Fetch, server: ReplayServer, status: int) -> None:
    server.route = always(status, {})
    with pytest.raises(TryLater) as caught:
        await fetch(server.url)
    assert (caught.value.reason, caught.value.after_seconds) == (f"status_{status}", 30.0)


@pytest.mark.parametrize("status", [401, 403])
async def test_a_wall_is_not_run_against_again(fetch: Fetch, server: ReplayServer, status: int) -> None:
    server.route = always(status, {})
    with pytest.raises(Refused, match=f"status_{status}"):
        await fetch(server.url)


async def test_a_source_that_asks_for_quiet_is_left_alone_by_all(fetch: Fetch, server: ReplayServer) -> None:
    server.route = always(429, {"Retry-After": "100"})
    for reason in ("status_429", "pace", "pace"):
        with pytest.raises(TryLater, match=reason) as caught:
            await fetch(server.url)
        assert 95 < caught.value.after_seconds <= 100
    assert len(server.seen) == 1


async def test_a_turn_too_far_away_is_not_waited_for(fetch: Fetch, server: ReplayServer) -> None:
    await fetch(server.url, intervals={"x": 60.0})
    with pytest.raises(TryLater, match="pace"):
        await fetch(server.url, intervals={"x": 60.0})
    assert len(server.seen) == 1


async def test_without_the_shared_pace_nothing_is_asked(server: ReplayServer) -> None:
    gone = Redis(unix_socket_path="/nonexistent/valkey.sock", retry=Retry(NoBackoff(), 0))
    limits = structs.replace(LIMITS, allow_private_for=frozenset({origin_of(server.url)}))
    async with Gateway(limits, gone, lambda: NOW_MS) as gateway:
        with pytest.raises(TryLater, match="pace_unknown"):
            await gateway.fetch(Request("x", server.url, "*/*"))
    assert server.seen == []


async def test_nothing_on_this_machine_is_reached_but_what_the_settings_name(
    fetch: Fetch, server: ReplayServer
) -> None:
    with ReplayServer() as canary:
        port = canary.url.rpartition(":")[2]
        server.route = lambda path, query: (302, {"Location": f"http://127.0.0.1:{port}/"}, b"")
        for url in (canary.url, server.url, f"http://localhost:{port}/", f"http://2130706433:{port}/"):
            with pytest.raises(Refused):
                await fetch(url)
        assert canary.seen == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"])
async def test_loopback_is_refused_however_it_is_spelled(fetch: Fetch, host: str) -> None:
    with pytest.raises((Refused, TryLater), match=r"address|connect"):
        await fetch(f"http://{host}/")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "file:///etc/passwd",
        "ftp://paper.example/",
        "gopher://paper.example/",
        "javascript:alert(1)",
        "//paper.example/",
        "https://",
        "https://user:secret@paper.example/",
        "https://paper.example:99999/",
        "https://paper.example/a b",
        "https://paper.example/\r\nHost: x",
        "https://paper.example/é",
    ],
)
async def test_what_is_no_plain_web_address_is_refused(fetch: Fetch, url: str) -> None:
    with pytest.raises(Refused, match="url"):
        await fetch(url)


async def test_five_redirects_are_followed_and_six_are_not(fetch: Fetch, server: ReplayServer) -> None:
    def count_down(path: str, query: str) -> Reply:
        left = int(path.strip("/"))
        return (301, {"Location": f"/{left - 1}"}, b"") if left else (200, {}, b"here")

    server.route = count_down
    assert (await fetch(server.url + "/5")).body == b"here"
    with pytest.raises(Refused, match="redirects"):
        await fetch(server.url + "/6")


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zlib.compress])
async def test_a_body_is_taken_up_to_the_limit_and_not_a_byte_more(
    fetch: Fetch, server: ReplayServer, pack: Callable[[bytes], bytes]
) -> None:
    encoding = {bytes: "identity", gzip.compress: "gzip", zlib.compress: "deflate"}[pack]
    server.route = always(200, {"Content-Encoding": encoding}, pack(b"x" * 1000))
    assert (await fetch(server.url, body_bytes=1000)).body == b"x" * 1000
    with pytest.raises(Refused, match="too_large"):
        await fetch(server.url, body_bytes=999)


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "zstd", "compress"])
async def test_an_encoding_that_could_hide_a_bomb_is_refused(fetch: Fetch, server: ReplayServer, encoding: str) -> None:
    server.route = always(200, {"Content-Encoding": encoding}, gzip.compress(gzip.compress(b"x")))
    with pytest.raises(Refused, match="encoding"):
        await fetch(server.url)


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
async def test_a_body_that_was_cut_off_is_no_answer(fetch: Fetch, server: ReplayServer, encoding: str) -> None:
    body = gzip.compress(b"paper" * 100) if encoding == "gzip" else b"paper" * 100
    server.route = always(200, {"Content-Encoding": encoding, "Content-Length": "9999"}, body[:20])
    with pytest.raises(TryLater, match="cut_off"):
        await fetch(server.url)


async def test_a_compressed_stream_without_end_is_no_answer(fetch: Fetch, server: ReplayServer) -> None:
    server.route = always(200, {"Content-Encoding": "gzip"}, gzip.compress(b"paper" * 100)[:20])
    with pytest.raises(TryLater, match="cut_off"):
        await fetch(server.url)


async def test_a_source_that_does_not_answer_in_time_is_to_be_tried_later(fetch: Fetch, server: ReplayServer) -> None:
    over = threading.Event()

    def wait(path: str, query: str) -> Reply:
        over.wait(10)
        return 200, {}, b""

    server.route = wait
    try:
        with pytest.raises(TryLater, match="timeout"):
            await fetch(server.url, total_seconds=0.1)
    finally:
        over.set()


async def test_a_source_that_is_not_there_is_to_be_tried_later(fetch: Fetch) -> None:
    with ReplayServer() as closed:
        url = closed.url
    with pytest.raises(TryLater, match="connect"):
        await fetch(url, allow_private_for=frozenset({origin_of(url)}))
