"""What handlers ask for by name: who is asking, and the parts of the application that its lifespan put into its state.

Each part but the first asks for another one, of which it needs nothing: Litestar makes parts that do not hang together
in tasks of their own, and waits for them, which takes longer than all else that it does for a request.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litestar import Request
from litestar.datastructures import State
from litestar.di import NamedDependency

from api.actions.desk import Desk
from api.counters import Counters
from api.domain.accounts import Who
from api.http.auth import Doorkeeper
from api.http.limits import Limits


def _desk(state: State) -> Desk:
    desk: Desk = state.desk
    return desk


def _who(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Who | None:
    who: Who | None = request.scope.get("user")  # nobody on an open route, whose handlers do not ask
    return who


def _counters(state: State, who: NamedDependency[Who | None]) -> Counters:
    counters: Counters = state.counters
    return counters


def _limits(state: State, desk: NamedDependency[Desk]) -> Limits:
    limits: Limits = state.limits
    return limits


def _doorkeeper(state: State, limits: NamedDependency[Limits]) -> Doorkeeper:
    doorkeeper: Doorkeeper = state.doorkeeper
    return doorkeeper


PARTS: dict[str, Callable[..., object]] = {
    "desk": _desk,
    "who": _who,
    "counters": _counters,
    "limits": _limits,
    "doorkeeper": _doorkeeper,
}
