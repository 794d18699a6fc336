"""ASCII alone: TeX's spelling where there is one, letters in place of the others, and a word on how many."""

from __future__ import annotations

import bibtexparser
import pytest
from hypothesis import HealthCheck, given, settings

from api.domain.errors import BadInput
from api.domain.formats import biblatex, bibtex, ris
from api.domain.formats.ascii_only import ascii_writer
from api.domain.formats.catalog import FormatName, export_wish
from api.domain.formats.records import BibEntry
from api.domain.papers import Author, Extra
from tests.domain.test_biblatex import make_paper
from tests.domain.test_bibtex_engines import ENTRIES

TEX = [ascii_writer(bibtex.render, tex=True), ascii_writer(biblatex.render, tex=True)]
RIS = ascii_writer(ris.render, tex=False)


def fields_of(text: str) -> dict[str, str]:
    [entry] = bibtexparser.parse_string(text).entries
    return {field.key: field.value for field in entry.fields}


@pytest.mark.parametrize("render", TEX)
def test_what_tex_spells_is_spelled_and_the_rest_is_transliterated_and_counted(render: bibtex.render) -> None:  # type: ignore[valid-type]
    paper = make_paper(
        title="Élan of α-synuclein – «学习» at $α^2$",
        authors=(Author("王", "小明"), Author("Ångström", "Ö.")),
        venue="Журнал & 50％",
        extra=Extra(editors=(Author("Дюма", "А."),)),
    )
    text = "".join(render([BibEntry("key", paper)]))  # type: ignore[misc]
    fields = fields_of(text)
    assert fields["author"] == r"Wang, XiaoMing and {\AA}ngstr{\"o}m, {\"O}.".replace(r"{\AA}", r"{\r{A}}")
    assert fields["title"].startswith(r"{\'E}lan of {$\alpha$}-synuclein -- {\textless}{\textless}")
    assert r"{$\alpha ^2$}" in fields["title"]
    assert fields.get("journal", fields.get("journaltitle")) == r"Zhurnal \& 50\%"
    assert text.isascii()
    changed = len("«学习»") + len("王小明") + len("Журнал％") + len("ДюмаА")
    assert text.endswith(f"% In ASCII: {changed} characters are transliterated or left out.\n")


@pytest.mark.parametrize("render", TEX)
def test_a_record_that_tex_can_spell_says_nothing(render: bibtex.render) -> None:  # type: ignore[valid-type]
    assert "%" not in "".join(render([BibEntry("key", make_paper(title="Größe – “é”"))]))  # type: ignore[misc]


def test_ris_has_no_tex_and_every_letter_goes() -> None:
    paper = make_paper(title="Größe – “é”", pages="1–2", identifiers={"doi": ("10.1/ü",)})
    text = "".join(RIS([BibEntry("key", paper)]))
    lines = [f"TI  - {line}" for line in ('Grosse - "e"',)] + ["SP  - 1", "EP  - 2", "DO  - 10.1/%C3%BC"]
    assert set(lines) <= set(text.split("\r\n"))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ENTRIES)
def test_whatever_the_fields_hold_it_is_ascii_and_one_entry(entry: BibEntry) -> None:
    assert "".join(RIS([entry])).isascii()
    assert "".join(RIS([entry])).count("\r\nER  - ") == 1
    for render in TEX:
        text = "".join(render([entry]))
        library = bibtexparser.parse_string(text)
        assert (text.isascii(), len(library.entries), len(library.failed_blocks)) == (True, 1, 0)
        assert text.count("{") == text.count("}")


@pytest.mark.parametrize("format_", ["csv", "json", "csl-json", "markdown-notes"])
def test_a_format_in_utf8_alone_refuses_ascii(format_: FormatName) -> None:
    with pytest.raises(BadInput):
        export_wish(format_, ascii_only=True)
