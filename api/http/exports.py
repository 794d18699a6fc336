"""`GET /v1/export`: the library as a file, streamed, in the format that is named or that `Accept` prefers.

Beside the formats of records there are two of formatted references, as text and as HTML.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Stream

from api.actions.cite_list import cite_list
from api.actions.desk import Desk
from api.actions.export_library import export_library
from api.domain.accounts import Who
from api.domain.entries import EntryFilter, Has
from api.domain.errors import BadInput
from api.domain.fields import Status
from api.domain.formats.catalog import FORMATS, FormatName, Order, Part, export_wish
from api.domain.formats.reference_list import LIST_FORMS, ReferenceForm
from api.http.auth import requires
from api.http.filters import Since, entry_filter
from api.references import Style

MEDIA = tuple(sorted({one.media_type for one in FORMATS.values()} | {"text/html", "text/plain"}))
_NAMES: dict[str, FormatName] = {one.media_type: name for name, one in FORMATS.items()}


@get("/v1/export", guards=[requires("export")], opt={"heavy": True, "media": MEDIA, "refusals": (404,)})
async def export(
    request: Request[Any, Any, Any],
    who: NamedDependency[Who],
    desk: NamedDependency[Desk],
    format_: Annotated[FormatName | ReferenceForm | None, QueryParameter(name="format")] = None,
    order: Annotated[Order, QueryParameter()] = "key",
    fields: Annotated[list[Part] | None, QueryParameter(max_items=8)] = None,
    exclude: Annotated[list[Part] | None, QueryParameter(max_items=8)] = None,
    ascii_only: Annotated[bool, QueryParameter(name="ascii")] = False,
    tag: Annotated[list[str] | None, QueryParameter(max_items=20)] = None,
    list_: Annotated[str | None, QueryParameter(name="list", max_length=255)] = None,
    status: Annotated[Status | None, QueryParameter()] = None,
    has: Annotated[list[Has] | None, QueryParameter(max_items=4)] = None,
    q: Annotated[str | None, QueryParameter(max_length=500)] = None,
    since: Since = None,
    style: Annotated[Style | None, QueryParameter()] = None,
) -> Stream:
    """The entries that the filters name, by citation key or the last saved first.

    Without `format` the `Accept` header chooses, BibTeX where it names none of ours. `fields` (`abstract`, `note`,
    `tags`, `url`) stand for the format's own choice of parts, `exclude` takes some away. `ascii` is for BibTeX,
    BibLaTeX and RIS. `style` (APA) is for the formatted references, which have no parts.
    """
    wanted: EntryFilter = entry_filter(tag, list_, status, has, q, since)
    if format_ == "references" or format_ == "references-html":
        if fields or exclude or ascii_only:
            raise BadInput(f"{format_} has no parts and no ASCII form; it takes style and order")
        return await _references(desk, who, wanted, format_, style or "apa", order)
    if style is not None:
        raise BadInput("style is for the formats references and references-html")
    name = format_ or _NAMES[request.accept.best_match(list(_NAMES), FORMATS["bibtex"].media_type)]
    wish = export_wish(name, order, tuple(fields or ()), tuple(exclude or ()), ascii_only=ascii_only)
    headers = {"Content-Disposition": f'attachment; filename="{FORMATS[name].filename}"'}
    return Stream(
        export_library(desk, who.library_id, wanted, wish),
        media_type=FORMATS[name].content_type,
        headers=headers if format_ else headers | {"Vary": "Accept"},
    )


async def _references(
    desk: Desk, who: Who, wanted: EntryFilter, name: ReferenceForm, style: Style, order: Order
) -> Stream:
    form = LIST_FORMS[name]
    lines = await cite_list(desk, who.library_id, wanted, style, order, as_html=name == "references-html")

    async def pieces() -> AsyncIterator[bytes]:
        yield form.before.encode()
        async for line in lines:
            yield f"{form.opening}{line}{form.closing}".encode()
        yield form.after.encode()

    headers = {"Content-Disposition": f'attachment; filename="{form.filename}"'}
    return Stream(pieces(), media_type=form.media_type, headers=headers)
