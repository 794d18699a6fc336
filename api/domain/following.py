"""Keys that were merged, followed to the key that lives on: whoever names one means what it became.

Refuses to take an edit by another name for its device's next one under the survivor's.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import structs

from api.domain.fields import FIELDS
from api.domain.states import Edit, State

Aliases = Mapping[str, tuple[str, ...]]  # what was merged into a key


def survivor(states: Mapping[str, State], key: str) -> str:
    """The key that lives on where this one was merged, as far as these states tell; else the key itself."""
    while (state := states.get(key)) is not None and state.merged_into:
        key = state.merged_into
    return key


def all_names(states: Mapping[str, State], aliases: Aliases, members: tuple[str, ...]) -> tuple[str, ...]:
    """The survivors of these keys with everything that was merged into them: a removal means them all."""
    survivors = [survivor(states, member) for member in members]
    return tuple(name for one in survivors for name in (one, *aliases.get(one, ())))


def followed(edit: Edit, states: Mapping[str, State], aliases: Aliases) -> Edit:
    """The edit with every key that it names followed. What says how a merged object was is no word on the survivor's
    whole."""
    key = survivor(states, edit.key)
    values = edit.set
    if key != edit.key:  # what the other one was born with stays as it is
        values = {name: v for name, v in values.items() if FIELDS[edit.type][name].kind != "immutable"}
    if "entry_id" in values:
        values = values | {"entry_id": survivor(states, values["entry_id"])}
    add = {f: tuple(survivor(states, m) for m in members) for f, members in edit.add.items()}
    remove = {f: all_names(states, aliases, members) for f, members in edit.remove.items()}
    told = edit if key == edit.key else by_another_name(edit, key)
    return structs.replace(told, set=values, add=add, remove=remove)


def by_another_name(edit: Edit, key: str) -> Edit:
    """An edit that names a merged key, as one of the survivor: whoever made it did not see what is written under that
    one's name, though it be the same device, or the same lost history, that wrote there."""
    stamp = structs.replace(edit.stamp, device=f"{edit.stamp.device}/{edit.key}")
    seen = edit.seen and structs.replace(edit.seen, epoch=f"{edit.seen.epoch}/{edit.key}")
    return structs.replace(edit, key=key, stamp=stamp, seen=seen, whole=False)
