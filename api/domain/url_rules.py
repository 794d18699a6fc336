"""The table of URL rules: which address names which identifier. One row, one rule; the first that fits wins.

The extension holds the same rows (`extension/src/identity/rules.js`); a test compares them. The patterns therefore
use only what Python and JavaScript read alike. A rule never needs the network and never guesses: where a page
needs its meta tags to be known, there is no row.
"""

from __future__ import annotations

from msgspec import Struct


class Rule(Struct, frozen=True):
    """A pattern for the whole site and the whole decoded path (both without regard to case).

    `parameter` names the query parameter that holds the identifier; it is then `$1`. `value` and `page` are templates
    over the groups; an empty `page` means the scheme's own canonical page. Scheme `list` is a page of many papers;
    `doi_path` a DOI followed by words of the site (`/full`, `.pdf`).
    """

    site: str
    path: str
    scheme: str
    value: str = "$1"
    parameter: str = ""
    page: str = ""


ARXIV_ID = r"((?:arxiv:)?(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?)"
ACL_ID = r"((?:\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+|[a-z]\d{2}-\d{4,5})(?:v\d+)?)"
DOI = r"(10\.\d{4,9}(?:\.\d+)*/.+)"

_ARXIV = r"(?:[a-z0-9-]+\.)?arxiv\.org|xxx\.lanl\.gov|xxx\.itp\.ac\.cn"
_NIPS = r"papers\.(?:nips|neurips)\.cc|proceedings\.neurips\.cc"
_NIPS_PAGE = "https://papers.nips.cc/paper_files/paper/$1/hash/$2-Abstract$3.html"
_NCBI = r"ncbi\.nlm\.nih\.gov"
_DBLP = r"dblp\.(?:org|uni-trier\.de|dagstuhl\.de)"
_SSRN = r"(?:papers\.|download\.)?ssrn\.com"
_RXIV = r"(?:connect\.)?(?:biorxiv|medrxiv)\.org"
# A DOI in the path of these sites is not what the page is about.
_NO_PUBLISHER = r"(?!(?:.+\.)?(?:github|gitlab|wikipedia|reddit|twitter|x|youtube|google)\.(?:com|org)$).+"

