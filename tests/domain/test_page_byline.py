"""Authors that stand on the page alone, and text that looks like them."""

from __future__ import annotations

import pytest

from tests.domain.pages import an_article, read, shown


@pytest.mark.parametrize(
    ("text", "people"),
    [
        (
            "Acta. 2015. On Tests. Harper QK 1 , van Dam L 2 , Moss-Li R 1, 2 . Author information",
            "QK Harper, L van Dam, R Moss-Li",
        ),
        (
            "On Tests Author links open overlay panel Ann Bee a b , Cy van Dee a , J.-P. Eff b 1 Show more",
            "Ann Bee, Cy van Dee, J.-P. Eff",
        ),
        ("On Tests. We follow. Harper QK, Li X. They wrote", ""),
        ("On Tests New York March 2020", ""),
        ("On Tests Abstract We thank Harper QK, Li X.", ""),
        ("On Fish. Harper QK, Li X. On other things", ""),
    ],
)
def test_a_byline_is_read_where_the_page_says_what_it_is(text: str, people: str):
    assert ", ".join(shown(person) for person in an_article(text=text).authors) == people


def test_tags_speak_before_the_byline_and_a_web_page_has_none():
    text = "On Tests. Harper QK, Li X. Abstract"
    assert [shown(person) for person in an_article(citation_author="Jane Doe", text=text).authors] == ["Jane Doe"]
    assert read(title="On Tests", text=text).authors == ()
