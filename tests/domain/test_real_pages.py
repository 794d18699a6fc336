"""The pages of real publishers, fed as the extension would feed them."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from api.domain.names import author
from api.domain.page_meta import Page, read_page
from api.domain.papers import Finding
from tests.domain.pages import JOURNAL, shown

SHARED = Path(__file__).parents[3] / "shared"


class _Collector(HTMLParser):
    """What the extension would collect, from a page that is a file."""

    def __init__(self) -> None:
        super().__init__()
        self.metas: list[tuple[str, str]] = []
        self.jsonld: list[str] = []
        self.title: list[str] = []
        self.words: list[str] = []
        self.canonical: str | None = None
        self.lang: str | None = None
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name") or given.get("property") or given.get("itemprop")
        if tag == "meta" and name and "content" in given:
            self.metas.append((name, given["content"]))
        if tag == "link" and given.get("rel", "").lower() == "canonical":
            self.canonical = self.canonical or given.get("href")
        if tag == "html":
            self.lang = self.lang or given.get("lang")
        if tag in ("title", "script", "style", "svg", "noscript", "body"):
            self._inside.append("jsonld" if "ld+json" in given.get("type", "") else tag)
        if "jsonld" in self._inside[-1:]:
            self.jsonld.append("")

    def handle_endtag(self, tag: str) -> None:
        if self._inside and (tag == self._inside[-1] or (tag == "script" and self._inside[-1] == "jsonld")):
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        where = self._inside[-1] if self._inside else ""
        if where == "title" and "body" not in self._inside:
            self.title.append(data)
        elif where == "jsonld":
            self.jsonld[-1] += data
        elif where == "body":
            self.words.append(data)

    def page(self) -> Page:
        blocks = []
        for text in self.jsonld:
            try:
                json.loads(text)
            except ValueError:
                continue
            blocks.append(msgspec.Raw(text.encode()))
        return Page(
            title="".join(self.title) or None,
            canonical=self.canonical,
            lang=self.lang,
            content_type="text/html",
            metas=tuple(self.metas),
            jsonld=tuple(blocks),
            text=" ".join(" ".join(self.words).split())[:20_000],
        )


def _misses(case: dict[str, object], found: Finding) -> list[str]:
    """The fields that the page has and we do not."""
    values = {identifier.scheme: identifier.value for identifier in found.identifiers}
    year = found.dates.issued or found.dates.online or found.dates.preprinted
    ours = {
        "title": (found.title or "").rstrip("."),
        "authors": [shown(person).lower() for person in found.authors],
        "year": int(year[:4]) if year else None,
        "doi": values.get("doi") or (f"10.48550/arxiv.{values['arxiv']}" if "arxiv" in values else None),
        "arxiv_id": values.get("arxiv"),
        "venue": found.venue,
    }
    wanted = {name: case[name] for name in ours if case[name]}
    wanted |= {"authors": [_printed(name) for name in case["authors"]]} if case["authors"] else {}
    wanted |= {"doi": case["doi"].lower()} if case["doi"] else {}
    return [
        f"{case['file']} {name}: {ours[name]!r} is not {value!r}"
        for name, value in wanted.items()
        if ours[name] != value
    ]


def _printed(name: str) -> str:
    return shown(author(name)).lower()


def test_real_pages_are_read_right_in_19_fields_of_20():
    table = SHARED / "fixtures/pages/expected.json"
    if not table.exists():
        pytest.skip("shared fixtures are not here: the pages of real publishers are not part of the project")
    misses, fields = [], 0
    for case in json.loads(table.read_text()):
        collector = _Collector()
        collector.feed((table.parents[1] / case["file"]).read_text(errors="replace"))
        found = read_page(case["url"] or JOURNAL, collector.page())
        if case["is_paper"]:
            fields += sum(1 for name in ("title", "authors", "year", "doi", "arxiv_id", "venue") if case[name])
            misses += _misses(case, found)
        else:
            allowed = (None,) if case["kind"] == "challenge" else ("webpage",)
            assert found.kind in allowed, f"{case['file']} taken for {found.kind}"
            assert (found.title or None) == case["title"] or case["kind"] in ("empty",), (
                f"{case['file']}: {found.title!r}"
            )
    print(*misses, f"{len(misses)} of {fields} fields missed", sep="\n")
    assert len(misses) <= fields * 0.05
