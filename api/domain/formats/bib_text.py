"""What both dialects of a .bib file write alike: the layout of an entry, people, pages, keywords.

Refuses to know any dialect's types and fields: those are `bibtex.py` and `biblatex.py`.
"""

from __future__ import annotations

from api.domain.formats.latex import Script, clean, name_to_tex, to_tex
from api.domain.formats.records import BibEntry, page_span
from api.domain.papers import Author, Paper

_KEY_WORDS = 4
_OTHERS = ("{others}", "{et al.}", "{et al}")


def entry_text(kind: str, key: str, fields: dict[str, str]) -> str:
    """The entry with its fields in their order, equal signs aligned, and an empty line after it."""
    width = max((len(name) for name in fields), default=0)
    lines = [f"  {name:<{width}} = {_delimited(name, value)},\n" for name, value in fields.items()]
    return f"@{kind}{{{key},\n{''.join(lines)}}}\n\n"


def people(authors: tuple[Author, ...], script: Script) -> str:
    """The names in their order; `et al.` at the end becomes `others`, as engines spell it."""
    names = [name for name in (name_to_tex(author, script) for author in authors) if name]
    if len(names) > 1 and names[-1].casefold() in _OTHERS:
        names[-1] = "others"
    return " and ".join(names)


def page_ranges(pages: str | None, script: Script) -> str:
    """Pages with TeX's dash in each range, and commas between ranges."""
    return ", ".join(_page_range(part, script) for part in (pages or "").split(",") if clean(part))


def keywords(entry: BibEntry, script: Script) -> str:
    """The tags with commas between them; braces around one that holds a comma."""
    texts = [(tag, to_tex(tag, script)) for tag in entry.tags if clean(tag)]
    return ", ".join(f"{{{tex}}}" if "," in tag else tex for tag, tex in texts)


def extra_texts(paper: Paper, script: Script) -> dict[str, str]:
    """What bibliographies say beyond the usual fields, as TeX by our own names, `editors` as `editor`."""
    extra = paper.extra
    texts = {
        name: to_tex(value, script)
        for name in extra.__struct_fields__
        if isinstance(value := getattr(extra, name), str)
    }
    return {"editor": people(extra.editors, script), **texts}


def sort_key(paper: Paper, script: Script) -> str:
    """What a style sorts and labels an entry by that has no author: the first words of its title, in braces."""
    return name_to_tex(Author(literal=" ".join(clean(paper.title).split()[:_KEY_WORDS])), script)


def _page_range(pages: str, script: Script) -> str:
    first, last = page_span(pages)
    return f"{to_tex(first, script)}--{to_tex(last, script)}" if last else to_tex(pages, script)


def _delimited(name: str, value: str) -> str:
    return value if name == "month" else f"{{{value}}}"  # months are macros, which each style spells its own way
