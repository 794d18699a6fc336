"""A person takes a paper apart: what becomes of the library's entry of it, and of the highlights.

The inverse of `joining.py`: an entry that became part of another comes back with what it had, but for what was edited
or taken away while the two were one, which stays so. Where the library never had a second entry, the other half gets a
new one with the same tags, lists and status. Refuses to lose a highlight: each goes to one of the halves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, structs

from api.domain.claims import named_at
from api.domain.joining import joined_entry
from api.domain.papers import Identifier
from api.domain.states import PENDING, Member, OtherVersion, State

_TAKEN_OVER = ("note", "rating", "starred", "position")  # what `joined_entry` gives to an entry that had none


class Halves(Struct, frozen=True):
    """The two papers that one becomes: `stay` keeps what is not named, `go` gets the identifiers of `goes`."""

    stay: str
    go: str
    stays: frozenset[Identifier]
    goes: frozenset[Identifier]

    def side(self, url: str | None) -> str | None:
        """The half (paper id) whose page an address is; None where it tells of neither."""
        named = named_at(url) if url else ()
        return next(
            (self.go if each in self.goes else self.stay for each in named if each in self.goes | self.stays), None
        )


def entry_sides(whole: State, merged: Sequence[State], halves: Halves) -> dict[str, str]:
    """The half (paper id) of an entry and of each that was merged into it, or into one of those, by its page."""
    own = halves.side(_saved_from(whole)) or halves.stay
    other = halves.go if own == halves.stay else halves.stay
    into = {one.key: one.merged_into for one in merged}
    back = {one.key for one in _back(whole, merged, halves, other)}
    sides = {whole.key: own}
    for key in into:
        root: str | None = key
        while root is not None and into.get(root) != whole.key:
            root = into.get(root)
        sides[key] = other if root in back else own
    return sides


def mark_side(mark: State, halves: Halves, sides: Mapping[str, str]) -> str:
    """The half to which a highlight goes by itself: that of the page it was made on, else that of its entry."""
    return halves.side(mark.fields.get("manifestation")) or sides.get(mark.fields.get("entry_id", ""), halves.stay)


def part_entries(
    whole: State, merged: Sequence[State], marks: Sequence[tuple[State, str]], halves: Halves, fresh_key: str, at: str
) -> list[State]:
    """Part an entry, into which `merged` were merged: entries and highlights, in the order in which to write them.

    `marks` are all highlights with the half of each; `fresh_key` is the key of a new entry, where there is none to
    come back; `at` the moment (RFC 3339).
    """
    own = entry_sides(whole, merged, halves)[whole.key]
    other = halves.go if own == halves.stay else halves.stay
    kept, half = whole, _fresh(whole, fresh_key)
    followers: list[State] = []
    for number, was in enumerate(_back(whole, merged, halves, other)):
        if _was_entry(was):
            kept, one = parted_entry(kept, was)
            half = joined_entry(half, one, at) if number else one
        elif not number:
            half = _fresh(whole, was.key, was)
        if number:
            followers.append(structs.replace(was, merged_into=half.key))
    keys = {own: whole.key, other: half.key}
    moved = [
        structs.replace(mark, fields=mark.fields | {"entry_id": keys[side]})
        for mark, side in marks
        if (side, mark.fields.get("entry_id")) != (own, whole.key)  # every device knows these there
    ]
    return [_of(kept, own), _of(half, other), *followers, *moved]


def _back(whole: State, merged: Sequence[State], halves: Halves, other: str) -> list[State]:
    """The keys that come back, saved from the other half's pages: those that once were entries first, then by age."""
    direct = [one for one in merged if one.merged_into == whole.key and halves.side(_saved_from(one)) == other]
    return sorted(direct, key=lambda state: (not _was_entry(state), state.key))


def _was_entry(state: State) -> bool:
    """Whether a merged key ever was an entry of its own, and not another name from the start."""
    return bool(state.stamps)


def parted_entry(whole: State, was: State) -> tuple[State, State]:
    """An entry taken out of the one that it became part of: what stays there, and what comes back."""
    fields, stamps = dict(whole.fields), dict(whole.stamps)
    own_fields, own_stamps = dict(was.fields), dict(was.stamps)
    lives = whole.liveness if whole.deleted else was.liveness  # what was thrown away before comes back to the trash
    notes = list(whole.other_versions.get("note", ()))
    for name in _TAKEN_OVER:
        if name in stamps and stamps.get(name) == was.stamps.get(name):
            fields.pop(name, None)
            stamps.pop(name)
    if not _note_is_there(whole, was, notes):
        own_fields.pop("note", None)
        own_stamps.pop("note", None)
    kept = tuple(one for one in was.other_versions.get("note", ()) if one in notes)
    members, own_members = _parted_members(whole, was)
    left = tuple(one for one in notes if one not in kept)
    stays = structs.replace(whole, fields=fields, stamps=stamps, members=members, other_versions=_notes(whole, left))
    back = structs.replace(
        was,
        fields=own_fields,
        stamps=own_stamps,
        members=own_members,
        other_versions=_notes(was, kept),
        deleted=bool(lives.deletions),
        liveness=structs.replace(lives, turned=PENDING),
        merged_into=None,
    )
    return stays, back


def _note_is_there(whole: State, was: State, notes: list[OtherVersion]) -> bool:
    """Whether the note of the entry that comes back was let alone since; takes it out of the other versions."""
    text = was.fields.get("note")
    if not text or whole.stamps.get("note") == was.stamps.get("note") or whole.fields.get("note") == text:
        return True
    kept = next((one for one in notes if one.value == text), None)
    if kept is not None:
        notes.remove(kept)
    return kept is not None


def _parted_members(whole: State, was: State) -> tuple[dict[str, dict[str, Member]], dict[str, dict[str, Member]]]:
    """Tags and lists of both: each addition goes back with the entry it was made on; what was removed stays removed."""
    members = {field: dict(rows) for field, rows in whole.members.items()}
    own = {field: dict(rows) for field, rows in was.members.items()}
    for field, rows in own.items():
        for name, row in rows.items():
            mine = members.get(field, {}).get(name, Member())
            if mine.present:
                left = tuple(stamp for stamp in mine.added if stamp not in row.added)
                members[field][name] = Member(left, mine.removed)
            elif row.present:
                rows[name] = Member((), mine.removed)
    return members, own


def _notes(state: State, notes: tuple[OtherVersion, ...]) -> dict[str, tuple[OtherVersion, ...]]:
    others = {name: texts for name, texts in state.other_versions.items() if name != "note"}
    return others | ({"note": notes} if notes else {})


def _fresh(whole: State, key: str, name: State | None = None) -> State:
    """An entry for the half that never had one, or that was another `name` of the whole from the start."""
    names = ("paper_id", "saved_at", "status")
    born = name.fields if name else {}
    return State(
        "entry",
        key,
        deleted=whole.deleted,
        liveness=whole.liveness,
        fields={each: whole.fields[each] for each in names if each in whole.fields} | born,
        stamps={each: whole.stamps[each] for each in (*names, *born) if each in whole.stamps},
        members=whole.members,
    )


def _saved_from(state: State) -> str | None:
    return (state.fields.get("saved_from") or {}).get("url")


def _of(entry: State, paper_id: str) -> State:
    return structs.replace(entry, fields=entry.fields | {"paper_id": paper_id})
