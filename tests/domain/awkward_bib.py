r"""Files as programs and sites write them, in their habits and with works that do not exist: how many entries each has.
`READ` are what a habit endangers: a text of the file's record, and how it is to be read.
"""

from __future__ import annotations

from typing import NamedTuple

from tests.domain.awkward_programs import BETTER_BIBTEX, JABREF, MENDELEY


class Awkward(NamedTuple):
    """A file: its text, how many entries it has, and how many of those cannot be taken."""

    text: str
    entries: int
    broken: int = 0


SCHOLAR = r"""@article{garc{\'\i}a1987wells,
  title={Wells, and why they are round},
  author={Garc{\'\i}a, Luz and O'Neill, Se{\'a}n and others},
  journal={The Round Journal},
  volume={12}, number={3}, pages={201--+},
  year={1987},
  publisher={Well \& Sons}
}
@misc{wells2001,
  title={US Patent 1,234,567},
  author={Wells, H.},
  howpublished={\url{http://example.org/wells_and_pumps}},
  note={Accessed: 2001-09-30}, year={2001, May}
}
"""
ACM = r"""@inproceedings{10.5555/1111.2222,
author = {Rao, Meera and M\"{u}ller, G\"{u}nter and \'{S}wi\k{e}ty, \L{}ukasz and {\DJ}or\dj evi\'c, \v{Z}ivko},
title = {$k$-Looms \& the \(O(n \log n)\) Shuttle},
year = {2019},
isbn = {9781450300001},
publisher = {Association of Weaving Machinery},
address = {New York, NY, USA},
url = {https://doi.org/10.5555/1111.2222},
doi = {10.5555/1111.2222},
booktitle = {Proceedings of the 7th Symposium on Looms},
pages = {1–12},
articleno = {7}, numpages = {12},
keywords = {looms, shuttle},
location = {Leeds, United Kingdom},
series = {SOL '19}
}"""
IEEE = r"""@ARTICLE{7654321,
  author={A. {Tran} and B. C. {de la Cruz} and D. {St. Clair Jr.}},
  journal={IEEE Trans. Kettles},
  title={Boiling at 99.9\% Efficiency: A {MIMO} Kettle},
  year={2018},
  volume={9}, number={4},
  pages={1-1},
  keywords={Kettles;Steam;{$H_{\infty}$} control},
  doi={10.5555/TK.2018.7654321}, ISSN={0000-0019}, month={April-June},}
@ARTICLE{7654321,
  author={A. {Tran}}, journal={IEEE Trans. Kettles}, title={A second kettle under the same number}, year={2019}}
"""
SPRINGER = r"""@Inbook{Sato2007,
author="Sato, Hana
and Becker, Karl-Heinz",
editor="Lund, Eva",
title="On Ice: {\ss}, {\aa}, {\oe} and {\l}",
bookTitle="Frozen Things: First Winter School, Kiruna, 2006. Revised Papers",
year="2007",
publisher="Frost Berlin Heidelberg",
address="Berlin, Heidelberg",
pages="3--14",
isbn="978-3-540-00000-1",
doi="10.5555/978-3-540_1",
url="https://doi.org/10.5555/978-3-540_1"
}
"""
ARXIV = r"""@misc{abreu2023sandcastlesneednoattention,
      title={Sandcastles Need No Attention: 100% Sand & Water},
      author={João Abreu and Nguyễn Thị Sương and Ludwig van Zee},
      year={2023},
      eprint={2303.00001v2},
      archivePrefix={arXiv},
      primaryClass={cs.LG},
      url={https://arxiv.org/abs/2303.00001},
}
"""
DBLP = r"""@inproceedings{DBLP:conf/salt/FischerI21,
  author       = {Frida Fischer 0002 and
                  {\'{I}}nigo Ib{\'{a}}{\~{n}}ez},
  editor       = {Tove Holm},
  title        = {Salt {(SALT} 2021) - {A} {PTIME} Cure},
  booktitle    = {Proceedings of the 3rd Workshop on Salt, {SALT} 2021, Bergen, Norway,
                  May 3-5, 2021},
  crossref     = {DBLP:conf/salt/2021},
  pages        = {4:1--4:9},
  url          = {https://doi.org/10.5555/SALT\_21.4},
  doi          = {10.5555/SALT\_21.4},
  timestamp    = {Mon, 03 May 2021 01:00:00 +0200},
  biburl       = {https://example.org/rec/conf/salt/FischerI21.bib},
  bibsource    = {a bibliography, https://example.org}
}
@proceedings{DBLP:conf/salt/2021,
  editor    = {Tove Holm},
  title     = {Proceedings of the 3rd Workshop on Salt},
  publisher = {Brine}, year = {2021}
}
"""
INSPIRE = r"""@article{Nakamura:2012zz,
    author = "Nakamura, Ren and others",
    collaboration = "GLASS, BELL",
    title = "{Observation of a new bell at $\sqrt{s}=7$ TeV in $pp \to \ell^+\ell^-$}",
    eprint = "1207.00001",
    archivePrefix = "arXiv",
    primaryClass = "hep-ex",
    reportNumber = "GLASS-PH-2012-01",
    doi = "10.5555/j.bell.2012.08.001",
    journal = "Phys. Bell. B",
    volume = "716",
    pages = "1--29",
    year = "2012"
}
"""
ADS = r"""@ARTICLE{2014ApJx..999L..12O,
       author = {{Okello}, Grace and {d'Orville}, Jean-Luc and {The Lamp Collaboration}},
        title = "{A Lamp at $z\sim$7: the Ly$\alpha$ glow of M\,31\textquoteright s halo}",
      journal = {\apjl},
     keywords = {galaxies: lamps, cosmology: dim, Astrophysics - Lamps},
         year = 2014,
        month = jan,
       volume = {999},
       number = {2},
          eid = {L12},
        pages = {L12},
          doi = {10.5555/2041-8205/999/2/L12},
archivePrefix = {arXiv},
       eprint = {1401.00001},
 primaryClass = {astro-ph.GA},
       adsurl = {https://example.org/abs/2014ApJx..999L..12O},
      adsnote = {Provided by a data system}
}
"""
BY_HAND = r"""
@string(PRESS = "Hand " # "Press") @string{jan2 = "1~" # jan}
@preamble{"\newcommand{\noop}[1]{}" # {\newcommand{\z}{Z}}}
Free text with an @ in it, and @ another.
@article{key with spaces, title = {A key with spaces}, author={Hand, A}, journal=J, year=2000}
@article{a'b"c#d, title = {A key of odd characters}, author={Hand, B}, journal={J}, year=2001}
@article{Same, title={First of one key}, author={Hand, C}, journal={J}, year=2002, month=jan2}
@article{same, title={Second of one key}, author={Hand, D}, journal={J}, year=2003, title={A doubled field}}
@ARTICLE {caf\'e, TITLE = "Spaces " # {and } # "hashes", AUTHOR = "Hand, {\'E}. and {\noop{1999}Zed}", JOURNAL = {J},
  YEAR = "{\noop{b}}2004"}
@book{nested, title = {{{{Deep {Braces {All {The {Way}}}}}}}}, author = {Hand, E}, publisher = PRESS, year = 2005}
@misc{accents, title = {\"a \"{a} {\"a} {\"{a}} \'\i{} \v c \c{c} \k a \H{o} \u g \d{s} \b{t} \r u \. z \= e \t{oo}},
  author = {Fran\c{c}ois}, year = 2006}
@article{comma title = {A comma is missing}, journal = {J}, year = 2007}
@article{open, title = {An open brace, journal = {J}, year = 2008}
@misc{last, title = {The last one is whole}, author = {Hand, Z}, year = 2009}
"""

