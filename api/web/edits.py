"""What the library page's forms do: save by address, and change, tag, remove or bring back an entry.

Refuses a form without this session's token. A form sent by the page's own script gets the changed row back, any
other the page that it came from.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from litestar import Request, Response, post
from litestar.datastructures import FormMultiDict
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from api.actions.desk import Desk
from api.actions.edit_object import EditWish, edit_object
from api.actions.list_objects import list_tags
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Who
from api.domain.clock import rfc3339
from api.domain.errors import BadInput, EditedMeanwhile
from api.domain.tags import name_folded
from api.http.auth import requires
from api.http.request_rules import FORM
from api.web.contexts import library_context, paper_context, rows_context
from api.web.forms import checked_form, page
from api.web.queries import LibraryQuery, read_query
from api.web.refusals import FOR_PEOPLE
from api.web.rows import STATUS_NAMES

AnyRequest = Request[Any, Any, Any]
BODIES = {"bodies": FORM}


@post("/library/save", opt=BODIES, guards=[requires("save")], exception_handlers=FOR_PEOPLE, include_in_schema=False)
async def save(request: AnyRequest, who: NamedDependency[Who], desk: NamedDependency[Desk]) -> Template | Redirect:
    """Save a paper by its address or identifier, and show it on top of the list."""
    form = await checked_form(request)
    url = str(form.get("url", "")).strip()
    try:
        saved = await save_paper(desk, who, SaveWish(id=desk.new_id(), url=url))
    except BadInput as wrong:
        context = await library_context(desk, who, LibraryQuery())
        context |= {"wrong_url": url, "wrong": f"That could not be saved: {wrong.detail}."}
        return page(request, "library.html", 400, **context)
    name = "saved" if saved.new else "found"
    return Redirect(f"/?{urlencode({name: saved.entry.id})}", status_code=303)


@post(
    "/library/entries/{entry_id:str}",
    opt=BODIES,
    guards=[requires("save")],
    exception_handlers=FOR_PEOPLE,
    include_in_schema=False,
)
async def edit(
    request: AnyRequest, entry_id: FromPath[str], who: NamedDependency[Who], desk: NamedDependency[Desk]
) -> Response[Any]:
    """Do what one form of an entry says."""
    form = await checked_form(request)
    if "note" in form:
        return await _write_note(request, desk, who, entry_id, form)
    wish, said = await _wish(desk, who, entry_id, form)
    await edit_object(desk, who, wish)
    query = read_query(str(form.get("back", "")))
    if request.headers.get("X-Scholium") == "1":
        return await _row(request, desk, who, entry_id, query, wish.op, said)
    if wish.op == "delete":
        return Redirect(query.path + ("&" if query.text else "?") + urlencode({"removed": entry_id}), status_code=303)
    return Redirect(f"{query.path}#e-{entry_id}", status_code=303)


async def _wish(desk: Desk, who: Who, entry_id: str, form: FormMultiDict) -> tuple[EditWish, str]:
    """The edit that a form asks for, and what to say once it is made."""
    if form.get("op") == "delete":
        return EditWish("entry", entry_id, op="delete"), "Removed. It can be brought back."
    if form.get("op") == "restore":
        return EditWish("entry", entry_id, op="restore"), "Back on your list."
    if form.get("add_tag"):
        name = " ".join(str(form["add_tag"]).split())
        tag = await tag_id(desk, who, name)
        return EditWish("entry", entry_id, add={"tags": (tag,)}), f"Tagged “{name}”."
    if form.get("remove_tag"):
        return EditWish("entry", entry_id, remove={"tags": (str(form["remove_tag"]),)}), "Tag removed."
    if form.get("add_list"):
        return EditWish("entry", entry_id, add={"lists": (str(form["add_list"]),)}), "Put in the list."
    if form.get("remove_list"):
        return EditWish("entry", entry_id, remove={"lists": (str(form["remove_list"]),)}), "Taken out of the list."
    if form.get("starred"):
        starred = form["starred"] == "yes"
        return EditWish("entry", entry_id, set={"starred": starred}), "Starred." if starred else "Star removed."
    status = str(form.get("status", ""))
    said = f"Status: {STATUS_NAMES[status]}." if status in STATUS_NAMES else ""
    return EditWish("entry", entry_id, set={"status": status}), said


async def tag_id(desk: Desk, who: Who, name: str) -> str:
    """The tag of this name, made where there is none."""
    if not name_folded(name):
        raise BadInput("a tag needs a name")
    for tag in await list_tags(desk, who.library_id):
        if name_folded(tag.name) == name_folded(name):
            return tag.id
    made = {"name": name, "created_at": rfc3339(desk.now())}
    return (await edit_object(desk, who, EditWish("tag", desk.new_id(), set=made, create=True))).key


async def _row(
    request: AnyRequest, desk: Desk, who: Who, entry_id: str, query: LibraryQuery, op: str, said: str
) -> Template:
    """The changed row alone, or the line that offers to bring it back."""
    name = "removed.html" if op == "delete" else "rows.html"
    context = await rows_context(desk, who, [entry_id], query)
    answer = page(request, name, **context, removed=entry_id)
    answer.headers["X-Said"] = quote(said)
    return answer


async def _write_note(request: AnyRequest, desk: Desk, who: Who, entry_id: str, form: FormMultiDict) -> Response[Any]:
    """Write the note, unless the entry was changed since the form was shown: then both texts are shown."""
    note = str(form["note"]).replace("\r\n", "\n").strip()
    seen = str(form.get("seen", ""))
    if_match = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 17 else 0
    wish = EditWish("entry", entry_id, set={"note": note or None}, if_match=if_match)
    try:
        await edit_object(desk, who, wish)
    except EditedMeanwhile:
        context = await paper_context(desk, who, entry_id)
        said = (
            f"This entry changed meanwhile. Its note is now: “{context['note']}”. Save again to replace it with yours."
        )
        return page(request, "paper.html", 412, **context | {"note": note, "wrong_note": said})
    return Redirect(f"/library/entries/{entry_id}", status_code=303)
