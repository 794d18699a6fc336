"""The letter that asks whether a mail every day is really wanted: without an answer nothing more is sent."""

from __future__ import annotations

from api.letters.digest import Written
from api.letters.pages import filled


def write_confirm(frequency: str, url: str, hours: int) -> Written:
    """The letter with the link that says yes."""
    told = "every day" if frequency == "daily" else "every week"
    text, html = filled("confirm", told=told, url=url, hours=hours, subject="Do you want this mail?")
    return Written("Do you want a mail about papers " + told + "?", text, html)
