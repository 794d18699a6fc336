"""Only the agency that keeps a DOI's record is asked for it, and who that is is asked once a prefix."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from api.domain.papers import Identifier
from tests.fakes import ReplayServer, Reply
from tests.workers.sources.answers import ids
from workers.agencies import Agencies
from workers.doi_prefixes import known_agency, published_first
from workers.gateway import Gateway
from workers.gateway_limits import GatewayLimits
from workers.origins import origin_of
from workers.sources.doi_agency import DoiAgency

AGENCIES = {"10.1234": "Crossref", "10.2345": "DataCite", "10.3456": "mEDRA"}


@pytest.fixture
def server() -> Iterator[ReplayServer]:
    """A resolver that knows three prefixes."""

    def route(path: str, query: str) -> Reply:
        doi = path.removeprefix("/ra/")
        agency = AGENCIES.get(doi.partition("/")[0])
        row = {"DOI": doi, "RA": agency} if agency else {"DOI": doi, "status": "DOI does not exist"}
        return 200, {"Content-Type": "application/json"}, json.dumps([row]).encode()

    with ReplayServer(route) as replay:
        yield replay


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator[Redis]:
    """The real Valkey, emptied."""
    async with Redis.from_url(redis_url) as opened:
        yield opened


@pytest.fixture
async def make(server: ReplayServer, client: Redis) -> AsyncIterator[Callable[..., Agencies]]:
    """Makes agencies that ask the resolver, or nobody, and remember in a Redis."""
    limits = GatewayLimits("tests", {"doi": 0.0}, frozenset({origin_of(server.url)}))
    async with Gateway(limits, client, lambda: 0) as gateway:
        yield lambda redis=client, url=server.url: Agencies(redis, gateway, DoiAgency(url) if url else None)


def allowed(*names: str) -> list[Identifier]:
    """DOIs by their beginnings, as identifiers."""
    return ids(*(f"doi:{name}/a" for name in names))


async def test_each_doi_goes_to_the_agency_that_has_its_record(make: Callable[..., Agencies]) -> None:
    agencies, named = (
        make(),
        [*allowed("10.1234", "10.2345", "10.3456", "10.1038", "10.5281"), *ids("arxiv:1706.03762")],
    )
    assert await agencies.allowed("crossref", named) == [*allowed("10.1234", "10.1038"), *ids("arxiv:1706.03762")]
    assert await agencies.allowed("datacite", named) == [*allowed("10.2345", "10.5281"), *ids("arxiv:1706.03762")]
    assert await agencies.allowed("openalex", named) == named


async def test_a_prefix_is_asked_about_once_and_a_known_one_never(
    make: Callable[..., Agencies], server: ReplayServer
) -> None:
    for doi in ("10.1234/a", "10.1234/b", "10.1038/c"):
        assert await make().allowed("crossref", ids(f"doi:{doi}"))
        assert not await make().allowed("datacite", ids(f"doi:{doi}"))
    assert [seen.path for seen in server.seen] == ["/ra/10.1234/a"]


async def test_where_nobody_can_tell_crossref_is_the_guess(
    make: Callable[..., Agencies], server: ReplayServer, client: Redis
) -> None:
    assert await make().allowed("crossref", allowed("10.9999"))
    assert not await make().allowed("datacite", allowed("10.9999"))
    assert len(server.seen) == 1  # that nobody knows it is remembered for a day too
    assert await client.ttl("scholium:agency:10.9999") == 86_400
    server.route = lambda path, query: (500, {}, b"")
    assert await make().allowed("crossref", allowed("10.2345"))
    await client.flushall()
    assert await make(url="").allowed("crossref", allowed("10.2345"))


async def test_a_resolver_that_is_busy_is_asked_again_for_the_next_paper(
    make: Callable[..., Agencies], server: ReplayServer
) -> None:
    told, server.route = server.route, lambda path, query: (503, {}, b"")
    assert await make().allowed("crossref", allowed("10.2345"))
    server.route = told
    assert not await make().allowed("crossref", allowed("10.2345"))
    assert await make().allowed("datacite", allowed("10.2345"))
    assert len(server.seen) == 2


async def test_a_resolver_that_shows_web_pages_is_left_alone_after_five(
    make: Callable[..., Agencies], server: ReplayServer
) -> None:
    server.route = lambda path, query: (200, {}, b"<!doctype html><p>Sign in")
    for number in range(8):
        assert await make().allowed("crossref", allowed(f"10.70{number:02}"))
    assert len(server.seen) == 5


async def test_without_redis_a_paper_is_not_held_up(make: Callable[..., Agencies]) -> None:
    nowhere = Redis.from_url("unix:///nowhere/valkey.sock", retry=Retry(NoBackoff(), 0))
    assert await make(redis=nowhere).allowed("datacite", allowed("10.2345"))
    await nowhere.aclose()


def test_a_publications_doi_comes_before_a_preprint_servers() -> None:
    named = ids("doi:10.1101/1", "doi:10.5555/b", "doi:10.5555/a", "pmid:7")
    assert published_first(named) == ["10.5555/a", "10.5555/b", "10.1101/1"]
    assert known_agency("10.5281/zenodo.7") == "datacite"
    assert known_agency("10.9999/x") is None
