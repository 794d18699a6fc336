"""Pages in the manner of each publisher's template, archive and web site, and what is to be read from them."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from api.domain.page_meta import Page, read_page
from api.domain.papers import Finding
from tests.domain.pages import named, shown


class Case(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    url: str
    page: Page
    expected: dict[str, object]


CASES = msgspec.json.decode((Path(__file__).parent / "page_templates.json").read_bytes(), type=list[Case])


def _read(found: Finding) -> dict[str, object]:
    year = found.dates.issued or found.dates.online or found.dates.preprinted
    return {
        "kind": found.kind,
        "title": found.title,
        "authors": [shown(person) for person in found.authors],
        "year": int(year[:4]) if year else None,
        "venue": found.venue,
        "pdf": next((form.url for form in found.manifestations if form.kind == "pdf"), None),
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_template_is_read_right(case: Case):
    found = read_page(case.url, case.page)
    wanted = {name: value for name, value in case.expected.items() if name != "ids"}
    assert {name: value for name, value in _read(found).items() if name in wanted} == wanted
    assert set(case.expected.get("ids", ())) <= set(named(found))
