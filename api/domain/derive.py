"""What everyone sees of a paper, derived from what its sources said: a pure function, so that nothing is lost.

Each field comes from the source that is believed first for it (`source_ranks.py`), whatever the order in which the
sources answered. Refuses to invent: a title that names no paper is none, a preprint server is no venue.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from msgspec import convert, field, to_builtins

from api.domain.candidates import Asked, Pick, by_person, candidates, first, in_order
from api.domain.derive_links import Said, merge_links
from api.domain.papers import Author, Dates, Description, Extra, Finding, Kind, Manifestation, Provenance
from api.domain.schemes import KINDS
from api.domain.source_ranks import PERSON, PUBLISHED, is_preprint, is_preprint_server
from api.domain.titles import is_gated_title, title_fold

_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?", re.ASCII)
_MEETING = re.compile(
    r"\b(?:proc(?:eedings|\.)?|conf(?:erence|\.)?|workshop|symposium|advances in neural|aaai|acl|chi|cvpr|eccv|emnlp|"
    r"iccv|iclr|icml|icra|ijcai|iros|kdd|naacl|neurips|nips|sigir|sigmod|www)\b",
    re.IGNORECASE,
)
_NO_PAPER = ("url", "text", "isbn")  # schemes of anything
_SHELF = {"abs": 0, "landing": 1, "pdf": 2, "html": 3}


class Derived(Description, frozen=True):
    """A paper's fields with where each comes from; `title` is empty if no source knows one.

    `provenance` is by field name; of the dates by `dates.preprinted` and so on. Links carry their own source,
    manifestations are facts of all. `year` is that of `dates.issued`, else `online`, else `preprinted`.
    """

    kind: Kind
    title: str
    year: int | None = None
    provenance: dict[str, Provenance] = field(default_factory=dict)


def derive(findings: Sequence[tuple[str, Finding]]) -> Derived:
    """The paper's fields from pairs of (when asked, finding); the order of the pairs makes no difference.

    Of one source asked twice the newer answer wins, field by field. Times are RFC 3339; another text is a ValueError.
    """
    asked = in_order(findings)
    picks: dict[str, Pick[str]] = {}
    for name, pick in (
        ("title", _title(asked)),
        ("abstract", _abstract(asked)),
        ("venue", first(candidates(asked, "venue", _venue, published_first=True))),
        ("language", first(candidates(asked, "venue", lambda f: f.language))),
        ("primary_class", first(candidates(asked, "primary_class", lambda f: f.primary_class))),
        *_publication(asked),
        *_dates(asked),
    ):
        if pick is not None:
            picks[name] = pick
    return _derived(asked, picks)


def _derived(asked: Sequence[Asked], picks: dict[str, Pick[str]]) -> Derived:
    kind, authors = _kind(asked, picks.get("venue")), _authors(asked)
    texts = {name: pick.value for name, pick in picks.items()}
    said = [Said(picks["abstract"].value, picks["abstract"].asked.finding.source)] if "abstract" in picks else []
    for comment in candidates(asked, "abstract", lambda f: f.comment)[:1]:
        said.append(Said(comment.value, comment.asked.finding.source))
    origins: dict[str, Asked] = {name: pick.asked for name, pick in picks.items()}
    origins |= {name: pick.asked for name, pick in (("kind", kind), ("authors", authors)) if pick is not None}
    year = next((f"dates.{name}" for name in ("issued", "online", "preprinted") if f"dates.{name}" in picks), None)
    if year is not None:
        origins["year"] = picks[year].asked
    return Derived(
        kind=kind.value if kind else "webpage",
        title=texts.pop("title", ""),
        authors=authors.value if authors else (),
        year=int(picks[year].value[:4]) if year is not None else None,
        dates=Dates(**{name: texts.pop(f"dates.{name}", None) for name in Dates.__struct_fields__}),
        extra=_extra(asked),
        manifestations=_manifestations(asked),
        links=merge_links([link for one in asked for link in one.finding.links], said),
        provenance={name: Provenance(one.finding.source, one.at) for name, one in sorted(origins.items())},
        **texts,
    )


def _title(asked: Sequence[Asked]) -> Pick[str] | None:
    titles = candidates(asked, "title", lambda f: f.title)
    if by_person(titles):
        return titles[0]
    real = [pick for pick in titles if not is_gated_title(pick.value)]
    return first([pick for pick in real if not pick.value.isupper()] or real)


def _abstract(asked: Sequence[Asked]) -> Pick[str] | None:
    """The best one that is whole: pages give the beginning of theirs to search engines, with dots at the end."""
    abstracts = candidates(asked, "abstract", lambda f: f.abstract)
    if by_person(abstracts):
        return abstracts[0]
    return first([pick for pick in abstracts if not pick.value.rstrip().endswith(("…", "..."))] or abstracts)


def _authors(asked: Sequence[Asked]) -> Pick[tuple[Author, ...]] | None:
    """The best source's list, or one of the same people that spells out more of their given names."""
    lists = candidates(asked, "title", lambda f: f.authors)
    if len(lists) < 2 or by_person(lists):
        return first(lists)
    same = [pick for pick in lists if _same_people(lists[0].value, pick.value)]
    return max(same, key=lambda pick: _spelled_out(pick.value))


