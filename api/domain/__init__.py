"""Nouns and rules: no I/O, no clock, no framework. Imports the standard library and msgspec only."""
