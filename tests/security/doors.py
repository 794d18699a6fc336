"""Every route with who may use it and a request that works, written down beside the code and not taken from it.

`OPEN` is for everybody; a door with scopes opens to whoever has one of them. A route that is missing here fails a test.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import httpx
from litestar import Litestar
from litestar.routes import HTTPRoute
from msgspec import Struct

from api.domain.accounts import Account
from tests.http.conftest import PASSWORD
from tests.make import make_id
from tests.security.house import Resident
from tests.security.pages import OPEN, PAGES


class Door(Struct, frozen=True):
    """Who may pass (scopes, one of which is enough), with which request, and what the owner hears."""

    scopes: str
    body: Any = None
    status: int = 200
    query: str = ""

    def admits(self, scopes: frozenset[str]) -> bool:
        return self.scopes == OPEN or bool(scopes & set(self.scopes.split()))


def doors(of: Resident) -> dict[str, Door]:
    """Every route of the API as `METHOD /path`, with requests about what is this person's; the gentle ones first."""
    ids, device = of.ids, of.session["device_id"]
    quote = {"type": "TextQuoteSelector", "exact": "anew", "prefix": "", "suffix": ""}
    push = {"schema": 1, "library_id": of.account.library_id, "device_id": device, "first_seq": 500, "ops": []}
    doi = f"doi:10.5555/{'ada-canary' if of.account.email.startswith('ada') else 'bob-mark'}.entry"
    return {
        "GET /health/live": Door(OPEN),
        "GET /health/ready": Door(OPEN),
        "GET /metrics": Door(OPEN),
        "GET /openapi.json": Door(OPEN),
        "GET /static/{file_path}": Door(OPEN, status=200),
        "POST /v1/accounts": Door(OPEN, {"email": "carol@example.org", "password": PASSWORD}, 201),
        "POST /v1/sessions": Door(OPEN, {"email": of.account.email, "password": PASSWORD}, 201),
        "POST /oauth/device_authorization": Door(OPEN, {"client_id": "a"}),
        "POST /oauth/token": Door(OPEN, {"grant_type": "refresh_token", "client_id": "a", "refresh_token": "x"}, 400),
        "POST /oauth/revoke": Door(OPEN, {"token": "x"}),
        "GET /f/{secret}/{filename}": Door(OPEN),
        "GET /digest/feed/{feed_secret}": Door(OPEN),
        "GET /digest/unsubscribe/{token}": Door(OPEN),
        "POST /digest/unsubscribe/{token}": Door(OPEN),
        "GET /v1/digest": Door("account"),
        "PUT /v1/digest": Door("account", {"frequency": "off"}),
        "POST /v1/digest/preview": Door("account"),
        "GET /v1/sessions": Door("account"),
        "GET /v1/tokens": Door("account"),
        "GET /v1/account/export": Door("account"),
        "GET /v1/identify": Door("read save", query="url=arXiv:1706.03762"),
        "GET /v1/entries": Door("read"),
        "GET /v1/entries/{entry_id}": Door("read"),
        "GET /v1/entries/{entry_id}/alike": Door("read"),
        "GET /v1/search": Door("read", query="q=anew"),
        "GET /v1/entries/{entry_id}/reference": Door("export"),
        "GET /v1/tags": Door("read"),
        "GET /v1/tags/{key}": Door("read"),
        "GET /v1/highlights": Door("read"),
        "GET /v1/highlights/{key}": Door("read"),
        "GET /v1/lists": Door("read"),
        "GET /v1/lists/{key}": Door("read"),
        "GET /v1/papers": Door("read", query="q=anew"),
        "GET /v1/papers/{paper_id}": Door("read"),
        "GET /v1/sync/info": Door("sync"),
        "GET /v1/sync/pull": Door("sync"),
        "GET /v1/sync/index": Door("sync read"),
        "GET /v1/sync/held": Door("sync"),
        "GET /v1/sync/stream": Door("sync"),
        "GET /v1/export": Door("export", query="format=bibtex"),
        "GET /v1/imports": Door("read"),
        "GET /v1/imports/{import_id}": Door("read"),
        "GET /v1/imports/{import_id}/stream": Door("read"),
        "GET /v1/library/key-pattern": Door("read"),
        "GET /v1/trending": Door("read"),
        "GET /v1/feeds": Door("account"),
        "POST /v1/tokens": Door("account", {"name": "script", "scopes": ["read"]}, 201),
        "POST /v1/saves": Door("save", {"id": make_id("new save"), "url": "arXiv:1706.03762"}, 201),
        "PATCH /v1/entries/{entry_id}": Door("save", {"starred": True}),
        "POST /v1/tags": Door("save", {"id": make_id("new tag"), "name": "new"}, 201),
        "PATCH /v1/tags/{key}": Door("save", {"color": "red"}),
        "POST /v1/tags/{key}/rename": Door("save", {"name": "renamed"}),
        "POST /v1/tags/{key}/merge": Door("save", {"into": ids["tag two"]}),
        "POST /v1/highlights": Door(
            "save", {"id": make_id("new mark"), "entry_id": ids["entry"], "selectors": [quote]}, 201
        ),
        "PATCH /v1/highlights/{key}": Door("save", {"color": "red"}),
        "POST /v1/lists": Door("save", {"id": make_id("new list"), "name": "new"}, 201),
        "PATCH /v1/lists/{key}": Door("save", {"name": "renamed"}),
        "PATCH /v1/papers/{paper_id}/corrections": Door("save", {"title": "Corrected"}),
        "POST /v1/papers/{paper_id}/enrich": Door("save", None, 202),
        "POST /v1/papers/{paper_id}/split": Door("save", {"identifiers": [doi]}),
        "POST /v1/papers/{paper_id}/apart": Door("save", {"other": ids["paper of other entry"]}),
        "POST /v1/papers/{paper_id}/join": Door("save", {"other": ids["paper of other entry"]}),
        "POST /v1/sync/push": Door("sync", push),
        "POST /v1/sync/resync": Door("sync", {"commits": [[1, "x"]]}),
        "POST /v1/sync/digest": Door("sync", {}),
        "POST /v1/sync/held/{op_id}": Door("sync", {"action": "discard"}),
        "POST /v1/sync/held": Door("sync", {"action": "discard"}),
        "POST /v1/imports": Door("save", {"items": []}, 202, "filename=x.json"),
        "PUT /v1/library/key-pattern": Door("save", {"parts": ["author", "year"]}),
        "POST /v1/feeds": Door("account", {"name": "another"}, 201),
        "DELETE /v1/feeds/{feed_id}": Door("account", None, 204),
        "DELETE /v1/highlights/{key}": Door("save", None, 204),
        "DELETE /v1/entries/{entry_id}": Door("save", None, 204),
        "DELETE /v1/tags/{key}": Door("save", None, 204),
        "DELETE /v1/lists/{key}": Door("save", None, 204),
        "DELETE /v1/sessions/{session_id}": Door("account", None, 204),
        "DELETE /v1/tokens/{token_id}": Door("account", None, 204),
        "POST /v1/account/password": Door("account", {"old": PASSWORD, "new": PASSWORD}, 204),
        "DELETE /v1/account": Door("account", {"password": PASSWORD}, 204),
    }


