"""The two pure functions that everything passes through, beside the least that could stand in their place."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from api.domain.clock import hlc, rfc3339
from api.domain.identifiers import identify
from api.domain.merge import merge
from api.domain.states import Edit, Stamp, State

LAPTOP, PHONE = "0199aaaa-0000-7000-8000-00000000000a", "0199aaaa-0000-7000-8000-00000000000b"
KEY = "0199aaaa-0000-7000-8000-0000000000ff"
NOW = 1_795_000_000_000
ADDRESSES = (
    "https://arxiv.org/abs/2101.00001v2",
    "https://doi.org/10.5555/12345678",
    "https://pubmed.ncbi.nlm.nih.gov/12345678/",
    "https://journal.example.org/articles/7?utm_source=feed",
    "10.5555/12345678",
)


def rate(work: Callable[[], int], seconds: float) -> float:
    """How many units a second a piece of work does, tried for so long and at least once."""
    start = time.perf_counter()
    done = work()
    while time.perf_counter() < start + seconds:
        done += work()
    return done / (time.perf_counter() - start)


def merges() -> int:
    """Two devices in turn, not knowing of each other, a thousand edits on one entry."""
    state = State("entry", KEY, version=1)
    for edit in _EDITS:
        state = merge(state, edit).state
    return len(_EDITS)


def overlays() -> int:
    """The floor of a merge: values laid over values, stamps over stamps."""
    fields: dict[str, object] = {}
    stamps: dict[str, object] = {}
    for edit in _EDITS:
        fields, stamps = fields | edit.set, stamps | dict.fromkeys(edit.set, edit.stamp)
    return len(_EDITS)


def identities() -> int:
    """Addresses identified."""
    for address in ADDRESSES:
        identify(address)
    return len(ADDRESSES)


def splits() -> int:
    """The floor of identifying: the address taken apart."""
    for address in ADDRESSES:
        urlsplit(address)
    return len(ADDRESSES)


def _edit(number: int) -> Edit:
    device = (LAPTOP, PHONE)[number % 2]
    stamp = Stamp(number, hlc(NOW + number, 0, device), device, number)
    values = {"status": ("reading", "read")[number % 2], "rating": number % 6, "starred": bool(number % 3)}
    return Edit("put", "entry", KEY, 0, stamp, rfc3339(NOW), values)


_EDITS = [_edit(number) for number in range(1, 1001)]
