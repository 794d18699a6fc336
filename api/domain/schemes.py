"""The grammar of each identifier scheme: one canonical spelling, its version apart, and the page that shows it.

A value that breaks its grammar is no identifier (numbers that look like arXiv ids, DOIs left from a template).
Two schemes that name each other by rule come out together (an ACL id and its DOI), so that both pages are one paper.
"""

from __future__ import annotations

import re
from collections import Counter

from msgspec import Struct

from api.domain.papers import Identifier, Kind
from api.domain.web_address import lower, unescape


class Claim(Struct, frozen=True):
    """What one identifier says: all identifiers that follow from it by rule, the version named, the canonical page."""

    identifiers: tuple[Identifier, ...]
    version: int | None
    page: str


# scheme: (grammar with the value as group 1 and perhaps the version as group 2, canonical page)
SCHEMES: dict[str, tuple[str, str]] = {
    "pmid": (r"0*([1-9]\d{0,8})", "https://pubmed.ncbi.nlm.nih.gov/$1/"),
    "pmcid": (r"(PMC[1-9]\d{0,8})(?:\.\d+)?", "https://pmc.ncbi.nlm.nih.gov/articles/$1/"),
    "ppr": (r"(PPR[1-9]\d{0,8})", "https://europepmc.org/article/PPR/$1"),
    "acl": (r"(\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+|[A-Z]\d{2}-\d{4,5})(?:v(\d{1,3}))?", "https://aclanthology.org/$1/"),
    "openreview": (r"([A-Za-z0-9_-]{5,24})", "https://openreview.net/forum?id=$1"),
    "nips": (r"([0-9a-f]{32}|\d{1,5})", ""),
    "pmlr": (r"([vr]\d+/[a-z0-9._-]+)", "https://proceedings.mlr.press/$1.html"),
    "cvf": (r"([A-Za-z0-9_.'-]+)", ""),
    "ieee": (r"0*([1-9]\d{3,9})", "https://ieeexplore.ieee.org/document/$1/"),
    "jmlr": (r"(v\d+/[a-z0-9._-]+)", "https://www.jmlr.org/papers/$1.html"),
    "dblp": (r"([a-z]+/[A-Za-z0-9_-]+/[A-Za-z0-9_-]+)", "https://dblp.org/rec/$1"),
    "s2": (r"([0-9a-f]{40})", "https://www.semanticscholar.org/paper/$1"),
    "corpusid": (r"0*([1-9]\d{0,11})", "https://api.semanticscholar.org/CorpusID:$1"),
    "hal": (r"([a-z]+-\d{8})(?:v(\d{1,3}))?", "https://hal.science/$1"),
    "inspire": (r"0*([1-9]\d{0,9})", "https://inspirehep.net/literature/$1"),
    "bibcode": (r"(\d{4}[A-Za-z0-9&.]{14}[A-Za-z.])", "https://ui.adsabs.harvard.edu/abs/$1/abstract"),
    "osf": (r"([a-z0-9]{5})(?:_v(\d{1,3}))?", "https://osf.io/preprints/osf/$1"),
    "ssrn": (r"0*([1-9]\d{3,9})", "https://papers.ssrn.com/sol3/papers.cfm?abstract_id=$1"),
    "zenodo": (r"0*([1-9]\d{0,11})", "https://zenodo.org/records/$1"),
    "pii": (r"(S\d{15}[0-9X]|B\d{18}[0-9X])", "https://www.sciencedirect.com/science/article/pii/$1"),
}

# What a paper of a scheme is, as long as nobody says more.
KINDS: dict[str, Kind] = {
    "arxiv": "preprint",
    "ppr": "preprint",
    "osf": "preprint",
    "ssrn": "preprint",
    "acl": "inproceedings",
    "nips": "inproceedings",
    "pmlr": "inproceedings",
    "cvf": "inproceedings",
    "pmid": "article",
    "pmcid": "article",
    "jmlr": "article",
    "pii": "article",
}

