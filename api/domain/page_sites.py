"""The words that sites put around the title of a work: their name, the journal, the authors, `Full article:`.

Refuses to cut what may be the title's own: a separator parts a title from a site only where the site is known, by its
host, by its name, or because the page is that of a paper.
"""

from __future__ import annotations

import re

from api.domain.errors import BadUrl
from api.domain.web_address import parse_address

_SEPARATOR = r"\s+(?:[|·•‖–—-]|::)\s+"
_KNOWN = re.compile(
    r"pubmed(?: central)?|pmc|ncbi|europe pmc|sciencedirect|springerlink|springer nature link.*|iopscience|ieee xplore"
    r"|ieee (?:conference publication|journals & magazine)|semantic scholar|openreview|wiley online library"
    r"|acm digital library|acl anthology|jstor|arxiv(?:\.org)?|(?:.* )?hal|zenodo|researchgate|nature|plos one"
    r"|science|cell"
    r"|ssrn|acs publications|taylor & francis online|oxford academic|springer"
    r"|cambridge core|frontiers|mdpi|(?:nasa/)?ads|inspire(?:-?hep)?|osf(?: preprints)?|\w+ preprints|elife|the bmj"
    r"|the lancet"
    r"|jama network|f1000research|pnas|abstract|full[ -]text|free full-text|emergent mind|cool papers.*|catalyzex",
    re.I,
)
_VOLUME = re.compile(r"proceedings of the .*", re.I)
_LABEL = re.compile(
    r"^(?:(?:\(pdf\)|\[pdf\]|\[[^\]]{5,30}\])\s+(?=\S)|(?:paper page|full article|full text|pdf)\s*(?:\s[-–—|]|:)\s+"
    r"|view of (?=.+ \| ))",
    re.I,
)
_CITED_BEFORE = re.compile(r"^[A-Z][\w. ]{3,40} \d{1,4}, \w{1,9} \(\d{4}\)\s+[-–—]\s+(?=\S)")
_AFTER = tuple(
    re.compile(pattern, re.S)
    for pattern in (
        r"(.+\S) on JSTOR",
        r"(.+\S) by .+ :: SSRN",
        r"(.+\S):\s+[^:]{3,120}:\s+Vol(?:ume)?\.?\s*\d.*",  # `Title: Journal: Vol 3, No 2`
        r"(.+?\S)\s+-\s+[^-]{2,60}\s+-\s+(?:1[89]|20)\d\d\s+-\s+.+",  # `Title - Author - 2015 - Journal`
        r"(.+\S)\s+\((?:arXiv:)?\d{4}\.\d{4,5}(?:v\d+)?\)",
    )
)
_AFTER_PAPER = re.compile(r"(.+\S)\s+-\s+[^-,]{3,60},\s+(?:1[89]|20)\d\d", re.S)  # `Title - Author, 2012`


def without_site(title: str, url: str, site_name: str, *, is_paper: bool) -> str:
    """The title alone; `is_paper` where the address is that of a paper, whose title is then all before a ` | `."""
    sites = {letters(site) for site in (site_name, *_host_words(url)) if len(site) > 2}
    title = _CITED_BEFORE.sub("", _LABEL.sub("", title, count=1))
    cut = _without_name_after(_first_group(title, _AFTER), sites, url)
    is_catalogue = is_paper or (cut != title and is_site(title.rpartition(" | ")[2]))
    title = _without_name_before(_first_group(cut, _AFTER), sites, is_paper=is_paper)
    if not is_catalogue:
        return title
    head, bar, _ = title.partition(" | ")
    return _first_group(head.rstrip() if bar and _is_balanced(head) else title, (_AFTER_PAPER,))


def is_site(text: str) -> bool:
    """Whether a text is the name of a publisher's or an archive's site, or what such sites call a kind of page."""
    return _KNOWN.fullmatch(text) is not None


def letters(text: str) -> str:
    """Letters and digits alone, case-folded, to compare names by."""
    return "".join(char for char in text.casefold() if char.isalnum())


def _first_group(title: str, patterns: tuple[re.Pattern[str], ...]) -> str:
    return next((match.group(1) for pattern in patterns if (match := pattern.fullmatch(title))), title)


def _without_name_after(title: str, sites: set[str], url: str) -> str:
    while match := re.fullmatch(rf"(.*\S){_SEPARATOR}(\S.*?)", title, re.S):
        head, tail = match.groups()
        if not (letters(tail) in sites or is_site(tail) or _VOLUME.fullmatch(tail) or tail in url):
            break
        title = head
    if match := re.fullmatch(r"(.*\S)(?:\s+\[([^\[\]]+)\]|:\s+([^:]+))", title, re.S):
        name = letters(match.group(2) or match.group(3))
        return match.group(1) if len(name) > 3 and name in sites else title
    return title


def _without_name_before(title: str, sites: set[str], *, is_paper: bool) -> str:
    """Without `Site | ` or `Site: `, or everything before `Free Full-Text | `."""
    if match := re.fullmatch(r".*\|\s+(?:free )?full[ -]text\s+\|\s+(\S.*)", title, re.S | re.I):
        return match.group(1)
    match = re.fullmatch(rf"(\S.*?)({_SEPARATOR}|:\s+)(\S.*)", title, re.S)
    if match is None:
        return title
    name, mark, rest = match.groups()
    is_own = letters(name) in sites and len(letters(name)) > 3
    return rest if is_own or (is_paper and "|" in mark and is_site(name)) else title


def _is_balanced(text: str) -> bool:
    return all(text.count(opener) == text.count(closer) for opener, closer in ("()", "[]", "{}"))


def _host_words(url: str) -> list[str]:
    """`example` and `example.org` for a page of www.example.org."""
    try:
        labels = parse_address(url).site.split(".")
    except BadUrl:
        return []
    return [*(label for label in labels[:-1]), ".".join(labels[-2:]), ".".join(labels)]
