"""PubMed, Europe PMC, bioRxiv and medRxiv: one article under several ids, and preprints with what became of them."""

from __future__ import annotations

import pytest

from api.domain.papers import Author, Dates, Finding, Identifier, Manifestation
from tests.workers.sources.answers import ids, outcome, said
from workers.sources.biorxiv import BioRxiv
from workers.sources.europepmc import EuropePmc
from workers.sources.pubmed import PubMed

PUBMED = PubMed("https://ncbi.example", "a@example.org", "ncbi-secret")
EPMC = EuropePmc("https://epmc.example")
BIORXIV = BioRxiv("https://biorxiv.example")
PREPRINT = "10.1101/2020.01.02.123456"

ARTICLE = """<PubmedArticle><MedlineCitation><PMID Version="1">77</PMID><Article>
<Journal><JournalIssue><Volume>7</Volume><Issue>2</Issue><PubDate><Year>2025</Year><Month>Mar</Month></PubDate>
</JournalIssue><Title>Journal of slowness</Title></Journal>
<ArticleTitle>Slow <i>E. coli</i> &amp; H<sub>2</sub>O.</ArticleTitle>
<Pagination><StartPage>211</StartPage><EndPage>219</EndPage><MedlinePgn>211-9</MedlinePgn></Pagination>
<Abstract><AbstractText Label="AIMS">We <b>slow</b>.</AbstractText><AbstractText>It works.</AbstractText></Abstract>
<AuthorList><Author><LastName>Lovelace</LastName><ForeName>Ada B</ForeName><Suffix>Jr</Suffix></Author>
<Author><CollectiveName>The Slow Group</CollectiveName></Author><Author/></AuthorList>
<Language>eng</Language>
<ArticleDate DateType="Electronic"><Year>2024</Year><Month>12</Month><Day>31</Day></ArticleDate>
</Article></MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType="pubmed">77</ArticleId>
<ArticleId IdType="doi">10.5555/Slow.7</ArticleId><ArticleId IdType="pmc">PMC88</ArticleId>
<ArticleId IdType="pii">S7</ArticleId></ArticleIdList><ReferenceList><Reference><ArticleIdList>
<ArticleId IdType="doi">10.5555/other</ArticleId></ArticleIdList></Reference></ReferenceList></PubmedData>
</PubmedArticle>"""
DOCTYPE = '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD" "https://dtd.example/pubmed.dtd">'


def article_set(*articles: str, doctype: str = DOCTYPE) -> bytes:
    """A set of articles as PubMed writes it."""
    return f'<?xml version="1.0"?>\n{doctype}<PubmedArticleSet>{"".join(articles)}</PubmedArticleSet>'.encode()


def pubmed(article: str = ARTICLE) -> Finding:
    """What we read from an article."""
    found = PUBMED.read(said(PUBMED, ids("pmid:77"), article_set(article)))
    assert found is not None
    return found


def test_pubmed_is_asked_by_name_with_the_key_apart() -> None:
    request = PUBMED.ask(ids("pmid:77", "pmcid:PMC88"))
    assert request is not None
    assert request.url == (
        "https://ncbi.example/entrez/eutils/efetch.fcgi?db=pubmed&id=77&retmode=xml&tool=scholium&email=a%40example.org"
    )
    assert request.secret_query == (("api_key", "ncbi-secret"),)
    assert PUBMED.ask(ids("pmcid:PMC88")) is None


