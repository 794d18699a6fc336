"""What a web address says by itself: which kind of resource, and the one canonical spelling of it.

One row for each form of address. Refuses what is no resource of a paper (papers themselves, licences, hosts without
a name) and makes no guess about whose resource it is: that is in the sentence around it (`link_words.py`).
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from msgspec import Struct

from api.domain.papers import LinkKind

Standing = Literal["own", "shared", "profile"]


class Place(Struct, frozen=True):
    """An address understood: canonical `url`, a `key` equal for all spellings, and what the host says of it.

    `sure` is false where the host holds any kind (an archive, an own domain) and words may correct `kind`.
    `standing` is `shared` for a repository of many papers, `profile` for a person or an organisation.
    """

    url: str
    key: str
    kind: LinkKind
    sure: bool
    standing: Standing


class _Row(NamedTuple):
    """Host and path (with query) as patterns, what it is (None: no resource), and the canonical form (None: as is)."""

    host: str
    path: str
    kind: LinkKind | None
    url: str | None = None
    sure: bool = True
    standing: Standing = "own"


_REPO = r"/(?P<o>[\w.-]+)/(?=[.-]*\w)(?!\.git(?:[/?]|$))(?P<n>[\w.-]+?)(?:\.git)?(?:[/?].*)?"
_ONE = r"/[\w.~-]+/?(?:\?.*)?"
_ALL = r".*"
_GITHUB_PAGES = (
    r"/(?:about|apps|collections|customer-stories|enterprise|explore|features|issues|join|login|marketplace|"
    r"notifications|orgs|pricing|pulls|search|security|settings|site|sponsors|stars|topics|trending)(?:[/?].*)?"
)
_HUB_PAGES = r"/(?:blog|chat|docs|join|learn|login|papers|posts|pricing|search|settings|tasks|api)(?:[/?].*)?"
_OTHER_FORGES = r"bitbucket\.org|codeberg\.org|gitee\.com"
_PAPERS = (
    r"(?:[\w.]+\.)?(?:arxiv\.org|doi\.org|openreview\.net|aclanthology\.org|ieee\.org|acm\.org|springer\.com|"
    r"nature\.com|sciencedirect\.com|wiley\.com|mlr\.press|thecvf\.com|semanticscholar\.org|(?:bio|med)rxiv\.org|"
    r"neurips\.cc|alphaxiv\.org|creativecommons\.org|orcid\.org|ror\.org)"
)

_ROWS = (
    _Row(r"github\.com", _GITHUB_PAGES, None),
    _Row(r"github\.com", _REPO, "code", "https://github.com/{o}/{n}"),
    _Row(r"github\.com", _ONE, "code", standing="profile"),
    _Row(r"raw\.githubusercontent\.com", _REPO, "code", "https://github.com/{o}/{n}"),
    _Row(r"colab\.research\.google\.com", f"/github{_REPO}", "code", "https://github.com/{o}/{n}"),
    _Row(r"colab\.research\.google\.com", _ALL, "demo"),
    _Row(r"gist\.github\.com", r"/[\w-]+/[0-9a-f]+.*", "code"),
    _Row(
        r"gitlab\.[\w.-]+",
        r"/(?P<n>[\w.-]+(?:/[\w.-]+)+?)(?:\.git)?(?:/(?:-|tree|blob|wikis|issues)/.*|/|\?.*)?",
        "code",
        "https://{host}/{n}",
    ),
    _Row(r"gitlab\.com", _ONE, "code", standing="profile"),
    _Row(_OTHER_FORGES, _REPO, "code", "https://{host}/{o}/{n}"),
    _Row(r"(?:git\.)?sr\.ht", r"/~[\w.-]+/[\w.-]+.*", "code"),
    _Row(r"anonymous\.4open\.science", r"/(?:r|repository)/(?P<n>[\w.-]+).*", "code", "https://{host}/r/{n}"),
    _Row(r"codeocean\.com|archive\.softwareheritage\.org", r"/.+", "code"),
    _Row(r"huggingface\.co", r"/datasets/(?P<n>[\w.-]+(?:/[\w.-]+)?).*", "dataset", "https://{host}/datasets/{n}"),
    _Row(r"huggingface\.co", r"/spaces/(?P<o>[\w.-]+)/(?P<n>[\w.-]+).*", "demo", "https://{host}/spaces/{o}/{n}"),
    _Row(r"huggingface\.co", r"/collections/.+", "model"),
    _Row(r"huggingface\.co", _HUB_PAGES, None),
    _Row(r"huggingface\.co", _REPO, "model", "https://{host}/{o}/{n}"),
    _Row(r"huggingface\.co", _ONE, "model", standing="profile"),
    _Row(r"(?:www\.)?modelscope\.cn", r"/models/.+", "model"),
    _Row(r"(?:www\.)?(?:modelscope\.cn|kaggle\.com)", r"/datasets?/.+", "dataset"),
    _Row(r"kaggle\.com", r"/code/.+", "code"),
    _Row(r"[\w-]+\.hf\.space|[\w-]+\.gradio\.(?:live|app)|[\w-]+\.streamlit\.app", _ALL, "demo"),
    _Row(
        r"(?:www\.)?zenodo\.org",
        r"/(?:records?|doi/10\.5281/zenodo\.)/?(?P<n>\d+).*",
        "dataset",
        "https://doi.org/10.5281/zenodo.{n}",
        sure=False,
    ),
    _Row(
        r"(?:dx\.)?doi\.org",
        r"/(?P<n>10\.(?:5281|6084|7910|5061|17605|17632|34740)/[^?]+).*",
        "dataset",
        "https://doi.org/{n}",
        sure=False,
    ),
    _Row(
        r"(?:[\w-]+\.)?figshare\.com|osf\.io|datadryad\.org|(?:[\w-]+\.)?dataverse\.[\w.]+",
        r"/.+",
        "dataset",
        sure=False,
    ),
    _Row(r"data\.mendeley\.com|physionet\.org", r"/.+", "dataset"),
    _Row(r"youtu\.be", r"/(?P<n>[\w-]{6,}).*", "video", "https://www.youtube.com/watch?v={n}"),
    _Row(
        r"(?:m\.)?youtube\.com",
        r"/(?:watch\?(?:.*&)?v=|embed/|shorts/)(?P<n>[\w-]{6,}).*",
        "video",
        "https://www.youtube.com/watch?v={n}",
    ),
    _Row(r"youtube\.com|vimeo\.com|bilibili\.com", r"/.+", "video"),
    _Row(r"[\w-]+\.(?:github|gitlab)\.io", _ALL, "project"),
    _Row(
        r"sites\.google\.com|[\w.-]+\.(?:netlify\.app|vercel\.app|pages\.dev|webflow\.io|notion\.site)", _ALL, "project"
    ),
    _Row(_PAPERS, _ALL, None),
    _Row(rf"(?:gist\.)?github\.com|github\.io|gitlab\.com|huggingface\.co|zenodo\.org|{_OTHER_FORGES}", _ALL, None),
    _Row(r"(?:[\w-]+\.)+[^\W\d_]{2,}", _ALL, "project", sure=False),
)
_TABLE = tuple((re.compile(row.host), re.compile(row.path, re.ASCII), row) for row in _ROWS)

_ALIASES = {"hf.co": "huggingface.co"}

# Hosts where upper and lower case make no difference: `GitHub.com/Owner/Name` is one repository.
_FOLDED = re.compile(rf"https?://(?:github\.com|gitlab\.com|huggingface\.co|doi\.org|{_OTHER_FORGES})/", re.IGNORECASE)

# Repositories that hold the code of many papers: a link to one says nothing about this paper's own code.
_MANY_PAPERS = {
    "deepmind": ("deepmind-research",),
    "facebookresearch": ("detectron2", "fairseq", "mmf", "pytorchvideo", "vissl"),
    "google": ("trax",),
    "google-deepmind": ("deepmind-research",),
    "google-research": ("big_vision", "federated", "google-research", "language", "scenic", "t5x"),
    "huggingface": ("diffusers", "lerobot", "transformers"),
    "microsoft": ("deepspeed", "unilm"),
    "nvidia": ("deeplearningexamples", "megatron-lm"),
    "open-mmlab": ("mmaction2", "mmdetection", "mmpose", "mmpretrain", "mmsegmentation"),
    "paddlepaddle": ("models", "paddledetection", "paddlenlp", "research"),
    "pytorch": ("examples", "fairseq", "pytorch", "vision"),
    "tensorflow": ("models", "tensor2tensor", "tensorflow", "tpu"),
}
_SHARED = frozenset(f"github.com/{owner}/{name}" for owner, names in _MANY_PAPERS.items() for name in names)

_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>[^/?#@:\s]+?)\.?(?P<port>:\d+)?(?P<path>[/?][^#]*)?(?P<tail>#.*)?", re.IGNORECASE
)


def place_of(url: str) -> Place | None:
    """What the address is, or None if it is no outside resource of a paper. Applied to its own `url`, it is itself."""
    match = _ADDRESS.fullmatch(url)
    if match is None:
        return None
    host, path = match["host"].lower(), match["path"] or ""
    bare = _ALIASES.get(host.removeprefix("www."), host.removeprefix("www."))
    for host_form, path_form, row in _TABLE:
        if not host_form.fullmatch(bare):
            continue
        found = path_form.fullmatch(path)
        if found is not None:
            written = f"{match['scheme'].lower()}://{host}{match['port'] or ''}{path}{match['tail'] or ''}"
            return _place(row, row.url.format(host=bare, **found.groupdict()) if row.url else written)
    return None


def _place(row: _Row, url: str) -> Place | None:
    if row.kind is None:
        return None
    folded = _FOLDED.match(url) is not None
    key = (url.lower() if folded else url).partition("://")[2].removeprefix("www.").rstrip("/")
    standing: Standing = "shared" if key in _SHARED else row.standing
    return Place(url, key, row.kind, row.sure, standing)
