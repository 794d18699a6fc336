"""What texts mean, as vectors: the port to a small model, the one model that we know, and the vectors of a library.

The model comes with `scholium[semantic]`: WordLlama, whose weights (16 MB) lie in its package, and which needs numpy
and no more. Refuses the network, and work that nobody switched on: without both, `Meaning` is not there.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple, Protocol

MOST_SHELVES = 100  # libraries whose vectors a process keeps at hand: 25 MB for 100,000 papers
_SCALE = 127  # a vector is of length one; its parts are kept as bytes from -127 to 127
_SLICE = 4096  # vectors that are compared in one step, which bounds the memory for it


class Model(Protocol):
    """Turns texts into vectors of a fixed size; `name` says which, for vectors of two models say nothing together."""

    name: str

    def embed(self, texts: Sequence[str]) -> Any:
        """A matrix of floats with a row of length one for each text."""
        ...


class WordLlamaModel:
    """Averages of word pieces that were trained to stand for sentences; about a millisecond for an abstract."""

    def __init__(self) -> None:
        self.name = f"wordllama {version('wordllama')} l2_supercat 256"
        self._loaded: Any = None

    def embed(self, texts: Sequence[str]) -> Any:
        """As the port says; the first call reads the weights."""
        if self._loaded is None:
            import wordllama

            here = Path(wordllama.__file__).parent  # its own look-up misses the tokenizer that lies beside it
            self._loaded = wordllama.WordLlama.load(cache_dir=here, disable_download=True)
        return self._loaded.embed(list(texts), norm=True)


class Shelf:
    """The vectors of a library as they were last read; `last` is the number of the newest."""

    def __init__(self) -> None:
        self.last = 0
        self._numbers: list[int] = []
        self._places: dict[str, int] = {}
        self._vectors: Any = None

    def add(self, rows: Sequence[tuple[str, int, bytes]]) -> None:
        """Take in newer vectors in their order: keys, numbers, vectors; one whose key is known takes that place."""
        import numpy as np

        if not rows:
            return
        fresh = np.frombuffer(b"".join(vector for _, _, vector in rows), np.int8).reshape(len(rows), -1)
        self._vectors = fresh if self._vectors is None else np.concatenate([self._vectors, fresh])
        start = len(self._vectors) - len(rows)
        self._places |= {key: start + place for place, (key, _, _) in enumerate(rows)}
        self._numbers += [number for _, number, _ in rows]
        self.last = self._numbers[-1]

    def nearest(self, vector: bytes, most: int, least: float) -> dict[str, int]:
        """Keys and numbers of the vectors that point most alike, the most alike first; `least` is a cosine."""
        import numpy as np

        if self._vectors is None:
            return {}
        wanted = np.frombuffer(vector, np.int8).astype(np.float32) / _SCALE**2
        starts = range(0, len(self._vectors), _SLICE)
        likeness = np.concatenate([self._vectors[at : at + _SLICE].astype(np.float32) @ wanted for at in starts])
        keys, places = list(self._places), list(self._places.values())
        found = likeness[places]
        best = np.argsort(-found, kind="stable")[:most]
        return {keys[one]: self._numbers[places[one]] for one in best if found[one] >= least}


class Meaning:
    """A model with the vectors of the libraries that were searched last."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._shelves: OrderedDict[tuple[str, str], Shelf] = OrderedDict()
        self._turn = asyncio.Lock()  # of the thread that reads weights and holds the interpreter

    @property
    def name(self) -> str:
        """The model's name, with its version."""
        return self._model.name

    async def embed(self, texts: Sequence[str]) -> list[bytes]:
        """A vector of each text, in a thread."""
        async with self._turn:
            return await asyncio.to_thread(self._embed, texts)

    def shelf(self, library_id: str, epoch: str) -> Shelf:
        """The vectors of a library that are at hand; an empty shelf where none are."""
        shelf = self._shelves.setdefault((library_id, epoch), Shelf())
        self._shelves.move_to_end((library_id, epoch))
        if len(self._shelves) > MOST_SHELVES:
            self._shelves.popitem(last=False)
        return shelf

    async def seek(self, text: str) -> Sought:
        """What a text means, to be looked for."""
        return Sought(self, (await self.embed([text]))[0])

    def _embed(self, texts: Sequence[str]) -> list[bytes]:
        import numpy as np

        rows = np.rint(np.asarray(self._model.embed(texts)) * _SCALE).astype(np.int8)
        return [row.tobytes() for row in rows]


class Sought(NamedTuple):
    """A vector to look for, with the vectors of the libraries."""

    meaning: Meaning
    vector: bytes


def open_meaning(*, wanted: bool) -> Meaning | None:
    """The model where it is switched on and installed; None where it is not."""
    return Meaning(WordLlamaModel()) if wanted and is_installed() else None


def is_installed() -> bool:
    """Whether the packages of `scholium[semantic]` are there."""
    return all(find_spec(name) for name in ("numpy", "wordllama"))
