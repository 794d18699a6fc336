"""Notes on the page of a paper: Markdown is set, and nothing that a note says becomes markup of its own."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.actions.desk import Desk
from api.actions.save_paper import SaveWish, save_paper
from api.domain.accounts import Who
from api.web.markdown_text import set_markdown
from tests.http.library.conftest import Browser
from tests.make import make_id

TAG = re.compile(r"<[^>]*>")
OURS = re.compile(
    r"</?(p|em|strong|s|ul|ol|li|blockquote|code|pre|h[3-6]|table|thead|tbody|tr|th|td)>|<(br|hr) />|</a>"
    r'|<ol start="\d+">|<code class="[^"<>]*">'
    r'|<a href="(https?://|mailto:)[^"<>]*"( title="[^"<>]*")? rel="noopener noreferrer nofollow">',
    re.IGNORECASE,
)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("*so* **it** is", "<p><em>so</em> <strong>it</strong> is</p>\n"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"),
        ("# Top", "<h3>Top</h3>\n"),
        ("<b onclick=x>&", "<p>&lt;b onclick=x&gt;&amp;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("<javascript:alert(1)>", "<p>&lt;javascript:alert(1)&gt;</p>\n"),
        ("|a|\n|:-:|", "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n</table>\n"),
        ("a\nb", "<p>a<br />\nb</p>\n"),
        ("", ""),
    ],
)
def test_markdown_is_set(typed: str, shown: str) -> None:
    assert set_markdown(typed) == shown


def test_images_are_links_that_nobody_follows_unasked() -> None:
    assert "<img" not in set_markdown("![x](https://spy.example.org/x.png)")


BROKEN = "< > \" ' [a] ( ) javascript: data:text/html, https://e.org ` * | &lt; <script> ![ ]( [r]: \\ # 1. x"
PIECES = st.sampled_from([*BROKEN.split(), " ", "\n", "---\n", "> ", "<img src=x onerror=y>"])


@given(st.lists(PIECES | st.text(max_size=4), max_size=20).map("".join))
def test_whatever_a_note_says_only_our_tags_come_out(note: str) -> None:
    assert [tag for tag in TAG.findall(set_markdown(note)) if not OURS.fullmatch(tag)] == []


async def test_the_page_shows_the_note_set_and_as_it_was_typed(browser: Browser, desk: Desk, who: Who) -> None:
    note = "A *note* <script>alert(1)</script>"
    saved = await save_paper(desk, who, SaveWish(make_id("save"), "https://arxiv.org/abs/2102.01234", note=note))
    shown = (await browser.get(f"/library/entries/{saved.entry.id}")).text
    assert "A <em>note</em> &lt;script&gt;" in shown
    assert "A *note* &lt;script&gt;" in shown
    assert "<script>alert" not in shown
