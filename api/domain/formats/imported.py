"""What readers make of a file: records that a library can take, and a line for everything that is none.

Every reader is an iterator of these two, so that records and lines together account for the whole file. Refuses to
know any format.
"""

from __future__ import annotations

import hashlib
import re

from msgspec import Struct

from api.domain.corrections import Corrections
from api.domain.errors import BadUrl
from api.domain.fields import Selector, Status
from api.domain.identifiers import identify
from api.domain.papers import Finding, Identifier
from api.domain.states import OtherVersion
from api.domain.titles import title_fold

SOURCE = "import"  # the source that a finding from a file names
_UNKEEPABLE = re.compile(r"[\x00\ud800-\udfff]")
_PAGE_KINDS = ("webpage", None)


class Unread(Struct, frozen=True):
    """A record that was not taken: `line` from 1, a stable `code` for programs, `detail` for people."""

    line: int
    code: str
    detail: str


class ImportedMark(Struct, frozen=True):
    """A highlight from elsewhere; `id` where it has one of our kind, `created_at` RFC 3339 or unknown.

    `tag_refs` are ids of the file's own tags; where it was deleted, it was so by itself.
    """

    selectors: tuple[Selector, ...]
    comment: str | None = None
    tags: tuple[str, ...] = ()
    color: str = "yellow"
    created_at: str | None = None
    id: str | None = None
    anchor: tuple[Selector, ...] = ()
    manifestation: str | None = None
    comment_versions: tuple[OtherVersion, ...] = ()
    tag_refs: tuple[str, ...] = ()
    deleted: bool = False


class Imported(Struct, frozen=True):
    """One record of a file: what it says of the paper, and what belongs to the reader.

    `lists` are names; times are RFC 3339 or unknown. Where the file is one of ours, `id` is the entry's, the `refs` are
    ids of its own tags and lists, `claims` are what its paper went by, and it also says what lay in the trash, what was
    corrected, and other citation keys.
    """

    line: int
    finding: Finding
    citekey: str | None = None
    url: str | None = None
    tags: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    note: str | None = None
    status: Status | None = None
    starred: bool = False
    rating: int | None = None
    saved_at: str | None = None
    marks: tuple[ImportedMark, ...] = ()
    id: str | None = None
    claims: tuple[Identifier, ...] = ()
    tag_refs: tuple[str, ...] = ()
    list_refs: tuple[str, ...] = ()
    saved_version: int | None = None
    position: str | None = None
    last_read: str | None = None
    note_versions: tuple[OtherVersion, ...] = ()
    deleted: bool = False
    corrections: Corrections | None = None
    former_keys: tuple[str, ...] = ()


Read = Imported | Unread


def claims_of(record: Imported) -> tuple[Identifier, ...]:
    """What says which paper this is: identifiers; of a page its address; else the record's own words, as a hash.

    A book's number is no claim, for its chapters carry it too, and an address is none for what is no page.
    """
    if record.claims:
        return record.claims
    strong = [one for one in record.finding.identifiers if one.scheme not in ("isbn", "url")]
    if strong:
        return tuple(dict.fromkeys(strong))
    if record.url:
        try:
            found = identify(record.url)
        except BadUrl:
            found = None
        if found and (found.kind == "paper" or record.finding.kind in _PAGE_KINDS):
            return found.identifiers
    return (text_claim(record.finding),)


def text_claim(finding: Finding) -> Identifier:
    """The identity of a record that has no identifier: what it says in its own words."""
    extra, people = finding.extra, (*finding.authors[:1], *finding.extra.editors[:1])
    names = [one.family or one.literal or one.given or "" for one in people]
    said = (finding.title, finding.venue, extra.type, extra.edition, extra.chapter, extra.howpublished, extra.note)
    parts = [finding.kind or "", *(title_fold(part or "") for part in (*said, *names))]
    if not people:
        parts.append(title_fold(finding.abstract or ""))
    parts += [finding.dates.issued or "", finding.volume or "", finding.issue or "", finding.pages or ""]
    return Identifier("text", hashlib.sha256("\n".join(parts).encode()).hexdigest())


def checked(record: Imported) -> Read:
    """The record, or why no library can keep it: no title, text that databases refuse, or beyond a limit."""
    finding = record.finding
    if not (finding.title or "").strip():
        return Unread(record.line, "no_title", "a record needs a title")
    limits = (("title", finding.title, 10_000), ("abstract", finding.abstract, 100_000), ("note", record.note, 500_000))
    for name, text, most in limits:
        if len(text or "") > most:
            return Unread(record.line, "too_large", f"{name}: more than {most:,} characters")
    if any(_UNKEEPABLE.search(text) for text in _texts(record)):
        return Unread(record.line, "invalid_text", "the text has a NUL or half of a surrogate pair")
    return record


def _texts(record: Imported) -> list[str]:
    finding = record.finding
    texts = [finding.title, finding.abstract, finding.venue, record.note, record.url, *record.tags, *record.lists]
    texts += [name for one in finding.authors for name in (one.family, one.given, one.literal)]
    return [text for text in texts if text]