def known() -> set[str]:
    """Every route that the matrix tries."""
    anybody = Resident(Account("", "", "", 0), defaultdict(str), defaultdict(str))
    return (
        doors(anybody).keys()
        | PAGES.keys()
        | {
            "HEAD /f/{secret}",
            "HEAD /f/{secret}/{filename}",
            "HEAD /static/{file_path}",
        }
    )


def address(route: str, ids: dict[str, str], query: str = "") -> str:
    """The address of a route with these ids in its places; `key` is that of the route's own noun."""
    path = route.split(" ", 1)[1]
    noun = path.split("/")[2] if path.count("/") > 1 else ""
    places = ids | {"paper_id": ids["paper of entry"], "entry_id": ids["entry"], "file_path": "icon.svg"}
    for name in ("highlights", "tags", "lists"):
        if noun == name:
            places |= {"key": ids[name]}
    for name, value in places.items():
        path = path.replace(f"{{{name}}}", value)
    return path + (f"?{query}" if query else "")


def listed(app: Litestar) -> set[str]:
    """Every route that the application has, as `METHOD /path`, without what the framework answers to OPTIONS."""
    return {
        f"{method} {route.path_format}"
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for method in route.methods
        if method != "OPTIONS"
    }


async def knock(
    client: httpx.AsyncClient, route: str, ids: dict[str, str], door: Door, headers: dict[str, str]
) -> httpx.Response:
    """Send the request of a door as somebody."""
    sent: dict[str, Any] = (
        {"data" if route.startswith("POST /oauth/") else "json": door.body} if door.body is not None else {}
    )
    return await client.request(route.split(" ")[0], address(route, ids, door.query), headers=headers, **sent)
