"""One paper is one record, whichever of its pages it was saved from: what a text means, without any network."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import time
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.domain.errors import BadUrl
from api.domain.identifiers import Identity, identify
from api.domain.papers import Identifier
from api.domain.schemes import SCHEMES
from api.domain.url_rules import RULES

ROOT = Path(__file__).parents[2]


class Case(msgspec.Struct, rename={"text": "in"}, forbid_unknown_fields=True):
    text: str
    kind: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()
    version: int | None = None
    canonical_url: str = ""
    error: str = ""


CASES = msgspec.json.decode((ROOT / "tests/wire/identity.json").read_bytes(), type=list[Case])
GOOD = [case for case in CASES if not case.error]
BAD = [case for case in CASES if case.error]


def named(identity: Identity) -> tuple[tuple[str, str], ...]:
    return tuple((identifier.scheme, identifier.value) for identifier in identity.identifiers)


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.text)
def test_a_text_has_the_identity_that_both_sides_agreed_on(case: Case):
    found = identify(case.text)
    assert (found.kind, named(found), found.version, found.canonical_url) == (
        case.kind,
        case.identifiers,
        case.version,
        case.canonical_url,
    )


@pytest.mark.parametrize("case", BAD, ids=lambda case: repr(case.text))
def test_a_text_that_is_no_address_and_no_identifier_is_refused(case: Case):
    with pytest.raises(BadUrl):
        identify(case.text)


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.text)
def test_the_canonical_page_has_the_same_identity(case: Case):
    again = identify(identify(case.text).canonical_url)
    assert (again.kind, named(again), again.canonical_url) == (case.kind, case.identifiers, case.canonical_url)


def test_the_case_table_covers_every_scheme():
    seen = {scheme for case in GOOD for scheme, _ in case.identifiers}
    assert seen == {*SCHEMES, "arxiv", "doi", "url"}


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("https://arxiv.org/abs/1706.03762", "abs"),
        ("https://arxiv.org/pdf/1706.03762v2", "pdf"),
        ("https://arxiv.org/html/1706.03762v2", "html"),
        ("https://ar5iv.org/abs/1706.03762", "html"),
        ("1706.03762", "abs"),
        ("https://huggingface.co/papers/1706.03762", "landing"),
        ("https://doi.org/10.1000/abc.pdf", "landing"),
        ("https://dl.acm.org/doi/pdf/10.1145/3610548.3618154", "pdf"),
        ("https://www.tandfonline.com/doi/full/10.1080/00268976.2013.788745", "html"),
        ("https://onlinelibrary.wiley.com/doi/abs/10.1002/andp.19263851302", "abs"),
        ("https://www.biorxiv.org/content/10.1101/2020.01.01.123456v2.full.pdf", "pdf"),
        ("https://ieeexplore.ieee.org/stamp/stamp.jsp?arnumber=7780459", "pdf"),
        ("https://openreview.net/pdf?id=rJl-b3RcF7", "pdf"),
        ("https://hal.science/hal-01234567/document", "pdf"),
        ("https://example.org/notes.pdf", "pdf"),
        ("https://example.org/notes", "html"),
    ],
)
def test_the_form_of_a_paper_is_read_from_its_address(text: str, form: str):
    assert identify(text).manifestation == form


def test_all_pages_of_one_paper_are_one_paper():
    pages = [
        "https://arxiv.org/abs/1706.03762v5",
        "https://arxiv.org/pdf/1706.03762",
        "https://arxiv.org/html/1706.03762v7",
        "https://huggingface.co/papers/1706.03762",
        "https://www.alphaxiv.org/abs/1706.03762",
        "https://doi.org/10.48550/arXiv.1706.03762",
        "arXiv:1706.03762",
    ]
    assert {identify(page).identifiers for page in pages} == {(Identifier("arxiv", "1706.03762"),)}


def test_an_openreview_id_keeps_its_case():
    found = identify("https://openreview.net/forum?id=ABcdEFghIJ")
    assert found.identifiers == (Identifier("openreview", "ABcdEFghIJ"),)


def test_a_text_over_the_limit_is_refused():
    longest = "https://example.org/".ljust(8192, "a")
    assert identify(longest).kind == "webpage"
    with pytest.raises(BadUrl):
        identify(longest + "a")


def test_an_unpaired_surrogate_and_an_endless_host_are_refused():
    for text in ("https://example.org/\ud800", f"https://{'a.' * 130}org/"):
        with pytest.raises(BadUrl):
            identify(text)


def test_a_path_longer_than_any_paper_has_is_a_web_page():
    page = "https://doi.org/10.1000/"
    assert identify(page.ljust(1000, "a")).kind == "paper"
    assert identify(page.ljust(1100, "a")).kind == "webpage"


def test_wrappers_are_opened_five_layers_deep_and_no_deeper():
    page = "https://arxiv.org/abs/1706.03762"
    assert identify("view-source:" * 5 + page).kind == "paper"
    with pytest.raises(BadUrl):
        identify("view-source:" * 6 + page)


@pytest.mark.parametrize("part", [")", "/full", "toc/", "%41", "10.1000/", "a.", "-", "a=1&", "paper/"])
@pytest.mark.parametrize("start", ["https://example.org/", "https://semanticscholar.org/", "10.1000/", "https://"])
def test_a_long_text_is_read_in_no_time(start: str, part: str):
    began = time.perf_counter()
    with contextlib.suppress(BadUrl):
        identify((start + part * 8192)[:8192])
    assert time.perf_counter() - began < 1  # it takes some milliseconds; a pattern that explodes takes minutes


_PIECES = st.sampled_from(
    [piece for case in CASES for piece in (case.text, case.text[:12], case.text[-9:])]
    + [
        "%2F",
        "%e4",
        "%",
        "//",
        "/full",
        ".pdf",
        "?url=",
        "#!",
        "\ud800",
        "\u0130",
        "\u212a",
        "é",
        " ",
        ")",
        "@",
        "[",
        "\\",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(), st.lists(_PIECES, max_size=5).map("".join)))
def test_any_text_is_refused_or_has_one_stable_identity(text: str):
    try:
        found = identify(text)
    except BadUrl:
        return
    again = identify(found.canonical_url)
    assert (again.kind, again.identifiers, again.canonical_url) == (found.kind, found.identifiers, found.canonical_url)


def test_the_extension_holds_the_same_rules():
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not here: the extension's tables cannot be read")
    script = (
        "const {RULES} = await import(process.argv[1] + '/rules.js');"
        "const {SCHEMES} = await import(process.argv[1] + '/schemes.js');"
        "console.log(JSON.stringify([RULES, SCHEMES]));"
    )
    folder = (ROOT / "extension/src/identity").as_uri()
    ran = subprocess.run(
        [node, "--input-type=module", "-e", script, folder], capture_output=True, text=True, timeout=30, check=True
    )
    rules, schemes = json.loads(ran.stdout)
    assert rules == [msgspec.structs.asdict(rule) for rule in RULES]
    assert schemes == {scheme: list(row) for scheme, row in SCHEMES.items()}
