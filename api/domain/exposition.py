"""Figures as Prometheus reads them (text format 0.0.4): each with its help and type, its series below it.

Refuses a figure that nobody described, so that no series goes without its help.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Figure(NamedTuple):
    """A figure's name, what it means, and its type."""

    name: str
    help: str
    type: Literal["counter", "gauge", "histogram"]


def expose(figures: Iterable[Figure], values: Mapping[str, float]) -> str:
    """The text of all series (`name{labels}` → value) whose figure is named; figures without any are left out."""
    lines: list[str] = []
    for figure in figures:
        own = [name for name in values if _figure_of(name) in _names(figure)]
        if own:
            lines += [f"# HELP {figure.name} {figure.help}", f"# TYPE {figure.name} {figure.type}"]
            lines += [f"{name} {values[name]:.10g}" for name in sorted(own, key=_order)]
    return "\n".join(lines) + "\n"


def _names(figure: Figure) -> tuple[str, ...]:
    ends = ("_bucket", "_sum", "_count") if figure.type == "histogram" else ("",)
    return tuple(figure.name + end for end in ends)


def _figure_of(series: str) -> str:
    return series.partition("{")[0]


def _order(series: str) -> tuple[str, float]:
    """By labels, and within a histogram by the bound of its bucket, as the format asks."""
    before, found, bound = series.partition('le="')
    return (before, float(bound.partition('"')[0])) if found else (series, 0.0)