RULES: tuple[Rule, ...] = (
    Rule(_ARXIV, rf"/(?:abs|pdf|html|format|ps|e-print|src|other|tb)/{ARXIV_ID}(?:\.pdf|\.ps|\.ps\.gz)?", "arxiv"),
    Rule(_ARXIV, r"/(?:list|a|catchup|search|archive|year|find|rss|atom)(?:/.*)?", "list"),
    Rule(r"ar5iv\.org|ar5iv\.labs\.arxiv\.org", rf"/(?:abs|html|pdf)/{ARXIV_ID}(?:\.pdf)?", "arxiv"),
    Rule(r"(?:[a-z]+\.)?alphaxiv\.org", rf"/(?:[a-z-]+/){{1,2}}?{ARXIV_ID}(?:\.pdf|\.md)?", "arxiv"),
    Rule(r"huggingface\.co|hf\.co", rf"/(?:api/)?papers/{ARXIV_ID}(?:\.md)?", "arxiv"),
    Rule(r"huggingface\.co|hf\.co", r"/papers(?:/(?:date|week|month|trending)(?:/.*)?)?", "list"),
    Rule(r"scirate\.com|papers\.cool|deeplearn\.org", rf"/arxiv/{ARXIV_ID}", "arxiv"),
    Rule(r"scirate\.com", r"/(?:arxiv/.*)?", "list"),
    Rule(r"arxiv-vanity\.com|emergentmind\.com", rf"/papers/{ARXIV_ID}", "arxiv"),
    Rule(r"arxiv-sanity-lite\.com", r"/.*", "arxiv", parameter="pid"),
    Rule(r"catalyzex\.com", rf"/paper/{ARXIV_ID}", "arxiv"),
    Rule(r"(?:[a-z]+\.)?semanticscholar\.org", rf"/(?:.*/)?{ARXIV_ID}", "arxiv"),
    Rule(r"(?:[a-z]+\.)?semanticscholar\.org", r"/(?:.*/)?corpusid:(\d+)(?:/.*)?", "corpusid"),
    Rule(r"(?:[a-z]+\.)?semanticscholar\.org", rf"/(?:.*/)?doi:{DOI}", "doi"),
    Rule(r"(?:[a-z]+\.)?semanticscholar\.org", r"/(?:.*/)?(?:paper|reader)/(?:.+/)?([0-9a-f]{40})(?:/.*)?", "s2"),
    Rule(r"(?:dx\.|www\.)?doi\.org", rf"/(?:doi:)?{DOI}", "doi"),
    Rule(_RXIV, rf"/content/(?:biorxiv/|medrxiv/)?(?:early/\d{{4}}/\d\d/\d\d/)?{DOI}", "doi_path"),
    Rule(
        _RXIV,
        r"/content/(?:biorxiv/|medrxiv/)?early/\d{4}/\d\d/\d\d/"
        r"((?:20(?:19|2[0-4])\.\d\d\.\d\d\.)?\d{6,8}(?:v\d+)?)(?:\..*)?",
        "doi",
        "10.1101/$1",
    ),
    Rule(_RXIV, r"/(?:content/early/recent|collection|search)(?:/.*)?", "list"),
    Rule(r"nature\.com", r"/articles/(s\d{5}-\d{3}-\d{4,5}-[0-9a-z])(?:[./_].*)?", "doi", "10.1038/$1"),
    Rule(r"nature\.com", r"/articles/((?:nature|ncomms|srep)\d{4,5})(?:[./_].*)?", "doi", "10.1038/$1"),
    Rule(r"journals\.plos\.org", r"/.*", "doi", parameter="id"),
    Rule(r"peerj\.com", r"/articles/(\d+)(?:[./-].*)?", "doi", "10.7717/peerj.$1"),
    Rule(
        r"peerj\.com", r"/articles/(cs|pchem|achem|ichem|ochem|matsci)-(\d+)(?:[./-].*)?", "doi", "10.7717/peerj-$1.$2"
    ),
    Rule(
        r"elifesciences\.org", r"/(?:articles|reviewed-preprints)/(\d{5,6})(?:v\d+|[./].*)?", "doi", "10.7554/elife.$1"
    ),
    Rule(
        r"openreview\.net|api2?\.openreview\.net",
        r"/(?:forum|pdf|attachment|references/pdf)",
        "openreview",
        parameter="id",
    ),
    Rule(r"openreview\.net", r"/(?:group|venue|search|submissions)", "list"),
    Rule(
        r"aclanthology\.org|aclanthology\.info|aclweb\.org",
        rf"/(?:anthology/)?(?:papers/(?:.*/)?)?{ACL_ID}(?:\.pdf|\.bib|\.xml|\.endf)?",
        "acl",
    ),
    Rule(r"aclanthology\.org", r"/(?:events|volumes|venues|people|sigs)(?:/.*)?", "list"),
    Rule(rf"pubmed\.{_NCBI}", r"/(\d+)(?:/.*)?", "pmid"),
    Rule(_NCBI, r"/(?:m/)?pubmed/(\d+)(?:/.*)?", "pmid"),
    Rule(rf"(?:pubmed\.)?{_NCBI}", r"/(?:pubmed/?)?", "list", parameter="term"),
    Rule(rf"(?:pmc\.)?{_NCBI}", r"/(?:labs/)?(?:pmc/)?articles/(PMC\d+)(?:[./].*)?", "pmcid"),
    Rule(rf"(?:pmc\.)?{_NCBI}", r"/(?:pmc/)?articles/pmid/(\d+)(?:/.*)?", "pmid"),
    Rule(r"europepmc\.org", r"/(?:article|abstract)/med/(\d+)(?:/.*)?", "pmid"),
    Rule(r"europepmc\.org", r"/(?:articles?|abstract)/(?:pmc/)?(PMC\d+)(?:/.*)?", "pmcid"),
    Rule(r"europepmc\.org", r"/article/pmc/(\d+)(?:/.*)?", "pmcid", "PMC$1"),
    Rule(r"europepmc\.org", r"/(?:article|abstract)/ppr/(?:ppr)?(\d+)(?:/.*)?", "ppr", "PPR$1"),
    Rule(r"europepmc\.org", r"/search", "list"),
    Rule(
        _NIPS,
        r"/paper(?:_files/paper)?/(\d{4})/(?:hash|file)/([0-9a-f]{32})-"
        r"(?:Abstract|Paper|Metadata|Supplemental|Bibtex|AuthorFeedback|Reviews?|MetaReview)(-[a-z_]+)?\.[a-z]+",
        "nips",
        "$2",
        page=_NIPS_PAGE,
    ),
    Rule(
        _NIPS, r"/(?:paper|book)/(\d{1,5})-([a-z0-9-]+?)(?:\.pdf)?", "nips", page="https://papers.nips.cc/paper/$1-$2"
    ),
    Rule(r"proceedings\.mlr\.press|jmlr\.org/proceedings", r"/(v\d+)/([a-z0-9._-]+?)(?:\.html)?", "pmlr", "$1/$2"),
    Rule(r"proceedings\.mlr\.press", r"/(v\d+)/([a-z0-9._-]+)/[^/]+\.(?:pdf|html|bib)", "pmlr", "$1/$2"),
    Rule(
        r"openaccess\.thecvf\.com",
        r"/(content[a-z0-9_]*(?:/[a-z0-9_-]+)*)/(?:html|papers|supplemental)/"
        r"([a-z0-9_.'-]+_[a-z]+_\d{4})_(?:paper|supplemental)\.(?:html|pdf|zip)",
        "cvf",
        "$2",
        page="https://openaccess.thecvf.com/$1/html/$2_paper.html",
    ),
    Rule(r"ieeexplore\.ieee\.org", r"/(?:abstract/)?document/(\d+)(?:/.*)?", "ieee"),
    Rule(
        r"ieeexplore\.ieee\.org",
        r"/(?:stampPDF/getPDF|stamp/stamp|xpl/articleDetails|xpls/abs_all)\.jsp",
        "ieee",
        parameter="arnumber",
    ),
    Rule(r"ieeexplore\.ieee\.org", r"/(?:ielx?\d+/\d+/\d+/)0*(\d+)\.pdf", "ieee"),
    Rule(r"jmlr\.org", r"/papers/(v\d+)/([a-z0-9._-]+?)(?:\.html|\.bib|/[^/]+\.pdf)?", "jmlr", "$1/$2"),
    Rule(r"jmlr\.org", r"/papers/volume(\d+)/([a-z0-9._-]+)/[^/]+\.pdf", "jmlr", "v$1/$2"),
    Rule(_DBLP, r"/rec/(?:html/|bibtex/|xml/)?([a-z]+/[a-z0-9_-]+/[a-z0-9_-]+)(?:\.html|\.bib|\.xml)?", "dblp"),
    Rule(_DBLP, r"/(?:db|pid|search)(?:/.*)?", "list"),
    Rule(r"(?:[a-z0-9-]+\.)*(?:hal\.science|archives-ouvertes\.fr)", r"/([a-z]+-\d{8}(?:v\d+)?)(?:/.*)?", "hal"),
    Rule(r"inspirehep\.net", r"/(?:api/)?(?:literature|record)/(\d+)(?:/.*)?", "inspire"),
    Rule(r"ui\.adsabs\.harvard\.edu", r"/abs/([^/]{19})(?:/.*)?", "bibcode"),
    Rule(r"ui\.adsabs\.harvard\.edu", r"/search(?:/.*)?", "list"),
    Rule(r"osf\.io", r"/preprints/(?:[a-z0-9_-]+/)?([a-z0-9]{5}(?:_v\d+)?)(?:/.*)?", "osf"),
    Rule(r"(?:psyarxiv|socarxiv)\.com", r"/([a-z0-9]{5}(?:_v\d+)?)(?:/.*)?", "osf"),
    Rule(_SSRN, r"/(?:sol3/)?(?:papers|delivery)\.cfm(?:/.*)?", "ssrn", parameter="abstract_id"),
    Rule(_SSRN, r"/(?:sol3/)?(?:papers|delivery)\.cfm(?:/.*)?", "ssrn", parameter="abstractid"),
    Rule(_SSRN, r"/abstract=(\d+)", "ssrn"),
    Rule(r"zenodo\.org", r"/(?:api/)?records?/(\d+)(?:/.*)?", "zenodo"),
    Rule(r"sciencedirect\.com", r"/science/article/(?:abs/|am/)?pii/([0-9SX()-]+)(?:/.*)?", "pii"),
    Rule(
        r"(?:[a-z]+\.)?(?:cell|thelancet)\.com", r"/.*/(?:pii/?)?(S\d{4}-?\d{4}\(?\d{2}\)?\d{5}-?[0-9X])(?:/.*)?", "pii"
    ),
    Rule(_NO_PUBLISHER, r"/(?:.*/)?(?:toc|loi)/(?:.*/)?10\.\d{4,9}/.*", "list"),
    Rule(_NO_PUBLISHER, rf"/(?:.*?/)?(?:doi:)?{DOI}", "doi_path"),
    Rule(_NO_PUBLISHER, r"/(?:.*/)?(?:action|article|articles|doi|content|abstract)(?:/.*)?", "doi", parameter="doi"),
)
