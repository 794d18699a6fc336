"""`/library/imports`: choose a file or drop it, see how far it is, and what was not taken; plain forms work alone.

Refuses a form without this session's token, as all our pages do.
"""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Redirect, Template

from api.actions.desk import Desk
from api.actions.import_library import get_import, list_imports, start_import
from api.domain.accounts import Who
from api.domain.errors import BadInput, NotFound
from api.domain.ids import is_uuid
from api.http.auth import requires
from api.web.forms import checked_upload, page, sentence
from api.web.refusals import FOR_PEOPLE

AnyRequest = Request[Any, Any, Any]
MOST_BODY = 20_100_000  # bytes: the largest file with the form around it
MOST_LINES = 500  # of a report on the page; all of them are in the API's answer
UPLOAD = ("multipart/form-data",)


@get("/library/imports", guards=[requires("save")], exception_handlers=FOR_PEOPLE, include_in_schema=False)
async def show(
    request: AnyRequest,
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    id_: Annotated[str, QueryParameter(name="id", max_length=64)] = "",
) -> Template:
    """The form, one import where `id` names it, and the last ones."""
    return page(request, "imports.html", **await _context(desk, who, id_))


@post(
    "/library/imports",
    opt={"bodies": UPLOAD, "heavy": True},
    guards=[requires("save")],
    exception_handlers=FOR_PEOPLE,
    include_in_schema=False,
    request_max_body_size=MOST_BODY,
)
async def take(request: AnyRequest, who: NamedDependency[Who], desk: NamedDependency[Desk]) -> Template | Redirect:
    """Take the file of the form and show how far it is."""
    given = (await checked_upload(request)).get("file")
    try:
        if not isinstance(given, UploadFile) or not given.filename:
            raise BadInput("choose a file first")
        import_id = await start_import(desk, who.account_id, who.library_id, given.filename, await given.read())
    except BadInput as wrong:
        return page(request, "imports.html", 400, **await _context(desk, who, "", sentence(wrong)))
    return Redirect(f"/library/imports?id={import_id}", status_code=303)


async def _context(desk: Desk, who: Who, import_id: str, wrong: str = "") -> dict[str, Any]:
    run = None
    if import_id:
        if not is_uuid(import_id):
            raise NotFound("no such import")
        run = await get_import(desk, who.library_id, import_id)
    return {
        "run": run,
        "going": run is not None and run.state in ("queued", "running"),
        "lines": run.report[:MOST_LINES] if run else [],
        "more": max(0, len(run.report) - MOST_LINES) if run else 0,
        "runs": await list_imports(desk, who.library_id),
        "wrong": wrong,
    }
