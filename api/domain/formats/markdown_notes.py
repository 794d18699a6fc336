"""Library records become notes in Markdown, a file a paper, for Obsidian, Logseq and other folders of notes.

A file is front matter (YAML), the abstract, the highlights in reading order as block quotes, and the reader's note.
Refuses to let a paper's text act as Markdown, HTML or YAML; of a reader's own words, which may well be Markdown, only
`<` is escaped, so that no HTML runs. File names are safe on every system and depend on nothing but the citation key.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from itertools import tee

import msgspec
from msgspec import Struct

from api.domain.fields import TextQuoteSelector
from api.domain.formats.latex import clean, verbatim_doi
from api.domain.formats.markdown import escaped, in_angles, name_of, tag_word
from api.domain.formats.records import BibEntry, address_of, arxiv_of, date_of, doi_of, plain, with_safe_keys
from api.domain.formats.shelf import Mark, ShelfRecord, page_label_of, page_of, source_of

_FOLDER = "scholium"
_UNSAFE = re.compile(r"[^A-Za-z0-9._+-]+")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?|\..*|.*\.|.*-[0-9a-f]{10}", re.IGNORECASE)
_LONGEST_NAME = 100
_LINE_START = re.compile(r"^(?:[-+=]|\d{1,9}(?=[.)]))")  # what would begin a list or underline a heading (CommonMark 5)


class NotedRecord(Struct, frozen=True):
    """A record of a bibliography with its highlights, in reading order."""

    entry: BibEntry
    marks: tuple[Mark, ...] = ()


class NoteFile(Struct, frozen=True):
    """A file: its path below the folder that the archive is unpacked in, and its text."""

    path: str
    text: str


def render(records: Iterable[NotedRecord]) -> Iterator[NoteFile]:
    """A file for each record, in the order of the records; keys are made safe and unique as in BibTeX."""
    whole, bare = tee(records)
    for (key, entry), record in zip(with_safe_keys(one.entry for one in bare), whole, strict=True):
        yield NoteFile(f"{_FOLDER}/{file_name(key)}", _text(key, entry, record.marks))


def file_name(key: str) -> str:
    """The name of the file of the note with this safe key: `vaswani2017attention.md`.

    A key that no file can be called (`DBLP:conf/x/Y`, `aux`, a very long one) is spelled otherwise, with a hash of
    the key, so that two keys never share a name and a subset of a library has the names of the whole.
    """
    name = _UNSAFE.sub("_", key)
    if name != key or len(key) > _LONGEST_NAME or _RESERVED.fullmatch(key):
        name = f"{name.strip('.')[:_LONGEST_NAME]}-{hashlib.sha256(key.encode()).hexdigest()[:10]}"
        name = f"_{name}" if _RESERVED.fullmatch(name.partition("-")[0]) else name
    return f"{name}.md"


def _text(key: str, entry: BibEntry, marks: tuple[Mark, ...]) -> str:
    abstract, note = escaped(plain(entry.paper.abstract)), _own_words(entry.note)
    sections = [
        f"# {escaped(plain(entry.paper.title)) or 'Untitled'}",
        f"## Abstract\n\n{_inert(abstract)}" if abstract else "",
        "\n\n".join(["## Highlights", *(_highlight(entry, mark) for mark in marks)]) if marks else "",
        f"## Note\n\n{note}" if note else "",
    ]
    return _front_matter(key, entry) + "\n\n".join(section for section in sections if section) + "\n"


def _front_matter(key: str, entry: BibEntry) -> str:
    paper = entry.paper
    date = date_of(paper)
    lines = [
        ("citekey", [key]),
        ("title", [plain(paper.title)]),
        ("date", ["-".join(f"{part:0{4 if not place else 2}}" for place, part in enumerate(date))]),
        ("venue", [plain(paper.venue)]),
        ("doi", [verbatim_doi(doi_of(paper))]),
        ("arxiv", [arxiv_of(paper)]),
        ("url", [address_of(entry)]),
        ("status", [entry.status]),
    ]
    said = [f"{name}: {_quoted(value)}\n" for name, [value] in lines if value]
    said.insert(2, _listed("authors", (name_of(author) for author in paper.authors)))
    said.insert(3, f"year: {date[0]}\n" if date else "")
    rest = [f"starred: {str(entry.starred).lower()}\n", "" if entry.rating is None else f"rating: {entry.rating}\n"]
    return "".join(["---\n", *said, *rest, _listed("tags", map(clean, entry.tags)), "---\n\n"])


def _listed(name: str, values: Iterable[str]) -> str:
    items = "".join(f"  - {_quoted(value)}\n" for value in values if value)
    return f"{name}:\n{items}" if items else ""


def _quoted(text: str) -> str:
    # A JSON string without control characters is a double-quoted scalar of YAML 1.2.
    return msgspec.json.encode(text).decode()


def _highlight(entry: BibEntry, mark: Mark) -> str:
    quote = next((one.exact for one in mark.selectors if isinstance(one, TextQuoteSelector)), "")
    lines = [_inert(escaped(clean(line))) for line in quote.splitlines() if clean(line)] or ["(no text)"]
    quoted = "\n".join(f"> {line}" for line in [*lines, "", _origin(entry, mark)])
    comment = _own_words(mark.highlight.comment)
    return f"{quoted}\n\n{comment}" if comment else quoted


def _origin(entry: BibEntry, mark: Mark) -> str:
    highlight, page = mark.highlight, page_of(mark.selectors)
    source = source_of(ShelfRecord(highlight.entry_id or "", entry.paper, address_of(entry)), highlight.manifestation)
    label = f"page {escaped(clean(page_label_of(mark.selectors)))}" if page else "source"
    fragment = f"#page={page}" if page and "#" not in source else ""
    link = f"[{label}](<{in_angles(source)}{fragment}>)" if source.startswith(("http://", "https://")) else label
    return " · ".join([link, highlight.color, *(f"#{tag}" for tag in map(tag_word, mark.tags) if tag)])


def _inert(line: str) -> str:
    return _LINE_START.sub(lambda start: start[0] + "\\" if start[0].isdigit() else "\\" + start[0], line)


def _own_words(text: str | None) -> str:
    lines = [" " * _indent(line) + clean(line) for line in (text or "").splitlines()]
    return "\n".join(lines).strip("\n").replace("<", "\\<")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" ")) if line.strip() else 0  # it nests lists and makes code
