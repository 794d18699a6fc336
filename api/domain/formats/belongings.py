"""What a library's own file holds beside its entries: tags and lists as they are, the trash's too, and what was chosen.

Refuses to know how any of it is written or taken in.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from api.domain.fields import Json
from api.domain.key_pattern import Part
from api.domain.states import OtherVersion


class ImportedLabel(Struct, frozen=True):
    """A tag or a list: its id in the file, its fields as in sync, versions of its description, whether deleted."""

    type: Literal["tag", "list"]
    id: str
    fields: dict[str, Json]
    versions: tuple[OtherVersion, ...] = ()
    deleted: bool = False

    @property
    def name(self) -> str:
        """What people call it."""
        return str(self.fields["name"])


class Belongings(Struct, frozen=True):
    """Tags and lists, the pattern of citation keys (empty: none was chosen), and keys that are taken for good.

    `former_keys` are those of entries that are gone for ever, with the ids that these had.
    """

    labels: tuple[ImportedLabel, ...] = ()
    key_pattern: tuple[Part, ...] = ()
    former_keys: tuple[tuple[str, str], ...] = ()
