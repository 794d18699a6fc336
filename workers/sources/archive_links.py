"""DataCite's records of archived things (support.datacite.org/docs/api): whether a deposit is code or data, and there.

Zenodo, figshare, Dataverse, Dryad and others hold any kind under one form of address; what a deposit is stands in its
record. It answers for a link, not for a paper. Refuses DOIs that are no archive's.
"""

from __future__ import annotations

from urllib.parse import quote

from msgspec.structs import replace

from api.domain.link_hosts import place_of
from api.domain.papers import Finding, Link, LinkKind
from workers.json_fields import inner, text
from workers.sources.base import Answer, BadAnswer, Request, is_absent, json_object

HOME = "https://doi.org/"
KINDS: dict[str, LinkKind] = {
    "Software": "code",
    "ComputationalNotebook": "code",
    "Workflow": "code",
    "Dataset": "dataset",
    "Model": "model",
}


class ArchiveLinks:
    """DataCite at `base_url`, without a slash at its end."""

    name = "datacite_link"

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url

    def ask_link(self, url: str) -> Request | None:
        """The record of the deposit that an address names; None for what is no deposit with a DOI."""
        place = place_of(url)
        if place is None or not place.url.startswith(HOME):
            return None
        asked = f"{self._base_url}/dois/{quote(place.url[len(HOME) :].lower(), safe='')}"
        return Request("datacite", asked, "application/vnd.api+json")

    def go_on(self, answer: Answer) -> Request | None:
        """Nothing more."""
        return None

    def check(self, link: Link, answer: Answer) -> Finding:
        """What a link that somebody named is, as a finding that holds this check alone; raises BadAnswer."""
        if is_absent(answer):
            gone = replace(link, status="gone", evidence="DataCite: there is no such deposit", source=self.name)
            return Finding(self.name, links=(gone,))
        said = text(inner(inner(inner(json_object(answer), "data"), "attributes"), "types"), "resourceTypeGeneral")
        if not said:
            raise BadAnswer("malformed")
        kind = KINDS.get(said, link.kind)
        one = replace(link, kind=kind, status="available", evidence=f"DataCite: {said}"[:100], source=self.name)
        return Finding(self.name, links=(one,))
