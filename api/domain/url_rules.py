"""The table of URL rules: which address names which identifier. One row, one rule; the first that fits wins.

The extension holds the same rows (`extension/src/identity/rules.js`); a test compares them. The patterns therefore
use only what Python and JavaScript read alike. A rule never needs the network and never guesses: where a page
needs its meta tags to be known, there is no row.
"""

from __future__ import annotations

from msgspec import Struct

from api.domain.url_sites import (
    ACL,
    ACL_ID,
    ADS,
    ARXIV,
    ARXIV_ID,
    CATALOGUES,
    DBLP,
    DOI,
    ELSEVIER,
    HAL,
    HF,
    IEEE,
    JMLR,
    NCBI,
    NIPS,
    NIPS_HASH,
    NIPS_PAGE,
    NO_PUBLISHER,
    PII,
    RXIV,
    S2,
    SCHOLAR,
    SSRN,
)


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


RULES: tuple[Rule, ...] = (
    Rule(ARXIV, rf"/(?:abs|pdf|html|format|ps|e-print|src|other|tb|bibtex|refs|cits)/ *{ARXIV_ID}(?:[./].*)?", "arxiv"),
    Rule(ARXIV, r"/ftp/arxiv/papers/\d{4}/(\d{4}\.\d{4,5})\.[a-z]+", "arxiv"),
    Rule(ARXIV, r"/ftp/([a-z-]+)/papers/\d{4}/(\d{7})\.[a-z]+", "arxiv", "$1/$2"),
    Rule(ARXIV, r"/(?:list|listing|a|catchup|search|archive|year|find|rss|atom)(?:/.*)?", "list"),
    Rule(r"ar5iv\.org|ar5iv\.labs\.arxiv\.org", rf"/(?:(?:abs|html|pdf)/)?{ARXIV_ID}(?:[./].*)?", "arxiv"),
    Rule(r"(?:[a-z]+\.)?alphaxiv\.org", rf"/(?:[a-z-]+/){{1,2}}?{ARXIV_ID}(?:[./].*)?", "arxiv"),
    Rule(HF, rf"/(?:api/)?papers/{ARXIV_ID}(?:[./].*)?", "arxiv"),
    Rule(HF, r"/papers(?:/(?:date|week|month|trending)(?:/.*)?)?", "list"),
    Rule(r"scirate\.com", r"/(?:arxiv/(?![a-z-]+/\d{7}|\d{4}\.\d).*)?", "list"),
    Rule(
        r"arxiv-vanity\.com|emergentmind\.com|paperswithcode\.co|arxiv\.deeppaper\.ai|talk2arxiv\.org|arxiv-sanity\.com",
        rf"/(?:(?:papers?|pdf|abs)/)?{ARXIV_ID}(?:\.pdf)?",
        "arxiv",
    ),
    Rule(r"arxiv-sanity-lite\.com", r"/.*", "arxiv", parameter="pid"),
    Rule(S2, rf"/(?:.*/)?{ARXIV_ID}", "arxiv"),
    Rule(S2, r"/(?:.*/)?corpusid:(\d+)(?:/.*)?", "corpusid"),
    Rule(S2, rf"/(?:.*/)?doi:{DOI}", "doi"),
    Rule(S2, r"/(?:.*/)?(?:paper|reader|p)/(?:.+/)?([0-9a-f]{40})(?:/.*)?", "s2"),
    Rule(r"pdfs\.semanticscholar\.org", r"/([0-9a-f]{4})/([0-9a-f]{36})\.pdf", "s2", "$1$2"),
    Rule(r"connectedpapers\.com", r"/main/([0-9a-f]{40})(?:/.*)?", "s2"),
    Rule(r"(?:dx\.|www\.)?doi\.org", rf"/ *(?:doi: *)?{DOI}", "doi"),
    Rule(RXIV, rf"/content/(?:biorxiv/|medrxiv/)?(?:early/\d{{4}}/\d\d/\d\d/)?{DOI}", "doi_path"),
    Rule(
        RXIV,
        r"/content/(?:biorxiv/|medrxiv/)?early/\d{4}/\d\d/\d\d/"
        r"((?:20(?:19|2[0-4])\.\d\d\.\d\d\.)?\d{6,8}(?:v\d+)?)(?:\..*)?",
        "doi",
        "10.1101/$1",
    ),
    Rule(RXIV, r"/(?:content/early/recent|collection|search)(?:/.*)?", "list"),
    Rule(r"nature\.com", r"/articles/(s41599-\d{3}-\d{4,5}-[0-9a-z])(?:[./_].*)?", "doi", "10.1057/$1"),
    Rule(r"nature\.com", r"/articles/(s\d{5}-\d{3}-\d{4,5}-[0-9a-z])(?:[./_].*)?", "doi", "10.1038/$1"),
    Rule(
        r"nature\.com",
        r"/(?:articles|[a-z]+/journal/v\d+/n[^/]+/(?:full|abs|pdf))/((?:nature|ncomms|srep)\d{4,5}|(?:nr[a-z]|nphys|nmat|ngeo|nclimate|ncb|ng|nm|nn|ni|nbt)\d{2,4}"
        r"|n[a-z]{1,9}(?:\.20\d\d)?\.\d{1,4}|sj\.[a-z]+\.\d{7}|\d{5,6}[a-z]\d|\d{8})(?:[/_].*|\.e?pdf|\.html)?",
        "doi",
        "10.1038/$1",
    ),
    Rule(r"peerj\.com", r"/articles/(\d+)(?:[./-].*)?", "doi", "10.7717/peerj.$1"),
    Rule(
        r"peerj\.com", r"/articles/(cs|pchem|achem|ichem|ochem|matsci)-(\d+)(?:[./-].*)?", "doi", "10.7717/peerj-$1.$2"
    ),
    Rule(
        r"elifesciences\.org",
        r"/(?:articles|reviewed-preprints)/(\d{5,6})(?:v\d+)?(?:[./].*)?",
        "doi",
        "10.7554/elife.$1",
    ),
    Rule(
        r"openreview\.net|api2?\.openreview\.net",
        r"/(?:forum|pdf|attachment|references/pdf|revisions|notes/edits/attachment)",
        "openreview",
        parameter="id",
    ),
    Rule(r"openreview\.net|api2?\.openreview\.net", r"/notes", "openreview", parameter="forum"),
    Rule(r"openreview\.net", r"/references", "openreview", parameter="referent"),
    Rule(r"openreview\.net", r"/(?:group|venue|search|submissions|profile)", "list"),
    Rule(ACL, rf"/(?:.*/)?{ACL_ID}(?:[./].*)?", "acl"),
    Rule(ACL, r"/(?:events|volumes|venues|people|sigs|search)(?:/.*)?", "list"),
    Rule(rf"pubmed\.{NCBI}|pubmed\.gov", r"/(\d+)(?:/.*)?", "pmid"),
    Rule(NCBI, r"/(?:m/)?pubmed/(\d+)(?:/.*)?", "pmid"),
    Rule(rf"(?:pubmed\.)?{NCBI}", r"/(?:pubmed/?)?", "list", parameter="term"),
    Rule(rf"(?:pmc\.)?{NCBI}", r"/(?:labs/)?(?:pmc/)?articles/(PMC\d+)(?:[./].*)?", "pmcid"),
    Rule(rf"(?:pmc\.)?{NCBI}", r"/(?:labs/)?(?:pmc/)?articles/(\d+)(?:/.*)?", "pmcid", "PMC$1"),
    Rule(rf"(?:pmc\.)?{NCBI}", r"/(?:pmc/)?articles/pmid/(\d+)(?:/.*)?", "pmid"),
    Rule(r"europepmc\.org", r"/(?:article|abstract)/med/(\d+)(?:/.*)?", "pmid"),
    Rule(r"europepmc\.org", r"/(?:articles?|abstract)/(?:pmc/)?(PMC\d+)(?:/.*)?", "pmcid"),
    Rule(r"europepmc\.org", r"/article/pmc/(\d+)(?:/.*)?", "pmcid", "PMC$1"),
    Rule(r"europepmc\.org", r"/(?:article|abstract)/ppr/(?:ppr)?(\d+)(?:/.*)?", "ppr", "PPR$1"),
    Rule(r"europepmc\.org", r"/backend/.*", "pmcid", parameter="accid"),
    Rule(r"europepmc\.org", r"/api/.*", "pmcid", parameter="pmcid"),
    Rule(r"europepmc\.org", r"/search", "list"),
    Rule(
        NIPS,
        rf"/paper(?:_files/paper)?/(\d{{4}})/(?:hash|file|bibtex)/{NIPS_HASH}",
        "nips",
        "$2",
        page=NIPS_PAGE,
    ),
    Rule(
        r"datasets-benchmarks-proceedings\.neurips\.cc",
        rf"/paper(?:_files/paper)?/(\d{{4}})/(?:hash|file|bibtex)/{NIPS_HASH}",
        "nips",
        "$2",
        page="https://datasets-benchmarks-proceedings.neurips.cc/paper/$1/hash/$2-Abstract$3.html",
    ),
    Rule(
        NIPS,
        r"/paper/(\d{1,5})-([a-z0-9-]+?)(?:-supplemental|-reviews)?(?:\.[a-z]+)?",
        "nips",
        page="https://papers.nips.cc/paper/$1-$2",
    ),
    Rule(NIPS, r"/(?:book|paper|paper_files)(?:/.*)?", "list"),
    Rule(r"proceedings\.mlr\.press", r"/([vr]\d+)/([a-z0-9._-]+?)(?:\.html|\.pdf)?", "pmlr", "$1/$2"),
    Rule(r"proceedings\.mlr\.press", r"/([vr]\d+)/([a-z0-9._-]+)/[^/]+\.(?:pdf|html|bib)", "pmlr", "$1/$2"),
    Rule(r"proceedings\.mlr\.press", r"/(?:[vr]\d+)?", "list"),
    Rule(
        r"raw\.githubusercontent\.com",
        r"/mlresearch/([vr]\d+)/(?:[a-z0-9_-]+/)+?assets/([a-z0-9._-]+)/[^/]+\.pdf",
        "pmlr",
        "$1/$2",
    ),
    Rule(JMLR, r"/proceedings/papers/([vr]\d+)/([a-z0-9._-]+?)(?:\.html|\.pdf|/[^/]+\.pdf)?", "pmlr", "$1/$2"),
    Rule(
        r"openaccess\.thecvf\.com|cv-foundation\.org",
        r"(?:/openaccess)?/(content[a-z0-9_]*(?:/[a-z0-9_-]+)*)/(?:html|papers|supplemental)/"
        r"([a-z0-9_.'-]+_[a-z]+_\d{4})_(?:paper|supplemental)\.(?:html|pdf|zip)",
        "cvf",
        "$2",
        page="https://openaccess.thecvf.com/$1/html/$2_paper.html",
    ),
    Rule(r"openaccess\.thecvf\.com", r"/(?:menu.*|[a-z]+\d{4}[a-z_./]*)", "list"),
    Rule(IEEE, r"/(?:abstract/|rest/)?document/(\d+)(?:/.*)?", "ieee"),
    Rule(IEEE, r"/.*\.jsp", "ieee", parameter="arnumber"),
    Rule(IEEE, r"/(?:ielx?\d+/\d+/\d+/)0*(\d+)\.pdf", "ieee"),
    Rule(JMLR, r"/papers/(v\d+)/([a-z0-9._-]+?)(?:\.html|\.bib|/[^/]+\.pdf)?", "jmlr", "$1/$2"),
    Rule(JMLR, r"/papers/volume(\d+)/([a-z0-9._-]+?)(?:\.old)?/(?:[^/]+/)?[^/]+\.pdf", "jmlr", "v$1/$2"),
    Rule(JMLR, r"/papers(?:/v\d+)?", "list"),
    Rule(DBLP, r"/rec/(?:[a-z]+\d?/)?([a-z]+/[a-z0-9_-]+/[a-z0-9_-]+)(?:\.[a-z]+)?", "dblp"),
    Rule(DBLP, r"/(?:db|pid|pers|search|streams)(?:/.*)?", "list"),
    Rule(HAL, r"/([a-z]+-\d{8}(?:v\d+)?)(?:/.*)?", "hal"),
    Rule(r"(?:old\.|labs\.)?inspirehep\.net", r"/(?:api/)?(?:literature|record)/(\d+)(?:/.*)?", "inspire"),
    Rule(ADS, r"/(?:abs|full|link_gateway)/([^/]{19})(?:/.*)?", "bibcode"),
    Rule(ADS, r"/cgi-bin/.*", "bibcode", parameter="bibcode"),
    Rule(ADS, r"/search(?:/.*)?", "list"),
    Rule(r"osf\.io", r"/preprints/(?:[a-z0-9_-]+/)?((?!bitss)[a-z0-9]{5}(?:_v\d+)?)(?:/.*)?", "osf"),
    Rule(r"osf\.io", r"/preprints(?:/.*)?", "list"),
    Rule(r"(?:psyarxiv|socarxiv)\.com", r"/([a-z0-9]{5}(?:_v\d+)?)(?:/.*)?", "osf"),
    Rule(SSRN, r"/(?:sol3/)?(?:papers|delivery)\.(?:cfm|php)(?:/.*)?", "ssrn", parameter="abstract_id"),
    Rule(SSRN, r"/(?:sol3/)?(?:papers|delivery)\.(?:cfm|php)(?:/.*)?", "ssrn", parameter="abstractid"),
    Rule(SSRN, r"/abstract(?:_id)?=(\d+)", "ssrn"),
    Rule(r"zenodo\.org", r"/(?:api/)?records?/(\d+)(?:/.*)?", "zenodo"),
    Rule(ELSEVIER, r"/.*/(?:pii/|1-s2\.0-)([0-9BSX()-]+)(?:/.*)?", "pii"),
    Rule(r"pdf\.sciencedirectassets\.com", r"/\d+/1-s2\.0-([BS][0-9X]+)/.*", "pii"),
    Rule(r"(?:[a-z]+\.)?(?:cell|thelancet)\.com", rf"/.*/(?:pii/?)?{PII}(?:[./].*)?", "pii"),
    Rule(r"(?:[a-z]+\.)?(?:cell|thelancet)\.com", r"/action/.*", "pii", parameter="pii"),
    Rule(NO_PUBLISHER, r"/(?:.*/)?article/(?:pii)?(S\d{4}-\d{4}\(\d{2}\)\d{5}-[0-9X])(?:/.*)?", "pii"),
    Rule(r"dl\.acm\.org", r"/citation\.cfm", "doi", "10.1145/$1", parameter="doid"),
    Rule(r"preprints\.org", r"/manuscript/(\d{6}\.\d{4})/(v\d+)(?:/.*)?", "doi", "10.20944/preprints$1.$2"),
    Rule(
        r"(?:assets\.)?researchsquare\.com",
        r"/(?:article|files)/(rs-\d+)/(v\d+)(?:[._/].*)?",
        "doi",
        "10.21203/rs.3.$1/$2",
    ),
    Rule(r"[a-z]+\.copernicus\.org", r"/articles/(?:.*/)?([a-z]+-\d+-\d+-\d{4})(?:-[a-z]+)?\.pdf", "doi", "10.5194/$1"),
    Rule(r"ijcai\.org", r"/proceedings/(20(?:1[7-9]|[2-9]\d))/0*([1-9]\d*)(?:\.pdf)?", "doi", "10.24963/ijcai.$1/$2"),
    Rule(r"(?:downloads\.)?hindawi\.com", r"/journals/[a-z]+/(\d{4})/(\d{6,7})(?:[./].*)?", "doi", "10.1155/$1/$2"),
    Rule(
        r"jstatsoft\.org",
        r"/(?:index\.php/jss/)?(?:article/view/)?v(\d{3})i(\d\d)(?:/.*)?",
        "doi",
        "10.18637/jss.v$1.i$2",
    ),
    Rule(r"bmj\.com", r"/content/\d+/(bmj[.-][a-z0-9-]+)(?:[./].*)?", "doi", "10.1136/$1"),
    Rule(r"nber\.org", r"/(?:papers|system/files/working_papers)/(w\d+)(?:[./].*)?", "doi", "10.3386/$1"),
    Rule(
        r"drops\.dagstuhl\.de",
        r"/storage/.*/([a-z]+\.[a-z0-9_-]+\.\d{4}\.[a-z0-9.]+?)\.pdf",
        "doi",
        "10.4230/$1",
    ),
    Rule(
        r"pubs\.rsc\.org",
        r"/[a-z]{2}/content/article(?:landing|html|pdf)/\d{4}/[a-z0-9]{2}/([cd]\d[a-z]{2}\d{5}[a-z0-9]|b\d{6}[a-z])",
        "doi",
        "10.1039/$1",
    ),
    Rule(SCHOLAR, r"/scholar_lookup", "doi", parameter="doi"),
    Rule(SCHOLAR, r"/scholar_lookup", "arxiv", parameter="arxiv_id"),
    Rule(NO_PUBLISHER, r"/(?:.*/)?(?:toc|loi|doi/proceedings)/(?:.*/)?10\.\d{4,9}/.*", "list"),
    # Silverchair: the number of the page and its words come after the DOI
    Rule(
        NO_PUBLISHER, r"/(?:.*/)?[a-z-]*article[a-z-]*/doi/(10\.\d{4,9}/[^/]+(?:/[^/]+)??)/\d{3,9}(?:/.*)?", "doi_path"
    ),
    Rule(r"taylorfrancis\.com", r"/(?:books|chapters)/(?:.*/)?(10\.\d{4,9}/[^/]+)(?:/.*)?", "doi"),
    Rule(r"static-content\.springer\.com", r"/.*/[a-z]+:(10\.\d{4,9}/[^/]+)/.*", "doi"),
    Rule(NO_PUBLISHER, rf"/(?:.*?/)?(?:doi:)?{DOI}", "doi_path"),
    *(
        Rule(NO_PUBLISHER, r"/.*", "doi", parameter=name)
        for name in ("doi", "id", "persistentid", "target", "rft_id", "uri")
    ),
    Rule(NO_PUBLISHER, rf"/(?:.*/)?arxiv[:/-]{ARXIV_ID}(?:[./].*)?", "arxiv"),
    Rule(
        CATALOGUES,
        r"/(?:[a-z]+/)?(?:search|browse|toc|loi|journals?|authors?|profile|volumes|articles$|subjects|topics?|communities"
        r"|literature|action/doSearch|sol3/cf_dev|sol3/[a-z_]*results\.cfm|xpl)(?:/.*)?",
        "list",
    ),
)