def test_an_article_at_pubmed_is_read_whole_without_the_ids_of_its_references() -> None:
    assert pubmed() == Finding(
        source="pubmed",
        identifiers=tuple(ids("pmid:77", "doi:10.5555/slow.7", "pmcid:PMC88")),
        kind="article",
        title="Slow <i>E. coli</i> & H<sub>2</sub>O",
        authors=(Author(family="Lovelace", given="Ada B", suffix="Jr"), Author(literal="The Slow Group")),
        abstract="AIMS: We slow.\n\nIt works.",
        dates=Dates(online="2024-12-31", issued="2025-03"),
        venue="Journal of slowness",
        volume="7",
        issue="2",
        pages="211-219",
        language="en",
    )


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ("Are cells slow?", "Are cells slow?"),
        ("Wait...", "Wait..."),
        ("[On slowness.]", "On slowness"),
        ("[On slowness].", "On slowness"),
    ],
)
def test_a_title_is_freed_of_what_pubmed_puts_around_it(given: str, title: str) -> None:
    old = "Slow <i>E. coli</i> &amp; H<sub>2</sub>O."
    assert pubmed(ARTICLE.replace(old, given)).title == title
    own = f"{given}</ArticleTitle><VernacularTitle>Von der Langsamkeit.</VernacularTitle><Foo>"
    translated = ARTICLE.replace(f"{old}</ArticleTitle>", f"{own}</Foo>")
    assert pubmed(translated).title == ("Von der Langsamkeit" if given.startswith("[") else title)


@pytest.mark.parametrize(
    ("when", "date"),
    [
        ("<MedlineDate>2025 Sep-Oct</MedlineDate>", "2025-09"),
        ("<MedlineDate>2025-2026</MedlineDate>", "2025"),
        ("<Year>2025</Year><Season>Jan-Mar</Season>", "2025"),
        ("<Year>2025</Year><Month>02</Month><Day>30</Day>", "2025-02"),
        ("", None),
    ],
)
def test_a_date_at_pubmed_is_read_as_far_as_it_goes(when: str, date: str | None) -> None:
    assert pubmed(ARTICLE.replace("<Year>2025</Year><Month>Mar</Month>", when)).dates.issued == date


def test_an_unknown_pmid_is_an_empty_set_and_another_one_is_refused() -> None:
    assert PUBMED.read(said(PUBMED, ids("pmid:77"), article_set())) is None
    assert outcome(PUBMED, said(PUBMED, ids("pmid:78"), article_set(ARTICLE))) == "other_paper"


@pytest.mark.parametrize(
    "doctype", ['<!DOCTYPE s [<!ENTITY a "b">]>', '<!DOCTYPE s [<!ENTITY a SYSTEM "file:///etc/passwd">]>']
)
def test_a_document_may_name_its_grammar_but_brings_no_entities(doctype: str) -> None:
    body = article_set(ARTICLE.replace("works", "&a;"), doctype=doctype)
    assert outcome(PUBMED, said(PUBMED, ids("pmid:77"), body)) == "malformed"


def epmc(*asked: str, **fields: object) -> Finding:
    """What we read from a record with these fields."""
    record = {"id": "77", "source": "MED", "pmid": "77", "pmcid": "PMC88", "doi": "10.5555/Slow.7"} | fields
    found = EPMC.read(said(EPMC, ids(*asked or ["pmid:77"]), {"resultList": {"result": [{"id": "1"}, record]}}))
    assert found is not None
    return found


def test_europe_pmc_is_the_way_from_a_pmc_id_to_the_others() -> None:
    assert "query=PMCID%3APMC88&" in str(EPMC.ask(ids("pmcid:PMC88", "pmid:77")))
    assert "query=EXT_ID%3A77%20AND%20SRC%3AMED&" in str(EPMC.ask(ids("pmid:77")))
    assert "query=EXT_ID%3APPR9%20AND%20SRC%3APPR&" in str(EPMC.ask(ids("ppr:PPR9")))
    assert EPMC.ask(ids("doi:10.5555/slow.7")) is None
    assert epmc("pmcid:PMC88").identifiers == tuple(ids("pmid:77", "pmcid:PMC88", "doi:10.5555/slow.7"))


def test_a_record_at_europe_pmc_is_read_whole() -> None:
    found = epmc(
        title="Slow cells.",
        authorList={"author": [{"lastName": "Lovelace", "firstName": "Ada"}, {"collectiveName": "The Slow Group"}]},
        abstractText="<h4>Aims</h4>We slow.",
        journalInfo={"volume": "7", "issue": "2", "yearOfPublication": 2025, "monthOfPublication": 3}
        | {"journal": {"title": "Journal of slowness"}},
        pageInfo="211-219",
        electronicPublicationDate="2024-12-31",
        language="eng",
    )
    assert (found.kind, found.title, found.pages) == ("article", "Slow cells", "211-219")
    assert found.authors == (Author(family="Lovelace", given="Ada"), Author(literal="The Slow Group"))
    assert (found.abstract, found.language) == ("Aims\n\nWe slow.", "en")
    assert (found.venue, found.volume, found.issue) == ("Journal of slowness", "7", "2")
    assert found.dates == Dates(online="2024-12-31", issued="2025-03")


