"""Templates of mails: HTML where everything that is told is escaped, and text that is itself.

Refuses a name that the template does not get.
"""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def filled(name: str, **context: object) -> tuple[str, str]:
    """The text and the HTML of a mail."""
    text, html = (_TEMPLATES.get_template(f"{name}.{kind}") for kind in ("txt", "html"))
    return text.render(**context), html.render(**context)
