"""What a paper says of its code is held against the repository: there, still promised, gone, renamed, archived."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from redis.asyncio import Redis

from api.actions.desk import Desk
from api.actions.pull_changes import pull_changes
from api.actions.save_paper import SaveWish, save_paper
from api.domain.page_meta import Page
from api.domain.papers import Link
from tests.fakes import ReplayServer, Reply, not_found
from tests.make import LAPTOP, make_id, make_library
from workers.agencies import Agencies
from workers.enrich import Outside, enrich
from workers.gateway import Gateway
from workers.source_table import github_of, limits_of

URL = "https://github.com/ada/engine"
CLAIMED, PROMISED = f"Our code is available at {URL}.", f"Our code will be released at {URL}."
REPOSITORY = {"id": 7, "full_name": "ada/engine", "size": 12, "language": "Python", "pushed_at": "2026-01-02T00:00:00Z"}


async def checked(desk: Desk, abstract: str, repository: dict[str, Any] | None, asked: list[str]) -> Link:
    """The link of a paper with this abstract, after its repository was asked for; None: there is none."""
    who = (await make_library(desk, "ada", {"laptop": LAPTOP}))["laptop"]
    page = Page(metas=(("citation_title", "On Engines"), ("citation_abstract", abstract)))
    wish = SaveWish(make_id("entry"), "https://example.org/engines", page=page)
    paper_id = (await save_paper(desk, who, wish)).paper.id

    def answer(path: str, query: str) -> Reply:
        asked.append(path)
        return not_found(path, query) if repository is None else (200, {}, json.dumps(repository).encode())

    with ReplayServer(answer) as server:
        told = replace(
            desk.settings, github_url=server.url, github_interval_seconds=0.0, allow_private_sources=True, doi_url=""
        )
        async with Redis.from_url(told.redis_url) as redis, Gateway(limits_of(told), redis, desk.now) as gateway:
            assert await enrich(desk, Outside(gateway, [], Agencies(redis, gateway, None), github_of(told)), paper_id)
            assert not await enrich(
                desk, Outside(gateway, [], Agencies(redis, gateway, None), github_of(told)), paper_id
            )
    (paper,) = [one.data for one in (await pull_changes(desk, who, None, 100)).changes if one.type == "paper"]
    assert paper is not None
    (link,) = msgspec.convert(paper["links"], list[Link])
    return link


@pytest.mark.parametrize(
    ("abstract", "repository", "status"),
    [
        (CLAIMED, REPOSITORY, "available"),
        (CLAIMED, REPOSITORY | {"size": 0}, "promised"),
        (CLAIMED, None, "gone"),
        (CLAIMED, REPOSITORY | {"full_name": "ada/difference"}, "moved"),
        (CLAIMED, REPOSITORY | {"archived": True}, "archived"),
        (CLAIMED, REPOSITORY | {"language": None}, "available"),
        (PROMISED, REPOSITORY, "available"),
        (PROMISED, REPOSITORY | {"language": None}, "promised"),
        (f"We build on {URL}.", REPOSITORY | {"archived": True}, "mention"),
    ],
)
async def test_a_link_says_what_its_host_says_of_it(
    desk: Desk, abstract: str, repository: dict[str, Any] | None, status: str
) -> None:
    asked: list[str] = []
    link = await checked(desk, abstract, repository, asked)
    assert (link.kind, link.url, link.status) == ("code", URL, status)
    assert asked == ([] if status == "mention" else ["/repos/ada/engine"])


async def test_a_status_that_the_host_gave_names_the_host_and_the_new_address(desk: Desk) -> None:
    link = await checked(desk, CLAIMED, REPOSITORY | {"full_name": "ada/difference"}, [])
    assert link.source == "github"
    assert "https://github.com/ada/difference" in link.evidence
