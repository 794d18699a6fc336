"""`/library/reading`: a picture of one's reading that the server draws, with the same figures in tables beside it.

Refuses scripts and colours as the only way to tell two things apart.
"""

from __future__ import annotations

from typing import Any

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.response import Template
from msgspec import Struct

from api.actions.desk import Desk
from api.actions.picture_reading import picture_reading
from api.domain.accounts import Who
from api.domain.fields import COLOR_NAMES
from api.domain.reading_picture import ReadingPicture, TagMonths, Week
from api.http.auth import requires
from api.web.forms import page
from api.web.refusals import FOR_PEOPLE
from api.web.rows import day

STEP, BAR, HEIGHT, FLOOR = 24, 9, 120, 130  # of the weeks, in the picture's own units
MONTH, LOW = 14, 24  # of a tag's months


class Bar(Struct, frozen=True):
    """A bar by its left and upper corner and its height."""

    x: int
    y: float
    height: float


class WeekBars(Struct, frozen=True):
    """A week in words and as two bars; `label` where a month begins."""

    words: str
    saved: Bar
    read: Bar
    week: Week
    label: str


class TagBars(Struct, frozen=True):
    """A tag with its months as bars."""

    tag: TagMonths
    bars: tuple[Bar, ...]
    total: int


@get("/library/reading", guards=[requires("read")], exception_handlers=FOR_PEOPLE, include_in_schema=False)
async def show(request: Request[Any, Any, Any], who: NamedDependency[Who], desk: NamedDependency[Desk]) -> Template:
    """Half a year by the week, and a year of tags by the month."""
    picture = await picture_reading(desk, who.library_id)
    most = max((max(one.saved, one.read) for one in picture.weeks), default=0)
    return page(
        request,
        "reading.html",
        picture=picture,
        weeks=_weeks(picture, most),
        most=most,
        width=STEP * len(picture.weeks),
        saved=sum(one.saved for one in picture.weeks),
        read=sum(one.read for one in picture.weeks),
        tags=_tags(picture),
        months=[day(f"{month}-01").partition(" ")[2] for month in picture.months],
        colors=COLOR_NAMES,
    )


def _weeks(picture: ReadingPicture, most: int) -> list[WeekBars]:
    found, month = [], ""
    for place, week in enumerate(picture.weeks):
        words = day(week.monday)
        label = "" if week.monday[:7] == month or (place and not month) else words.split(" ")[1]
        month = week.monday[:7]
        left = place * STEP + 2
        saved, read = _bar(left, week.saved, most), _bar(left + BAR + 1, week.read, most)
        found.append(WeekBars(words, saved, read, week, label))
    return found


def _bar(x: int, count: int, most: int, height: int = HEIGHT, floor: int = FLOOR) -> Bar:
    tall = round(height * count / most, 1) if most else 0.0
    return Bar(x, round(floor - tall, 1), tall)


def _tags(picture: ReadingPicture) -> list[TagBars]:
    most = max((count for one in picture.tags for count in one.papers), default=0)
    return [
        TagBars(
            one, tuple(_bar(n * MONTH, count, most, LOW, LOW) for n, count in enumerate(one.papers)), sum(one.papers)
        )
        for one in picture.tags
    ]
