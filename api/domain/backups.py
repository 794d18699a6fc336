"""What a backup says of itself before its rows: by whom, when, of which schema, and how many rows of each table.

Refuses, before anything is touched, what no version of this program could have written here.
"""

from __future__ import annotations

import msgspec
from msgspec import Struct

from api.domain.errors import BadInput

Cell = str | int | float | bytes | None


class Table(Struct, frozen=True, forbid_unknown_fields=True):
    """A table as it is kept: its columns in order, which of them make its key and hold bytes, and its rows."""

    name: str
    columns: list[str]
    key: list[str]
    binary: list[str]
    rows: int


class Manifest(Struct, frozen=True, forbid_unknown_fields=True):
    """The first line of a backup: the schema as its newest migration, and the tables in the order they are filled.

    `made_at` in Unix milliseconds; `secret_key` only where the instance keeps its key in the data folder.
    """

    made_at: int
    migration: int
    tables: list[Table]
    secret_key: str = ""

    @property
    def rows(self) -> int:
        """How many rows the backup holds."""
        return sum(table.rows for table in self.tables)


def read_manifest(line: bytes) -> Manifest:
    """The manifest of a backup; raises BadInput."""
    try:
        return msgspec.json.decode(line, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise BadInput(f"the backup's manifest cannot be read: {wrong}") from None


def write_row(table: Table, cells: dict[str, Cell]) -> bytes:
    """A row as a line of JSON, bytes in base64."""
    return msgspec.json.encode([cells[column] for column in table.columns])


def read_row(table: Table, line: bytes) -> dict[str, Cell]:
    """The row of a line; raises BadInput."""
    types = tuple(bytes | None if column in table.binary else str | int | float | None for column in table.columns)
    try:
        cells = msgspec.json.decode(line, type=tuple[types])  # type: ignore[valid-type]  # made from the manifest
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise BadInput(f"a row of {table.name} cannot be read: {wrong}") from None
    return dict(zip(table.columns, cells, strict=True))
