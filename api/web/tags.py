"""`/library/tags`: every tag with its count; rename, recolour, merge or delete one by plain forms.

Refuses to make two tags one where only a new name was asked for, since nothing takes two tags apart again, and a
merge into a tag that is not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Request, get, post
from litestar.datastructures import FormMultiDict
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Redirect, Template

from api.actions.desk import Desk
from api.actions.edit_object import EditWish, edit_object
from api.actions.list_objects import list_tags
from api.domain.accounts import Who
from api.domain.errors import BadInput, NotFound
from api.domain.fields import COLOR_NAMES
from api.domain.tags import name_folded
from api.http.auth import requires
from api.http.objects import merging_of
from api.http.request_rules import FORM
from api.store.tags import TagCount
from api.web.forms import checked_form, page, sentence
from api.web.refusals import FOR_PEOPLE

AnyRequest = Request[Any, Any, Any]
SAID = {"rename": "Renamed.", "recolor": "Colour changed.", "merge": "Merged into this tag.", "delete": "Tag deleted."}
Word = Annotated[str, QueryParameter(max_length=64)]


@get("/library/tags", guards=[requires("read")], exception_handlers=FOR_PEOPLE, include_in_schema=False)
async def show(
    request: AnyRequest,
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    change: Word = "",
    done: Word = "",
    of: Word = "",
) -> Template:
    """All tags, most used first, with the forms of the one to `change`; `done` is what was just done, and to which."""
    said = SAID.get(done, "")
    tags = await list_tags(desk, who.library_id)
    return page(request, "tags.html", tags=tags, colors=COLOR_NAMES, open=change, said=said, done=done, of=of)


@post(
    "/library/tags",
    opt={"bodies": FORM},
    guards=[requires("save")],
    exception_handlers=FOR_PEOPLE,
    include_in_schema=False,
)
async def change(request: AnyRequest, who: NamedDependency[Who], desk: NamedDependency[Desk]) -> Template | Redirect:
    """Do what one form says, and show the tags again with what came of it."""
    form = await checked_form(request)
    tags = await list_tags(desk, who.library_id)
    tag = next((one for one in tags if one.id == form.get("tag")), None)
    if tag is None:
        raise NotFound("no such tag")
    try:
        done, wish = _wish(tag, tags, form)
        after = await edit_object(desk, who, wish)
    except BadInput as wrong:
        context = {"tags": tags, "colors": COLOR_NAMES, "open": tag.id, "wrong": sentence(wrong)}
        return page(request, "tags.html", 400, **context)
    return Redirect(f"/library/tags?{urlencode({'done': done, 'of': after.key})}#t-{after.key}", status_code=303)


def _wish(tag: TagCount, tags: Sequence[TagCount], form: FormMultiDict) -> tuple[str, EditWish]:
    """What is done, as `SAID` has it, and the edit that does it."""
    if form.get("op") == "delete":
        return "delete", EditWish("tag", tag.id, op="delete")
    if "color" in form:
        return "recolor", EditWish("tag", tag.id, set={"color": str(form["color"]) or None})
    name = " ".join(str(form.get("into", form.get("name", ""))).split())
    if not name_folded(name):
        raise BadInput("a tag needs a name")
    other = next((one for one in tags if one.id != tag.id and name_folded(one.name) == name_folded(name)), None)
    if "into" not in form:
        if other:
            raise BadInput(f"there is a tag “{other.name}” already; to make the two one, merge this one into it")
        return "rename", EditWish("tag", tag.id, set={"name": name})
    if other is None:
        raise BadInput(f"there is no other tag “{name}” to merge this one into")
    return "merge", merging_of(tag.id, other.name, other.color)
