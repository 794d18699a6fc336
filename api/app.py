"""The composition root of the HTTP side: routes, guards, error answers and the life of what they stand on.

Refuses to start with a short key, and to open a route that is named neither in `ROUTES` nor in `PAGES`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from litestar import Litestar, Router
from litestar.datastructures import CacheControlHeader
from litestar.di import Provide
from litestar.handlers import BaseRouteHandler
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.static_files import create_static_files_router
from litestar.template import TemplateConfig

from api.actions.desk import Desk
from api.counters import Counters
from api.http import (
    account,
    accounts,
    digest,
    entries,
    exports,
    feeds,
    health,
    held,
    highlights,
    imports,
    key_pattern,
    lists,
    live,
    metrics,
    oauth,
    openapi,
    papers,
    saves,
    search,
    sessions,
    sync,
    tags,
    tokens,
    trending,
)
from api.http.addresses import AnyConnection, known_host
from api.http.auth import Doorkeeper, signed_in
from api.http.headers import headers_hook
from api.http.limits import Limits
from api.http.observed import ObservedApp
from api.http.parts import PARTS
from api.http.request_rules import request_rules
from api.instance import open_desk
from api.settings import Settings
from api.store.migrate import migrate
from api.web import refusals
from api.web.routes import PAGES

WEB = Path(__file__).parent / "web"
MOST_BODY = 1024 * 1024  # bytes; a route that takes more says so itself

ROUTES: Sequence[BaseRouteHandler | Router] = [
    health.live,
    health.ready,
    metrics.metrics,
    openapi.document,
    accounts.make_account,
    account.leave,
    account.password,
    account.everything,
    sessions.open_session,
    sessions.listed,
    sessions.end_session,
    oauth.router,
    tokens.make,
    tokens.listed,
    tokens.revoke,
    saves.save,
    saves.identify_url,
    entries.listed,
    entries.one,
    entries.cited,
    entries.change,
    entries.throw_away,
    *(
        route
        for noun in (tags, highlights, lists)
        for route in (noun.listed, noun.one, noun.make, noun.change, noun.throw_away)
    ),
    tags.rename,
    tags.merge,
    search.library,
    search.papers,
    search.alike,
    papers.paper,
    papers.correct,
    papers.enrich,
    papers.split,
    papers.join,
    papers.apart,
    sync.info,
    sync.push,
    sync.pull,
    sync.index,
    sync.find_common,
    sync.digest,
    live.stream,
    held.listed,
    held.settle_every,
    held.settle,
    exports.export,
    imports.start,
    imports.listed,
    imports.one,
    imports.stream,
    key_pattern.shown,
    key_pattern.chosen,
    feeds.make,
    feeds.listed,
    feeds.end,
    feeds.read,
    trending.trending,
    *(digest.shown, digest.chosen, digest.preview, digest.feed),
]

STATEMENT_SECONDS = 4.5  # who asks over HTTP has an answer within five seconds, be it that there is none


def create_app(settings: Settings, desk: Desk | None = None) -> Litestar:
    """The application on this desk, or on one that it opens, migrates and closes itself; raises ValueError."""
    if len(settings.secret_key) < 32:
        raise ValueError("SCHOLIUM_SECRET_KEY must have at least 32 characters")
    return ObservedApp(
        [*ROUTES, *PAGES, _static_files()],
        guards=[_door],
        dependencies={name: Provide(provide, sync_to_thread=False) for name, provide in PARTS.items()},
        exception_handlers=refusals.ADDRESSES,
        before_send=[headers_hook(tls=settings.base_url.startswith("https://"))],
        lifespan=[_lifespan(settings, desk)],
        request_max_body_size=MOST_BODY,
        template_config=TemplateConfig(engine=JinjaTemplateEngine(directory=WEB / "templates")),
        openapi_config=openapi.CONFIG,
        logging_config=None,
        debug=False,
    )


async def _door(connection: AnyConnection, handler: BaseRouteHandler) -> None:
    """What every request passes, in this order; one guard, because the framework copies the handler for each."""
    await known_host(connection, handler)
    await signed_in(connection, handler)
    await request_rules(connection, handler)


def _lifespan(settings: Settings, given: Desk | None) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def life(app: Litestar) -> AsyncIterator[None]:
        if given is not None:
            async with _furnished(app, given):
                yield
            return
        async with open_desk(settings, STATEMENT_SECONDS) as desk:
            await migrate(desk.database)
            async with _furnished(app, desk):
                yield

    return life


@asynccontextmanager
async def _furnished(app: Litestar, desk: Desk) -> AsyncIterator[None]:
    """The application with what its handlers ask for by name."""
    limits, counters = Limits(desk.settings), Counters(desk.settings.redis_url)
    desk.pokes.listen()
    counters.start()
    app.state.update({"desk": desk, "doorkeeper": Doorkeeper(desk), "limits": limits, "counters": counters})
    try:
        yield
    finally:
        await counters.close()
        await limits.close()


def _static_files() -> Router:
    # No name carries a fingerprint, so browsers ask each time whether it changed.
    return create_static_files_router(
        "/static",
        [WEB / "static"],
        opt={"public": True, "paced": False},
        cache_control=CacheControlHeader(no_cache=True),
    )
