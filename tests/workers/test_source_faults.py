"""Whatever a source does, the paper ends as it should, the others are asked, and nothing grows."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from redis.asyncio import Redis

from api.actions.desk import Desk
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Who
from api.domain.papers import Finding
from api.store.database import Tx
from tests.conftest import ROOT, SHARED, Clock
from tests.fakes import ReplayServer, Reply, not_found
from tests.make import NOW, make_id
from tests.workers.outside_world import atom
from tests.workers.sources.answers import outcome, recorded
from tests.workers.test_asking import outside
from tests.workers.upstream_faults import BAD_ID, FAULTS, JSON, Fault
from workers.enrich import enrich
from workers.gateway import Gateway
from workers.gateway_limits import GatewayLimits
from workers.origins import origin_of
from workers.refusals import Refused, TryLater
from workers.sources.arxiv import Arxiv
from workers.sources.base import BadAnswer, Request, Source
from workers.sources.crossref import Crossref
from workers.sources.datacite import DataCite
from workers.sources.github import GitHub
from workers.sources.openalex import OpenAlex
from workers.sources.pubmed import PubMed
from workers.sources.semantic_scholar import SemanticScholar
from workers.sources.unpaywall import Unpaywall
from workers.sources.zenodo import Zenodo

MOST_GROWTH_KIB = 64 * 1024
ID = "1706.03762"
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SLOW = {"a drip"}  # these take as long as a request may; the process of its own meets them with a second


async def state(desk: Desk) -> tuple[str, int, set[str]]:
    """The paper's state, when it is due, and who told of it."""

    async def read(tx: Tx) -> tuple[str, int, set[str]]:
        paper = await tx.row("SELECT enrich_state, next_try_at FROM paper")
        assert paper is not None
        told = await tx.rows("SELECT source FROM observation WHERE source <> 'page'")
        return paper["enrich_state"], paper["next_try_at"], {row["source"] for row in told}

    return await desk.database.read(read)


@one_database
@pytest.mark.parametrize("fault", [each for each in FAULTS if each.name not in SLOW], ids=lambda each: each.name)
async def test_a_fault_at_one_source_ends_as_it_should_and_holds_up_nobody_else(
    desk: Desk, who: Who, clock: Clock, fault: Fault
) -> None:
    def route(path: str, query: str) -> Reply:
        if path.startswith("/arxiv/"):
            return 200, {}, atom([ID])
        return fault.reply(path) if path.startswith("/datacite/") else not_found(path, query)

    wish = SaveWish(make_id("entry"), f"https://arxiv.org/abs/{ID}")
    paper_id = (await save_paper(desk, who, wish)).paper.id
    with ReplayServer(route) as server:
        async with outside(desk, server) as outer:
            assert await enrich(desk, outer, paper_id)
            became, due, told = await state(desk)
            assert {"arxiv", "openalex", "s2", "huggingface"} <= told
            assert ("datacite" in told, became) == ((True, "done") if fault.wait is None else (False, "partial"))
            if fault.wait is None:
                return
            assert fault.wait * 1000 <= due - NOW <= max(fault.wait * 1000, 10_000) * 1.2
            server.route = lambda path, query: not_found(path, query)
            clock.forward((due - NOW) / 1000 + 1)
            async with Redis.from_url(desk.settings.redis_url) as redis:
                await redis.flushall()  # its time has passed there too
            assert await enrich(desk, outer, paper_id)
    became, _, told = await state(desk)
    assert (became, "datacite" in told) == ("done", True)


@one_database
async def test_an_id_that_arxiv_calls_malformed_is_a_paper_that_it_does_not_have(desk: Desk, who: Who) -> None:
    wish = SaveWish(make_id("entry"), f"https://arxiv.org/abs/{ID}")
    paper_id = (await save_paper(desk, who, wish)).paper.id
    with ReplayServer(lambda path, query: (400, {}, BAD_ID) if "/arxiv/" in path else not_found(path, query)) as server:
        async with outside(desk, server) as outer:
            assert await enrich(desk, outer, paper_id)
    became, _, told = await state(desk)
    assert (became, "arxiv" in told) == ("done", True)


