"""A key is sent to the source that it is for and to nobody else; and the table of sources is whole."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from redis.asyncio import Redis

from api.domain.clock import read_rfc3339
from api.settings import Settings, read_settings
from api.standing import shut_seconds, switched_on
from tests.fakes import ReplayServer
from tests.make import OFFLINE
from workers.breaker import FAILURES, Breaker
from workers.gateway import Gateway
from workers.gateway_limits import GatewayLimits
from workers.origins import origin_of
from workers.refusals import Refused, TryLater, retry_after
from workers.source_table import SETTINGS, doi_agency_of, limits_of, link_hosts_of, sources_of
from workers.sources.base import Request

NOW_MS = read_rfc3339("2026-11-18T12:00:00Z")


@pytest.fixture
def home() -> Iterator[ReplayServer]:
    """The source that the key is for."""
    with ReplayServer(lambda path, query: (200, {}, b"{}")) as replay:
        yield replay


@pytest.fixture
def elsewhere() -> Iterator[ReplayServer]:
    """Somebody else."""
    with ReplayServer(lambda path, query: (200, {}, b"{}")) as replay:
        yield replay


@pytest.fixture
async def gateway(redis_url: str, home: ReplayServer, elsewhere: ReplayServer) -> AsyncIterator[Gateway]:
    """The way out."""
    limits = GatewayLimits("tests", {"x": 0.0}, frozenset({origin_of(home.url), origin_of(elsewhere.url)}))
    async with Redis.from_url(redis_url) as redis, Gateway(limits, redis, lambda: NOW_MS) as opened:
        yield opened


def keyed(url: str) -> Request:
    """A question with a key in a header and one in the query."""
    return Request("x", url, "*/*", headers=(("x-api-key", "secret"),), secret_query=(("api_key", "s&cret"),))


async def test_a_key_reaches_its_source_and_is_in_no_answer(gateway: Gateway, home: ReplayServer) -> None:
    answer = await gateway.fetch(keyed(home.url + "/a?b=c#d"))
    assert answer.url == home.url + "/a?b=c#d"
    assert home.seen[0].query == "b=c&api_key=s%26cret"
    assert home.seen[0].headers["x-api-key"] == "secret"
    await gateway.fetch(keyed(home.url))
    assert home.seen[1].query == "api_key=s%26cret"


async def test_a_key_follows_a_redirect_at_home_but_none_to_elsewhere(
    gateway: Gateway, home: ReplayServer, elsewhere: ReplayServer
) -> None:
    home.route = lambda path, query: (
        (301, {"Location": "/b"}, b"")
        if path == "/a"
        else (302, {"Location": elsewhere.url + "/c"}, b"")
        if path == "/b"
        else (200, {}, b"")
    )
    await gateway.fetch(keyed(home.url + "/a"))
    assert ["x-api-key" in seen.headers for seen in home.seen] == [True, True]
    assert [seen.path for seen in elsewhere.seen] == ["/c"]
    assert "cret" not in str(elsewhere.seen)


async def test_a_403_that_names_a_time_is_a_limit_and_any_other_a_wall(gateway: Gateway, home: ReplayServer) -> None:
    home.route = lambda path, query: (403, {}, b"{}")
    with pytest.raises(Refused, match="status_403"):
        await gateway.fetch(keyed(home.url))
    home.route = lambda path, query: (403, {"Retry-After": "60"}, b"{}")
    with pytest.raises(TryLater, match="status_403") as caught:
        await gateway.fetch(keyed(home.url))
    assert caught.value.after_seconds == 60
    with pytest.raises(TryLater, match="pace"):
        await gateway.fetch(keyed(home.url))


async def test_what_to_ask_by_again_is_told_if_it_could_stand_in_a_header(gateway: Gateway, home: ReplayServer) -> None:
    home.route = lambda path, query: (200, {"ETag": 'W/"7"', "Last-Modified": "Wed, 18 Nov 2026 12:00:00 GMT"}, b"")
    answer = await gateway.fetch(keyed(home.url))
    assert (answer.etag, answer.last_modified) == ('W/"7"', "Wed, 18 Nov 2026 12:00:00 GMT")
    home.route = lambda path, query: (200, {"ETag": '"\xe9"', "Last-Modified": "x" * 300}, b"")
    answer = await gateway.fetch(keyed(home.url))
    assert (answer.etag, answer.last_modified) == ("", "")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(NOW_MS // 1000 + 90)}, 90.0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "64140"}, 64140.0),
        ({"x-ratelimit-remaining": "3", "x-ratelimit-reset": "64140"}, None),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "soon"}, None),
        ({"ratelimit": '"api";r=0;t=120'}, 120.0),
        ({"ratelimit": '"api";r=7;t=120'}, None),
        ({"retry-after": "5", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "64140"}, 5.0),
        ({}, None),
    ],
)
def test_a_quota_that_is_used_up_says_when_it_begins_anew(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW_MS) == seconds


def test_sources_are_asked_in_the_order_in_which_they_name_ids_for_each_other() -> None:
    names = [source.name for source in sources_of(Settings())]
    assert names == [name for name in SETTINGS if name in names]
    assert names.index("arxiv") < names.index("crossref") < names.index("openalex") < names.index("s2")
    assert names.index("s2") < names.index("unpaywall") < names.index("huggingface")
    assert names.index("biorxiv") < names.index("crossref")
    assert {*names, "github", "doi"} == SETTINGS.keys()


def test_an_empty_address_switches_a_source_off_and_offline_switches_all_off() -> None:
    assert [s.name for s in sources_of(Settings())] == [*dict.fromkeys(s.name for s in sources_of(Settings()))]
    only = read_settings(OFFLINE | {"SCHOLIUM_ARXIV_URL": "https://arxiv.example"})
    assert [source.name for source in sources_of(only)] == ["arxiv"]
    nobody = read_settings(OFFLINE)
    assert (sources_of(nobody), doi_agency_of(nobody), link_hosts_of(nobody)) == ([], None, [])


async def test_who_is_left_alone_is_seen_from_the_house_by_the_names_of_the_settings(redis_url: str) -> None:
    assert switched_on(Settings()) == sorted(SETTINGS.values())
    async with Redis.from_url(redis_url) as redis:
        for name in SETTINGS:
            for _ in range(FAILURES):
                await Breaker(redis).failed(name)
    shut = await shut_seconds(redis_url, switched_on(Settings()))
    assert shut is not None
    assert [name for name, seconds in shut.items() if seconds < 290] == []


def test_every_source_has_its_own_pace_and_none_may_be_private_unless_told() -> None:
    limits = limits_of(read_settings({"SCHOLIUM_SEMANTIC_SCHOLAR_INTERVAL_SECONDS": "7"}))
    assert limits.intervals.keys() == SETTINGS.keys()
    assert (limits.intervals["s2"], limits.intervals["arxiv"], limits.intervals["github"]) == (7.0, 3.0, 60.0)
    assert limits.allow_private_for == frozenset()
    private = limits_of(
        read_settings(OFFLINE | {"SCHOLIUM_ALLOW_PRIVATE_SOURCES": "on", "SCHOLIUM_DOI_URL": "http://d"})
    )
    assert private.allow_private_for == {"http://d:80"}
