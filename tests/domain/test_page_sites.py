"""A title without what the site writes around it, and titles that look as if they had such words."""

from __future__ import annotations

import pytest

from api.domain.page_meta import Page, read_page

TITLES = (
    ("https://huggingface.co/papers/1706.03762", "Paper page - Attention Is All You Need", "Attention Is All You Need"),
    ("https://www.alphaxiv.org/abs/1706.03762", "Attention Is All You Need | alphaXiv", "Attention Is All You Need"),
    (
        "https://www.alphaxiv.org/overview/1706.03762",
        "Attention Is All You Need | AlphaXiv",
        "Attention Is All You Need",
    ),
    ("https://scirate.com/arxiv/1706.03762", "Attention Is All You Need | SciRate", "Attention Is All You Need"),
    (
        "https://ar5iv.labs.arxiv.org/html/1706.03762",
        "[1706.03762] Attention Is All You Need",
        "Attention Is All You Need",
    ),
    (
        "https://www.emergentmind.com/papers/1706.03762",
        "Attention Is All You Need (1706.03762) - Emergent Mind",
        "Attention Is All You Need",
    ),
    (
        "https://papers.cool/arxiv/1706.03762",
        "Attention Is All You Need | Cool Papers - Immersive Paper Discovery",
        "Attention Is All You Need",
    ),
    (
        "https://www.semanticscholar.org/paper/X/204e3073870fae3d05bcbc2f6a8e263d9b72e776",
        "[PDF] Attention is All you Need | Semantic Scholar",
        "Attention is All you Need",
    ),
    (
        "https://www.semanticscholar.org/paper/X/204e3073870fae3d05bcbc2f6a8e263d9b72e776",
        "Attention is All you Need | Semantic Scholar",
        "Attention is All you Need",
    ),
    (
        "https://www.researchgate.net/publication/317558625_Attention_Is_All_You_Need",
        "(PDF) Attention Is All You Need",
        "Attention Is All You Need",
    ),
    ("https://www.jstor.org/stable/1900000", "Markets in Salt on JSTOR", "Markets in Salt"),
    (
        "https://papers.ssrn.com/sol3/papers.cfm?abstract_id=3000000",
        "Fees and Fairness by Alma Kahn, Ben de Vries :: SSRN",
        "Fees and Fairness",
    ),
    ("https://www.tandfonline.com/doi/full/10.1080/0000.2020.1", "Full article: Quiet Streets", "Quiet Streets"),
    (
        "https://www.tandfonline.com/doi/abs/10.1080/0000.2020.1",
        "Quiet Streets: Urban Notes: Vol 3, No 2",
        "Quiet Streets",
    ),
    ("https://www.frontiersin.org/articles/10.3389/fnins.2020.00999/full", "Frontiers | Ears of Bats", "Ears of Bats"),
    ("https://www.mdpi.com/1424-8220/20/9/2500", "Sensors | Free Full-Text | A Sensor for Rain", "A Sensor for Rain"),
    ("https://www.mdpi.com/1424-8220/20/9/2500", "A Sensor for Rain | MDPI", "A Sensor for Rain"),
    (
        "https://ojs.example.org/index.php/rev/article/view/512/498",
        "View of Silt and Memory | Revista de Ríos",
        "Silt and Memory | Revista de Ríos",
    ),
    (
        "https://onlinelibrary.wiley.com/doi/abs/10.1002/xyz.123",
        "Alloys That Heal - Müller - 2015 - Materials Letters - Wiley Online Library",
        "Alloys That Heal",
    ),
    (
        "https://dl.acm.org/doi/10.1145/1234567.1234568",
        "Queues That Forget | Proceedings of the 9th Workshop on Queues",
        "Queues That Forget",
    ),
    ("https://www.pnas.org/doi/10.1073/pnas.1611835114", "Overcoming forgetting | PNAS", "Overcoming forgetting"),
    (
        "https://www.science.org/doi/10.1126/science.1127647",
        "Reducing the Dimensionality | Science",
        "Reducing the Dimensionality",
    ),
    ("https://www.medrxiv.org/content/10.1101/2020.01.01.20200001v1", "Masks and Mood | medRxiv", "Masks and Mood"),
    ("https://www.nature.com/articles/s41586-020-9999-9", "Ice on the Dark Side | Nature", "Ice on the Dark Side"),
    (
        "https://www.nature.com/articles/s41467-020-9999-9",
        "Ice on the Dark Side | Nature Communications",
        "Ice on the Dark Side",
    ),
    ("https://www.nature.com/articles/s41598-020-99999-9", "Ice | Scientific Reports", "Ice"),
    ("https://link.springer.com/article/10.1007/s00000-020-00001-x", "Slow Sand | SpringerLink", "Slow Sand"),
    ("https://link.springer.com/article/10.1007/s00000-020-00001-x", "Slow Sand | Granular Matter", "Slow Sand"),
    (
        "https://link.springer.com/chapter/10.1007/978-3-030-11111-1_2",
        "Graphs for Cooks | Springer Nature Link (formerly SpringerLink)",
        "Graphs for Cooks",
    ),
    ("https://pubmed.ncbi.nlm.nih.gov/31000000/", "Kidney growth in mice - PubMed", "Kidney growth in mice"),
    ("https://pmc.ncbi.nlm.nih.gov/articles/PMC7000000/", "Sleep and glia - PMC", "Sleep and glia"),
    (
        "https://europepmc.org/article/MED/31000000",
        "Kidney growth in mice - Abstract - Europe PMC",
        "Kidney growth in mice",
    ),
    ("https://europepmc.org/article/PMC/PMC7000000", "Sleep and glia. - Europe PMC", "Sleep and glia."),
    (
        "https://ieeexplore.ieee.org/document/9000000",
        "Antennas on Kites | IEEE Conference Publication | IEEE Xplore",
        "Antennas on Kites",
    ),
    (
        "https://ieeexplore.ieee.org/document/9000001",
        "Antennas on Kites | IEEE Journals & Magazine | IEEE Xplore",
        "Antennas on Kites",
    ),
    ("https://osf.io/preprints/psyarxiv/ab3de", "OSF | Faces in Noise", "Faces in Noise"),
    ("https://psyarxiv.com/ab3de", "PsyArXiv Preprints | Faces in Noise", "Faces in Noise"),
    ("https://openreview.net/forum?id=Ab12Cd34Ef", "Prune Once, Read Twice | OpenReview", "Prune Once, Read Twice"),
    ("https://aclanthology.org/2021.acl-long.999/", "Parsing Whispers - ACL Anthology", "Parsing Whispers"),
    ("https://inspirehep.net/literature/1603207", "Dark Photons at Dawn - INSPIRE", "Dark Photons at Dawn"),
    (
        "https://ui.adsabs.harvard.edu/abs/2016PhRvL.116f1102A/abstract",
        "Observation of Waves - ADS",
        "Observation of Waves",
    ),
    (
        "https://ui.adsabs.harvard.edu/abs/2016PhRvL.116f1102A/abstract",
        "Observation of Waves - NASA/ADS",
        "Observation of Waves",
    ),
    ("https://zenodo.org/records/5555555", "Noise of Cities (v2) | Zenodo", "Noise of Cities (v2)"),
    ("https://hal.science/hal-03000000v2", "Les marées du soir - Archive ouverte HAL", "Les marées du soir"),
    ("https://elifesciences.org/articles/90000", "A clock in moss | eLife", "A clock in moss"),
    (
        "https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0299999",
        "Ants and rain | PLOS ONE",
        "Ants and rain",
    ),
    ("https://www.cell.com/cell/fulltext/S0092-8674(20)30048-9", "Sugar Clocks: Cell", "Sugar Clocks"),
    (
        "https://www.sciencedirect.com/science/article/pii/S0004370219300000",
        "Planning with doubts - ScienceDirect",
        "Planning with doubts",
    ),
    (
        "https://academic.oup.com/nar/article/48/D1/D100/5555555",
        "A Map of RNAs | Nucleic Acids Research | Oxford Academic",
        "A Map of RNAs",
    ),
    (
        "https://www.cambridge.org/core/journals/j/article/waves/0123",
        "Waves in jars | Journal of Tests | Cambridge Core",
        "Waves in jars",
    ),
    ("https://journals.sagepub.com/doi/10.1177/000111", "Why People Nap - Mia Wong, 2012", "Why People Nap"),
    (
        "https://iopscience.iop.org/article/10.1088/1367-2630/18/1/013001",
        "Cold atoms in cups - IOPscience",
        "Cold atoms in cups",
    ),
    (
        "https://journals.aps.org/prl/abstract/10.1103/PhysRevLett.116.061102",
        "Phys. Rev. Lett. 116, 061102 (2016) - Observation of Waves",
        "Observation of Waves",
    ),
    (
        "https://pubs.acs.org/doi/10.1021/jacs.0c00001",
        "Copper Cages | Journal of the American Chemical Society",
        "Copper Cages",
    ),
    (
        "https://www.biorxiv.org/content/10.1101/2021.02.03.429999v2.full",
        "Gut Clocks in Flies | bioRxiv",
        "Gut Clocks in Flies",
    ),
    ("https://projecteuclid.org/journals/x/10.1214/00-TEST9.full", "Random walls", "Random walls"),
    ("https://www.degruyter.com/document/doi/10.1515/crll.1900.119.1/html", "On sums of squares", "On sums of squares"),
    ("https://www.nejm.org/doi/full/10.1056/NEJMoa2034577", "Safety of a Vaccine | NEJM", "Safety of a Vaccine"),
    (
        "https://jamanetwork.com/journals/jama/fullarticle/2761044",
        "Hospitals in Winter | JAMA | JAMA Network",
        "Hospitals in Winter",
    ),
    ("https://www.bmj.com/content/372/bmj.n71", "The PRISMA statement | The BMJ", "The PRISMA statement"),
    (
        "https://royalsocietypublishing.org/doi/10.1098/rspa.1927.0118",
        "Epidemics of Old | Proceedings of the Royal Society A",
        "Epidemics of Old",
    ),
    (
        "https://www.thelancet.com/journals/lancet/article/PIIS0140-6736(20)30183-5/fulltext",
        "Clinical features of patients - The Lancet",
        "Clinical features of patients",
    ),
    ("https://peerj.com/articles/4375/", "The state of OA [PeerJ]", "The state of OA"),
    ("https://f1000research.com/articles/6-100", "Rats in mazes | F1000Research", "Rats in mazes"),
    ("https://distill.pub/2016/augmented-rnns/", "Attention and Augmented RNNs", "Attention and Augmented RNNs"),
    (
        "https://dl.acm.org/doi/10.1145/3610548",
        "Sparse-to-dense: A Study of X - Y Trade-offs | ACM Transactions on Graphics",
        "Sparse-to-dense: A Study of X - Y Trade-offs",
    ),
    ("https://doi.org/10.1000/x", "Learning - A Review", "Learning - A Review"),
    ("https://doi.org/10.1000/x", "Nature | Nurture", "Nature | Nurture"),
    ("https://doi.org/10.1000/x", "Health: a history", "Health: a history"),
    ("https://doi.org/10.1000/x", "By Way of Rivers", "By Way of Rivers"),
    ("https://doi.org/10.1000/x", "Full Article of Faith", "Full Article of Faith"),
    ("https://doi.org/10.1000/x", "View of the Sea", "View of the Sea"),
    ("https://doi.org/10.1000/x", '"Why Should I Trust You?"', '"Why Should I Trust You?"'),
    ("https://doi.org/10.1000/x", '"Hello" by Adele and the Vocal Tract', '"Hello" by Adele and the Vocal Tract'),
    ("https://blog.example.org/posts/1", "Nature | Nurture", "Nature | Nurture"),
    ("https://arxiv.org/abs/1706.03762", "Estimating p(x | y) in Noise", "Estimating p(x | y) in Noise"),
)


@pytest.mark.parametrize(("url", "window", "title"), TITLES)
def test_the_title_is_what_the_authors_called_it(url: str, window: str, title: str):
    assert read_page(url, Page(title=window)).title == title


@pytest.mark.parametrize(
    ("window", "venue"),
    [
        ("A Map | Nucleic Acids Research | Oxford Academic", "Nucleic Acids Research"),
        ("A Map | IEEE Conference Publication | IEEE Xplore", None),
        ("A Map | Journal of Maps", "Journal of Maps"),
    ],
)
def test_the_journal_is_read_between_title_and_site(window: str, venue: str | None):
    assert (
        read_page("https://doi.org/10.1000/x", Page(title=window, metas=(("citation_title", "A Map"),))).venue == venue
    )
