"""An outside with many papers: arXiv and Semantic Scholar, asked for one or for many, and nobody else knows any."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import parse_qs, unquote

from tests.fakes import ReplayServer, Reply, not_found

ENTRY = """<entry><id>http://arxiv.org/abs/{id}v1</id><published>2017-06-12T17:57:34Z</published>
<title>Paper {id}</title><summary>An abstract of {id}.</summary><author><name>Ada Lovelace</name></author>
<category term="cs.CL"/></entry>"""


def atom(ids: list[str]) -> bytes:
    """A feed with an entry for each id."""
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{"".join(ENTRY.format(id=one) for one in ids)}</feed>'.encode()


class ManyPapers:
    """Answers as `route` of a server, whose addresses begin with the source's name.

    `absent` are ids that arXiv does not have; `names` counts the requests by source; `before` runs before each answer.
    """

    def __init__(self) -> None:
        self.absent: set[str] = set()
        self.odd: set[str] = set()  # one of these makes arXiv refuse the whole question
        self.asked: list[str] = []
        self.at_once: list[int] = []  # how many ids each question to arXiv held
        self.before: Callable[[str], object] = lambda source: None
        self.server = ReplayServer(self)

    def __call__(self, path: str, query: str) -> Reply:
        source = path.split("/")[1]
        self.asked.append(source)
        self.before(source)
        if source == "arxiv":
            return self._arxiv(parse_qs(query)["id_list"][0].split(","))
        if source == "semantic_scholar":
            return self._scholar(path)
        return not_found(path, query)

    def _arxiv(self, ids: list[str]) -> Reply:
        self.at_once.append(len(ids))
        if self.odd & set(ids):
            error = "<entry><id>http://arxiv.org/api/errors#incorrect_id_format_for_x</id><title>Error</title></entry>"
            return 400, {}, atom([]).replace(b"</feed>", error.encode() + b"</feed>")
        return 200, {"ETag": '"7"'}, atom([one for one in ids if one not in self.absent])

    def _scholar(self, path: str) -> Reply:
        if path.endswith("/paper/batch"):
            names = json.loads(self.server.current.body)["ids"]
            return 200, {}, json.dumps([record(name) for name in names]).encode()
        found = record(unquote(path.partition("/paper/")[2]))
        return (404, {}, b'{"error": "Paper not found"}') if found is None else (200, {}, json.dumps(found).encode())


def record(name: str) -> dict[str, object] | None:
    """Semantic Scholar's paper; it does not know the ids that end with 7."""
    number = name.removeprefix("ARXIV:")
    if number.endswith("7"):
        return None
    return {
        "externalIds": {"ArXiv": number, "CorpusId": int(number.replace(".", ""))},
        "title": f"Paper {number}",
        "authors": [{"name": "A. Lovelace"}],
        "year": 2017,
    }
