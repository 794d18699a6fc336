"""The forms by which a person takes a paper apart, after seeing what would come of it, or says what is the same.

Refuses a form without this session's token, and leads back with the reason where nothing can be split so.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template

from api.actions.desk import Desk
from api.actions.join_papers import OtherWish, join_papers, keep_apart
from api.actions.list_entries import get_entry
from api.actions.split_paper import MOST_IDENTIFIERS, SplitWish, show_split, split_paper
from api.domain.accounts import Who
from api.domain.errors import BadInput
from api.http.auth import requires
from api.http.request_rules import FORM
from api.web.contexts import paper_context
from api.web.forms import checked_form, page, sentence
from api.web.identity import halves, mark_lines
from api.web.refusals import FOR_PEOPLE

AnyRequest = Request[Any, Any, Any]
BODIES = {"bodies": FORM}
Parts = Annotated[list[str] | None, QueryParameter(max_items=MOST_IDENTIFIERS)]


@get(
    "/library/entries/{entry_id:str}/split",
    guards=[requires("save")],
    exception_handlers=FOR_PEOPLE,
    include_in_schema=False,
)
async def show(
    request: AnyRequest,
    entry_id: FromPath[str],
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    part: Parts = None,
) -> Template:
    """What would be separated, to be confirmed."""
    shelved = await get_entry(desk, who.library_id, entry_id)
    try:
        if not part:
            raise BadInput("choose what belongs to the other paper")
        view = await show_split(desk, who, shelved.paper.id, part)
    except BadInput as wrong:
        return await _refused(request, desk, who, entry_id, wrong)
    return page(
        request,
        "split.html",
        path=f"/library/entries/{shelved.entry.id}",
        parts=part,
        halves=halves(view),
        marks=mark_lines(view),
    )


@post(
    "/library/entries/{entry_id:str}/split",
    opt=BODIES,
    guards=[requires("save")],
    exception_handlers=FOR_PEOPLE,
    include_in_schema=False,
)
async def split(
    request: AnyRequest, entry_id: FromPath[str], who: NamedDependency[Who], desk: NamedDependency[Desk]
) -> Response[Any]:
    """Make two papers of one, and show the one whose entry this is; its page leads to the other."""
    form = await checked_form(request)
    wish = SplitWish(form.getall("part", []), form.getall("mark", []) if "marks" in form else None)
    return await _said(request, desk, who, entry_id, lambda paper_id: split_paper(desk, who, paper_id, wish))


@post(
    "/library/entries/{entry_id:str}/same",
    opt=BODIES,
    guards=[requires("save")],
    exception_handlers=FOR_PEOPLE,
    include_in_schema=False,
)
async def same(
    request: AnyRequest, entry_id: FromPath[str], who: NamedDependency[Who], desk: NamedDependency[Desk]
) -> Response[Any]:
    """Say that the paper of an entry and another one are the same, or not, and show the page again."""
    form = await checked_form(request)
    wish = OtherWish(str(form.get("other", ""))[:64])
    speak = join_papers if form.get("word") == "same" else keep_apart
    return await _said(request, desk, who, entry_id, lambda paper_id: speak(desk, who, paper_id, wish))


async def _said(
    request: AnyRequest, desk: Desk, who: Who, entry_id: str, speak: Callable[[str], Awaitable[object]]
) -> Response[Any]:
    """Say something of an entry's paper, and show the entry again, or why it cannot be said."""
    shelved = await get_entry(desk, who.library_id, entry_id)
    try:
        await speak(shelved.paper.id)
    except BadInput as wrong:
        return await _refused(request, desk, who, entry_id, wrong)
    return Redirect(f"/library/entries/{shelved.entry.id}", status_code=303)


async def _refused(request: AnyRequest, desk: Desk, who: Who, entry_id: str, wrong: BadInput) -> Template:
    context = await paper_context(desk, who, entry_id)
    return page(request, "paper.html", 400, **context | {"wrong_split": sentence(wrong)})
