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
from tests.make import LAPTOP, as_read, make_id, make_library
from workers.agencies import Agencies
from workers.enrich import Outside, enrich
from workers.gateway import Gateway
from workers.source_table import limits_of, link_hosts_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # it is the hosts that matter here
URL = "https://github.com/ada/engine"
CLAIMED, PROMISED = f"Our code is available at {URL}.", f"Our code will be released at {URL}."
REPOSITORY = {"id": 7, "full_name": "ada/engine", "size": 12, "language": "Python", "pushed_at": "2026-01-02T00:00:00Z"}


async def checked(desk: Desk, abstract: str, told: dict[str, Any], asked: list[str]) -> Link:
    """The link of a paper with this abstract, after its hosts were asked; `told` by path, all else is not there."""
    who = (await make_library(desk, "ada", {"laptop": LAPTOP}))["laptop"]
    page = Page(metas=(("citation_title", "On Engines"), ("citation_abstract", abstract)))
    wish = SaveWish(make_id("entry"), "https://example.org/engines", page=page)
    paper_id = (await save_paper(desk, who, wish)).paper.id

    def answer(path: str, query: str) -> Reply:
        asked.append(path)
        body = told.get(path)
        if isinstance(body, int):
            return body, {}, b"{}"
        return not_found(path, query) if body is None else (200, {}, json.dumps(body).encode())

    with ReplayServer(answer) as server:
        urls: dict[str, Any] = {f"{name}_url": server.url for name in ("github", "huggingface", "datacite")}
        urls |= {f"{name}_interval_seconds": 0.0 for name in ("github", "huggingface", "datacite")}
        settings = replace(desk.settings, allow_private_sources=True, doi_url="", **urls)
        async with (
            Redis.from_url(settings.redis_url) as redis,
            Gateway(limits_of(settings), redis, desk.now) as gateway,
        ):
            outer = Outside(gateway, [], Agencies(redis, gateway, None), link_hosts_of(settings))
            assert await enrich(desk, outer, paper_id)
            assert not await enrich(desk, outer, paper_id)
    changes = (await pull_changes(desk, who, None, 100)).changes
    (paper,) = [one.data for one in map(as_read, changes) if one.type == "paper"]
    assert paper is not None
    (link,) = msgspec.convert(paper["links"], list[Link])
    return link


NO_CODE = REPOSITORY | {"language": None}
COVER = ["README.md", "LICENSE", ".gitignore", "CITATION.cff", "teaser.png", "assets"]


@pytest.mark.parametrize(
    ("abstract", "repository", "status"),
    [
        (CLAIMED, REPOSITORY, "available"),
        (CLAIMED, REPOSITORY | {"size": 0}, "promised"),
        (CLAIMED, None, "gone"),
        (CLAIMED, REPOSITORY | {"full_name": "ada/difference"}, "moved"),
        (CLAIMED, REPOSITORY | {"archived": True}, "archived"),
        (PROMISED, REPOSITORY, "available"),
        (PROMISED, None, "promised"),
        (f"We build on {URL}.", REPOSITORY | {"archived": True}, "mention"),
    ],
)
async def test_a_link_says_what_its_host_says_of_it(
    desk: Desk, abstract: str, repository: dict[str, Any] | None, status: str
) -> None:
    asked: list[str] = []
    link = await checked(desk, abstract, {"/repos/ada/engine": repository}, asked)
    assert (link.kind, link.url, link.status) == ("code", URL, status)
    assert asked == ([] if status == "mention" else ["/repos/ada/engine"])


@pytest.mark.parametrize("abstract", [CLAIMED, PROMISED])
@pytest.mark.parametrize(
    ("names", "status"),
    [
        (COVER, "promised"),
        ([], "promised"),
        (None, "promised"),
        ([*COVER, "weights.csv"], "available"),
        (["src"], "available"),
    ],
)
async def test_a_repository_without_code_is_looked_into_and_a_cover_alone_is_a_promise(
    desk: Desk, abstract: str, names: list[str] | None, status: str
) -> None:
    contents = None if names is None else [{"name": name, "type": "file"} for name in names]
    asked: list[str] = []
    told = {"/repos/ada/engine": NO_CODE, "/repos/ada/engine/contents": contents}
    link = await checked(desk, abstract, told, asked)
    assert (link.url, link.status) == (URL, status)
    assert asked == ["/repos/ada/engine", "/repos/ada/engine/contents"]


@pytest.mark.parametrize("abstract", [CLAIMED, PROMISED])
async def test_where_the_look_inside_fails_the_claim_stands(desk: Desk, abstract: str) -> None:
    link = await checked(desk, abstract, {"/repos/ada/engine": NO_CODE, "/repos/ada/engine/contents": 500}, [])
    assert link.status == ("available" if abstract == CLAIMED else "promised")


@pytest.mark.parametrize(
    ("address", "path", "files", "became"),
    [
        ("ada/engine", "models/ada/engine", [".gitattributes", "README.md", "model.safetensors"], "model available"),
        ("ada/engine", "models/ada/engine", [".gitattributes", "README.md"], "model promised"),
        ("ada/engine", "models/ada/engine", None, "model gone"),
        ("ada/engine", "models/ada/engine", 401, "model gone"),
        ("datasets/ada/tables", "datasets/ada/tables", ["data"], "dataset available"),
        ("spaces/ada/engine", "spaces/ada/engine", ["app.py"], "demo available"),
    ],
)
async def test_a_model_a_data_set_and_a_demo_are_looked_for_at_hugging_face(
    desk: Desk, address: str, path: str, files: list[str] | int | None, became: str
) -> None:
    asked: list[str] = []
    tree = [{"type": "file", "path": name} for name in files] if isinstance(files, list) else files
    abstract = f"Our model is available at https://huggingface.co/{address}."
    link = await checked(desk, abstract, {f"/api/{path}/tree/main": tree}, asked)
    assert f"{link.kind} {link.status}" == became
    assert asked == [f"/api/{path}/tree/main"]


async def test_people_and_collections_at_hugging_face_are_not_asked_for(desk: Desk) -> None:
    asked: list[str] = []
    await checked(desk, "Our models are available at https://huggingface.co/collections/ada/engines-1.", {}, asked)
    assert asked == []


@pytest.mark.parametrize(
    ("said", "became"),
    [
        ("Software", "code available"),
        ("Dataset", "dataset available"),
        ("Text", "dataset available"),
        (None, "dataset gone"),
    ],
)
async def test_a_deposit_is_what_its_record_says(desk: Desk, said: str | None, became: str) -> None:
    asked: list[str] = []
    record = said and {"data": {"attributes": {"types": {"resourceTypeGeneral": said}}}}
    abstract = "Our data are available at https://zenodo.org/records/1234567."
    link = await checked(desk, abstract, {"/dois/10.5281/zenodo.1234567": record}, asked)
    assert f"{link.kind} {link.status}" == became
    assert link.url == "https://doi.org/10.5281/zenodo.1234567"
    assert asked == ["/dois/10.5281/zenodo.1234567"]


async def test_a_status_that_the_host_gave_names_the_host_and_the_new_address(desk: Desk) -> None:
    told = {"/repos/ada/engine": REPOSITORY | {"full_name": "ada/difference"}}
    link = await checked(desk, CLAIMED, told, [])
    assert link.source == "github"
    assert "https://github.com/ada/difference" in link.evidence