_ARCHIVES = (
    "acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas cond-mat cs dg-ga "
    "funct-an gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th nlin nucl-ex nucl-th patt-sol physics plasm-ph "
    "q-alg q-bio quant-ph solv-int supr-con"
)
_NEW_ARXIV = re.compile(r"(?:arxiv:)?(\d\d)(\d\d)\.(\d{4,5})(?:v([1-9]\d{0,2}))?", re.A)
_OLD_ARXIV = re.compile(
    rf"(?:arxiv:)?({_ARCHIVES.replace(' ', '|')})(?:\.[a-z][a-z])?/(\d\d)(0[1-9]|1[0-2])(\d\d\d)(?:v([1-9]\d{{0,2}}))?",
    re.A,
)
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[!-~]+", re.A)
_TEMPLATE = re.compile(r"n{5,}|x{5,}|^10\.1145/1122445\.1122456$", re.A)
_PART = re.compile(r"(10\.1371/journal\.[a-z]+\.\d{7}|10\.7717/peerj[a-z-]*\.\d+|10\.7554/elife\.\d{5,6})[./].*", re.A)
_SERVER_VERSION = re.compile(r"(10\.(?:1101|64898)/(?:\d{4}\.\d\d\.\d\d\.)?\d{5,9})v(\d{1,3})", re.A)
_BY_DOI: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("acl", re.compile(r"10\.(?:18653|3115)/v1/(.+)", re.A)),
    ("ssrn", re.compile(r"10\.2139/ssrn\.(.+)", re.A)),
    ("zenodo", re.compile(r"10\.5281/zenodo\.(.+)", re.A)),
    ("osf", re.compile(r"10\.\d+/osf\.io/(.+)", re.A)),
)
# ACL venues whose DOI is always 10.18653/v1/ and the id; elsewhere the DOI is the page's to tell.
_ACL_WITH_DOI = re.compile(r"\d{4}\.(?:acl|naacl|emnlp|eacl|aacl|findings|conll|semeval)-.*|[PNDEKS]1[6-9]-.*", re.A)
_ARXIV_BIBCODE = re.compile(r"\d{4}arXiv(\d{4})(\d{5})[A-Z]", re.A)
_OLD_ARXIV_BIBCODE = re.compile(r"\d\d(\d\d)([a-z]+(?:\.[a-z]+)?)\.+(\d{4,5})[A-Z]", re.A)
_DOI_LABEL = re.compile(r"^(?:https?://(?:dx\.|www\.)?doi\.org/)?(?:(?:urn:|info:)?doi[:/]? *|hdl:)?(?=10\.)", re.A)
_DOI_REST = re.compile(r"</.*|;jsessionid=.*|[?&][a-z_]+=.*", re.S)  # the page's markup or query, copied along
_STOPS = ".,;:!?'\"*”’»“„\\"
_CLOSERS = {")": "(", "]": "[", "}": "{", ">": "<"}


def claim(scheme: str, raw: str) -> Claim | None:
    """The claim of a value as some page spells it, or None where it breaks the scheme's grammar."""
    if scheme == "arxiv":
        return _arxiv(raw)
    if scheme == "doi":
        return _doi(raw)
    match = re.fullmatch(SCHEMES[scheme][0], _folded(scheme, raw), re.A)
    if match is None:
        return None
    value = match.group(1)
    if scheme == "dblp" and (abs_id := re.fullmatch(r"journals/corr/abs-(\d{4})-(\d{4,5})", value, re.A)):
        return _arxiv(f"{abs_id.group(1)}.{abs_id.group(2)}")
    if scheme == "bibcode" and (arxiv := _ARXIV_BIBCODE.fullmatch(value)):
        return _arxiv(f"{arxiv.group(1)}.{arxiv.group(2)}") or _arxiv(f"{arxiv.group(1)}.{arxiv.group(2)[1:]}")
    if scheme == "bibcode" and (old := _OLD_ARXIV_BIBCODE.fullmatch(value)):
        return _arxiv(f"{old.group(2).replace('.', '-')}/{old.group(1)}{old.group(3).zfill(5)}")
    version = int(match.group(2)) if match.lastindex == 2 else None
    own = Identifier(scheme, value)
    return Claim((own, *_named_by(own)), version, SCHEMES[scheme][1].replace("$1", value))


