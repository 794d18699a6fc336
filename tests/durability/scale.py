"""How large the tests of this folder are: small in `make test`, whole in `make soak`."""

from __future__ import annotations

import os

FULL = os.environ.get("SCHOLIUM_TEST_SCALE") == "full"


def scaled(full: int, small: int) -> int:
    """The size of this run."""
    return full if FULL else small
