"""What a DOI's prefix says by itself: which agency keeps its record, and whether a preprint server gave it.

A prefix stays with its agency, so what is common is written down here, and only a prefix that is not is asked about.
Refuses to guess from anything behind the slash.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from api.domain.papers import Identifier

Agency = Literal["crossref", "datacite", "other"]

PREPRINT_SERVERS = (
    "10.1101/",  # bioRxiv and medRxiv
    "10.64898/",  # the same since December 2025
    "10.2139/",  # SSRN
    "10.21203/",  # Research Square
    "10.20944/",  # Preprints.org
    "10.26434/",  # ChemRxiv
    "10.31234/",  # PsyArXiv
    "10.36227/",  # TechRxiv
)
_DATACITE = "10.5281 10.6084 10.5061 10.48550 10.7910 10.4230 10.3929 10.14279 10.17863 10.25384 10.17605 10.34740"
_CROSSREF = (
    "10.1001 10.1002 10.1007 10.1016 10.1017 10.1021 10.1029 10.1038 10.1039 10.1056 10.1063 10.1073 10.1080 10.1088 "
    "10.1090 10.1093 10.1098 10.1101 10.1103 10.1109 10.1111 10.1112 10.1117 10.1126 10.1128 10.1136 10.1137 10.1140 "
    "10.1142 10.1145 10.1146 10.1158 10.1161 10.1162 10.1175 10.1177 10.1182 10.1186 10.1200 10.1214 10.1215 10.1242 "
    "10.1287 10.1353 10.1364 10.1371 10.1515 10.1523 10.1561 10.1613 10.2139 10.2196 10.3115 10.3233 10.3390 10.3389 "
    "10.3847 10.4018 10.4049 10.7150 10.7554 10.7717 10.15252 10.18653 10.20944 10.21105 10.21203 10.21437 10.23919 "
    "10.24963 10.26434 10.31234 10.36227 10.64898"
)
_AGENCIES: dict[str, Agency] = {
    **dict.fromkeys(_DATACITE.split(), "datacite"),
    **dict.fromkeys(_CROSSREF.split(), "crossref"),
}


def prefix_of(doi: str) -> str:
    """The part before the first slash."""
    return doi.partition("/")[0]


def known_agency(doi: str) -> Agency | None:
    """The agency that keeps the DOI's record, where its prefix is one of the common ones."""
    return _AGENCIES.get(prefix_of(doi))


def published_first(identifiers: Collection[Identifier]) -> list[str]:
    """The DOIs among the identifiers in a stable order, a preprint server's behind all others."""
    dois = (each.value for each in identifiers if each.scheme == "doi")
    return sorted(dois, key=lambda value: (value.startswith(PREPRINT_SERVERS), value))