FILES = {
    "JabRef": Awkward(JABREF, 2),
    "Mendeley": Awkward(MENDELEY, 2),
    "Better BibTeX": Awkward(BETTER_BIBTEX, 2),
    "Google Scholar": Awkward(SCHOLAR, 2),
    "ACM": Awkward(ACM, 1),
    "IEEE": Awkward(IEEE, 2),
    "Springer": Awkward(SPRINGER, 1),
    "arXiv": Awkward(ARXIV, 1),
    "DBLP": Awkward(DBLP, 2),
    "INSPIRE": Awkward(INSPIRE, 1),
    "ADS": Awkward(ADS, 1),
    "by hand": Awkward(BY_HAND, 10, 2),
}

READ = {
    "JabRef": {"doi:10.5555/jot_2011#4", "Journal of Tides", "Tide tables of the North Sea & beyond", "van't Hoff"},
    "Mendeley": {
        "http://example.org/a_b?x=1&y=2#z",
        "Kites of Lagos: <i>aerodynamics</i> in H$_{2}$O vapour",
        "D'Amico",
    },
    "Better BibTeX": {"Slow Lanterns: They Speak in <i>Colour</i>", "van den", "Lantern Guild", "arxiv:2006.00001"},
    "Google Scholar": {"García", "garcía1987wells", "http://example.org/wells_and_pumps"},
    "ACM": {"$k$-Looms & the $O(n \\log n)$ Shuttle", "Święty", "Đorđević", "1-12"},
    "IEEE": {"St. Clair Jr.", "A second kettle under the same number", "2018-04"},
    "Springer": {"On Ice: ß, å, œ and ł", "978-3-540-00000-1"},
    "arXiv": {"Sandcastles Need No Attention: 100% Sand & Water", "arxiv:2303.00001", "cs.LG"},
    "DBLP": {"Fischer", "doi:10.5555/salt_21.4", "Salt (SALT 2021) - A PTIME Cure", "Brine"},
    "INSPIRE": {r"Observation of a new bell at $\sqrt{s}=7$ TeV in $pp \to \ell^+\ell^-$", "et al."},
    "ADS": {"The Astrophysical Journal Letters", "d'Orville", "A Lamp at $z\\sim$7: the Lyα glow of M 31’s halo"},
    "by hand": {
        "Zed",
        "Deep Braces All The Way",
        "Hand Press",
        "ä ä ä ä í č ç ą ő ğ ṣ ṯ ů ż ē o͡o",
        "Spaces and hashes",
    },
}
