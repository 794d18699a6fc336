"""`python -m tests.bench.searching`: how long a search takes in a library of 10,000 and of 100,000 papers.

On both databases, page of 20 with entries, papers and snippets; queries of one to four words, common and rare, phrases,
field words and slips. Words come as often as in a language (Zipf), so that common ones are in half of all papers.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import shutil
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from api.actions.desk import Desk
from api.actions.search_library import search_library
from api.console import progress
from api.domain.accounts import Who
from api.domain.clock import rfc3339
from api.domain.papers import Author, Paper
from api.domain.search_documents import Document, Seen, document_of
from api.queue import Reminders
from api.settings import Settings
from api.store import papers, search_docs
from api.store.database import Tx, Value, open_database, upsert
from api.store.migrate import migrate
from api.store.search_docs import ReadTo
from tests.bench import servers
from tests.make import LAPTOP, NOW, make_id, make_library

BATCH = 1000
WRITTEN = 5000  # papers that are made; the others are copies
VOCABULARY = 30_000
KINDS = ("one common word", "one rare word", "two words", "three words", "four words", "phrase", "field word", "slip")


class Language:
    """Words that nobody speaks, some of them often."""

    def __init__(self) -> None:
        self.random = random.Random(18)  # noqa: S311 - words, not secrets
        pieces = [a + b for a in "bcdfglmnprstvz" for b in "aeiou"]
        self.words = sorted({"".join(self.random.choices(pieces, k=4)) for _ in range(VOCABULARY)})
        self.random.shuffle(self.words)
        self._weights = [1 / (rank + 8) for rank in range(len(self.words))]

    def text(self, count: int) -> str:
        """So many words."""
        return " ".join(self.random.choices(self.words, self._weights, k=count))

    def query(self, kind: str, title: str) -> str:
        """A query of a kind, about a paper that there is."""
        words = title.split()
        word = self.random.choice(words)
        return {
            "one common word": self.words[self.random.randrange(20)],
            "one rare word": self.words[self.random.randrange(3000, 6000)],
            "two words": " ".join(self.random.sample(words, 2)),
            "three words": " ".join(self.random.sample(words, 3)),
            "four words": f"{' '.join(self.random.sample(words, 3))} {self.text(1)}",
            "phrase": f'"{words[2]} {words[3]}"',
            "field word": f"title:{word} year:>2010",
            "slip": word[:3] + word[4:],
        }[kind]


async def fill(desk: Desk, who: Who, language: Language, count: int) -> list[str]:
    """Shelve so many papers, as they are after an import and a round of the index; the titles of the first 5,000.

    What goes beyond are copies of those, so that all words come as much more often.
    """
    titles: list[str] = []
    for start in range(0, min(count, WRITTEN), BATCH):
        made = [_paper(language, number) for number in range(start, min(start + BATCH, count))]
        titles += [paper.title for paper in made]
        await desk.database.write(lambda tx, made=made, start=start: _shelve(tx, who, made, start))  # type: ignore[misc]
    for copy in range(1, count // WRITTEN):
        await desk.database.write(lambda tx, copy=copy: _copy(tx, who.library_id, copy))  # type: ignore[misc]
    return titles


async def _copy(tx: Tx, library_id: str, copy: int) -> None:
    """Everything that was written, once more, under other ids."""
    values: dict[str, Value] = {"library_id": library_id, "copy": f"x{copy:03}", "more": copy * WRITTEN}
    vector = "" if tx.dialect == "sqlite" else "words, "
    number, numbered = ("number, ", "number + :more, ") if tx.dialect == "sqlite" else ("", "")
    here = "substr(key, 1, 32) || :copy"
    first = "library_id = :library_id AND version <= 5000"
    plain = "kind, title, title_folded, year, record, provenance, search_text, enrich_state, next_try_at, created_at"
    await tx.run(
        f"INSERT INTO paper (id, {plain}) SELECT substr(id, 1, 32) || :copy, {plain} FROM paper "
        "WHERE created_at = :now AND substr(id, 33) NOT LIKE 'x%'",
        now=NOW,
        copy=values["copy"],
    )
    same = "type, status, saved_at, edited, fields, stamps, other_versions, updated_at"
    await tx.run(
        f"INSERT INTO search_doc (library_id, key, {number}{vector}title, authors, venue, abstract, note, marks) "
        f"SELECT library_id, {here}, {numbered}{vector}title, authors, venue, abstract, note, marks FROM search_doc "
        f"WHERE library_id = :library_id AND key IN (SELECT key FROM object WHERE {first})",
        **(values if number else {name: values[name] for name in ("library_id", "copy")}),
    )
    await tx.run(
        f"INSERT INTO object (library_id, key, version, paper_id, {same}) SELECT library_id, {here}, version + :more, "
        f"substr(paper_id, 1, 32) || :copy, {same} FROM object WHERE {first}",
        **values,
    )
    last = (copy + 1) * WRITTEN
    await tx.run(
        "UPDATE search_word SET n = n / :before * :after WHERE library_id = :library_id",
        library_id=library_id,
        before=copy,
        after=copy + 1,
    )
    await tx.run("UPDATE library SET version = :last WHERE id = :library_id", last=last, library_id=library_id)
    await search_docs.keep_place(tx, library_id, ReadTo("e1", last, last))


def _paper(language: Language, number: int) -> Paper:
    authors = tuple(Author(family=name.capitalize()) for name in language.text(4).split())
    return Paper(
        id=make_id(f"paper {number}"),
        kind="article",
        title=language.text(9),
        year=1990 + number % 37,
        authors=authors,
        abstract=language.text(140),
    )


async def _shelve(tx: Tx, who: Who, made: list[Paper], start: int) -> None:
    await papers.insert(tx, [(paper, {}) for paper in made], NOW)
    seen = Seen()
    documents: dict[str, Document | None] = {}
    rows: list[dict[str, Value]] = []
    for version, paper in enumerate(made, start + 1):
        key = make_id(f"entry {version}")
        documents[key] = document_of(seen, paper)
        fields = {"paper_id": paper.id, "saved_at": rfc3339(NOW + version)}
        rows.append(_row(who.library_id, key, version, paper.id, json.dumps(fields)))
    for some in range(0, len(rows), 100):
        await upsert(tx, "object", ("library_id", "key"), rows[some : some + 100])
    await search_docs.replace(tx, who.library_id, documents, seen.shown)
    last = start + len(made)
    await tx.run("UPDATE library SET version = :last WHERE id = :library_id", last=last, library_id=who.library_id)
    await search_docs.keep_place(tx, who.library_id, ReadTo("e1", last, last))


def _row(library_id: str, key: str, version: int, paper_id: str, fields: str) -> dict[str, Value]:
    plain = {"edited": "[]", "stamps": "{}", "other_versions": "{}", "updated_at": NOW, "status": "to_read"}
    shelf = {"library_id": library_id, "key": key, "type": "entry", "version": version, "paper_id": paper_id}
    return {**shelf, **plain, "fields": fields, "saved_at": rfc3339(NOW + version)}


async def measure(url: str, count: int, queries: int) -> dict[str, list[float]]:
    """Milliseconds of searches by kind, in a fresh database."""
    database = await open_database(url)
    await migrate(database)
    settings = Settings(data_dir=Path(), database_url=url, redis_url="", secret_key="x" * 40)
    desk = Desk(database, Reminders("unix:///nowhere"), settings, lambda: NOW)
    who = (await make_library(desk, "reader", {"one": LAPTOP}))["one"]
    language = Language()
    titles = await fill(desk, who, language, count)
    await database.write(lambda tx: tx.run("ANALYZE"))
    found: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for number in range(queries * len(KINDS)):
        kind = KINDS[number % len(KINDS)]
        text = language.query(kind, language.random.choice(titles))
        start = time.perf_counter()
        await search_library(desk, who.library_id, text, limit=20)
        found[kind].append((time.perf_counter() - start) * 1000)
    await database.close()
    return found


def main() -> None:
    """Read the options, run, print the table."""
    options = argparse.ArgumentParser(prog="python -m tests.bench.searching", description=__doc__.split("\n\n")[0])
    options.add_argument("--papers", type=int, nargs="*", default=[10_000, 100_000])
    options.add_argument("--queries", type=int, default=25, help="of each kind")
    options.add_argument("--databases", nargs="*", default=["sqlite", "postgres"])
    given = options.parse_args()
    shown = Table("database", "papers", *KINDS, "all: median", "95 %")
    folder = Path(tempfile.mkdtemp(prefix="sch"))
    folder.chmod(0o755)
    try:
        with ExitStack() as stack:
            show = stack.enter_context(progress("searching"))
            server = stack.enter_context(servers.postgres(folder)) if "postgres" in given.databases else ""
            runs = [(name, count) for name in given.databases for count in given.papers]
            for done, (name, count) in enumerate(runs, 1):
                url = f"sqlite:///{folder}/{count}.db"
                with ExitStack() as one:
                    if name == "postgres":
                        url = one.enter_context(servers.postgres_database(server, f"search{count}"))
                    found = asyncio.run(measure(url, count, given.queries))
                every = sorted(ms for each in found.values() for ms in each)
                middles = [f"{median(found[kind]):.1f}" for kind in KINDS]
                late = every[int(len(every) * 0.95)]
                shown.add_row(name, f"{count:,}", *middles, f"{median(every):.1f} ms", f"{late:.1f} ms")
                show(done, len(runs))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    Console(width=160).print(shown)


if __name__ == "__main__":
    main()
