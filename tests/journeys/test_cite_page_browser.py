"""A reference copied from a paper's page in real browsers: what is pasted elsewhere, with its italics and without."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.browsers import Browser
from tests.journeys.conftest import EMAIL, PASSWORD, Instance, until
from tests.make import make_id

METAS = [
    ["citation_title", "On <Needles> & Hay"],
    ["citation_author", "Ash, Ann"],
    ["citation_publication_date", "2021"],
    ["citation_journal_title", "Journal of Hay"],
]
PLACE = "const box = document.createElement('div'); box.id = 'elsewhere'; box.contentEditable = 'true';"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_reference_is_pasted_with_its_italics_and_as_text(
    instance: Instance, profiles: Callable[[str], Browser]
) -> None:
    instance.start("api")
    wish = {"id": make_id("save"), "url": "https://journal.example.org/1", "page": {"title": "x", "metas": METAS}}
    saved = instance.session().post("/v1/saves", json=wish).json()
    tab = profiles("one").open(f"{instance.url}/library/entries/{saved['entry']['id']}?style=apa")
    tab.type("[name=email]", EMAIL)
    tab.type("[name=password]", PASSWORD, "Enter")
    until(lambda: "Ash, A. (2021)" in tab.text("#reference"), what="the reference")

    def pasted(button: str) -> Any:
        tab.run(f"document.querySelector('#elsewhere')?.remove(); {PLACE} document.querySelector('main').append(box);")
        tab.run("document.querySelectorAll('[role=status]').forEach((one) => { one.textContent = ''; });")
        tab.click(button)
        until(lambda: "Copied." in tab.run("return document.body.textContent;"), what="the copy")
        tab.click("#elsewhere")
        tab.paste("#elsewhere")
        return tab.run("const it = document.querySelector('#elsewhere'); return [it.innerHTML, it.innerText.trim()];")

    html, text = pasted("[data-copy=reference][data-rich]")
    assert "<i" in html
    assert text.startswith("Ash, A. (2021). On <Needles> & Hay. Journal of Hay"), text
    html, text = pasted("[data-copy=reference]:not([data-rich])")
    assert "<i" not in html
    assert text.startswith("Ash, A. (2021). On <Needles> & Hay. Journal of Hay"), text
    _, text = pasted("[data-copy=bibtex]")
    assert text.startswith("@article{ash2021needles"), text
