"""Faults planted where one device after the other gives back to a restored server: the seldom ones.

They need several things at once, so they are looked for in histories that are about nothing else.
"""

from __future__ import annotations

from typing import Any

from api.domain import batch, giving_back
from tests.simulation.faults import Plant, patched


def _where_nobody_deleted(real: Any) -> Any:
    return lambda state, edit: real(state, edit) or giving_back.is_said(state.liveness.given, edit)


FAULTS: dict[str, Plant] = {
    "what an object held is taken only where nobody deleted it": patched(
        giving_back, "is_known", _where_nobody_deleted
    ),
    "what was forgotten is given back all the same": patched(batch, "is_forgotten", lambda _: lambda *args: False),
}
