"""Hugging Face's page of a paper (huggingface.co/api/papers): its code and project, by a person's word or a machine's;
and its list of papers of a day, which readers vote on.

It knows a paper only once somebody opened its page. Refuses the summary that a model wrote, authors that hid
themselves, and a paper of another id.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from urllib.parse import parse_qs, quote, unquote, urlsplit

from api.domain.link_hosts import place_of
from api.domain.listings import Listed, Listing, day_words, listing
from api.domain.names import author
from api.domain.papers import Dates, Finding, Identifier, Link
from api.domain.schemes import claim
from workers.answer_dates import iso_date
from workers.answer_text import marked, paragraphs, plain
from workers.json_fields import Fields, inner, number, objects, rows, text
from workers.sources.base import Answer, BadAnswer, Request, is_absent, json_list, json_object

BY_PERSON, BY_MACHINE = 0.85, 0.6


class HuggingFace:
    """Hugging Face at `base_url`, without a slash at its end; `token` raises the quota, empty for none."""

    name = "huggingface"

    def __init__(self, base_url: str, token: str = "") -> None:
        self._base_url = base_url
        self._headers = (("Authorization", f"Bearer {token}"),) if token else ()

    def ask(self, identifiers: Collection[Identifier]) -> Request | None:
        """The page of the paper's arXiv id."""
        ids = sorted(each.value for each in identifiers if each.scheme == "arxiv")
        if not ids:
            return None
        url = f"{self._base_url}/api/papers/{quote(ids[0], safe='/')}"
        return Request(self.name, url, "application/json", headers=self._headers)

    def read(self, answer: Answer) -> Finding | None:
        """The paper, or None when nobody opened its page yet; raises BadAnswer."""
        if is_absent(answer):
            return None
        paper = json_object(answer)
        own = claim("arxiv", text(paper, "id"))
        if own is None:
            raise BadAnswer("malformed")
        asked = claim("arxiv", unquote(urlsplit(answer.url).path.partition("/papers/")[2]))
        if asked is None or asked.identifiers != own.identifiers:
            raise BadAnswer("other_paper")
        return paper_of(paper, own.identifiers)


class HuggingFaceDaily:
    """The list of a day at `base_url`, without a slash at its end; `token` as above."""

    name = "huggingface"

    def __init__(self, base_url: str, token: str = "") -> None:
        self._base_url = base_url
        self._headers = (("Authorization", f"Bearer {token}"),) if token else ()

    def ask(self, day: str) -> Request:
        """The list of a day, `YYYY-MM-DD`."""
        url = f"{self._base_url}/api/daily_papers?date={day}&limit=100"
        return Request(self.name, url, "application/json", headers=self._headers)

    def read(self, answer: Answer) -> Listing:
        """The list of the day in the answer's URL; raises BadAnswer."""
        if is_absent(answer):
            raise BadAnswer("unexpected_status")
        day = parse_qs(urlsplit(answer.url).query)["date"][0]
        sent = json_list(answer)
        papers = [found for row in objects(sent) if (found := _listed(inner(row, "paper"), day))]
        if sent and not papers:
            raise BadAnswer("malformed")
        return listing(self.name, day, papers)


def _listed(paper: Fields, day: str) -> Listed | None:
    own, votes = claim("arxiv", text(paper, "id")), max(0, number(paper, "upvotes") or 0)
    if own is None:
        return None
    finding = paper_of(paper, own.identifiers[:1])
    told = f", {votes:,} upvote{'' if votes == 1 else 's'}" if votes else ""
    return Listed(finding, votes, f"on Hugging Face's list of {day_words(day)}{told}") if finding.title else None


def paper_of(paper: Fields, identifiers: tuple[Identifier, ...]) -> Finding:
    """A paper as it stands there, also in the daily list, where it is the inner object."""
    shown = (each for each in rows(paper, "authors") if each.get("hidden") is not True)
    people = (author(plain(text(each, "name"))) for each in shown)
    return Finding(
        source=HuggingFace.name,
        identifiers=identifiers,
        kind="preprint",
        title=marked(text(paper, "title")) or None,
        authors=tuple(author for author in people if author),
        abstract=paragraphs(text(paper, "summary")) or None,
        dates=Dates(preprinted=iso_date(text(paper, "publishedAt"))),
        links=tuple(_links(paper)),
    )


def _links(paper: Fields) -> Iterator[Link]:
    """The repository and the project page; some papers name one address as both."""
    person_said = text(paper, "githubRepoAddedBy") == "user"
    repository = place_of(text(paper, "githubRepo").strip())
    project = place_of(text(paper, "projectPage").strip())
    if repository is not None:
        evidence = "Hugging Face: githubRepo, added by " + ("a person" if person_said else "a machine")
        confidence = BY_PERSON if person_said else BY_MACHINE
        yield Link(repository.kind, repository.url, "available", confidence, evidence, HuggingFace.name)
    if project is not None and (repository is None or project.key != repository.key):
        kind = project.kind if project.sure else "project"
        yield Link(kind, project.url, "available", BY_MACHINE, "Hugging Face: projectPage", HuggingFace.name)
