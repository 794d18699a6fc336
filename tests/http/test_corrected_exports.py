"""A paper that a person corrects is exported with the correction in every format, under the key that it had."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from api.domain.formats.catalog import FORMATS, FormatName
from tests.http.conftest import Client, bearer
from tests.make import make_id

FIX = {
    "title": "Corrected Looms",
    "authors": [{"family": "Byron", "given": "Augusta"}],
    "year": 1899,
    "venue": "Memoir",
}
WITHOUT_PAPERS = {"webannotation"}  # it holds highlights, and names their papers by address
SHORT = {"atom": ("Corrected Looms", "Byron")}  # a feed's entry says its title and its authors


async def all_exports(client: Client, ada: dict[str, Any]) -> dict[FormatName, str]:
    files: dict[FormatName, str] = {}
    for name in FORMATS:
        answer = await client.get("/v1/export", params={"format": name}, headers=bearer(ada["access_token"]))
        files[name] = _unpacked(answer.content)
    return files


def _unpacked(file: bytes) -> str:
    if not file.startswith(b"PK"):
        return file.decode()
    with ZipFile(BytesIO(file)) as archive:
        return "".join(name + "\n" + archive.read(name).decode() for name in archive.namelist())


def keys(files: dict[FormatName, str]) -> set[tuple[str, ...]]:
    """The keys of the two papers as each format spells them, which is one and the same."""
    patterns: dict[FormatName, str] = {
        "bibtex": r"^@\w+\{(.+),$",
        "biblatex": r"^@\w+\{(.+),$",
        "ris": r"^ID  - (.+?)\r?$",
        "csl-json": r'"id": ?"(.+?)"',
        "markdown": r" @(\S+)",
        "markdown-notes": r"^scholium/(.+)\.md$",
    }
    return {tuple(re.findall(pattern, files[name], re.M)) for name, pattern in patterns.items()}


async def test_a_correction_is_in_every_format_and_changes_no_key(client: Client, ada: dict[str, Any]) -> None:
    headers, ids = bearer(ada["access_token"]), []
    for number in (1, 2):
        wish = {"id": make_id(f"save {number}"), "url": f"https://arxiv.org/abs/1706.0376{number}"}
        ids.append((await client.post("/v1/saves", json=wish, headers=headers)).json()["paper"]["id"])
    before = await all_exports(client, ada)
    assert "Corrected" not in "".join(before.values())
    fixed = await client.patch(f"/v1/papers/{ids[0]}/corrections", json=FIX, headers=headers)
    assert fixed.status_code == 200, fixed.text
    after = await all_exports(client, ada)
    [given] = keys(before)
    assert len(set(given)) == 2
    assert keys(after) == {given}
    for name in FORMATS.keys() - WITHOUT_PAPERS:
        for value in SHORT.get(name, ("Corrected Looms", "Byron", "1899", "Memoir")):
            assert value in after[name], (name, value)
