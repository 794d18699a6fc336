"""arXiv's Atom API (info.arxiv.org/help/api): the preprint as its authors describe it.

An unknown id is a 200 with no entry, a malformed one a 400 with an entry called "Error". `published` is the date
of the first version, whichever version is shown. Refuses an entry that is not the paper asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from urllib.parse import parse_qs, quote, urlsplit
from xml.etree.ElementTree import Element, tostring

from msgspec.structs import replace

from api.domain.names import author
from api.domain.papers import Dates, Finding, Identifier, Manifestation
from api.domain.schemes import Claim, claim
from workers.answer_text import clean
from workers.sources.base import Answer, BadAnswer, Request, is_absent, xml_root

ATOM = "{http://www.w3.org/2005/Atom}"
ARXIV = "{http://arxiv.org/schemas/atom}"
BAD_ID = "incorrect_id_format"


class Arxiv:
    """arXiv at `base_url`, without a slash at its end."""

    name = "arxiv"
    most_at_once = 100  # the addresses of more get too long

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url

    def ask(self, identifiers: Collection[Identifier]) -> Request | None:
        """The paper's own entry, when it has an arXiv id."""
        ids = sorted(each.value for each in identifiers if each.scheme == "arxiv")
        if not ids:
            return None
        url = f"{self._base_url}/api/query?id_list={quote(ids[0], safe='/')}&max_results=1"
        return Request(self.name, url, "application/atom+xml")

    def read(self, answer: Answer) -> Finding | None:
        """The entry of the id in the answer's URL; None when arXiv has none; raises BadAnswer."""
        found = read_feed(answer)
        wanted = claim("arxiv", _asked(answer.url))
        for finding in found:
            if wanted and finding.identifiers[0] == wanted.identifiers[0]:
                return finding
        if found:
            raise BadAnswer("other_paper")
        return None

    def ask_many(self, questions: Sequence[Request]) -> Request:
        """The entries of all these papers."""
        ids = ",".join(quote(_asked(each.url), safe="/") for each in questions)
        url = f"{self._base_url}/api/query?id_list={ids}&max_results={len(questions)}"
        return Request(self.name, url, "application/atom+xml")

    def split(self, questions: Sequence[Request], answer: Answer) -> list[Answer]:
        """A feed for each paper, with its entry alone or, where there is none, empty.

        Refuses one that is empty for all: arXiv now and then sends such a one for papers that it has.
        """
        if answer.status != 200:
            raise BadAnswer("unexpected_status")
        found = {paper.identifiers[0]: entry for entry, paper in zip(_entries(answer), read_feed(answer), strict=True)}
        if not found:
            raise BadAnswer("unexpected_status")
        alone: list[Answer] = []
        for each in questions:
            wanted = claim("arxiv", _asked(each.url))
            feed = Element(f"{ATOM}feed")
            feed.extend(found[one] for one in (wanted.identifiers[:1] if wanted else ()) if one in found)
            alone.append(replace(answer, url=each.url, body=tostring(feed), etag="", last_modified=""))
        return alone


def _asked(url: str) -> str:
    return parse_qs(urlsplit(url).query).get("id_list", [""])[0]


def _entries(answer: Answer) -> list[Element]:
    return xml_root(answer).findall(f"{ATOM}entry")


def read_feed(answer: Answer) -> tuple[Finding, ...]:
    """Every paper of a feed in its order; raises BadAnswer."""
    if answer.status != 400 and is_absent(answer):
        return ()
    root = xml_root(answer)
    if root.tag != f"{ATOM}feed":
        raise BadAnswer("malformed")
    entries = root.findall(f"{ATOM}entry")
    for entry in entries:
        address = _text(entry, f"{ATOM}id")
        if "/api/errors" in address:
            if BAD_ID in address:
                return ()
            raise BadAnswer("source_error")
    if answer.status == 400:
        raise BadAnswer("unexpected_status")
    return tuple(_finding(entry) for entry in entries)


def _finding(entry: Element) -> Finding:
    own = claim("arxiv", _text(entry, f"{ATOM}id").partition("/abs/")[2])
    if own is None:
        raise BadAnswer("malformed")
    category = entry.find(f"{ARXIV}primary_category")
    authors = (author(clean(name.text or "")) for name in entry.findall(f"{ATOM}author/{ATOM}name"))
    return Finding(
        source=Arxiv.name,
        identifiers=_identifiers(own, _text(entry, f"{ARXIV}doi")),
        kind="preprint",
        title=_text(entry, f"{ATOM}title") or None,
        authors=tuple(author for author in authors if author),
        abstract=_text(entry, f"{ATOM}summary") or None,
        dates=Dates(preprinted=_text(entry, f"{ATOM}published")[:10] or None),
        venue=_text(entry, f"{ARXIV}journal_ref") or None,
        primary_class=None if category is None else clean(category.get("term", "")) or None,
        comment=_text(entry, f"{ARXIV}comment") or None,
        manifestations=_manifestations(entry, own),
    )


def _identifiers(own: Claim, dois: str) -> tuple[Identifier, ...]:
    """The id itself, then the DOIs that the authors gave; some give several in one field."""
    given = (claim("doi", word) for word in dois.split())
    claims = [each for found in given if found for each in found.identifiers if each.scheme != "arxiv"]
    return tuple(dict.fromkeys((*own.identifiers, *claims)))


def _manifestations(entry: Element, own: Claim) -> tuple[Manifestation, ...]:
    """The pages of this version; a withdrawn paper has no PDF."""
    value = own.identifiers[0].value + (f"v{own.version}" if own.version else "")
    shown = [Manifestation("abs", f"https://arxiv.org/abs/{value}", own.version)]
    if any(link.get("type") == "application/pdf" for link in entry.findall(f"{ATOM}link")):
        shown.append(Manifestation("pdf", f"https://arxiv.org/pdf/{value}", own.version))
    return tuple(shown)


def _text(entry: Element, tag: str) -> str:
    return clean(entry.findtext(tag, ""))
