"""`/library/lists`: every reading list with its count; make, rename, recolour, describe or delete one, and move an
entry within one, by plain forms.

Refuses a name that says nothing. Two lists may have one name, as the protocol has it.
"""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote, urlencode

from litestar import Request, Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Redirect, Template

from api.actions.desk import Desk
from api.actions.edit_object import EditWish, edit_object
from api.actions.list_objects import get_object, list_lists
from api.actions.move_entry import move_entry
from api.domain.accounts import Who
from api.domain.clock import rfc3339
from api.domain.errors import BadInput
from api.domain.fields import COLOR_NAMES
from api.domain.highlights import collection_of
from api.http.auth import requires
from api.http.request_rules import FORM
from api.web.forms import checked_form, page, sentence
from api.web.queries import read_query
from api.web.refusals import FOR_PEOPLE

AnyRequest = Request[Any, Any, Any]
PATH = "/library/lists"
FURTHEST = 1_000_000  # places of one move
SAID = {
    "make": "List made.",
    "rename": "Renamed.",
    "recolor": "Colour changed.",
    "describe": "Description kept.",
    "delete": "List deleted.",
}
Word = Annotated[str, QueryParameter(max_length=64)]


@get(PATH, guards=[requires("read")], exception_handlers=FOR_PEOPLE, include_in_schema=False)
async def show(
    request: AnyRequest,
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    change: Word = "",
    done: Word = "",
    of: Word = "",
) -> Template:
    """All lists by name, with the forms of the one to `change`; `done` is what was just done, and to which."""
    context = await _context(desk, who, change)
    return page(request, "lists.html", **context, said=SAID.get(done, ""), done=done, of=of)


@post(
    PATH,
    opt={"bodies": FORM},
    guards=[requires("save")],
    exception_handlers=FOR_PEOPLE,
    include_in_schema=False,
)
async def change(request: AnyRequest, who: NamedDependency[Who], desk: NamedDependency[Desk]) -> Template | Redirect:
    """Do what one form says, and show the lists again with what came of it."""
    form = await checked_form(request)
    key = str(form.get("list", ""))
    try:
        done, wish = _wish(desk, key, form)
        after = await edit_object(desk, who, wish)
    except BadInput as wrong:
        return page(request, "lists.html", 400, **await _context(desk, who, key), wrong=sentence(wrong))
    return Redirect(f"{PATH}?{urlencode({'done': done, 'of': after.key})}#l-{after.key}", status_code=303)


@post(
    f"{PATH}/order",
    opt={"bodies": FORM},
    guards=[requires("save")],
    exception_handlers=FOR_PEOPLE,
    include_in_schema=False,
)
async def order(request: AnyRequest, who: NamedDependency[Who], desk: NamedDependency[Desk]) -> Response[Any]:
    """Move an entry `by` some places, or to stand `after` another; a script gets what to say, a form the list."""
    form = await checked_form(request)
    list_id, entry_id = str(form.get("list", "")), str(form.get("entry", ""))
    moved = await move_entry(desk, who, list_id, entry_id, by=_places(form), after=str(form.get("after", "")))
    if request.headers.get("X-Scholium") == "1":
        return Response("", headers={"X-Said": quote(f"Now number {moved.number} of {moved.of}.")})
    return Redirect(f"{read_query(str(form.get('back', ''))).path}#e-{entry_id}", status_code=303)


def _places(form: FormMultiDict) -> int:
    text = str(form.get("by", "0"))
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 8):
        raise BadInput("an entry moves by a number of places")
    return max(-FURTHEST, min(FURTHEST, int(text)))


def _wish(desk: Desk, key: str, form: FormMultiDict) -> tuple[str, EditWish]:
    """What is done, as `SAID` has it, and the edit that does it."""
    if form.get("op") == "delete":
        return "delete", EditWish("list", key, op="delete")
    if "color" in form:
        return "recolor", EditWish("list", key, set={"color": str(form["color"]) or None})
    if "description" in form:
        text = str(form["description"]).replace("\r\n", "\n").strip()
        return "describe", EditWish("list", key, set={"description": text or None})
    name = " ".join(str(form.get("name", "")).split())
    if not name:
        raise BadInput("a list needs a name")
    if key:
        return "rename", EditWish("list", key, set={"name": name})
    made = {"name": name, "created_at": rfc3339(desk.now())}
    return "make", EditWish("list", desk.new_id(), set=made, create=True)


async def _context(desk: Desk, who: Who, open_: str) -> dict[str, Any]:
    lists = await list_lists(desk, who.library_id)
    found = await get_object(desk, who.library_id, "list", open_) if open_ in {one.id for one in lists} else None
    described = collection_of(found).description if found else None
    return {"lists": lists, "colors": COLOR_NAMES, "open": open_, "description": described or ""}
