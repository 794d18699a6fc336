"""Hugging Face's repositories (huggingface.co/docs/hub/api): whether a model, data set or demo that is named is there.

It answers for a link, not for a paper. Without a token it says 401 for what does not exist as for what is private, so
that here both mean that nobody may see it. Refuses collections and people, which hold no files.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from msgspec.structs import replace

from api.domain.link_hosts import place_of
from api.domain.papers import Finding, Link, LinkStatus
from workers.bare_repository import is_bare
from workers.json_fields import objects, text
from workers.sources.base import Answer, Request, is_absent, json_list

_REPOSITORY = re.compile(r"https://huggingface\.co/(?:(datasets|spaces)/)?([\w.-]+(?:/[\w.-]+)?)", re.ASCII)
_WORDS: dict[LinkStatus, str] = {
    "available": "the repository has content",
    "promised": "the repository has no content yet",
    "gone": "there is no such repository that everybody may see",
}


class HuggingFaceLinks:
    """Hugging Face at `base_url`, without a slash at its end; `token` raises the quota, empty for none."""

    name = "huggingface_link"

    def __init__(self, base_url: str, token: str = "") -> None:
        self._base_url = base_url
        self._headers = (("Authorization", f"Bearer {token}"),) if token else ()

    def ask_link(self, url: str) -> Request | None:
        """The files at the top of the repository that an address names; None for what is no repository there."""
        place = place_of(url)
        found = _REPOSITORY.fullmatch(place.url) if place is not None and place.standing == "own" else None
        if found is None or (found[1] is None and "/" not in found[2]) or found[2].startswith("collections/"):
            return None
        asked = f"{self._base_url}/api/{found[1] or 'models'}/{quote(found[2])}/tree/main"
        return Request(
            "huggingface", asked, "application/json", self._headers, absent_statuses=() if self._headers else (401,)
        )

    def go_on(self, answer: Answer) -> Request | None:
        """Nothing more."""
        return None

    def check(self, link: Link, answer: Answer) -> Finding:
        """What became of a link that somebody named, as a finding that holds this check alone; raises BadAnswer."""
        status = _status(answer)
        evidence = f"Hugging Face: {_WORDS[status]}"
        return Finding(self.name, links=(replace(link, status=status, evidence=evidence, source=self.name),))


def _status(answer: Answer) -> LinkStatus:
    if answer.status == 401 or is_absent(answer):
        return "gone"
    return "promised" if is_bare(text(each, "path") for each in objects(json_list(answer))) else "available"
