"""Which agency registered a DOI (doi.org/ra, the handbook's "Which RA?"): asked once a prefix, so that no other is.

It answers for a prefix, not for a paper, and so has a shape of its own. Refuses an answer about another DOI; an agency
that keeps no record for us to read is simply another one.
"""

from __future__ import annotations

from urllib.parse import quote, unquote, urlsplit

from workers.doi_prefixes import Agency, prefix_of
from workers.json_fields import objects, text
from workers.sources.base import Answer, BadAnswer, Request, is_absent, json_list

AGENCIES: dict[str, Agency] = {"crossref": "crossref", "datacite": "datacite"}
UNKNOWN = ("doi does not exist", "invalid doi", "unknown")


class DoiAgency:
    """The resolver at `base_url`, without a slash at its end."""

    name = "doi"

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url

    def ask_agency(self, doi: str) -> Request:
        """Who registered this DOI, and with it all of its prefix."""
        return Request(self.name, f"{self._base_url}/ra/{quote(doi)}", "application/json")

    def read_agency(self, answer: Answer) -> Agency | None:
        """The agency, or None when nobody registered the DOI; raises BadAnswer."""
        if is_absent(answer):
            return None
        found = objects(json_list(answer))
        if len(found) != 1:
            raise BadAnswer("malformed")
        asked = unquote(urlsplit(answer.url).path.partition("/ra/")[2])
        if prefix_of(text(found[0], "DOI")) != prefix_of(asked):
            raise BadAnswer("other_paper")
        agency = text(found[0], "RA").lower()
        if not agency and text(found[0], "status").lower() in UNKNOWN:
            return None
        if not agency:
            raise BadAnswer("malformed")
        return AGENCIES.get(agency, "other")
