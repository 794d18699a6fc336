"""Picture a person's reading: what was saved and read by the week, and of which tags by the month."""

from __future__ import annotations

from api.actions.desk import Desk
from api.domain.reading_picture import ReadingPicture, TagMonths, months_up_to, most_of, weeks_of
from api.store import reading, tags
from api.store.database import Tx


async def picture_reading(desk: Desk, library_id: str) -> ReadingPicture:
    """The picture as of now, of one snapshot."""
    now = desk.now()
    months = months_up_to(now)

    async def work(tx: Tx) -> ReadingPicture:
        counts = await reading.tagged(tx, library_id, months[0])
        found = [
            TagMonths(tag.name, tag.color, tuple(counts.get((tag.id, month), 0) for month in months))
            for tag in await tags.counted(tx, library_id)
        ]
        weeks = weeks_of(await reading.saved(tx, library_id), await reading.read(tx, library_id), now)
        return ReadingPicture(weeks, months, most_of(found))

    return await desk.database.read(work)
