"""Pages of papers that nobody wrote: about a kilobyte of metadata each, no two alike."""

from __future__ import annotations

import random
from itertools import count
from typing import Any

_WORDS = (  # noqa: SIM905 - words are read as words
    "sparse attention gradient kernel bayesian graph molecule galaxy protein survey robust causal learning inference "
    "lattice quantum genome climate tensor policy reward language vision speech retrieval memory theorem estimator"
).split()
_FAMILIES = ("Okafor", "Lindqvist", "Müller", "García", "Nakamura", "Petrov", "Silva", "Haddad", "Nguyen", "Rossi")
_random = random.Random(20)  # noqa: S311 - words, not secrets
_numbers = count(1)


def paper() -> dict[str, Any]:
    """A save's `url` and `page`, of a paper that was not saved before."""
    number = next(_numbers)
    doi = f"10.5555/{_random.getrandbits(40):010x}.{number}"
    url = f"https://journal.example.org/articles/{number}"
    metas = [
        ["citation_title", _sentence(10).capitalize()],
        *(["citation_author", f"{_random.choice(_FAMILIES)}, {_random.choice('ABCDEFG')}."] for _ in range(4)),
        ["citation_journal_title", "Journal of Synthetic Findings"],
        ["citation_publication_date", f"{_random.randint(1990, 2026)}/05/17"],
        ["citation_doi", doi],
        ["citation_pdf_url", f"{url}.pdf"],
        ["citation_abstract", f"{_sentence(60)} {rare(number)}"],
    ]
    return {"url": url, "page": {"title": metas[0][1], "metas": metas}}


def any_paper() -> dict[str, Any]:
    """The same with `{id}` in its address, DOI and title, for a client that puts a fresh one into each request."""
    made = paper()
    page = made["page"]
    page["title"] += " {id}"
    fresh = {"citation_title": page["title"], "citation_doi": "10.5555/{id}"}
    return {
        "url": "https://journal.example.org/{id}",
        "page": {**page, "metas": [[n, fresh.get(n, v)] for n, v in page["metas"]]},
    }


def rare(number: int) -> str:
    """A word that one of forty papers has."""
    return f"qua{'bcdfghjkmn'[number % 10]}{'aeio'[number // 10 % 4]}l"


def note() -> str:
    """A remark of a line or two."""
    return _sentence(20)


def _sentence(words: int) -> str:
    return " ".join(_random.choices(_WORDS, k=words))
