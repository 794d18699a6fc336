"""The front door: thin Litestar handlers, one module a noun. Status codes live in `problems` only."""
