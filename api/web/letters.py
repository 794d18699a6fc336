"""A letter shown in a browser: by itself, where no script runs, no picture loads and no form is sent.

Its own styles stand in it, as mail programs want it; so it gets a policy of its own, in a frame of ours or alone.
"""

from __future__ import annotations

from litestar import Response

_LETTER = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
)
# The usual policy of our pages, and frames of our own.
PAGE_WITH_LETTER = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'"
}


def letter_page(html: str) -> Response[str]:
    """The HTML of a letter as an answer."""
    return Response(html, media_type="text/html", headers={"Content-Security-Policy": _LETTER})
