"""Every page of the library in a browser tab, in one list."""

from __future__ import annotations

from collections.abc import Sequence

from litestar.handlers import BaseRouteHandler

from api.web import account as account_page
from api.web import (
    correcting,
    edits,
    importing,
    lists,
    mail_links,
    many,
    open_list,
    operator,
    outbox,
    pages,
    pairing,
    reading,
    reference_list,
    retrying,
    searches,
    sharing,
    sign_in,
    splitting,
    tags,
    trash,
)
from api.web import digest as digest_page
from api.web import discover as discover_page
from api.web import feeds as feed_pages
from api.web import held as held_pages
from api.web import trending as trending_page

PAGES: Sequence[BaseRouteHandler] = [
    sign_in.show_claim,
    sign_in.claim,
    sign_in.show_sign_in,
    sign_in.enter,
    sign_in.leave,
    pairing.show_pair,
    pairing.decide,
    pages.library,
    pages.rows,
    pages.some_rows,
    pages.paper,
    sharing.share,
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
    reference_list.show,
    feed_pages.show,
    feed_pages.change,
    account_page.show,
    account_page.end,
    account_page.password,
    account_page.key_pattern,
    account_page.leave,
    held_pages.show,
    held_pages.settle,
    *(tags.show, tags.change),
    open_list.show,
    reading.show,
    *(many.change, many.undo),
    *(searches.show, searches.change),
    *(lists.show, lists.change, lists.order),
    trash.show,
    trash.bring_back,
    discover_page.show,
    *(trending_page.show, trending_page.count, outbox.show, outbox.read),
    *(digest_page.show, digest_page.choose, digest_page.feed, digest_page.preview),
    *(mail_links.show_confirm, mail_links.confirm, mail_links.show_unsubscribe, mail_links.unsubscribe),
]
