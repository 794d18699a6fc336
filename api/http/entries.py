"""`/v1/entries`: the reading list, and one entry read, changed or thrown away."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Response, delete, get, patch
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import UNSET, Struct, structs

from api.actions.cite_entry import cite_entry
from api.actions.desk import Desk
from api.actions.edit_object import EditWish, edit_object
from api.actions.list_entries import get_entry, list_entries
from api.domain.accounts import Who
from api.domain.entries import MOST_PAGE, Entry, EntryPatch, Has, ShelvedEntry, Sort
from api.domain.fields import Status
from api.domain.papers import Paper
from api.http.auth import requires
from api.http.filters import IfMatch, Since, entry_filter, version_of
from api.references import Style

_SETS = ("tags", "lists")


class EntryAnswer(Entry, frozen=True):
    """An entry, with its paper."""

    paper: Paper


class EntryPageAnswer(Struct, frozen=True):
    """A page of entries; `cursor` leads to the next one, null ends the list."""

    items: list[EntryAnswer]
    cursor: str | None


class CitedAnswer(Struct, frozen=True):
    """A formatted reference; `html` holds `<i> <b> <sup> <sub>` and spans of small capitals at most."""

    style: Style
    text: str
    html: str
    bibtex: str


@get("/v1/entries", guards=[requires("read")])
async def listed(
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    tag: Annotated[list[str] | None, QueryParameter(max_items=20)] = None,
    list_: Annotated[str | None, QueryParameter(name="list", max_length=255)] = None,
    status: Annotated[Status | None, QueryParameter()] = None,
    has: Annotated[list[Has] | None, QueryParameter(max_items=4)] = None,
    q: Annotated[str | None, QueryParameter(max_length=500)] = None,
    since: Since = None,
    sort: Annotated[Sort, QueryParameter()] = "saved",
    limit: Annotated[int, QueryParameter(ge=1, le=MOST_PAGE)] = 50,
    cursor: Annotated[str | None, QueryParameter(max_length=1024)] = None,
) -> EntryPageAnswer:
    """A page of entries with their papers."""
    wanted = entry_filter(tag, list_, status, has, q, since)
    page = await list_entries(desk, who.library_id, wanted, sort, limit, cursor)
    return EntryPageAnswer([_shown(one) for one in page.items], page.cursor)


@get("/v1/entries/{entry_id:str}", guards=[requires("read")])
async def one(entry_id: FromPath[str], who: NamedDependency[Who], desk: NamedDependency[Desk]) -> Response[EntryAnswer]:
    """One entry with its paper."""
    return _tagged(await get_entry(desk, who.library_id, entry_id))


@get("/v1/entries/{entry_id:str}/reference", guards=[requires("export")])
async def cited(
    entry_id: FromPath[str],
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    style: Annotated[Style, QueryParameter()] = "apa",
) -> CitedAnswer:
    """The entry as a reference in a citation style, and in BibTeX."""
    found = await cite_entry(desk, who.library_id, entry_id, style)
    return CitedAnswer(found.reference.style, found.reference.text, found.reference.html, found.bibtex)


@patch("/v1/entries/{entry_id:str}", guards=[requires("save")])
async def change(
    entry_id: FromPath[str],
    data: JSONBody[EntryPatch],
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    if_match: IfMatch = None,
) -> Response[EntryAnswer]:
    """Change an entry; what is left out stays."""
    given: dict[str, Any] = {n: v for n, v in structs.asdict(data).items() if v is not UNSET}
    whole = {name: given.pop(name) for name in _SETS if name in given}
    wish = EditWish("entry", entry_id, set=given, whole=whole, if_match=version_of(if_match))
    await edit_object(desk, who, wish)
    return _tagged(await get_entry(desk, who.library_id, entry_id))


@delete("/v1/entries/{entry_id:str}", guards=[requires("save")])
async def throw_away(
    entry_id: FromPath[str], who: NamedDependency[Who], desk: NamedDependency[Desk], if_match: IfMatch = None
) -> None:
    """Put an entry into the trash; a restore brings it back with its highlights."""
    await edit_object(desk, who, EditWish("entry", entry_id, op="delete", if_match=version_of(if_match)))


def _shown(one: ShelvedEntry) -> EntryAnswer:
    return EntryAnswer(**{name: getattr(one.entry, name) for name in one.entry.__struct_fields__}, paper=one.paper)


def _tagged(shelved: ShelvedEntry) -> Response[EntryAnswer]:
    return Response(_shown(shelved), headers={"ETag": f'"{shelved.entry.version}"'})
