"""Two orders of the same things made one, without a common measure: reciprocal rank fusion.

After Cormack, Clarke and Buettcher, "Reciprocal Rank Fusion Outperforms Condorcet and Individual Rank Learning Methods"
(2009). Refuses scores: those of words and those of meaning have nothing in common but their order.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Hashable)
_DAMPING = 60  # theirs: the first place counts little more than the second


def fused(*orders: Sequence[T]) -> list[T]:
    """Everything that is in some order, what is near the top of several first; of equals what comes in the first."""
    scores: dict[T, float] = {}
    for order in orders:
        for place, one in enumerate(order, 1):
            scores[one] = scores.get(one, 0.0) + 1 / (_DAMPING + place)
    return sorted(scores, key=lambda one: -scores[one])
