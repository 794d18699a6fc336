"""How much of the processors the servers and databases take: all that is busy, but for the bench and its children."""

from __future__ import annotations

import os
from pathlib import Path

_STAT = Path("/proc/stat")


def busy() -> float:
    """Processor seconds that everybody else has used; 0 where the system does not say."""
    if not _STAT.exists():
        return 0.0
    user, nice, system, _, _, irq, soft, *_ = map(int, _STAT.read_text().split("\n", 1)[0].split()[1:])
    own = os.times()
    all_used = (user + nice + system + irq + soft) / os.sysconf("SC_CLK_TCK")
    return all_used - own.user - own.system - own.children_user - own.children_system
