"""`/library/feeds`: make an address that keeps itself up to date, copy it, end one; plain forms, no scripts.

Refuses to show an address a second time: of its secret only a hash is kept.
"""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from litestar import Request, get, post
from litestar.datastructures import FormMultiDict
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Redirect, Template

from api.actions.desk import Desk
from api.actions.keep_feeds import end_feed, list_feeds, make_feed
from api.actions.keep_searches import list_searches
from api.actions.list_objects import list_objects, list_tags
from api.domain.accounts import Who
from api.domain.entries import MOST_WORDS
from api.domain.errors import BadInput
from api.domain.formats.catalog import FormatName
from api.domain.highlights import collection_of
from api.domain.public_feeds import PublicFeed, ending
from api.http.auth import requires
from api.http.request_rules import FORM
from api.web.forms import checked_form, page, sentence
from api.web.queries import read_query, words_of
from api.web.refusals import FOR_PEOPLE

AnyRequest = Request[Any, Any, Any]
MOST_LISTS = 200
LONGEST_NAME, LONGEST_CHOICE = 100, 500
CHOICES: dict[FormatName, str] = {
    "bibtex": "BibTeX (.bib)",
    "biblatex": "BibLaTeX (.bib)",
    "ris": "RIS (.ris)",
    "csl-json": "CSL-JSON (.json)",
    "markdown": "Markdown (.md)",
    "csv": "Table (.csv)",
    "atom": "Atom, for feed readers (.xml)",
}


@get("/library/feeds", guards=[requires("account")], exception_handlers=FOR_PEOPLE, include_in_schema=False)
async def show(
    request: AnyRequest,
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    search: Annotated[str, QueryParameter(max_length=64)] = "",
) -> Template:
    """The addresses there are, and a form for a new one, for a saved `search` where one is named."""
    return page(request, "feeds.html", **await _context(desk, who), chosen=search)


@post(
    "/library/feeds",
    opt={"bodies": FORM},
    guards=[requires("account")],
    exception_handlers=FOR_PEOPLE,
    include_in_schema=False,
)
async def change(request: AnyRequest, who: NamedDependency[Who], desk: NamedDependency[Desk]) -> Template | Redirect:
    """End the address that the form names, or make one and show it this once."""
    form = await checked_form(request)
    if form.get("end"):
        await end_feed(desk, who.library_id, str(form["end"]))
        return Redirect("/library/feeds", status_code=303)
    try:
        feed, secret = await _made(desk, who, form)
    except BadInput as wrong:
        return page(request, "feeds.html", 400, **await _context(desk, who), wrong=sentence(wrong))
    url = f"{desk.settings.base_url}/f/{secret}/{quote(feed.name, safe='')}.{ending(feed.format)}"
    page_url = f"{desk.settings.base_url}/f/{secret}"
    return page(request, "feeds.html", **await _context(desk, who), made=feed, url=url, page_url=page_url)


async def _made(desk: Desk, who: Who, form: FormMultiDict) -> tuple[PublicFeed, str]:
    name = " ".join(str(form.get("name", "")).split())
    kind, _, value = str(form.get("of", "")).partition(":")
    format_ = next((one for one in CHOICES if one == form.get("format")), None)
    if not name or len(name) > LONGEST_NAME or len(value) > LONGEST_CHOICE or format_ is None:
        raise BadInput(f"a feed has a name of 1 to {LONGEST_NAME} characters and one of these formats")
    tag, list_ = (value if kind == one and value else None for one in ("tag", "list"))
    q = await _searched(desk, who, value) if kind == "search" else None
    return await make_feed(desk, who.library_id, name, format_, tag, list_, q, is_open=form.get("open") == "yes")


async def _searched(desk: Desk, who: Who, search_id: str) -> str:
    """A saved search as the words of a feed."""
    kept = next((one for one in await list_searches(desk, who.library_id) if one.id == search_id), None)
    words = words_of(read_query(kept.query)) if kept else ""
    if not words or len(words) > LONGEST_CHOICE or len(words.split()) > MOST_WORDS:
        raise BadInput("a feed shows a search that is there, of at most 20 words and filters")
    return words


async def _context(desk: Desk, who: Who) -> dict[str, Any]:
    lists = await list_objects(desk, who.library_id, "list", MOST_LISTS, None)
    named = {change.key: collection_of(change).name or "" for change in lists.items}
    tags = {tag.id: tag.name for tag in await list_tags(desk, who.library_id)}
    feeds = [(feed, ending(feed.format), _of(feed, tags, named)) for feed in await list_feeds(desk, who.library_id)]
    searches = await list_searches(desk, who.library_id)
    return {"feeds": feeds, "tags": tags, "lists": named, "searches": searches, "choices": CHOICES}


def _of(feed: PublicFeed, tags: dict[str, str], lists: dict[str, str]) -> str:
    said = [
        f"tag {tags.get(feed.tag, feed.tag)}" if feed.tag else "",
        f"list {lists.get(feed.list_, 'that was thrown away')}" if feed.list_ else "",
        f"search “{feed.q}”" if feed.q else "",
    ]
    return ", ".join(part for part in said if part) or "the whole library"
