"""`/v1/imports`: a file goes in and is read by a worker; how far it is, as JSON or as server-sent events.

The file is the body itself, with any media type but those that foreign pages can send unasked, or the part `file` of
a form. Refuses a file beyond the limit before reading it whole.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Stream
from msgspec import Struct

from api.actions.desk import Desk
from api.actions.import_library import get_import, list_imports, start_import
from api.domain.accounts import Who
from api.domain.clock import rfc3339
from api.domain.errors import BadInput, ScholiumError
from api.http.auth import requires
from api.store.imports import Counts, ImportRun, ReportLine, State

FORM = "multipart/form-data"
MEDIA_TYPES = (
    "application/octet-stream",
    "application/json",
    "application/x-bibtex",
    "application/x-biblatex",
    "application/x-research-info-systems",
    "application/vnd.citationstyles.csl+json",
    "application/zip",
    "text/csv",
    "text/html",
    "text/x-bibtex",
    FORM,
)
MOST_BODY = 20_100_000  # bytes: the largest file with the form around it
LOOK_SECONDS = 0.5
LONGEST_SECONDS = 900.0  # of one stream; a client comes back
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class ImportStarted(Struct, frozen=True):
    """The import to ask for."""

    id: str


class ImportAnswer(Struct, frozen=True):
    """One import: imported + merged + reported = total once it is done; a line of the report for each not taken."""

    id: str
    state: State
    filename: str
    created_at: str
    counts: Counts
    report: list[ReportLine]


class ImportList(Struct, frozen=True):
    """The last hundred imports, the newest first, without their reports."""

    items: list[ImportAnswer]
    cursor: None = None


@post(
    "/v1/imports",
    status_code=202,
    guards=[requires("save")],
    opt={"bodies": MEDIA_TYPES, "heavy": True},
    request_max_body_size=MOST_BODY,
)
async def start(
    request: Request[Any, Any, Any],
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    filename: Annotated[str, QueryParameter(max_length=255)] = "",
) -> Response[ImportStarted]:
    """Take a file and answer at once; a worker reads it."""
    name, body = await sent_file(request)
    import_id = await start_import(desk, who.account_id, who.library_id, filename or name or "import", body)
    return Response(ImportStarted(import_id), headers={"Location": f"/v1/imports/{import_id}"})


@get("/v1/imports", guards=[requires("read")])
async def listed(who: NamedDependency[Who], desk: NamedDependency[Desk]) -> ImportList:
    """The last imports of this library."""
    return ImportList([import_answer(run) for run in await list_imports(desk, who.library_id)])


@get("/v1/imports/{import_id:str}", guards=[requires("read")])
async def one(import_id: FromPath[str], who: NamedDependency[Who], desk: NamedDependency[Desk]) -> ImportAnswer:
    """How far an import is, and what was not taken."""
    return import_answer(await get_import(desk, who.library_id, import_id))


@get(
    "/v1/imports/{import_id:str}/stream",
    guards=[requires("read")],
    media_type="text/event-stream",
    opt={"media": ("text/event-stream",)},
)
async def stream(import_id: FromPath[str], who: NamedDependency[Who], desk: NamedDependency[Desk]) -> Stream:
    """Events `progress` whenever the counts move and `done` at the end, each with the import; then it ends."""
    run = await get_import(desk, who.library_id, import_id)
    return Stream(_events(desk, who, run), media_type="text/event-stream", headers=_HEADERS)


async def sent_file(request: Request[Any, Any, Any]) -> tuple[str, bytes]:
    """The name and the bytes of the file in a request; raises BadInput where there is none."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        body = await request.body()
        if not body:
            raise BadInput("there is no file in the body")
        return "", body
    given = (await request.form()).get("file")
    if not isinstance(given, UploadFile):
        raise BadInput("the form has no file in `file`")
    return given.filename or "", await given.read()


def import_answer(run: ImportRun) -> ImportAnswer:
    """An import as the contract shows it."""
    return ImportAnswer(run.id, run.state, run.filename, rfc3339(run.created_at), run.counts, run.report)


async def _events(desk: Desk, who: Who, run: ImportRun) -> AsyncIterator[bytes]:
    clock = asyncio.get_running_loop().time
    until = clock() + LONGEST_SECONDS
    said: ImportRun | None = None
    while clock() < until and not desk.pokes.ended:
        if run != said:
            name = "done" if run.state in ("done", "failed") else "progress"
            yield f"event: {name}\ndata: {msgspec.json.encode(import_answer(run)).decode()}\n\n".encode()
            said = run
            if name == "done":
                return
        await asyncio.sleep(LOOK_SECONDS)
        try:
            run = await get_import(desk, who.library_id, run.id)
        except ScholiumError:
            return
