"""Records made to hurt: each has one thing that broke somebody's bibliography; all have an author of their own."""

from __future__ import annotations

from typing import Any

from api.domain.formats.records import BibEntry
from api.domain.papers import Author, Paper

TITLES = [
    "Élan vital, naïveté and señoras à la carte",
    "Straße, Fluß and Maß",
    "Łódź, Øresund, Þingvellir, Đorđe and Æsir",
    "Tiếng Việt: ệ, ữ, ẵ and ợ",
    "İstanbul'da ılık ığdır",
    "Č, ř, ů, ő, ż, ģ, ş and ă",
    "The α-helix and the β-sheet",
    "Περὶ τῶν μαθηματικῶν",
    "A bound of $O(n^2)$ in $\\mathbb{R}$",
    "On $\\alpha$-mixing and $x_1, \\dots, x_n$",
    "From $5 to $10 a paper",
    "An { unbalanced opening",
    "An unbalanced } closing",
    "Well {balanced} braces",
    "}{ and }}{{ again",
    "Profit & loss & AT&T",
    "100% sure of 50 %",
    "The #1 and C# languages",
    "snake_case and __init__",
    "~/home and ~tilde~",
    "x ^ y and a^b",
    "C:\\temp and \\alpha",
    "Less < more > equal | or",
    "NASA, mRNA, CO2 and the McDonald U-Net",
    "A study of {NASA} and {iPhone}",
    "Title: A subtitle. And: Another?",
    "Say \"hello\" to 'friends'",
    "“Curly” and ‘single’ – dashes — too…",
    "«Guillemets» 20 °C × 5 € ± 3 µm",
    "深度学习方法综述",
    "日本語のタイトルと漢字",
    "한국어 제목",
    "Преступление и наказание",
    "שלום עולם",
    "مقدمة في الجبر",
    "Emoji 🚀 and 👩‍🔬 in space",
    "Zero\u200bwidth, soft\u00adhyphen and \ufeffmark",
    "Two\nlines\tand a tab",
    "<i>E. coli</i> in H<sub>2</sub>O at 10<sup>-3</sup>",
    "An <i>unclosed tag and </sub> a stray one",
    "\\input{/etc/passwd}",
    "\\write18{rm -rf} \\end{document}",
    "^^5cinput and ^^M",
    "@article{evil, title={x}}",
    "x},\n}\n@misc{second,\n title={y",
    "@string{a = {b}} @comment{c} @preamble{d}",
    "a, b = c # d",
    "%",
    "\\",
    "$",
    "and others and and",
    "Ends in a backslash \\",
    "e\u0301 decomposed u\u0308 marks",
]
PEOPLE = [
    (Author("Beethoven", "Ludwig", particle="van"),),
    (Author("Gama", "Vasco", particle="da"), Author("King", "Martin Luther", suffix="Jr.")),
    (Author("De Vries", "Hugo"), Author("von der Leyen", "Ursula")),
    (Author(literal="LIGO Scientific Collaboration"),),
    (Author(literal="Barnes and Noble, Inc."), Author(literal="AT&T")),
    (Author(literal="Plato"), Author(given="Cher")),
    (Author("王", "小明"), Author("Достоевский", "Фёдор"), Author("الخوارزمي", "محمد")),
    (Author("Ångström", "Åsa"), Author("Nguyễn", "Hảo"), Author("O’Brien", "Seán")),
    (Author("Smith, Esq", "John and Jane"), Author("and", "And")),
    (Author("Ca{e}sar", "J%"), Author("B\\relax", "#&_")),
]
REST: list[dict[str, Any]] = [
    {"identifiers": {"doi": ("10.1002/(SICI)1097(1998)43:4<338::AID-J16>3.0.CO;2-#",)}},
    {"identifiers": {"doi": ("10.1000/a_b%c&d~e",)}},
    {"url": "https://example.org/a%20b_c~d?x=50%&y=#top"},
    {"url": "https://example.org/{x}/é^\\"},
    {"abstract": "First line.\n@article{evil,\n  title = {gone},\n}\n100% & more_or_less"},
    {"abstract": "ER  - \nTY  - JOUR\n\\input{x} { } $"},
    {"venue": "Journal of \\& % # _ {Things"},
    {"venue": "Zeitschrift für Größen & Maße", "volume": "12", "issue": "3-4", "pages": "1–12, 15–20"},
    {"tags": ("a, b", "c & d", "#e", "{f")},
    {"note": "mine } @misc{x, \\end{document}"},
]


def nasty_records() -> list[BibEntry]:
    """One record a case, each with a key, an author and a year of its own."""
    cases: list[dict[str, Any]] = [{"title": title} for title in TITLES]
    cases += [{"title": "People", "authors": people} for people in PEOPLE]
    return [_record(number, case) for number, case in enumerate([*cases, *REST])]


def _record(number: int, case: dict[str, Any]) -> BibEntry:
    usual = {"kind": "article", "title": "Notes", "authors": (Author(f"Weaver{number}", "Ada"),), "venue": "Journal"}
    reader = {name: case[name] for name in ("url", "tags", "note") if name in case}
    paper = {name: value for name, value in case.items() if name not in reader}
    return BibEntry(f"nasty{number:02}", Paper(**({"id": "p", "year": 1920 + number} | usual | paper)), **reader)
