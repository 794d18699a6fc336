"""A person's note as a page shows it: Markdown, set by markdown-it.

Refuses HTML, which comes out as the characters that it is made of; images, which would tell somebody elsewhere that the
note is read; and links that are not to the web or to mail.
"""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

_SCHEMES = ("http://", "https://", "mailto:")


def set_markdown(text: str) -> Markup:
    """The text as HTML that is safe to stand in a page; headings begin below the page's own."""
    tokens = _READER.parse(text)
    for token in tokens:
        if token.tag in ("h1", "h2", "h3", "h4"):
            token.tag = f"h{int(token.tag[1]) + 2}"
        token.attrs.pop("style", None)  # of a table's column, which our pages' policy would refuse
        for inner in token.children or ():
            _mind(inner)
    return Markup(_READER.renderer.render(tokens, _READER.options, {}))  # noqa: S704 - made of escaped text alone


def _mind(token: Token) -> None:
    if token.type == "link_open":
        token.attrSet("rel", "noopener noreferrer nofollow")


def _reader() -> MarkdownIt:
    reader = (
        MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"]).disable("image")
    )
    reader.validateLink = lambda url: url.lower().startswith(_SCHEMES)  # type: ignore[method-assign]
    return reader


_READER = _reader()
