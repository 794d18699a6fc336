"""Zotero's JSON becomes records: Better BibTeX's export and the items of Zotero's own interface.

Collections become lists, notes the entry's note, annotations of attachments highlights. Refuses items that are no
publications by themselves (attachments, notes), which stand with their parents.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from api.domain.clock import read_rfc3339, rfc3339
from api.domain.fields import FragmentSelector, PageSelector, Selector, TextQuoteSelector
from api.domain.formats.imported import SOURCE, Imported, ImportedMark, Read, Unread, checked
from api.domain.formats.read_bib_fields import claims
from api.domain.formats.read_csl import Item, text
from api.domain.formats.theses import type_named
from api.domain.markup import plain_text
from api.domain.papers import Author, Dates, Extra, Finding, Kind

_KINDS: dict[str, Kind] = {
    "journalArticle": "article", "magazineArticle": "article", "newspaperArticle": "article",
    "conferencePaper": "inproceedings", "presentation": "inproceedings", "preprint": "preprint",
    "manuscript": "preprint", "thesis": "thesis", "book": "book", "bookSection": "chapter",
    "encyclopediaArticle": "chapter", "dictionaryEntry": "chapter", "report": "report", "patent": "report",
    "standard": "report", "dataset": "dataset", "computerProgram": "software", "webpage": "webpage",
    "blogPost": "webpage", "forumPost": "webpage", "document": "webpage",
}  # fmt: skip
_CHILDREN = ("attachment", "note", "annotation")
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", re.ASCII)
_ARXIV = re.compile(r"arxiv:\s*(\S+)(?:\s*\[([\w.-]+)\])?", re.IGNORECASE)
_KEY = re.compile(r"^citation key:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_BREAK = re.compile(r"</(?:p|li|h\d|div|blockquote)>|<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{1,2000}>")


def is_zotero(item: object) -> bool:
    """Whether a JSON value looks like one of Zotero's items."""
    return isinstance(item, dict) and ("itemType" in item or "itemType" in _object(item.get("data")))


def read_zotero(items: list[Any], collections: dict[str, Any]) -> Iterator[Read]:
    """A record or a line for each item that is no other's child; lines count items."""
    lists = _lists(collections)
    whole = [{**item, **_object(item.get("data"))} if isinstance(item, dict) else {} for item in items]
    children: dict[str, list[Item]] = {}
    for item in whole:
        if item.get("itemType") in _CHILDREN and item.get("parentItem"):
            children.setdefault(str(item["parentItem"]), []).append(item)
    for line, item in enumerate(whole, 1):
        if not item.get("itemType"):
            yield Unread(line, "invalid_record", "no Zotero item")
        elif item["itemType"] not in _CHILDREN:
            yield checked(_record(line, item, children, lists))
        elif not item.get("parentItem"):
            yield Unread(line, "no_paper", f"a {item['itemType']} that belongs to no item")


def _record(line: int, item: Item, children: dict[str, list[Item]], lists: dict[str, str]) -> Imported:
    own = [*children.get(str(item.get("key")), ()), *_objects(item.get("attachments"))]
    marks = [
        one for child in own for one in [*children.get(str(child.get("key")), ()), *_objects(child.get("annotations"))]
    ]
    notes = [_note(one) for one in item.get("notes", []) or [] if isinstance(one, str | dict)]
    notes += [_note(one) for one in own if one.get("itemType") == "note"]
    keys = _KEY.search(str(item.get("extra", "")))
    names = [lists[key] for key in map(str, _list(item.get("collections"))) if key in lists]
    names += [lists[f"item {item['itemID']}"]] if f"item {item.get('itemID')}" in lists else []
    url = text(item, "url")
    return Imported(
        line=line,
        finding=_finding(item),
        citekey=text(item, "citationKey") or text(item, "citekey") or (keys[1] if keys else None),
        url=url if url.lower().startswith(("http://", "https://")) else None,
        tags=tuple(dict.fromkeys(tag[:255] for one in _objects(item.get("tags")) if (tag := text(one, "tag")))),
        lists=tuple(dict.fromkeys(names)),
        note="\n\n".join(note for note in notes if note) or None,
        saved_at=_time(text(item, "dateAdded")),
        marks=tuple(mark for one in marks if (mark := _mark(one)) is not None),
    )


