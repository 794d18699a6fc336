"""A server restored from yesterday's backup gets back from its devices what it had acknowledged since."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.durability.browsers import Browser
from tests.durability.conftest import Service
from tests.durability.devices import HttpDevice, new_key
from tests.durability.scale import engines, scaled

PAPERS = scaled(1000, 30)
SignIn = Callable[[str, str], HttpDevice]


@engines("sqlite")
def test_what_was_acknowledged_after_the_backup_comes_back(
    service: Service, sign_in: SignIn, browsers: Callable[[], Browser], tmp_path: Path
) -> None:
    laptop, phone = browsers(), browsers()
    for browser, name in ((laptop, "laptop"), (phone, "phone")):
        browser.connect(service.url, sign_in(service.url, name))
    old = [laptop.save(f"https://example.org/old/{n}") for n in range(PAPERS)]
    laptop.sync()
    phone.sync()
    service.command("backup", str(tmp_path / "yesterday.backup"))

    live_after(laptop, phone, old)
    lost = laptop.live()
    assert lost.keys() == phone.live().keys()
    assert old[1] not in lost

    service.stop("api")
    service.command("restore", "--replace", str(tmp_path / "yesterday.backup"))
    service.start("api")
    reader = sign_in(service.url, "reader")
    assert old[1] in reader.library_now()  # the deletion is lost for now

    for browser in (phone, laptop, phone):
        browser.sync()
    now = {k: c for k, c in reader.library_now().items() if not c.get("deleted") and c["type"] != "paper"}
    assert now.keys() == lost.keys()
    assert {k: wanted(c["data"]) for k, c in now.items()} == {k: wanted(r["data"]) for k, r in lost.items()}
    assert laptop.live().keys() == phone.live().keys() == lost.keys()
    assert not laptop.shown()["outbox"]
    assert not phone.shown()["outbox"]
    assert not phone.shown()["bin"]


def live_after(laptop: Browser, phone: Browser, old: list[str]) -> None:
    """A day's work on two devices: saves, edits, tags, deletions, all of it acknowledged and pulled by both."""
    tag = new_key()
    laptop.add(
        {"type": "tag", "key": tag, "op": "put", "set": {"name": "to cite", "created_at": "2026-11-20T10:00:00Z"}}
    )
    for number in range(PAPERS):
        key = laptop.save(f"https://example.org/new/{number}")
        laptop.add({"type": "entry", "key": key, "op": "put", "add": {"tags": [tag]}})
    for number, key in enumerate(old):
        browser = (laptop, phone)[number % 2]
        if number % 10 == 1:
            browser.add({"type": "entry", "key": key, "op": "delete"})
        else:
            browser.add({"type": "entry", "key": key, "op": "put", "set": {"note": f"note {number}", "status": "read"}})
    for browser in (laptop, phone, laptop):
        browser.sync()


def wanted(fields: dict[str, object]) -> dict[str, object]:
    """What a person would miss."""
    names = ("note", "status", "tags", "name", "starred", "rating")
    return {name: fields[name] for name in names if name in fields}
