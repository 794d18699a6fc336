"""DataCite and Zenodo keep records; the resolver knows who keeps which."""

from __future__ import annotations

import pytest

from api.domain.papers import Author, Dates, Finding, Identifier, Link, Manifestation
from tests.workers.sources.answers import answer, ids, said
from workers.sources.base import BadAnswer
from workers.sources.datacite import DataCite
from workers.sources.doi_agency import DoiAgency
from workers.sources.zenodo import Zenodo

DATACITE, ZENODO = DataCite("https://datacite.example"), Zenodo("https://zenodo.example")
RESOLVER = DoiAgency("https://doi.example")
DOI = "10.4230/slow.7"


def datacite(*asked: str, **fields: object) -> Finding:
    """What we read from a record with these fields."""
    names = asked or (f"doi:{DOI}",)
    doi = {"doi": f"10.48550/arXiv.{names[0][6:]}" if names[0].startswith("arxiv:") else names[0][4:].upper()}
    found = DATACITE.read(said(DATACITE, ids(*names), {"data": {"attributes": doi | fields}}))
    assert found is not None
    return found


def zenodo(asked: int = 77, **fields: object) -> Finding:
    """What we read from record 77, of concept 70, with these fields."""
    record = {"id": 77, "conceptrecid": "70", "doi": "10.5281/zenodo.77", "metadata": {"title": "A"}} | fields
    found = ZENODO.read(said(ZENODO, ids(f"zenodo:{asked}"), record))
    assert found is not None
    return found


def test_datacite_is_asked_for_a_doi_and_else_for_arxivs_own() -> None:
    assert "/dois/10.48550%2Farxiv.2401.00123" in str(DATACITE.ask(ids("arxiv:2401.00123", "pmid:7")))
    assert "/dois/10.4230%2Fslow.7" in str(DATACITE.ask(ids("arxiv:2401.00123", f"doi:{DOI}")))
    assert DATACITE.ask(ids("pmid:7")) is None


def test_a_record_at_datacite_is_read_whole() -> None:
    assert datacite(
        types={"resourceTypeGeneral": "ConferencePaper"},
        titles=[{"title": "Slow &amp; Steady"}, {"title": "A Review", "titleType": "Subtitle"}],
        creators=[
            {"nameType": "Personal", "name": "Lovelace, Ada", "givenName": "Ada", "familyName": "Lovelace"},
            {"nameType": "Organizational", "name": "The Slow Group"},
            {"name": "Grace Hopper"},
            {},
        ],
        descriptions=[
            {"descriptionType": "SeriesInformation", "description": "Vol. 7"},
            {"descriptionType": "Abstract", "description": "<p>We slow.</p>"},
        ],
        dates=[{"dateType": "Available", "date": "2025-03-04T10:00:00Z"}, {"dateType": "Issued", "date": "2025"}],
        publicationYear=2024,
        container={"title": "Proceedings of Slow", "volume": "7", "firstPage": "11", "lastPage": "19"},
        publisher={"name": "Slow Press"},
        language="eng",
        relatedIdentifiers=[
            {"relationType": "IsSupplementedBy", "relatedIdentifierType": "URL", "relatedIdentifier": CODE},
            {"relationType": "References", "relatedIdentifierType": "URL", "relatedIdentifier": CODE + "2"},
        ],
    ) == Finding(
        source="datacite",
        identifiers=(Identifier("doi", DOI),),
        kind="inproceedings",
        title="Slow & Steady: A Review",
        authors=(
            Author(family="Lovelace", given="Ada"),
            Author(literal="The Slow Group"),
            Author(family="Hopper", given="Grace"),
        ),
        abstract="We slow.",
        dates=Dates(online="2025-03-04", issued="2025"),
        venue="Proceedings of Slow",
        volume="7",
        pages="11-19",
        publisher="Slow Press",
        language="en",
        links=(Link("code", CODE, "available", 0.85, "DataCite: IsSupplementedBy", "datacite"),),
    )


CODE = "https://github.com/ada/slow"


