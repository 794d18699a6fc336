"""A list of formatted references as a file: plain text, a line for each, or a page of HTML to copy from.

Refuses to set a reference; what comes in is set already, and as HTML is safe to stand in a page.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

ReferenceForm = Literal["references", "references-html"]
MOST_REFERENCES = 1000  # of one list: a style takes milliseconds for each


class ListForm(Struct, frozen=True):
    """A form of the list: its media type, its file's name, and what stands around the references and each of them."""

    media_type: str
    filename: str
    before: str = ""
    opening: str = ""
    closing: str = "\n"
    after: str = ""


# The classes are those that CSL processors give.
_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>References</title>
<div class="csl-bib-body">
"""
LIST_FORMS: dict[ReferenceForm, ListForm] = {
    "references": ListForm("text/plain", "scholium-references.txt"),
    "references-html": ListForm(
        "text/html", "scholium-references.html", _PAGE, '<div class="csl-entry">', "</div>\n", "</div>\n</html>\n"
    ),
}