async def test_no_fault_costs_more_than_64_megabytes_or_leaves_anything_open(redis_url: str) -> None:
    in_order = sorted(FAULTS, key=lambda each: each.name in SLOW)
    faults = {f"{number}{'-slow' * (fault.name in SLOW)}": fault for number, fault in enumerate(in_order)}
    began = time.monotonic()
    with ReplayServer(
        lambda path, query: faults[path[1:]].reply(path) if path != "/plain" else (404, {}, b"")
    ) as server:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.workers.greedy", redis_url, server.url, *faults, cwd=ROOT, stdout=-1
        )
        said, _ = await process.communicate()
    assert process.returncode == 0
    told = json.loads(said)
    assert dict(zip((each.name for each in in_order), told["outcomes"], strict=True)) == {
        each.name: each.outcome for each in FAULTS
    }
    memory, files, threads = told["growth"]
    print(f"{len(FAULTS)} faults: {memory / 1024:.0f} MiB more, {time.monotonic() - began:.1f} s")
    assert memory <= MOST_GROWTH_KIB
    assert (files, threads) == (0, 0)


PLAIN = "".join(chr(n) for n in range(33, 127))
HOST = "https://source.example"
RECORDED: dict[str, Source] = {
    "arxiv": Arxiv(HOST),
    "crossref": Crossref(HOST, ""),
    "datacite": DataCite(HOST),
    "openalex": OpenAlex(HOST),
    "pubmed": PubMed(HOST, ""),
    "semanticscholar": SemanticScholar(HOST),
    "unpaywall": Unpaywall(HOST, "a@example.org"),
    "zenodo": Zenodo(HOST),
}


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator[Redis]:
    """A client on the real Valkey, emptied."""
    async with Redis.from_url(redis_url) as opened:
        yield opened


@pytest.mark.parametrize("name", RECORDED)
async def test_every_recorded_answer_says_over_the_wire_what_it_says_as_it_lies(client: Redis, name: str) -> None:
    source = RECORDED[name]
    became = {}
    for file, one in recorded(name):
        kind = {"Content-Type": one.content_type} if one.content_type else {}
        with ReplayServer(lambda path, query, one=one, kind=kind: (one.status, kind, one.body)) as server:
            parts = urlsplit(one.url)
            limits = GatewayLimits("Scholium", {}, frozenset({origin_of(server.url)}), interval_seconds=0.0)
            asked = Request(
                file, quote(f"{server.url}{parts.path}?{parts.query}", PLAIN), "*/*"
            )  # each its own breaker
            async with Gateway(limits, client, lambda: NOW) as gateway:
                try:
                    became[file] = await gateway.ask(asked, source.read)
                except (TryLater, Refused) as wall:
                    became[file] = wall.reason
                except BadAnswer as bad:
                    became[file] = bad.code
    walls = {401, 403, 429}
    expected = {f: f"status_{one.status}" if one.status in walls else outcome(source, one) for f, one in recorded(name)}
    assert became == expected
    if name != "semanticscholar":  # its were asked with other fields, and name no ids
        assert any(isinstance(each, Finding) for each in became.values())


async def test_every_recorded_answer_of_github_ends_as_its_headers_ask(client: Redis) -> None:
    folder = SHARED / "fixtures" / "api" / "github"
    if not folder.is_dir():
        pytest.skip("shared fixtures are not here: github")
    files = {row["file"]: row for row in json.loads((folder / "index.json").read_text()) if row["url"]}
    became: dict[str, object] = {}
    for file, row in files.items():
        path = urlsplit(row["url"]).path

        def route(asked: str, query: str, file: str = file, row: Any = row, path: str = path) -> Reply:
            if asked != path:  # where a renamed repository is now
                return 200, JSON, (folder / "repo-renamed-301-followed.json").read_bytes()
            headers = {name: value for name, value in row["headers"].items() if name != "location"}
            moved = {"Location": "/repositories/1"} if row["status"] == 301 else {}
            return row["status"], headers | moved, (folder / file).read_bytes()

        with ReplayServer(route) as server:
            limits = GatewayLimits("Scholium", {}, frozenset({origin_of(server.url)}), interval_seconds=0.0)
            async with Gateway(limits, client, lambda: NOW) as gateway:
                try:
                    found = await gateway.ask(Request(file, server.url + path, "*/*"), GitHub(server.url).read_link)
                    became[file] = found.status
                except TryLater as later:
                    became[file] = later.after_seconds
                except BadAnswer as bad:
                    became[file] = bad.code
    assert became["error-403-abuse-retry-after.json"] == 60
    assert became["repo-renamed-301.json"] == "moved"
    assert became["repo-mindwalk.json"] == "available"
    assert became["repo-octokit-hello-world.json"] == "promised"
    assert {each for each in became.values() if isinstance(each, str)} <= {
        "moved",
        "available",
        "promised",
        "gone",
        "malformed",
        "unexpected_status",
    }
