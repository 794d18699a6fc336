"""How large the tests of this folder are: small in `make test`, whole in `make soak`."""

from __future__ import annotations

import os

import pytest

FULL = os.environ.get("SCHOLIUM_TEST_SCALE") == "full"


def scaled(full: int, small: int) -> int:
    """The size of this run."""
    return full if FULL else small


def engines(short: str) -> pytest.MarkDecorator:
    """On both databases in a whole run, on this one in a short run."""
    return pytest.mark.parametrize("service", ["sqlite", "postgres"] if FULL else [short], indirect=True)