def test_arxivs_record_is_a_preprint_of_its_first_day_and_names_the_publication() -> None:
    version = {"relationType": "IsVersionOf", "relatedIdentifierType": "DOI", "relatedIdentifier": "10.5555/Later"}
    found = datacite(
        "arxiv:2401.00123",
        types={"resourceTypeGeneral": "Text"},
        dates=[{"dateType": "Submitted", "date": "2024-02-09"}, {"dateType": "Submitted", "date": "2024-01-02"}],
        relatedIdentifiers=[version],
    )
    assert (found.kind, found.dates) == ("preprint", Dates(preprinted="2024-01-02"))
    assert found.identifiers == tuple(ids("arxiv:2401.00123", "doi:10.5555/later"))
    software = datacite("doi:10.5281/zenodo.7", relatedIdentifiers=[version])
    assert software.identifiers == tuple(ids("zenodo:7", "doi:10.5281/zenodo.7"))


def test_software_names_the_repository_that_it_was_archived_from() -> None:
    related = {"relationType": "IsSupplementTo", "relatedIdentifierType": "URL", "relatedIdentifier": f"{CODE}/tree/v1"}
    software = datacite(types={"resourceTypeGeneral": "Software"}, relatedIdentifiers=[related])
    assert [link.kind for link in software.links] == ["code"]
    assert datacite(types={"resourceTypeGeneral": "Dataset"}, relatedIdentifiers=[related]).links == ()


def test_a_record_at_zenodo_is_read_whole() -> None:
    found = zenodo(
        links={"self_html": "https://zenodo.example/records/77"},
        files=[{"key": "Paper.PDF", "links": {"self": "https://zenodo.example/f.pdf/content"}}],
        metadata={
            "title": "On Slowness",
            "resource_type": {"type": "publication", "subtype": "article"},
            "creators": [{"name": "Lovelace, Ada"}],
            "description": "<p>We slow.</p>",
            "publication_date": "2025-03-04",
            "journal": {"title": "J. Slow", "volume": "7", "issue": "2", "pages": "11-19"},
            "language": "deu",
            "related_identifiers": [{"relation": "isSupplementedBy", "identifier": CODE, "scheme": "url"}],
        },
    )
    assert found == Finding(
        source="zenodo",
        identifiers=tuple(ids("zenodo:77", "doi:10.5281/zenodo.77")),
        kind="article",
        title="On Slowness",
        authors=(Author(family="Lovelace", given="Ada"),),
        abstract="We slow.",
        dates=Dates(issued="2025-03-04"),
        venue="J. Slow",
        volume="7",
        issue="2",
        pages="11-19",
        publisher="Zenodo",
        language="de",
        manifestations=(
            Manifestation("landing", "https://zenodo.example/records/77"),
            Manifestation("pdf", "https://zenodo.example/f.pdf/content"),
        ),
        links=(Link("code", CODE, "available", 0.85, "Zenodo: isSupplementedBy", "zenodo"),),
    )


def test_all_versions_together_are_another_thing_than_the_newest() -> None:
    assert zenodo(70).identifiers == tuple(ids("zenodo:70", "doi:10.5281/zenodo.70"))
    assert zenodo(77, doi="10.5061/dryad.x").identifiers == tuple(ids("zenodo:77", "doi:10.5061/dryad.x"))
    with pytest.raises(BadAnswer, match="other_paper"):
        zenodo(71)


@pytest.mark.parametrize(
    ("said_of_it", "agency"),
    [
        ({"DOI": "10.1234/a#b", "RA": "Crossref"}, "crossref"),
        ({"DOI": "10.1234/A#B", "RA": "DataCite"}, "datacite"),
        ({"DOI": "10.1234", "RA": "JaLC"}, "other"),
        ({"DOI": "10.1234/a#b", "status": "DOI does not exist"}, None),
    ],
)
def test_the_resolver_knows_who_registered_a_doi(said_of_it: dict[str, str], agency: str | None) -> None:
    request = RESOLVER.ask_agency("10.1234/a#b")
    assert request.url == "https://doi.example/ra/10.1234/a%23b"
    assert RESOLVER.read_agency(answer("doi", request.url, [said_of_it])) == agency


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ([], "malformed"),
        ({}, "malformed"),
        (["x"], "malformed"),
        ([{"DOI": "10.1234/a"}], "malformed"),
        ([{"DOI": "10.9999/a", "RA": "Crossref"}], "other_paper"),
        (b"<html>", "web_page"),
        (b'[{"DOI": "10.1234/a"', "malformed"),
    ],
)
def test_what_the_resolver_does_not_say_it_is_not_taken_to_say(body: object, code: str) -> None:
    with pytest.raises(BadAnswer, match=code):
        RESOLVER.read_agency(answer("doi", RESOLVER.ask_agency("10.1234/a").url, body))
