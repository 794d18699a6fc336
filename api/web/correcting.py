"""The form's other end: a person's correction of one entry's paper.

Refuses a form without this session's token, and shows one with a wrong value again, with the reason.
"""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from api.actions.correct_paper import correct_paper
from api.actions.desk import Desk
from api.actions.list_entries import get_entry
from api.domain.accounts import Who
from api.domain.errors import BadInput
from api.http.auth import requires
from api.http.request_rules import FORM
from api.web.contexts import paper_context
from api.web.correction import read_correction
from api.web.forms import checked_form, page, sentence
from api.web.refusals import FOR_PEOPLE

AnyRequest = Request[Any, Any, Any]


@post(
    "/library/entries/{entry_id:str}/correction",
    opt={"bodies": FORM},
    guards=[requires("save")],
    exception_handlers=FOR_PEOPLE,
    include_in_schema=False,
)
async def correct(
    request: AnyRequest, entry_id: FromPath[str], who: NamedDependency[Who], desk: NamedDependency[Desk]
) -> Response[Any]:
    """Correct the paper of an entry, and show its page again."""
    form = await checked_form(request)
    paper = (await get_entry(desk, who.library_id, entry_id)).paper
    try:
        await correct_paper(desk, who, paper.id, read_correction(form, paper))
    except BadInput as wrong:
        context = await paper_context(desk, who, entry_id)
        kept = [line._replace(value=str(form.get(line.name, line.value))) for line in context["correction"]]
        context |= {"correction": kept, "wrong_correction": f"That could not be kept: {sentence(wrong)}"}
        return page(request, "paper.html", 400, **context)
    return Redirect(f"/library/entries/{entry_id}#record", status_code=303)