def _same_people(left: tuple[Author, ...], right: tuple[Author, ...]) -> bool:
    pairs = [(_family(a), _family(b)) for a, b in zip(left, right, strict=False)]
    return len(left) == len(right) and 2 * sum(a == b for a, b in pairs) >= len(pairs)


def _family(author: Author) -> str:
    return title_fold(author.family or (author.literal or "").rpartition(" ")[2])


def _spelled_out(authors: tuple[Author, ...]) -> int:
    names = [re.split(r"[\s.-]+", author.given or "") for author in authors]
    return sum(any(len(part) > 1 for part in parts) for parts in names)


def _venue(finding: Finding) -> str | None:
    return finding.venue if finding.source == PERSON or not is_preprint_server(finding.venue) else None


def _publication(asked: Sequence[Asked]) -> list[tuple[str, Pick[str] | None]]:
    """Volume, issue, pages and publisher: never a preprint's where a published version is known."""
    pool = [one for one in asked if one.finding.source == PERSON or not is_preprint_server(one.finding.venue)]
    if any(one.finding.kind in PUBLISHED for one in pool):
        pool = [one for one in pool if one.finding.kind != "preprint" or one.finding.source == PERSON]

    def publisher(finding: Finding) -> str | None:
        return None if is_preprint_server(finding.publisher) and finding.source != PERSON else finding.publisher

    reads = (("volume", lambda f: f.volume), ("issue", lambda f: f.issue), ("pages", lambda f: f.pages))
    return [(name, first(candidates(pool, "venue", read))) for name, read in (*reads, ("publisher", publisher))]


def _dates(asked: Sequence[Asked]) -> list[tuple[str, Pick[str] | None]]:
    def dated(name: str) -> Callable[[Finding], str | None]:
        def read(finding: Finding) -> str | None:
            value = getattr(finding.dates, name)
            return value if isinstance(value, str) and _DATE.fullmatch(value) else None

        return read

    return [
        ("dates.preprinted", first(candidates(asked, "preprinted", dated("preprinted")))),
        ("dates.online", first(candidates(asked, "dates", dated("online"), published_first=True))),
        ("dates.issued", first(candidates(asked, "dates", dated("issued"), published_first=True))),
    ]


def _kind(asked: Sequence[Asked], venue: Pick[str] | None) -> Pick[Kind] | None:
    """A person's word, else published before preprint before a guess by identifier before a plain page.

    arXiv calls all a preprint; where only its authors' journal reference tells of a publication, that decides.
    """
    kinds: list[Pick[Kind]] = candidates(asked, "venue", _likely_kind)
    best = min(kinds, key=_kind_class, default=None)
    if best is None or venue is None or best.value != "preprint" or by_person([best]):
        return best
    if venue.asked.finding.source != "arxiv":
        return best
    return Pick("inproceedings" if _MEETING.search(venue.value) else "article", venue.asked)


def _kind_class(pick: Pick[Kind]) -> int:
    finding = pick.asked.finding
    if finding.source == PERSON:
        return 0
    if finding.kind in (None, "webpage"):
        return 4 if pick.value == "webpage" else 3
    return 1 if pick.value in PUBLISHED else 2


def _likely_kind(finding: Finding) -> Kind | None:
    if finding.source == PERSON:
        return finding.kind
    if is_preprint(finding):
        return "preprint"
    if finding.kind not in (None, "webpage"):
        return finding.kind
    named = sorted(
        (one.scheme for one in finding.identifiers if one.scheme not in _NO_PAPER), key=lambda s: s != "arxiv"
    )
    return next((KINDS[scheme] for scheme in named if scheme in KINDS), "article" if named else finding.kind)


def _extra(asked: Sequence[Asked]) -> Extra:
    """Each of the rarer fields from the best source that knows it."""
    said: dict[str, object] = {}
    for pick in candidates(asked, "venue", lambda f: f.extra if f.extra != Extra() else None):
        said = {**to_builtins(pick.value), **said}
    return convert(said, Extra)


def _manifestations(asked: Sequence[Asked]) -> tuple[Manifestation, ...]:
    """Every concrete form once, by address; where two sources name it differently, the better source's word."""
    by_url: dict[str, Manifestation] = {}
    for pick in candidates(asked, "title", lambda f: f.manifestations):
        for one in pick.value:
            by_url.setdefault(one.url, one)
    return tuple(sorted(by_url.values(), key=lambda one: (_SHELF[one.kind], one.version or 0, one.url)))
