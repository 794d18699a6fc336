"""GitHub's REST API (docs.github.com/rest/repos): whether a repository that a paper names is there, moved or archived.

It answers for a link, not for a paper, and so has a shape of its own. A renamed repository answers under its number,
which stays the same for its life. Refuses addresses that are no repository, and answers of another one.
"""

from __future__ import annotations

from urllib.parse import quote, unquote, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from api.domain.link_hosts import place_of
from api.domain.papers import Finding, Link, LinkStatus
from workers.answer_dates import iso_date
from workers.bare_repository import is_bare
from workers.json_fields import Fields, inner, number, objects, text
from workers.sources.base import Answer, BadAnswer, Request, is_absent, json_list, json_object

HOME = "https://github.com/"
CONTENTS = "/contents"
_WORDS: dict[LinkStatus, str] = {
    "available": "the repository has content",
    "promised": "the repository has no code yet",
    "gone": "there is no such repository that everybody may see",
    "moved": "the repository was renamed",
    "archived": "the repository is archived",
}


class Repository(Struct, frozen=True):
    """What became of a repository: `url` is its address now, `number` the id that no renaming changes.

    `promised` is a repository without content; `moved` one that answers under another name; `gone` says only that
    nobody may see it. `stars` are counted as of the answer, `pushed_on` is `YYYY-MM-DD`.
    """

    url: str
    status: LinkStatus
    number: int | None = None
    stars: int | None = None
    pushed_on: str | None = None
    license: str | None = None
    description: str | None = None
    has_code: bool = False  # a language was seen in it


class GitHub:
    """GitHub at `base_url`, without a slash at its end; `token` raises the quota from 60 an hour, empty for none."""

    name = "github"

    def __init__(self, base_url: str, token: str = "") -> None:
        self._base_url = base_url
        key = (("Authorization", f"Bearer {token}"),) if token else ()
        self._headers = (("X-GitHub-Api-Version", "2022-11-28"), *key)

    def ask_link(self, url: str) -> Request | None:
        """The repository that an address names, in any of its spellings; None for what is no repository there."""
        place = place_of(url)
        if place is None or place.standing == "profile" or not place.url.lower().startswith(HOME):
            return None
        asked = f"{self._base_url}/repos/{quote(place.url[len(HOME) :])}"
        return Request(self.name, asked, "application/vnd.github+json", headers=self._headers)

    def go_on(self, answer: Answer) -> Request | None:
        """What lies in a repository that has something but no language; None where the answer told enough."""
        if answer.url.endswith(CONTENTS) or not _is_doubtful(self.read_link(answer)):
            return None
        return Request(self.name, answer.url + CONTENTS, "application/vnd.github+json", headers=self._headers)

    def check(self, link: Link, answer: Answer) -> Finding:
        """What became of a link that somebody named, as a finding that holds this check alone; raises BadAnswer.

        A repository that holds a README alone is still promised; the finding is empty where that is not known yet.
        """
        if answer.url.endswith(CONTENTS):
            return self._said(link, Repository(link.url, _by_contents(answer)))
        found = self.read_link(answer)
        return Finding(self.name) if _is_doubtful(found) else self._said(link, found)

    def _said(self, link: Link, found: Repository) -> Finding:
        status = found.status
        evidence = f"GitHub: {_WORDS[status]}" + (f", now at {found.url}" if status == "moved" else "")
        return Finding(self.name, links=(replace(link, status=status, evidence=evidence, source=self.name),))

    def read_link(self, answer: Answer) -> Repository:
        """What became of the repository in the answer's URL; raises BadAnswer."""
        asked = unquote(urlsplit(answer.url).path.partition("/repos/")[2])
        if asked.count("/") != 1:
            raise BadAnswer("malformed")
        if is_absent(answer):
            return Repository(HOME + asked, "gone")
        found = json_object(answer)
        name = text(found, "full_name")
        if name.count("/") != 1 or number(found, "id") is None:
            raise BadAnswer("malformed")
        return Repository(
            HOME + name,
            _status(found, moved=name.casefold() != asked.casefold()),
            number(found, "id"),
            number(found, "stargazers_count"),
            iso_date(text(found, "pushed_at")),
            text(inner(found, "license"), "spdx_id") or None,
            text(found, "description") or None,
            bool(text(found, "language")),
        )


def _is_doubtful(found: Repository) -> bool:
    """Whether only a look inside tells: something is there, and GitHub sees no code in it."""
    return found.status == "available" and not found.has_code


def _by_contents(answer: Answer) -> LinkStatus:
    """By the names at the top; GitHub says 404 of one that is empty."""
    if is_absent(answer):
        return "promised"
    return "promised" if is_bare(text(each, "name") for each in objects(json_list(answer))) else "available"


def _status(found: Fields, *, moved: bool) -> LinkStatus:
    if found.get("archived") is True or found.get("disabled") is True:
        return "archived"
    if moved:
        return "moved"
    return "promised" if number(found, "size") == 0 else "available"
