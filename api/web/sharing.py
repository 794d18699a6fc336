"""A link shared from a phone: shown with what it is, and saved by one press.

Refuses to save by itself: whatever an app or a page hands over is a GET, which changes nothing.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Template

from api.domain.accounts import Who
from api.domain.errors import BadInput
from api.domain.identifiers import identify
from api.http.auth import requires
from api.web.forms import page
from api.web.refusals import FOR_PEOPLE

AnyRequest = Request[Any, Any, Any]
Text = Annotated[str, QueryParameter(max_length=8192)]

_ADDRESS = re.compile(r"https?://\S+")


@get("/share", guards=[requires("save")], exception_handlers=FOR_PEOPLE, include_in_schema=False)
async def share(
    request: AnyRequest, who: NamedDependency[Who], title: Text = "", text: Text = "", url: Text = ""
) -> Template:
    """Ask whether to save what was shared; many apps put the address into the text, some into the title."""
    address = shared_address(url, text, title)
    return page(request, "share.html", address=address, about=_about(address), title=title)


def shared_address(*places: str) -> str:
    """The first address in these texts, else the first of them that is an identifier, else empty text."""
    for place in places:
        if found := _ADDRESS.search(place):
            return found.group()
    return next((place.strip() for place in places if _about(place.strip())), "")


def _about(address: str) -> str:
    """What kind of thing this is, in words; empty where it is nothing that can be saved."""
    try:
        identity = identify(address)
    except BadInput:
        return ""
    return {"paper": "a paper", "list": "a list of papers"}.get(identity.kind, "a web page")
