"""Background work stands behind those who wait for an answer, on a machine that has too little for both.

Refuses to fail where the system does not let a program step back.
"""

from __future__ import annotations

import contextlib
import os

STEPS = 10  # of `nice`


def stand_behind() -> None:
    """Give this process, and those that it starts, a lower priority."""
    with contextlib.suppress(OSError):
        os.nice(STEPS)
