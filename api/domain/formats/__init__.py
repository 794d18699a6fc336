"""Pure writers and readers of bibliographic formats; each takes records and yields text."""