def test_a_preprint_at_europe_pmc_names_the_article_that_it_became_and_no_comment() -> None:
    related = [
        {"type": "Preprint of", "source": "MED", "id": "99"},
        {"type": "Comment in", "source": "MED", "id": "98"},
    ]
    fields = {"id": "PPR9", "source": "PPR", "pmid": None, "pmcid": None, "doi": PREPRINT}
    found = epmc(
        "ppr:PPR9",
        **fields,
        firstPublicationDate="2020-01-03",
        commentCorrectionList={"commentCorrection": related},
    )
    assert found.identifiers == tuple(ids("ppr:PPR9", f"doi:{PREPRINT}", "pmid:99"))
    assert (found.kind, found.dates) == ("preprint", Dates(preprinted="2020-01-03"))


def test_what_is_not_there_at_europe_pmc_is_no_hit_and_another_hit_is_refused() -> None:
    assert EPMC.read(said(EPMC, ids("pmid:77"), {"hitCount": 0, "resultList": {"result": []}})) is None
    other = {"resultList": {"result": [{"id": "78", "source": "MED", "pmid": "78"}]}}
    assert outcome(EPMC, said(EPMC, ids("pmid:77"), other)) == "other_paper"


@pytest.mark.parametrize(
    ("doi", "path"),
    [
        (PREPRINT, f"/details/biorxiv/{PREPRINT}/na/json"),
        ("10.1101/123456", "/details/biorxiv/10.1101/123456/na/json"),
        ("10.64898/2026.01.27.26300001", "/details/medrxiv/10.64898/2026.01.27.26300001/na/json"),
    ],
)
def test_the_doi_shows_on_which_server_a_preprint_is(doi: str, path: str) -> None:
    assert path in str(BIORXIV.ask(ids("doi:10.5555/a", f"doi:{doi}")))
    assert BIORXIV.ask(ids("doi:10.1101/gr.123456.120", "doi:10.5555/a")) is None


def version(number: int, **fields: object) -> dict[str, object]:
    """One version of the preprint."""
    return {"doi": PREPRINT, "version": str(number), "date": f"2020-01-0{number}", "published": "NA"} | fields


def test_of_a_preprints_versions_the_newest_speaks_and_the_first_dates_it() -> None:
    body = {
        "collection": [
            version(3, title="Slow cells", authors="Lovelace, A. B.; The Slow Group;", published="10.5555/Slow.7")
            | {"abstract": "We slow.", "category": "cell biology"},
            version(2, title="Fast cells"),
        ]
    }
    assert BIORXIV.read(said(BIORXIV, ids(f"doi:{PREPRINT}"), body)) == Finding(
        source="biorxiv",
        identifiers=tuple(ids(f"doi:{PREPRINT}", "doi:10.5555/slow.7")),
        kind="preprint",
        title="Slow cells",
        authors=(Author(family="Lovelace", given="A. B."), Author(literal="The Slow Group")),
        abstract="We slow.",
        dates=Dates(preprinted="2020-01-02"),
        venue="bioRxiv",
        primary_class="cell biology",
        manifestations=(
            Manifestation("abs", f"https://www.biorxiv.org/content/{PREPRINT}v3", 3),
            Manifestation("pdf", f"https://www.biorxiv.org/content/{PREPRINT}v3.full.pdf", 3),
        ),
    )


def test_a_preprint_that_is_not_published_names_nothing_else() -> None:
    found = BIORXIV.read(said(BIORXIV, ids(f"doi:{PREPRINT}"), {"collection": [version(1)]}))
    assert found is not None
    assert found.identifiers == (Identifier("doi", PREPRINT),)
    assert BIORXIV.read(said(BIORXIV, ids(f"doi:{PREPRINT}"), {"messages": [], "collection": []})) is None
