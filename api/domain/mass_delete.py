"""When deletions are so many that a person should say whether they were meant.

A cleared profile or a script gone wrong deletes by the hundred; people seldom do, and can confirm it when they do.
Refuses nothing: what is beyond is held, whole, and nothing of it is lost.
"""

from __future__ import annotations

from collections.abc import Iterable

from api.domain.sent import Sent

WINDOW_MINUTES = 10
ALWAYS = 200  # this many within the window are held, however large the library
FEWEST = 50  # fewer than these never are, however small it is
SHARE = 4  # more than one in so many


def is_mass_delete(deletes: int, of: int) -> bool:
    """Whether a device that deletes this many objects within the window, of so many before, is to be asked about."""
    return deletes >= ALWAYS or (deletes >= FEWEST and deletes * SHARE > of)


def deleted_keys(ops: Iterable[Sent]) -> set[str]:
    """The objects that these ops delete."""
    return {one.edit.key for one in ops if one.edit and one.edit.op == "delete"}


def held_of(ops: Iterable[Sent]) -> list[Sent]:
    """The ops to hold of a mass deletion: the deletes, and with each the whole of its group."""
    ops = list(ops)
    groups = {one.group for one in ops if one.group and one.edit and one.edit.op == "delete"}
    return [one for one in ops if one.group in groups or (one.edit is not None and one.edit.op == "delete")]