def trimmed(text: str) -> str:
    """The text without the punctuation and unmatched closing brackets that a sentence leaves at its end."""
    end = len(text)
    if text[-1:] not in _CLOSERS and text[-1:] not in _STOPS:
        return text
    left = Counter(text)
    while end:
        last = text[end - 1]
        unmatched = last in _CLOSERS and left[last] > left[_CLOSERS[last]]
        if not unmatched and last not in _STOPS:
            break
        left[last] -= 1
        end -= 1
    return text[:end]


def _folded(scheme: str, raw: str) -> str:
    if scheme in ("pmcid", "ppr", "pii"):
        return re.sub("[()-]", "", raw).upper() if scheme == "pii" else raw.upper()
    if scheme == "acl":
        return raw[:1].upper() + lower(raw[1:])
    return raw if scheme in ("openreview", "cvf", "dblp", "bibcode") else lower(raw)


def _named_by(own: Identifier) -> tuple[Identifier, ...]:
    if own.scheme == "acl" and _ACL_WITH_DOI.fullmatch(own.value):
        return (Identifier("doi", f"10.18653/v1/{lower(own.value)}"),)
    if own.scheme == "ssrn":
        return (Identifier("doi", f"10.2139/ssrn.{own.value}"),)
    return ()


def _arxiv(raw: str) -> Claim | None:
    text = lower(raw)
    if match := _NEW_ARXIV.fullmatch(text):
        year, month, number, version = match.groups()
        digits = 4 if year < "15" else 5
        if not ("0704" <= year + month < "9100" and "01" <= month <= "12" and len(number) == digits):
            return None
        value = f"{year}{month}.{number}"
    elif match := _OLD_ARXIV.fullmatch(text):
        archive, year, month, number, version = match.groups()
        if "0703" < year + month < "9100":
            return None
        value = f"{archive}/{year}{month}{number}"
    else:
        return None
    page = f"https://arxiv.org/abs/{value}"
    return Claim((Identifier("arxiv", value),), int(version) if version else None, page)


def _doi(raw: str) -> Claim | None:
    text = _doi_text(raw)
    if _DOI.fullmatch(text) is None or _TEMPLATE.search(text):
        return None
    if text.startswith("10.48550/arxiv."):
        return _arxiv(text.removeprefix("10.48550/arxiv."))
    version = None
    if part := _PART.fullmatch(text):
        text = part.group(1)
    if server := _SERVER_VERSION.fullmatch(text):
        text, version = server.group(1), int(server.group(2))
    doi = Identifier("doi", text)
    page = "https://doi.org/" + re.sub(r"[%?#\"<>\\^`{|}]", lambda found: f"%{ord(found.group()):02X}", text)
    for scheme, pattern in _BY_DOI:
        match = pattern.fullmatch(text)
        other = claim(scheme, match.group(1)) if match else None
        if other:
            canonical = other.page if doi in other.identifiers else page
            return Claim((other.identifiers[0], doi), version or other.version, canonical)
    return Claim((doi,), version, page)


def _doi_text(raw: str) -> str:
    """The DOI without label, markup, query and the punctuation of the sentence that it stood in."""
    text = _DOI_LABEL.sub("", lower(raw.strip("<> ") if raw[:1] == "<" else raw), count=1)
    if re.match(r"10\.\d{4,9}(?:\.\d+)*%2f", text):
        text = lower(unescape(text))
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    text = re.sub("/{2,}", "/", _DOI_REST.sub("", text, count=1))
    while (shorter := trimmed(text).rstrip("/")) != text:
        text = shorter
    return text
