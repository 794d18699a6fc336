"""All sources: which are on, in which order they are asked, how often, and with which key.

The order is the enrichment's: the registries and archives that keep a paper's own record first, then those that merge
others' records and so know more ids, then open copies, then code. A new source is a row in each table and two settings.
"""

from __future__ import annotations

from collections.abc import Callable

from api.settings import Settings, categories_of
from workers.gateway_limits import GatewayLimits, user_agent
from workers.origins import origin_of
from workers.sources.archive_links import ArchiveLinks
from workers.sources.arxiv import Arxiv
from workers.sources.arxiv_list import ArxivList
from workers.sources.base import DailyList, LinkHost, Source
from workers.sources.biorxiv import BioRxiv
from workers.sources.crossref import Crossref
from workers.sources.datacite import DataCite
from workers.sources.doi_agency import DoiAgency
from workers.sources.europepmc import EuropePmc
from workers.sources.github import GitHub
from workers.sources.huggingface import HuggingFace, HuggingFaceDaily
from workers.sources.huggingface_links import HuggingFaceLinks
from workers.sources.openalex import OpenAlex
from workers.sources.pubmed import PubMed
from workers.sources.semantic_scholar import SemanticScholar
from workers.sources.unpaywall import Unpaywall
from workers.sources.zenodo import Zenodo

VERSION = "0.1"

# source: what its settings begin with
SETTINGS = {
    "arxiv": "arxiv",
    "biorxiv": "biorxiv",
    "crossref": "crossref",
    "datacite": "datacite",
    "zenodo": "zenodo",
    "pubmed": "pubmed",
    "europepmc": "europepmc",
    "openalex": "openalex",
    "s2": "semantic_scholar",
    "unpaywall": "unpaywall",
    "huggingface": "huggingface",
    "github": "github",
    "doi": "doi",
}


def sources_of(settings: Settings) -> list[Source]:
    """The sources that are switched on, in the order in which they are asked: each may name ids for the next."""
    mail = settings.contact_email
    rows: tuple[tuple[str, Callable[[str], Source]], ...] = (
        (settings.arxiv_url, Arxiv),
        (settings.biorxiv_url, BioRxiv),
        (settings.crossref_url, lambda url: Crossref(url, mail)),
        (settings.datacite_url, DataCite),
        (settings.zenodo_url, Zenodo),
        (settings.pubmed_url, lambda url: PubMed(url, mail, settings.ncbi_key)),
        (settings.europepmc_url, EuropePmc),
        (settings.openalex_url, lambda url: OpenAlex(url, settings.openalex_key)),
        (settings.semantic_scholar_url, lambda url: SemanticScholar(url, settings.semantic_scholar_key)),
        (settings.unpaywall_url, lambda url: Unpaywall(url, mail)),
        (settings.huggingface_url, lambda url: HuggingFace(url, settings.huggingface_token)),
    )
    return [source(url) for url, source in rows if url]


def doi_agency_of(settings: Settings) -> DoiAgency | None:
    """The resolver that knows who registered a DOI, if it is switched on."""
    return DoiAgency(settings.doi_url) if settings.doi_url else None


def link_hosts_of(settings: Settings) -> list[LinkHost]:
    """Who answers for links, as far as they are switched on."""
    rows: tuple[tuple[str, Callable[[str], LinkHost]], ...] = (
        (settings.github_url, lambda url: GitHub(url, settings.github_token)),
        (settings.huggingface_url, lambda url: HuggingFaceLinks(url, settings.huggingface_token)),
        (settings.datacite_url, ArchiveLinks),
    )
    return [host(url) for url, host in rows if url]


def lists_of(settings: Settings) -> dict[str, DailyList]:
    """The lists for what trends that are switched on, by name: none unless somebody asked for them."""
    found: list[DailyList] = []
    if settings.trending_huggingface and settings.huggingface_url:
        found.append(HuggingFaceDaily(settings.huggingface_url, settings.huggingface_token))
    if settings.trending_arxiv and settings.arxiv_list_url:
        found.append(ArxivList(settings.arxiv_list_url, categories_of(settings.trending_arxiv)))
    return {one.name: one for one in found}


def limits_of(settings: Settings) -> GatewayLimits:
    """The gateway's manners, from the settings."""
    urls = [getattr(settings, f"{name}_url") for name in SETTINGS.values()]
    urls += [settings.arxiv_list_url] if settings.trending_arxiv else []
    private = urls if settings.allow_private_sources else []
    return GatewayLimits(
        user_agent=user_agent(VERSION, settings.base_url, settings.contact_email),
        intervals={source: getattr(settings, f"{name}_interval_seconds") for source, name in SETTINGS.items()},
        one_at_a_time=frozenset({Arxiv.name}),
        allow_private_for=frozenset(origin_of(url) for url in private if url),
    )
