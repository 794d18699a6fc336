"""The sites that the URL rules know, and the shapes of identifiers in their paths: the words of `url_rules.py`.

Patterns for the whole host without `www.`, without regard to case. Refuses what Python and JavaScript do not read
alike; the extension holds the same ones (`extension/src/identity/rules.js`).
"""

from __future__ import annotations

ARXIV_ID = r"((?:arxiv:)?(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?)"
ACL_ID = r"((?:\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+|[a-z]\d{2}-\d{4,5})(?:v\d+)?)"
DOI = r"(10\.\d{4,9}(?:\.\d+)*(?:/|%2f).+)"

ARXIV = r"(?:[a-z0-9-]+\.)?arxiv\.org|xxx\.lanl\.gov|xxx\.itp\.ac\.cn"
NIPS = r"papers\.(?:nips|neurips)\.cc|proceedings\.neurips\.cc"
NIPS_HASH = r"([0-9a-f]{32})(?:-[a-z]+(-[a-z0-9_]+)?)?(?:\.[a-z]+)?"
NIPS_PAGE = "https://papers.nips.cc/paper_files/paper/$1/hash/$2-Abstract$3.html"
NCBI = r"ncbi\.nlm\.nih\.gov"
DBLP = r"dblp\d?\.(?:org|uni-trier\.de|dagstuhl\.de)"
SSRN = r"(?:[a-z]+\.)?ssrn\.com"
HAL = r"(?:[a-z0-9-]+\.)*(?:hal\.science|archives-ouvertes\.fr)|hal(?:-[a-z]+)?\.[a-z0-9-]+\.[a-z]+"
ADS = r"(?:ui\.|articles\.)?adsabs\.harvard\.edu|(?:[a-z]+\.)?scixplorer\.org"
JMLR = r"jmlr\.org|jmlr\.csail\.mit\.edu"
ACL = r"(?:[a-z]+\.)?(?:aclanthology\.org|aclanthology\.info|aclweb\.org)|aclanthology\.coli\.uni-saarland\.de"
S2 = r"(?:[a-z0-9]+\.)?semanticscholar\.org"
IEEE = r"(?:ieeexplore|xplorestaging)\.ieee\.org"
HF = r"huggingface\.co|hf\.co|hf-mirror\.com"
ELSEVIER = r"(?:[a-z]+\.)?(?:sciencedirect|elsevier)\.com"
SCHOLAR = r"scholar\.google\.[a-z.]+"
PII = r"(S\d{4}-?\d{4}\(?\d{2}\)?\d{5}-?[0-9X])"
# Publishers' catalogues: what is found in them, and lists of their issues and authors, is no paper.
CATALOGUES = (
    r"dl\.acm\.org|ieeexplore\.ieee\.org|(?:link\.)?springer\.com|sciencedirect\.com|nature\.com|frontiersin\.org"
    r"|journals\.plos\.org|inspirehep\.net|zenodo\.org|semanticscholar\.org|elifesciences\.org|mdpi\.com"
    r"|(?:papers\.)?ssrn\.com|(?:[a-z]+\.)?onlinelibrary\.wiley\.com|tandfonline\.com|academic\.oup\.com"
)
RXIV = r"(?:connect\.)?(?:biorxiv|medrxiv)\.org"
# A DOI in the path of these sites is not what the page is about.
NO_PUBLISHER = (
    r"(?!(?:.+\.)?(?:github|gitlab|wikipedia|reddit|twitter|x|youtube|google|facebook|linkedin)\.(?:com|org)$).+"
)
