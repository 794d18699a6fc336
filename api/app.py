"""The composition root of the HTTP side: routes, guards, error answers and the life of what they stand on.

Refuses to start with a short key, and to open a route that nobody named in `ROUTES`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from litestar import Litestar, Router
from litestar.datastructures import CacheControlHeader, State
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
    sessions,
    sync,
    tags,
    tokens,
)
from api.http.auth import Doorkeeper, provide_who, signed_in
from api.http.headers import headers_hook
from api.http.limits import Limits
from api.http.observed import ObservedApp
from api.http.request_rules import request_rules
from api.instance import open_desk
from api.settings import Settings
from api.store.migrate import migrate
from api.web import account as account_page
from api.web import (
    correcting,
    edits,
    importing,
    operator,
    pages,
    pairing,
    refusals,
    retrying,
    sign_in,
    splitting,
    trash,
)
from api.web import feeds as feed_pages
from api.web import held as held_pages

WEB = Path(__file__).parent / "web"
PARTS = ("desk", "doorkeeper", "limits", "counters")  # what handlers ask for by name
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
    sign_in.show_claim,
    sign_in.claim,
    sign_in.show_sign_in,
    sign_in.enter,
    sign_in.leave,
    pairing.show_pair,
    pairing.decide,
    pages.library,
    pages.rows,
    pages.paper,
    correcting.correct,
    retrying.again,
    operator.show,
    operator.retry,
    splitting.show,
    splitting.split,
    splitting.same,
    importing.show,
    importing.take,
    edits.save,
    edits.edit,
    feed_pages.show,
    feed_pages.change,
    account_page.show,
    account_page.end,
    account_page.password,
    account_page.key_pattern,
    account_page.leave,
    held_pages.show,
    held_pages.settle,
    trash.show,
    trash.bring_back,
]


def create_app(settings: Settings, desk: Desk | None = None) -> Litestar:
    """The application on this desk, or on one that it opens, migrates and closes itself; raises ValueError."""
    if len(settings.secret_key) < 32:
        raise ValueError("SCHOLIUM_SECRET_KEY must have at least 32 characters")
    return ObservedApp(
        [*ROUTES, _static_files()],
        guards=[signed_in, request_rules],
        dependencies={
            "who": Provide(provide_who, sync_to_thread=False),
            **{name: Provide(_of_state(name), sync_to_thread=False) for name in PARTS},
        },
        exception_handlers=refusals.ADDRESSES,
        before_send=[headers_hook(tls=settings.base_url.startswith("https://"))],
        lifespan=[_lifespan(settings, desk)],
        request_max_body_size=MOST_BODY,
        template_config=TemplateConfig(engine=JinjaTemplateEngine(directory=WEB / "templates")),
        openapi_config=openapi.CONFIG,
        logging_config=None,
        debug=False,
    )


def _lifespan(settings: Settings, given: Desk | None) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def life(app: Litestar) -> AsyncIterator[None]:
        if given is not None:
            async with _furnished(app, given):
                yield
            return
        async with open_desk(settings) as desk:
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


def _of_state(name: str) -> Callable[[State], object]:
    def provide(state: State) -> object:
        found: object = state[name]
        return found

    return provide


def _static_files() -> Router:
    # No name carries a fingerprint, so browsers ask each time whether it changed.
    return create_static_files_router(
        "/static", [WEB / "static"], opt={"public": True}, cache_control=CacheControlHeader(no_cache=True)
    )
