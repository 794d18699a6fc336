"""What a person with a browser sees instead of a problem document: the sign-in page, or a page that leads back."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from litestar import Request, Response
from litestar.exceptions import NotFoundException
from litestar.response import Redirect, Template
from litestar.types import ExceptionHandlersMap

from api.actions.edit_object import DeletionHeld
from api.domain.errors import NotFound, NotSignedIn, TooMany
from api.http import problems
from api.web.forms import page

AnyRequest = Request[Any, Any, Any]


def to_sign_in(request: AnyRequest, _: NotSignedIn) -> Redirect:
    """Send a stranger to the sign-in page, and back here afterwards."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return Redirect("/sign-in?" + urlencode({"next": here if request.method == "GET" else "/"}), status_code=303)


def missing(request: AnyRequest, _: NotFound) -> Template:
    """Say that an entry is not there, with a way back."""
    return page(request, "missing.html", 404)


def later(request: AnyRequest, error: TooMany) -> Template:
    """Say that somebody asks too often, and for how long to wait."""
    seconds = str(error.extra.get("retry_after", 60))
    answer = page(request, "later.html", 429, seconds=seconds)
    answer.headers["Retry-After"] = seconds
    return answer


def one_too_many(request: AnyRequest, _: DeletionHeld) -> Redirect | Response[bytes]:
    """Lead to the page that lists what is held; the list's own script says so in place."""
    if request.headers.get("X-Scholium") == "1":
        said = "Not deleted yet: so many deletions at once wait for your word. Load the page again to settle them."
        return Response(b"", status_code=409, headers={"X-Said": quote(said)})
    return Redirect("/library/held", status_code=303)


def nowhere(request: AnyRequest, error: NotFoundException) -> Template | Response[bytes]:
    """Answer an address that leads nowhere: a page for who asks for one, as browsers do, a problem for the rest."""
    if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        return page(request, "missing.html", 404)
    return problems.framework(request, error)


ADDRESSES: ExceptionHandlersMap = {**problems.HANDLERS, NotFoundException: nowhere}
FOR_PEOPLE: ExceptionHandlersMap = {
    NotSignedIn: to_sign_in,
    NotFound: missing,
    DeletionHeld: one_too_many,
    TooMany: later,
}