def _finding(item: Item) -> Finding:
    kind = _KINDS.get(text(item, "itemType"), "article")
    extra = str(item.get("extra", ""))
    said = _ARXIV.search(" ".join((text(item, "archiveID"), text(item, "reportNumber"), extra)))
    found = _DATE.match(text(item, "date"))
    date = "-".join(part for part in found.groups() if part and int(part)) if found else None
    doi = text(item, "DOI") or next(iter(re.findall(r"^DOI:\s*(\S+)", extra, re.MULTILINE | re.IGNORECASE)), "")
    venues = ("publicationTitle", "proceedingsTitle", "bookTitle", "websiteTitle", "blogTitle")
    venue = text(item, "series") if kind == "book" else next((v for name in venues if (v := text(item, name))), "")
    publishers = ("publisher", "university", "institution", "company", "repository")
    return Finding(
        SOURCE,
        identifiers=tuple(dict.fromkeys((*claims("doi", doi), *(claims("arxiv", said[1]) if said else ())))),
        kind=kind,
        title=text(item, "title") or text(item, "caseName") or None,
        authors=_people(item, "author", "presenter", "programmer", "artist", "inventor"),
        abstract=text(item, "abstractNote") or None,
        dates=Dates(preprinted=date) if kind == "preprint" else Dates(issued=date),
        venue=venue or None,
        volume=text(item, "volume") or None,
        issue=text(item, "issue") or text(item, "reportNumber") or None,
        pages=text(item, "pages") or None,
        publisher=next((p for name in publishers if (p := text(item, name)) and p != "arXiv"), None),
        language=text(item, "language") or None,
        primary_class=said[2] if said else None,
        extra=_extra(item, kind),
    )


def _extra(item: Item, kind: Kind) -> Extra:
    return Extra(
        editors=_people(item, "editor"),
        edition=text(item, "edition"),
        series="" if kind == "book" else text(item, "series"),
        place=text(item, "place"),
        type=type_named(text(item, "thesisType") or text(item, "reportType")),
        isbn=text(item, "ISBN"),
        issn=text(item, "ISSN"),
        event=text(item, "conferenceName"),
        short_venue=text(item, "journalAbbreviation"),
        software_version=text(item, "versionNumber"),
    )


def _people(item: Item, *roles: str) -> tuple[Author, ...]:
    found = []
    for one in _objects(item.get("creators")):
        family, given = text(one, "lastName"), text(one, "firstName")
        if one.get("creatorType") in roles:
            literal = text(one, "name") or given or family
            found.append(Author(family, given) if family and given else Author(literal=literal or None))
    return tuple(one for one in found if one != Author())


def _mark(item: Item) -> ImportedMark | None:
    quote = text(item, "annotationText")
    page = re.search(r'"pageIndex":\s*(\d{1,6})', str(item.get("annotationPosition", "")))
    selectors: list[Selector] = [TextQuoteSelector(quote[:8000])] if quote else []
    selectors += _page_selectors(int(page[1]), text(item, "annotationPageLabel")[:255]) if page else []
    if not selectors:
        return None
    tags = tuple(tag for one in _objects(item.get("tags")) if (tag := text(one, "tag")))
    color = str(item.get("annotationColor", "")).lower()
    color = color if re.fullmatch("#[0-9a-f]{6}", color) else "yellow"
    comment = plain_text(str(item.get("annotationComment") or "")) or None
    return ImportedMark(tuple(selectors), comment, tags, color, _time(text(item, "dateAdded")))


def _page_selectors(index: int, label: str) -> list[Selector]:
    fragment = FragmentSelector(f"page={index + 1}", "http://tools.ietf.org/rfc/rfc8118")
    return [fragment, PageSelector(index, label)] if label not in ("", str(index + 1)) else [fragment]


def _note(note: str | Item) -> str:
    body = note if isinstance(note, str) else str(note.get("note", ""))
    lines = (" ".join(line.split()) for line in html.unescape(_TAG.sub("", _BREAK.sub("\n", body))).split("\n"))
    return "\n".join(line for line in lines if line)


def _lists(collections: dict[str, Any]) -> dict[str, str]:
    """The lists' names by collection key, and by `item N` for those that name their items."""
    names: dict[str, str] = {}
    for key, one in collections.items():
        name = text({**_object(one), **_object(_object(one).get("data"))}, "name")[:255]
        if name:
            names[key] = name
            names |= {f"item {item}": name for item in _list(_object(one).get("items"))}
    return names


def _time(value: str) -> str | None:
    try:
        return rfc3339(read_rfc3339(value.replace(" ", "T") + ("" if value.endswith("Z") else "Z"))) if value else None
    except ValueError:
        return None


def _object(value: object) -> Item:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _objects(value: object) -> list[Item]:
    return [one for one in _list(value) if isinstance(one, dict)]
