"""Outside sources, one small file each: `ask(identifiers) -> Request | None`, `read(answer) -> Finding`."""
