"""The digest: two that hold the same get the same numbers, and who differs pulls one bucket again."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest

from api.actions.compare_digest import BucketAnswer, DigestAnswer, DigestWish, compare_digest
from api.actions.desk import Desk
from api.domain.accounts import Who
from api.domain.changes import Change
from api.domain.digests import bucket_of
from api.domain.errors import BadCursor
from tests.actions.syncing import beginning, data, pull, push, save
from tests.make import make_id, make_op


def tags(count: int) -> list[dict[str, Any]]:
    """Ops that make so many tags."""
    names = [f"t{i}" for i in range(count)]
    return [make_op(name=n, type="tag", key=make_id(n), set={"name": n}) for n in names]


async def digest(desk: Desk, who: Who) -> DigestAnswer:
    answer = await compare_digest(desk, who, DigestWish())
    assert isinstance(answer, DigestAnswer)
    return answer


async def bucket(desk: Desk, who: Who, number: int, **more: Any) -> BucketAnswer:
    answer = await compare_digest(desk, who, DigestWish(number, **more))
    assert isinstance(answer, BucketAnswer)
    return answer


def by_hand(changes: dict[str, Change]) -> list[tuple[int, int]]:
    """The digest as a device makes it, by the words of the protocol."""
    buckets = [(0, 0)] * 256
    for one in changes.values():
        if not one.deleted:
            number = int(sha256(f"{one.key}:{one.version}".encode()).hexdigest()[:12], 16)
            at = int(sha256(one.key.encode()).hexdigest()[:2], 16)
            buckets[at] = (buckets[at][0] + 1, (buckets[at][1] + number) % 2**48)
    return buckets


async def test_a_device_that_holds_the_same_gets_the_same_numbers(
    desk: Desk, ada: dict[str, Who], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.store.digests.CHUNK", 7)
    start = await beginning(desk, ada["phone"])
    answer = await push(desk, ada["laptop"], save(), *tags(30))
    gone = make_op("delete", name="gone", type="tag", key=make_id("t3"), base=answer.version)
    await push(desk, ada["laptop"], gone, first_seq=50)
    said = await digest(desk, ada["phone"])
    assert said.buckets == by_hand(await pull(desk, ada["phone"]))
    assert said.buckets == by_hand(await pull(desk, ada["phone"], cursor=start))
    assert sum(count for count, _ in said.buckets) == 31  # with the paper, without what is gone
    assert said.version == answer.version + 1


async def test_a_change_moves_one_bucket(desk: Desk, ada: dict[str, Who]) -> None:
    await push(desk, ada["laptop"], *tags(30))
    before = (await digest(desk, ada["phone"])).buckets
    rename = make_op(name="rename", type="tag", key=make_id("t7"), set={"name": "seven"}, base=30)
    await push(desk, ada["laptop"], rename, first_seq=50)
    after = (await digest(desk, ada["phone"])).buckets
    assert [n for n in range(256) if before[n] != after[n]] == [bucket_of(make_id("t7"))]


async def test_a_bucket_is_pulled_page_by_page(
    desk: Desk, ada: dict[str, Who], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.store.digests.CHUNK", 7)
    monkeypatch.setattr("api.actions.compare_digest.bucket_of", lambda key: bucket_of(key) % 2)
    await push(desk, ada["laptop"], *tags(30))
    wanted = sorted(make_id(f"t{i}") for i in range(30) if bucket_of(make_id(f"t{i}")) % 2)
    seen: list[Change] = []
    cursor: str | None = None
    while True:
        page = await bucket(desk, ada["phone"], 1, cursor=cursor, limit=4)
        assert len(page.changes) <= 4
        seen += page.changes
        cursor = page.cursor
        if cursor is None:
            break
    assert [c.key for c in seen] == wanted
    assert all(data(c)["name"].startswith("t") for c in seen)
    other = (await bucket(desk, ada["phone"], 1, limit=1)).cursor
    with pytest.raises(BadCursor):
        await bucket(desk, ada["phone"], 0, cursor=other)


async def test_an_empty_library_has_an_empty_digest(desk: Desk, bob: Who) -> None:
    assert (await digest(desk, bob)) == DigestAnswer(0, [(0, 0)] * 256)
    assert (await bucket(desk, bob, 255)) == BucketAnswer(0, [], None)
